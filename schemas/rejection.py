"""The rejection: why a file did not become a record."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from schemas.article import SCHEMA_VERSION, Model, NonEmpty, SchemaVersion, Sha256

Stage = Literal["read", "parse", "clean", "validate", "enrich", "classify", "process"]
Reason = Literal[
    "articles_rejected",
    "binary",
    "crashed",
    "damaged",
    "empty",
    "encrypted",
    "future_date",
    "invalid",
    "no_body",
    "no_headline",
    "not_a_file",
    "not_installed",
    "out_of_memory",
    "timed_out",
    "too_complex",
    "too_large",
    "too_long",
    "too_many_articles",
    "too_many_lines",
    "undecodable",
    "unknown_type",
    "unreadable",
]


class Rejection(Model):
    """A file, or an article in a file of several, that gave no record, and what to do about it."""

    schema_version: SchemaVersion = SCHEMA_VERSION
    path: NonEmpty = Field(
        description="Of the file, relative to the inbox; bytes that cannot be shown are escaped. Of an article in a "
        "file of several, what it is called there follows behind a '#': feed.xml#3."
    )
    stage: Stage = Field(description="Where it stopped.")
    reason: Reason
    field: str | None = Field(default=None, description="The field of the record that it is about, if any.")
    detail: NonEmpty = Field(description="What exactly was found, for people.")
    hint: NonEmpty = Field(description="What to do next.")
    claim: str | None = Field(default=None, description="The claim under which the file was handled.")
    attempts: Annotated[int, Field(ge=1)] = 1
    size: Annotated[int, Field(ge=0)] | None = None
    file_sha256: Sha256 | None = None
    received_at: datetime | None = None
    rejected_at: datetime | None = None
    pipeline_version: str | None = None
