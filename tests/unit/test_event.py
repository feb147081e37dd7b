"""The stream entry: everything that can be said in an event survives the way there and back."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import (
    Article,
    Block,
    Dedupe,
    Entity,
    Evidence,
    Keyword,
    Language,
    Link,
    Mention,
    Provenance,
    Published,
    Quote,
    Reclassified,
    Removed,
    Source,
    Topic,
)
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

text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
maybe = st.none() | text
share = st.floats(0, 1)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=zones)  # noqa: DTZ001 - zones are drawn
sha256 = st.text("0123456789abcdef", min_size=64, max_size=64)
published = st.one_of(
    st.dates().map(lambda day: Published(value=day.isoformat(), timezone_known=False)),
    moments.map(lambda moment: Published(value=moment.isoformat(), timezone_known=True)),
    moments.map(lambda moment: Published(value=moment.replace(tzinfo=None).isoformat(), timezone_known=False)),
)


def tuples(of: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=3).map(tuple)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    body = tuple(draw(st.lists(st.builds(Block, text=text), min_size=1, max_size=4)))
    whole = "\n\n".join(block.text for block in body)
    start = draw(st.integers(0, len(whole) - 1))
    end = draw(st.integers(start + 1, len(whole)))
    span = Evidence(field="text", start=start, end=end, text=whole[start:end], weight=draw(st.floats(-9, 9)))
    topics = (Topic(id="diplomacy", name="Diplomacy", qcode=draw(maybe), confidence=draw(share), evidence=(span,)),)
    return Article(
        id=draw(text),
        version=draw(st.integers(1, 10**6)),
        headline=draw(text),
        standfirst=draw(maybe),
        byline=draw(tuples(text)),
        published=draw(st.none() | published),
        language=draw(st.builds(Language, code=st.sampled_from(["en", "uk", "und"]), confidence=share)),
        source=draw(st.builds(Source, name=maybe, url=maybe, folder=maybe)),
        body=body,
        text=whole,
        captions=draw(tuples(text)),
        word_count=len(whole.split()),
        links=draw(tuples(st.builds(Link, text=text, url=text))),
        topics=topics,
        primary_topic=draw(st.sampled_from([None, "diplomacy"])),
        entities=draw(tuples(st.builds(Entity, text=text, id=maybe, mentions=tuples(st.builds(Mention))))),
        quotes=draw(tuples(st.builds(Quote, text=text, speaker=maybe))),
        keywords=draw(tuples(st.builds(Keyword, text=text, score=share))),
        dedupe=draw(st.builds(Dedupe, content_sha256=sha256, similarity=st.none() | share)),
        provenance=draw(
            st.builds(
                Provenance,
                path=text,
                file_sha256=sha256,
                received_at=moments,
                pipeline_version=text,
                model=maybe,
                warnings=tuples(text),
                removed=tuples(st.builds(Removed, text=text)),
            )
        ),
    )


rejections = st.builds(
    Rejection, path=text, detail=text, hint=text, claim=maybe, file_sha256=st.none() | sha256, received_at=moments
)


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
