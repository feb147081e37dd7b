"""The stream entry: everything that can be said in an event survives the way there and back."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given

from schemas.article import Article, Evidence, Reclassified, Topic
from schemas.event import (
    CORRECTED,
    PUBLISHED,
    RECLASSIFIED,
    REJECTED,
    ArticleEvent,
    Event,
    UnknownType,
    UnsupportedVersion,
    from_entry,
    to_entry,
)
from schemas.rejection import Rejection
from tests.records import MOMENT, TRACEPARENT, record, rejection
from tests.strategies import articles, moments, rejections, text


@given(articles(), text, moments)
def test_an_article_survives_the_way_to_the_stream_and_back(article: Article, event_id: str, time: datetime) -> None:
    event = ArticleEvent(
        id=event_id,
        source="/copydesk/inbox",
        type=PUBLISHED if article.version == 1 else CORRECTED,
        time=time,
        subject=article.id,
        traceparent=TRACEPARENT,
        data=article,
    )
    entry = to_entry(event)
    assert from_entry(entry) == event
    assert from_entry({key.encode(): value.encode() for key, value in entry.items()}) == event
    assert entry["topic"] == (article.primary_topic or "")
    assert entry["topics"] == "diplomacy"
    assert entry["lang"] == article.language.code


def reclassified(article: Article, **changes: object) -> Reclassified:
    """The article with no topics now, and those that it has as the ones before."""
    fields = {name: getattr(article, name) for name in Article.model_fields}
    before = {"previous_topics": article.topics, "previous_primary_topic": article.primary_topic}
    return Reclassified(**(fields | before | {"topics": (), "primary_topic": None} | changes))  # type: ignore[arg-type]


def event_of(data: Article | Rejection, event_type: str) -> Event:
    model = Event if isinstance(data, Rejection) else ArticleEvent
    return model(
        id="e", source="/copydesk/i", type=event_type, time=MOMENT, subject="s", traceparent=TRACEPARENT, data=data
    )


@given(articles())
def test_a_reclassification_survives_the_way_to_the_stream_and_back(article: Article) -> None:
    event = event_of(reclassified(article), RECLASSIFIED)
    entry = to_entry(event)
    assert from_entry(entry) == event
    assert entry["ce_dataschema"] == "urn:copydesk:schema:reclassification:1.0"
    assert (entry["topic"], entry["lang"]) == ("", article.language.code)
    assert entry["topics"] == "diplomacy"  # that it had: who asks for it wants to hear that it is gone


def test_previous_topics_are_checked_as_topics_are() -> None:
    span = Evidence(field="text", start=0, end=2, text="A ", weight=1.0)
    topic = Topic(id="sport", name="Sport", qcode=None, confidence=0.9, evidence=(span,))
    good = reclassified(record(), previous_topics=(topic,), previous_primary_topic="sport")
    assert good.previous_topics == (topic,)
    with pytest.raises(ValueError, match="previous_primary_topic must be one of the previous topics"):
        reclassified(record(), previous_primary_topic="sport")
    misplaced = topic.model_copy(update={"evidence": (span.model_copy(update={"start": 1}),)})
    with pytest.raises(ValueError, match="evidence of sport does not stand at its offsets"):
        reclassified(record(), previous_topics=(misplaced,))


@pytest.mark.parametrize("event_type", [PUBLISHED, CORRECTED, REJECTED])
def test_a_reclassification_never_travels_as_anything_else(event_type: str) -> None:
    with pytest.raises(ValueError, match="reclassified"):
        event_of(reclassified(record()), event_type)


def test_nothing_else_travels_as_a_reclassification() -> None:
    with pytest.raises(ValueError, match="kind of data: article"):
        event_of(record(), RECLASSIFIED)


@given(rejections, moments)
def test_a_rejection_survives_the_way_to_the_stream_and_back(why: Rejection, time: datetime) -> None:
    event = Event(
        id="c", source="/copydesk/inbox", type=REJECTED, time=time, subject=why.path, traceparent=TRACEPARENT, data=why
    )
    assert from_entry(to_entry(event)) == event


def an_entry() -> dict[str, str]:
    event = Event(
        id="e",
        source="/copydesk/inbox",
        type=PUBLISHED,
        time=datetime.now(UTC),
        subject="s",
        traceparent=TRACEPARENT,
        data=record(),
    )
    return to_entry(event)


def test_every_attribute_of_the_contract_is_a_field_of_its_own() -> None:
    assert list(an_entry()) == [
        "ce_specversion",
        "ce_id",
        "ce_source",
        "ce_type",
        "ce_time",
        "ce_subject",
        "ce_dataschema",
        "content-type",
        "traceparent",
        "topic",
        "topics",
        "lang",
        "data",
    ]


@pytest.mark.parametrize("field", ["ce_id", "data", "ce_specversion", "ce_dataschema"])
def test_an_entry_that_lacks_a_field_is_refused_by_name(field: str) -> None:
    entry = an_entry()
    del entry[field]
    with pytest.raises(ValueError, match=field):
        from_entry(entry)


def test_an_entry_of_another_cloudevents_version_is_refused() -> None:
    with pytest.raises(ValueError, match=r"2\.0"):
        from_entry(an_entry() | {"ce_specversion": "2.0"})


def test_a_record_with_an_unknown_field_is_refused() -> None:
    entry = an_entry()
    with pytest.raises(ValueError, match="surprise"):
        from_entry(entry | {"data": entry["data"][:-1] + ',"surprise":1}'})


def test_a_rejection_never_travels_as_an_article() -> None:
    with pytest.raises(ValueError, match="rejection"):
        Event(
            id="e",
            source="s",
            type=PUBLISHED,
            time=MOMENT,
            subject="s",
            traceparent=TRACEPARENT,
            data=rejection(),
        )


def newer(version: str, **data: object) -> dict[str, str]:
    """An entry as a later version of the contract might write it."""
    entry = an_entry()
    record = json.loads(entry["data"]) | {"schema_version": version} | data
    return entry | {"ce_dataschema": f"urn:copydesk:schema:article:{version}", "data": json.dumps(record)}


def test_what_a_newer_minor_version_adds_is_left_out() -> None:
    data = record()
    source = {"name": None, "url": None, "folder": None, "desk": "foreign"}
    found = from_entry(newer("1.7", mood="grave", source=source) | {"shade": "blue"})
    assert found.data == data.model_copy(update={"schema_version": "1.7"})


def test_what_a_newer_minor_version_keeps_must_still_hold() -> None:
    with pytest.raises(ValueError, match="word_count"):
        from_entry(newer("1.7", word_count=-1))


def test_a_newer_major_version_is_refused_with_what_to_do() -> None:
    with pytest.raises(UnsupportedVersion, match=r"e is of version 2\.0 of the contract.*install"):
        from_entry(newer("2.0"))


def test_an_entry_of_an_unknown_type_is_told_from_a_broken_one() -> None:
    with pytest.raises(UnknownType, match=r"article\.retracted\.v1"):
        from_entry(an_entry() | {"ce_type": "io.copydesk.article.retracted.v1"})
