"""Reading archived files again: what changes, and what of a file cannot be read, whatever it does to its process."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from schemas.article import Topic
from tests.articles import article
from worker.classify import Classify, Verdict
from worker.models import CleanArticle, Document
from worker.rereading import Changed, Rereader, Unread
from worker.settings import Settings

WEATHER = Topic(id="weather", name="Weather", qcode=None, confidence=0.9)
WEAK = WEATHER.model_copy(update={"confidence": 0.55})
SETTINGS = Settings(time_limit=2.0)
ONE: frozenset[str | None] = frozenset({None})


def document(*articles: str) -> Document:
    """A file of these articles."""
    if len(articles) == 1:
        return Document("a.txt", articles[0].encode(), datetime.now(UTC))
    parts = [text.partition("\n\n") for text in articles]
    lines = [json.dumps({"headline": headline, "text": text}) for headline, _, text in parts]
    return Document("day.jsonl", "\n".join(lines).encode(), datetime.now(UTC))


def always(*topics: Topic) -> Classify:
    return lambda _article, _language: Verdict(topics)


def where(words: str, then: Callable[[], object]) -> Classify:
    """Gives no topics; does something where an article has these words."""

    def classify(found: CleanArticle, _language: str) -> Verdict:
        if words in found.text:
            then()
        return Verdict(())

    return classify


Make = Callable[..., Rereader]


@pytest.fixture
def make() -> Iterator[Make]:
    made = []

    def make(old: Classify, new: Classify, settings: Settings = SETTINGS) -> Rereader:
        made.append(Rereader(old, new, settings))
        return made[-1]

    yield make
    for reader in made:
        reader.close()


def test_an_article_whose_topics_change_is_told_with_both(make: Make) -> None:
    (answer,) = make(always(), always(WEATHER)).read(document(article(1)), ONE)
    assert isinstance(answer, Changed)
    assert (answer.number, answer.previous, answer.article.topics) == (None, (), (WEATHER,))
    assert answer.article.primary_topic == "weather"


@pytest.mark.parametrize(
    ("old", "new", "changes"), [((WEATHER,), (WEATHER,), 0), ((WEAK,), (WEATHER,), 1), ((), (), 0)]
)
def test_a_change_is_one_of_topics_or_of_the_primary_one(
    make: Make, old: tuple[Topic, ...], new: tuple[Topic, ...], changes: int
) -> None:
    assert len(list(make(always(*old), always(*new)).read(document(article(1)), ONE))) == changes


def test_a_change_of_confidence_alone_is_none(make: Make) -> None:
    surer = WEATHER.model_copy(update={"confidence": 0.99})
    assert not list(make(always(WEATHER), always(surer)).read(document(article(1)), ONE))


def test_of_a_file_of_several_only_the_articles_that_are_meant_are_read(make: Make) -> None:
    reader = make(where("19", lambda: None), always(WEATHER))
    answers = list(reader.read(document(*map(article, range(5))), frozenset({"2", "4"})))
    assert [answer.number for answer in answers] == ["2", "4"]


def test_the_process_is_used_again_and_answers_are_not_mixed_up(make: Make) -> None:
    reader = make(always(), always(WEATHER))
    for number in range(3):
        (answer,) = reader.read(document(article(number)), ONE)
        assert isinstance(answer, Changed)
        assert f"round {number} " in answer.article.headline


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "crashed"),
        (lambda: os._exit(3), "crashed"),
        (lambda: 1 // 0, "crashed"),
        (lambda: bytearray(2**31), "out_of_memory"),
        (lambda: all(found == 0 for found in iter(int, 1)), "timed_out"),
    ],
    ids=["killed", "ended", "a bug", "memory", "endless"],
)
def test_a_file_that_harms_its_process_is_told_and_the_next_one_is_read(
    make: Make, harm: Callable[[], object], reason: str
) -> None:
    reader = make(where("spring", harm), always(WEATHER))
    (answer,) = reader.read(document(article(1)), ONE)
    assert isinstance(answer, Unread)
    assert answer.reason == reason
    (answer,) = reader.read(document(article(1, "It rained.")), ONE)
    assert isinstance(answer, Changed)


def test_one_that_hangs_where_no_alarm_is_heard_is_ended(make: Make) -> None:
    def deaf() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
        signal.pause()

    reader = make(where("spring", deaf), always(WEATHER), SETTINGS.model_copy(update={"time_limit": 0.5}))
    (answer,) = reader.read(document(article(1)), ONE)
    assert isinstance(answer, Unread)
    assert answer.reason == "timed_out"


def test_one_bad_article_of_several_is_told_by_its_number(make: Make) -> None:
    reader = make(where("spring", lambda: 1 // 0), always(WEATHER))
    texts = [article(1, "It rained."), article(2), article(3, "It rained.")]
    answers = list(reader.read(document(*texts), frozenset({"1", "2", "3"})))
    assert [(type(answer), answer.number) for answer in answers] == [(Changed, "1"), (Unread, "2"), (Changed, "3")]


def test_a_file_that_holds_fewer_or_more_articles_than_it_did_is_told(make: Make) -> None:
    reader = make(always(), always(WEATHER))
    answers = list(reader.read(document(article(1), article(2)), frozenset({"2", "3"})))
    assert answers[1] == Unread("3", "empty", "the file holds fewer articles now")
    (answer,) = reader.read(document(article(1), article(2)), ONE)
    assert answer == Unread(None, "invalid", "it held one article, and is read as several now")


def test_what_is_broken_behind_the_articles_that_are_meant_does_not_matter(make: Make) -> None:
    file = document(article(1), article(2))
    broken = replace(file, data=file.data + b"\n{")
    (answer,) = make(always(), always(WEATHER)).read(broken, frozenset({"1"}))
    assert isinstance(answer, Changed)


def test_what_gives_no_record_is_told_with_the_reason(make: Make) -> None:
    (answer,) = make(always(), always(WEATHER)).read(document("\x89PNG\r\n"), ONE)
    assert isinstance(answer, Unread)
    assert answer.number is None
