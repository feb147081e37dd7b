"""Strategies for everything that an event can say."""

from datetime import datetime, timedelta, timezone

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
    Removed,
    Source,
    Topic,
)
from schemas.rejection import Rejection

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
