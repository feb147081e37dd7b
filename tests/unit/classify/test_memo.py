import pytest

from worker.classify import memo
from worker.classify.memo import LONGEST, Memo
from worker.classify.rules import load_rules
from worker.classify.words import FORMS, words_of


class Counted:
    """The length of a word, and which were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, word: str) -> int:
        self.asked.append(word)
        return len(word)


def test_a_value_is_worked_out_once():
    make = Counted()
    lengths = Memo(make)
    assert lengths.of(["war", "peace", "war"]) == [3, 5, 3]
    assert make.asked == ["war", "peace"]


def test_too_many_words_are_forgotten(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(memo, "MOST", 2)
    lengths = Memo(Counted())
    assert lengths.of(["a", "bb", "ccc", "a"]) == [1, 2, 3, 1]
    assert len(lengths) == 2


def test_a_word_without_end_is_not_remembered():
    make = Counted()
    lengths = Memo(make)
    word = "x" * (LONGEST + 1)
    assert lengths.of([word, word]) == [len(word)] * 2
    assert make.asked == [word, word]
    assert not lengths


def test_words_that_nobody_writes_fill_no_memory():
    text = f"the parliament voted, and the checksum is {'0af9' * LONGEST}, as parliament said"
    rules = load_rules()
    found = rules.find(words_of(text))
    assert found == rules.find(words_of(text))
    assert FORMS["0af9" * LONGEST] == ("",)
    assert "parliament" in FORMS
    assert max(map(len, FORMS)) <= LONGEST
