"""The record: what one published article looks like to every downstream service.

The models are frozen and refuse unknown fields. Offsets count Unicode code points of the field that they
name, so ``record[field][start:end] == text`` always holds.
"""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

SCHEMA_VERSION = "1.0"

SchemaVersion = Annotated[
    str,
    StringConstraints(pattern=r"^1\.\d{1,6}$"),
    Field(description="Of the contract: a newer minor version only adds, a newer major one breaks."),
]
NonEmpty = Annotated[str, StringConstraints(min_length=1)]
Share = Annotated[float, Field(ge=0.0, le=1.0, description="A share or a probability, from 0 to 1.")]
Offset = Annotated[int, Field(ge=0, description="Code points from the start of the field.")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
BlockKind = Literal["paragraph", "heading", "list_item", "quote"]
TextField = Literal["headline", "standfirst", "text"]
RemovedKind = Literal[
    "advertisement",
    "comments",
    "cookie_notice",
    "copyright",
    "donation",
    "duplicate",
    "navigation",
    "newsletter",
    "related",
    "repeated_headline",
    "share",
]


class Model(BaseModel):
    """What every part of the contract has in common: frozen, strictly typed, no unknown fields."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        json_schema_serialization_defaults_required=True,  # what is written always has every field
    )


class Published(Model):
    """When the article says it was published: nothing is invented, so a missing zone stays missing."""

    value: Annotated[
        str,
        StringConstraints(
            pattern=r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})?)?$",
        ),
    ] = Field(description="ISO 8601: a date, or a date and time, with the zone where one was given.")
    timezone_known: bool

    @model_validator(mode="after")
    def _is_a_real_moment(self) -> Self:
        moment = datetime.fromisoformat(self.value)
        if (moment.tzinfo is not None) != self.timezone_known:
            raise ValueError("timezone_known must say whether the value carries a zone")
        return self


class Language(Model):
    """The language of the text."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] = Field(
        description="ISO 639-1, or 639-3 where there is no shorter code; 'und' when it cannot be told."
    )
    confidence: Share


class Source(Model):
    """Where the article comes from, as far as it says so itself."""

    name: str | None = None
    url: str | None = Field(default=None, description="The canonical address of the article.")
    folder: str | None = Field(default=None, description="The sub-folder of the inbox it was dropped in.")


class Block(Model):
    """One piece of the body, in reading order."""

    kind: BlockKind
    text: NonEmpty


class Link(Model):
    """A hyperlink in the body."""

    text: str
    url: NonEmpty


class Evidence(Model):
    """Words that spoke for or against a topic."""

    field: TextField
    start: Offset
    end: Offset
    text: NonEmpty
    weight: float = Field(description="Contribution to the topic's logit.")
    rule: str | None = Field(default=None, description="The id of the rule that matched, if one did.")


class Topic(Model):
    """A topic given to the article."""

    id: NonEmpty
    name: NonEmpty
    qcode: str | None = Field(description="IPTC Media Topic, for example medtop:20000639.")
    confidence: Share = Field(description="The sigmoid of the topic's logit, which is calibrated.")
    evidence: tuple[Evidence, ...] = Field(default=(), description="The weightiest words, weightiest first.")
    rest: float = Field(
        default=0.0,
        description="What the topic weighs before a word is read and what the words not listed add: with the weights "
        "of the evidence, the topic's logit.",
    )


class Mention(Model):
    """Where an entity is named."""

    field: TextField
    start: Offset
    end: Offset


class Entity(Model):
    """A person, an organisation or a place."""

    text: NonEmpty
    kind: Literal["person", "organisation", "place"]
    id: str | None = None
    mentions: tuple[Mention, ...] = ()


class Quote(Model):
    """Direct speech in the text."""

    text: NonEmpty
    speaker: str | None = None
    start: Offset
    end: Offset


class Keyword(Model):
    """A word or phrase that stands for the article."""

    text: NonEmpty
    score: float


class Dedupe(Model):
    """What tells the article from others."""

    content_sha256: Sha256 = Field(description="Of the cleaned content; the same for the same article again.")
    near_duplicate_of: str | None = None
    similarity: Share | None = None
    story_id: str | None = None


class Removed(Model):
    """Something that was cut while cleaning."""

    kind: RemovedKind
    text: NonEmpty


class Provenance(Model):
    """Where the record came from and how it was made."""

    path: NonEmpty = Field(
        description="Of the file, relative to the inbox; bytes that cannot be shown are escaped. Of an article in a "
        "file of several, what it is called there follows behind a '#': feed.xml#3."
    )
    file_sha256: Sha256 = Field(description="Of the whole file.")
    size: Annotated[int, Field(ge=0, description="Bytes of the whole file.")]
    media_type: NonEmpty
    encoding: NonEmpty
    received_at: datetime = Field(description="When the file was claimed, UTC.")
    pipeline_version: NonEmpty
    model: str | None = Field(description="The trained topic model, if one took part.")
    taxonomy_version: NonEmpty
    warnings: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()


class Article(Model):
    """A clean, validated, classified article."""

    schema_version: SchemaVersion = SCHEMA_VERSION
    id: NonEmpty = Field(description="Stable across the versions of the article.")
    version: Annotated[int, Field(ge=1)]
    headline: NonEmpty
    standfirst: str | None = None
    byline: tuple[NonEmpty, ...] = ()
    published: Published | None = None
    language: Language
    source: Source
    body: Annotated[tuple[Block, ...], Field(min_length=1)]
    text: NonEmpty = Field(description="The body's blocks, joined by blank lines.")
    captions: tuple[NonEmpty, ...] = ()
    word_count: Annotated[int, Field(ge=0)]
    links: tuple[Link, ...] = ()
    topics: tuple[Topic, ...] = Field(default=(), description="Strongest first.")
    primary_topic: str | None = Field(default=None, description="None: the classifier abstained.")
    entities: tuple[Entity, ...] = ()
    quotes: tuple[Quote, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    dedupe: Dedupe
    provenance: Provenance

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.text != "\n\n".join(block.text for block in self.body):
            raise ValueError("text must be the body's blocks joined by blank lines")
        if self.primary_topic is not None and self.primary_topic not in {topic.id for topic in self.topics}:
            raise ValueError("primary_topic must be one of the topics")
        self._check_evidence(self.topics)
        return self

    def _check_evidence(self, topics: tuple[Topic, ...]) -> None:
        for topic in topics:
            for span in topic.evidence:
                if (getattr(self, span.field) or "")[span.start : span.end] != span.text:
                    raise ValueError(f"evidence of {topic.id} does not stand at its offsets")


class Reclassified(Article):
    """A published article whose topics are others now: the whole record as it is from now on, and what they were.

    Only its topics differ from the record of the same id and version.
    """

    previous_topics: tuple[Topic, ...] = Field(description="As the record had them before, strongest first.")
    previous_primary_topic: str | None = Field(description="None: the classifier had abstained.")

    @model_validator(mode="after")
    def _previous_topics_hold_together(self) -> Self:
        if self.previous_primary_topic not in {None, *(topic.id for topic in self.previous_topics)}:
            raise ValueError("previous_primary_topic must be one of the previous topics")
        self._check_evidence(self.previous_topics)
        return self
