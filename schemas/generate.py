"""JSON Schema and AsyncAPI of the contract, generated from the models: ``python -m schemas.generate [--check]``."""

import json
import sys
from pathlib import Path
from typing import Any

from schemas.article import SCHEMA_VERSION, Article, Model, Reclassified
from schemas.asyncapi import asyncapi
from schemas.event import (
    ARTICLE_SCHEMA,
    PUBLISHED,
    RECLASSIFICATION_SCHEMA,
    RECLASSIFIED,
    REJECTED,
    REJECTION_SCHEMA,
    EventType,
)
from schemas.examples import EXAMPLES
from schemas.rejection import Rejection

FOLDER = Path(__file__).parent / "json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def generate() -> dict[str, str]:
    """File name → what it must hold. Files of earlier versions stay as they are, for the entries that name them."""
    documents: dict[str, dict[str, Any]] = {
        f"article-{SCHEMA_VERSION}.json": _schema(Article, ARTICLE_SCHEMA, PUBLISHED),
        f"reclassification-{SCHEMA_VERSION}.json": _schema(Reclassified, RECLASSIFICATION_SCHEMA, RECLASSIFIED),
        f"rejection-{SCHEMA_VERSION}.json": _schema(Rejection, REJECTION_SCHEMA, REJECTED),
        "asyncapi.json": asyncapi(),
    }
    return {
        name: json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        for name, document in documents.items()
    }


def _schema(model: type[Model], uri: str, example: EventType) -> dict[str, Any]:
    schema = model.model_json_schema(mode="serialization")
    return {"$schema": DIALECT, "$id": uri, **schema, "examples": [EXAMPLES[example].data.model_dump(mode="json")]}


def drifted() -> list[str]:
    """The names of the files that do not hold what the models say."""
    return [
        name
        for name, text in generate().items()
        if not (path := FOLDER / name).is_file() or path.read_text(encoding="utf-8") != text
    ]


def main() -> None:
    """Write the files; with ``--check``, only compare, and exit with 1 on a difference."""
    if sys.argv[1:] == ["--check"]:
        if names := drifted():
            sys.exit(f"out of date: {', '.join(names)}; run python -m schemas.generate")
        return
    FOLDER.mkdir(exist_ok=True)
    for name, text in generate().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
