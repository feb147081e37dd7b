"""What is remembered of words: the same as is worked out, and never more than fits."""

from worker.classify.memo import LONGEST, Memo
from worker.classify.rules import load_rules
from worker.classify.words import FORMS, words_of


def test_a_value_is_worked_out_once() -> None:
    asked: list[str] = []
    memo = Memo(lambda word: asked.append(word) or len(word), most=10)
    assert memo.of(["one", "three", "one"]) == [3, 5, 3]
    assert asked == ["one", "three"]


def test_no_more_is_remembered_than_was_said() -> None:
    memo = Memo(len, most=3)
    assert memo.of(["a", "bb", "ccc", "dddd", "a"]) == [1, 2, 3, 4, 1]
    assert len(memo) <= 3


def test_words_that_nobody_writes_fill_no_memory() -> None:
    text = f"the parliament voted, and the checksum is {'0af9' * LONGEST}, as parliament said"
    rules = load_rules()
    found = rules.find(words_of(text))
    assert found == rules.find(words_of(text))
    assert FORMS["0af9" * LONGEST] == ("",)
    assert "parliament" in FORMS
    assert max(map(len, FORMS)) <= LONGEST
