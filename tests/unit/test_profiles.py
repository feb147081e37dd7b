"""Reading profiles from a stream and from files."""

from pathlib import Path
from typing import Any

import fakeredis
import pytest

from schemas.article import Language, Topic
from schemas.event import PUBLISHED, Event, to_entry
from tests.records import MOMENT, TRACEPARENT, record
from worker.classify.model import packaged
from worker.classify.profile import NONE, Profile, packaged_profile
from worker.errors import Misconfigured
from worker.profiles import LEAST, PAGE, Reading, load_baseline, read_newest, save

MODEL = packaged()
SPORT = Topic(id="sport", name="Sport", qcode=None, confidence=0.8)


@pytest.fixture
def client() -> fakeredis.FakeRedis:
    return fakeredis.FakeRedis()


def add(client: fakeredis.FakeRedis, name: str, model: str | None = MODEL.id, **changes: Any) -> None:
    provenance = record().provenance.model_copy(update={"model": model})
    article = record(**({"id": name, "provenance": provenance} | changes))
    event = Event(
        id=name, source="/copydesk/in", type=PUBLISHED, time=MOMENT, subject=name, traceparent=TRACEPARENT, data=article
    )
    client.xadd("articles", to_entry(event))  # type: ignore[arg-type]


def read(client: fakeredis.FakeRedis, last: int = 1000) -> Reading:
    return read_newest(client, "articles", last, MODEL, lambda _said: None)


def profile(**changes: Any) -> Profile:
    return packaged_profile().model_copy(update=changes)


def test_an_empty_stream_is_an_empty_profile(client: fakeredis.FakeRedis) -> None:
    assert read(client).profile.articles == 0


def test_topics_confidence_and_abstention_are_those_of_the_records(client: fakeredis.FakeRedis) -> None:
    add(client, "a", topics=(SPORT,), primary_topic="sport")
    add(client, "b")
    found = read(client).profile
    assert found.topics == {"sport": 1, NONE: 1}
    assert found.confidence == pytest.approx(0.8)


def test_unknown_words_are_counted_again_from_headline_and_text(client: fakeredis.FakeRedis) -> None:
    add(client, "a", headline="Parliament", content="Qwxzrt parliament.")
    assert "parliament" in MODEL.vocabulary.index
    assert read(client).profile.unknown_words == pytest.approx(1 / 2)


def test_records_of_another_model_or_of_none_are_counted_apart(client: fakeredis.FakeRedis) -> None:
    add(client, "a")
    add(client, "b", "another")
    add(client, "c", None)
    found = read(client)
    assert (found.other_model, found.profile.measured, found.profile.languages) == (2, 1, {"en": 3})


def test_a_language_that_the_model_was_not_trained_on_counts_as_a_language_alone(client: fakeredis.FakeRedis) -> None:
    add(client, "a", None, language=Language(code="fr", confidence=0.9))
    found = read(client)
    assert (found.other_model, found.profile.measured, found.profile.languages) == (0, 0, {"fr": 1})


def test_the_newest_are_read_across_pages_and_no_more(client: fakeredis.FakeRedis) -> None:
    for number in range(2 * PAGE + 10):
        add(
            client,
            str(number),
            topics=(SPORT,) if number >= 50 else (),
            primary_topic="sport" if number >= 50 else None,
        )
    assert read(client, 2 * PAGE - 40).profile.topics == {"sport": 2 * PAGE - 40}
    assert read(client).profile.topics == {"sport": 2 * PAGE - 40, NONE: 50}


def test_an_article_counts_once_in_its_newest_version(client: fakeredis.FakeRedis) -> None:
    add(client, "a")
    add(client, "a", version=2, topics=(SPORT,), primary_topic="sport")
    assert read(client).profile.topics == {"sport": 1}


def test_what_is_no_article_is_counted_and_passed_over(client: fakeredis.FakeRedis) -> None:
    client.xadd("articles", {"data": "nothing"})
    client.xadd("articles", {b"\xff": b"\xff"})
    add(client, "a")
    found = read(client)
    assert (found.unreadable, found.profile.articles) == (2, 1)


def test_a_saved_baseline_is_read_again(tmp_path: Path) -> None:
    save(profile(), tmp_path / "b.json")
    assert load_baseline(tmp_path / "b.json", MODEL) == packaged_profile()


@pytest.mark.parametrize(("articles", "written"), [(LEAST - 1, False), (LEAST, True)])
def test_no_baseline_is_written_of_too_few_articles(tmp_path: Path, articles: int, written: bool) -> None:
    few = profile(topics={"sport": articles})
    path = tmp_path / "b.json"
    if written:
        save(few, path)
    else:
        with pytest.raises(Misconfigured, match="too few for a baseline; wait for 100, or raise --last"):
            save(few, path)
    assert path.exists() is written


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"b\.json: the baseline cannot be written: No such file"):
        save(profile(), tmp_path / "nowhere" / "b.json")


def test_a_baseline_that_is_not_there_is_named_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"b\.json: the baseline cannot be read: No such file.*--save"):
        load_baseline(tmp_path / "b.json", MODEL)


def test_a_baseline_of_another_model_is_refused(tmp_path: Path) -> None:
    save(profile(model="another"), tmp_path / "b.json")
    with pytest.raises(Misconfigured, match=f"is of the model another, but {MODEL.id} is in use; write a new one"):
        load_baseline(tmp_path / "b.json", MODEL)
