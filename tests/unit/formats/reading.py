"""Reading samples and made-up documents, for the tests of formats."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from worker.errors import Rejected
from worker.formats import read_document, unpack_document
from worker.models import Document, RawArticle

SAMPLES = Path(__file__).parents[2] / "samples" / "formats"
NOW = datetime(2026, 12, 1, tzinfo=UTC)

HEADLINE = "Skerry Point lighthouse is lit again after 30 years"
HERRING = "Herring boats return to port & sell out within an hour"
FIRST = (
    "The lighthouse at Skerry Point shone over the strait again on Friday evening, thirty years after the harbour "
    "board had switched it off to save money."
)


def document(data: bytes | str, name: str = "a") -> Document:
    return Document(name, data.encode() if isinstance(data, str) else data, NOW)


def sample(name: str) -> Document:
    return document((SAMPLES / name).read_bytes(), name)


def parts(of: Document) -> list[Document]:
    return list(unpack_document(of))


def labels(of: Document) -> list[str | None]:
    return [part.part for part in parts(of)]


def articles(of: Document) -> list[RawArticle]:
    """All articles in a file; each must be readable."""
    return [read_document(part) for part in parts(of)]


def article(of: Document) -> RawArticle:
    """The only article in a file."""
    (found,) = articles(of)
    return found


def fates(of: Document) -> list[str]:
    """What becomes of each document in a file: ``read``, or the reason why it is not."""
    return [_fate(part) for part in parts(of)]


def rejection(of: Document) -> Rejected:
    """Why a file, or the only document in it, is rejected."""
    with pytest.raises(Rejected) as caught:
        articles(of)
    return caught.value


def blocks(raw: RawArticle) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in raw.blocks]


def _fate(part: Document) -> str:
    try:
        read_document(part)
    except Rejected as error:
        return error.reason
    return "read"
