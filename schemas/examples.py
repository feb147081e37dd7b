"""One small entry of each kind, as documents of the contract show them; every person and place is invented."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from schemas.article import (
    Article,
    Block,
    Dedupe,
    Evidence,
    Language,
    Provenance,
    Published,
    Reclassified,
    Removed,
    Source,
    Topic,
)
from schemas.event import CORRECTED, PUBLISHED, RECLASSIFIED, REJECTED, ArticleEvent, Event, EventType
from schemas.rejection import Rejection

_RECEIVED = datetime(2026, 3, 4, 9, 0, 12, tzinfo=UTC)
_SENT = datetime(2026, 3, 4, 9, 0, 13, tzinfo=UTC)
_TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
_LEAD = "Envoys of Norland and Suderia resumed talks in Haven on Tuesday."
_QUOTE = "“The door stays open,” said Ilva Marnet, who leads the Norland delegation."
_TALKS = Topic(
    id="diplomacy",
    name="Diplomacy",
    qcode="medtop:20000639",
    confidence=0.91,
    evidence=(
        Evidence(field="text", start=0, end=6, text="Envoys", weight=1.25, rule="diplomacy-envoys"),
        Evidence(field="headline", start=31, end=36, text="talks", weight=0.5),
    ),
    rest=0.5636,
)
_ARTICLE = Article(
    id="5d0c1ab24e9f7c3386b1a0de",
    version=1,
    headline="Norland and Suderia go back to talks",
    standfirst="No date for a treaty has been set.",
    byline=("Teodor Halm",),
    published=Published(value="2026-03-04T08:30:00+01:00", timezone_known=True),
    language=Language(code="en", confidence=0.99),
    source=Source(name="Haven Courier", url="https://courier.example/talks", folder="courier"),
    body=(Block(kind="paragraph", text=_LEAD), Block(kind="quote", text=_QUOTE)),
    text=f"{_LEAD}\n\n{_QUOTE}",
    captions=("The delegations in Haven.",),
    word_count=23,
    topics=(_TALKS,),
    primary_topic="diplomacy",
    dedupe=Dedupe(content_sha256="9b" * 32),
    provenance=Provenance(
        path="courier/talks.html",
        file_sha256="4e" * 32,
        size=2048,
        media_type="text/html",
        encoding="utf-8",
        received_at=_RECEIVED,
        pipeline_version="0.1.0",
        model="9d7f27838d55",
        taxonomy_version="1.0",
        removed=(Removed(kind="newsletter", text="Sign up for the morning letter."),),
    ),
)
_REJECTION = Rejection(
    path="courier/photo.png",
    stage="parse",
    reason="binary",
    detail="looks like a PNG image",
    hint="Save the article as text or HTML and drop it again.",
    claim="0190f3c2a1",
    size=40960,
    file_sha256="7a" * 32,
    received_at=_RECEIVED,
    rejected_at=_SENT,
    pipeline_version="0.1.0",
)


def _reclassified() -> Reclassified:
    fields = {name: getattr(_ARTICLE, name) for name in Article.model_fields}
    changes = {"topics": (), "primary_topic": None, "previous_topics": (_TALKS,), "previous_primary_topic": _TALKS.id}
    return Reclassified(**(fields | changes))


def _event(event_type: EventType, event_id: str, data: Article | Rejection) -> Event:
    attributes: dict[str, Any] = {
        "id": event_id,
        "source": "/copydesk/inbox",
        "type": event_type,
        "time": _SENT,
        "traceparent": _TRACE,
    }
    if isinstance(data, Article):
        return ArticleEvent(**attributes, subject=data.id, data=data)
    return Event(**attributes, subject=data.path, data=data)


_CORRECTED = _ARTICLE.model_copy(update={"version": 2, "dedupe": Dedupe(content_sha256="c4" * 32)})
_FIRST = f"{_ARTICLE.id}.{_ARTICLE.dedupe.content_sha256[:16]}"

EXAMPLES: Mapping[EventType, Event] = {
    PUBLISHED: _event(PUBLISHED, _FIRST, _ARTICLE),
    CORRECTED: _event(CORRECTED, f"{_ARTICLE.id}.{_CORRECTED.dedupe.content_sha256[:16]}", _CORRECTED),
    RECLASSIFIED: _event(RECLASSIFIED, f"{_FIRST}.1-7be2", _reclassified()),
    REJECTED: _event(REJECTED, "0190f3c2a1", _REJECTION),
}
"""An entry of each type."""
