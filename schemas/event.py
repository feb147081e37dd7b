"""The stream entry: CloudEvents 1.0 in binary mode as flat string fields, and the record as JSON in ``data``."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.article import SCHEMA_VERSION, Article, Model, NonEmpty, Reclassified
from schemas.rejection import Rejection

EventType = Literal[
    "io.copydesk.article.published.v1",
    "io.copydesk.article.corrected.v1",
    "io.copydesk.article.reclassified.v1",
    "io.copydesk.article.rejected.v1",
]
PUBLISHED: EventType = "io.copydesk.article.published.v1"
CORRECTED: EventType = "io.copydesk.article.corrected.v1"
RECLASSIFIED: EventType = "io.copydesk.article.reclassified.v1"
REJECTED: EventType = "io.copydesk.article.rejected.v1"

ARTICLE_SCHEMA = f"urn:copydesk:schema:article:{SCHEMA_VERSION}"
RECLASSIFICATION_SCHEMA = f"urn:copydesk:schema:reclassification:{SCHEMA_VERSION}"
REJECTION_SCHEMA = f"urn:copydesk:schema:rejection:{SCHEMA_VERSION}"
CONTENT_TYPE = "application/json"
TRACEPARENT = "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"

MAJOR, MINOR = map(int, SCHEMA_VERSION.split("."))  # of newer minor versions, what is known here is read

_SCHEMAS: Mapping[type[Model], str] = {
    Article: ARTICLE_SCHEMA,
    Reclassified: RECLASSIFICATION_SCHEMA,
    Rejection: REJECTION_SCHEMA,
}

_MODELS: Mapping[str, type[Article | Rejection]] = {
    PUBLISHED: Article,
    CORRECTED: Article,
    RECLASSIFIED: Reclassified,
    REJECTED: Rejection,
}
_REQUIRED = frozenset(
    {
        "ce_specversion",
        "ce_id",
        "ce_source",
        "ce_type",
        "ce_time",
        "ce_subject",
        "ce_dataschema",
        "traceparent",
        "data",
    }
)


class Event(Model):
    """One entry of the article stream or of the rejected stream.

    Attributes:
        id: CloudEvents ``id``: the same for the same version of an article, or the same change of its topics, however
            often it is sent.
        source: ``/copydesk/<inbox>``.
        type: What happened.
        time: When it was published, with its zone.
        subject: The article's id; of a rejection, the file's path.
        traceparent: W3C Trace Context of the file's journey.
        data: The record, the record with other topics, or the rejection.
    """

    id: NonEmpty
    source: NonEmpty
    type: EventType
    time: datetime
    subject: NonEmpty
    traceparent: str = Field(pattern=TRACEPARENT)
    data: Reclassified | Article | Rejection

    @model_validator(mode="after")
    def _type_fits_the_data(self) -> Self:
        if type(self.data) is not _model_of(self.type):
            raise ValueError(f"{self.type} cannot carry this kind of data: {type(self.data).__name__.lower()}")
        if self.time.tzinfo is None:
            raise ValueError("time needs a zone")
        return self


class ArticleEvent(Event):
    """One entry of the article stream.

    Attributes:
        data: The record; of a reclassification, the record with its new topics.
    """

    data: Reclassified | Article

    @property
    def topics(self) -> tuple[str, ...]:
        """The ids of the topics that it concerns: the record's, strongest first, then those that were taken away."""
        return _topics_of(self.data)


class UnsupportedVersion(ValueError):
    """An entry of a newer major version of the contract, which only a newer copydesk can read."""


class UnknownType(ValueError):
    """An entry of a type that this version does not know, in a version of the contract that it can read."""


def to_entry(event: Event) -> dict[str, str]:
    """The fields of the stream entry, ready for ``XADD``."""
    entry = {
        "ce_specversion": "1.0",
        "ce_id": event.id,
        "ce_source": event.source,
        "ce_type": event.type,
        "ce_time": event.time.isoformat(),
        "ce_subject": event.subject,
        "ce_dataschema": _SCHEMAS[type(event.data)],
        "content-type": CONTENT_TYPE,
        "traceparent": event.traceparent,
    }
    if isinstance(event.data, Article):
        entry["topic"] = event.data.primary_topic or ""
        entry["topics"] = ",".join(_topics_of(event.data))
        entry["lang"] = event.data.language.code
    return entry | {"data": event.data.model_dump_json()}


def from_entry(fields: Mapping[str, str] | Mapping[bytes, bytes]) -> Event:
    """The event in a stream entry, as any Redis client gives it (text or bytes); of an article, an ``ArticleEvent``.

    What a newer minor version of the contract has added is left out.

    Raises:
        UnsupportedVersion: It is of a newer major version.
        UnknownType: It is of a type that this version does not know.
        ValueError: A field is missing, or the data break the contract (pydantic's ValidationError is one).
    """
    entry = {_text(key): _text(value) for key, value in fields.items()}
    if missing := _REQUIRED - entry.keys():
        raise ValueError(f"not a copydesk entry: it lacks {', '.join(sorted(missing))}")
    if entry["ce_specversion"] != "1.0":
        raise ValueError(f"CloudEvents {entry['ce_specversion']} is not understood, 1.0 is")
    minor = _minor_version(entry)
    model = _model_of(entry["ce_type"])
    event = Event if model is Rejection else ArticleEvent
    return event.model_validate(
        {
            "id": entry["ce_id"],
            "source": entry["ce_source"],
            "type": entry["ce_type"],
            "time": datetime.fromisoformat(entry["ce_time"]),
            "subject": entry["ce_subject"],
            "traceparent": entry["traceparent"],
            "data": model.model_validate_json(entry["data"], extra="ignore" if minor > MINOR else "forbid"),
        }
    )


def _topics_of(article: Article) -> tuple[str, ...]:
    before = article.previous_topics if isinstance(article, Reclassified) else ()
    return tuple(dict.fromkeys(topic.id for topic in (*article.topics, *before)))


def _minor_version(entry: Mapping[str, str]) -> int:
    """The minor version of the contract that an entry was written by; refuses other major versions."""
    found = re.fullmatch(r"urn:copydesk:schema:[a-z]+:(\d{1,6})\.(\d{1,6})", entry["ce_dataschema"], re.ASCII)
    if not found:
        raise ValueError(f"not a copydesk entry: its ce_dataschema is {entry['ce_dataschema'][:100]!r}")
    if int(found[1]) != MAJOR:
        raise UnsupportedVersion(
            f"{entry['ce_id']} is of version {found[1]}.{found[2]} of the contract, and this copydesk reads {MAJOR}.x: "
            "install the version of copydesk that publishes it"
        )
    return int(found[2])


def _model_of(event_type: str) -> type[Article | Rejection]:
    try:
        return _MODELS[event_type]
    except KeyError:
        raise UnknownType(f"events of the type {event_type[:100]!r} are not known to this copydesk") from None


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
