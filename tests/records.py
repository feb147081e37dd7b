"""Records for tests of what happens to them; their text does not matter."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from schemas.article import Article, Block, Dedupe, Language, Provenance, Source
from schemas.rejection import Rejection

MOMENT = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
TRACEPARENT = f"00-{'a' * 32}-{'b' * 16}-01"


def record(content: str = "A paragraph.", **changes: Any) -> Article:
    """A small record; changes replace its fields."""
    fields: dict[str, Any] = {
        "id": "article-1",
        "version": 1,
        "headline": "A headline",
        "language": Language(code="en", confidence=0.9),
        "source": Source(),
        "body": (Block(kind="paragraph", text=content),),
        "text": content,
        "word_count": len(content.split()),
        "dedupe": Dedupe(content_sha256=hashlib.sha256(content.encode()).hexdigest()),
        "provenance": Provenance(
            path="a.txt",
            file_sha256="0" * 64,
            size=12,
            media_type="text/plain",
            encoding="utf-8",
            received_at=MOMENT,
            pipeline_version="0",
            model=None,
            taxonomy_version="1.0",
        ),
    }
    return Article(**(fields | changes))


def rejection(**changes: Any) -> Rejection:
    """A small rejection; changes replace its fields."""
    fields: dict[str, Any] = {
        "path": "a.png",
        "stage": "parse",
        "reason": "binary",
        "detail": "looks like a picture",
        "hint": "save it as text",
        "claim": "claim-1",
    }
    return Rejection(**(fields | changes))
