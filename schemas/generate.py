"""JSON Schema of the contract, generated from the models: ``python -m schemas.generate [--check]``."""

import json
import sys
from pathlib import Path

from schemas.article import Article, Model, Reclassified
from schemas.event import ARTICLE_SCHEMA, RECLASSIFICATION_SCHEMA, REJECTION_SCHEMA
from schemas.rejection import Rejection

FOLDER = Path(__file__).parent / "json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def generate() -> dict[str, str]:
    """File name → the JSON Schema that it must hold."""
    documents: dict[str, tuple[type[Model], str]] = {
        "article-1.0.json": (Article, ARTICLE_SCHEMA),
        "reclassification-1.0.json": (Reclassified, RECLASSIFICATION_SCHEMA),
        "rejection-1.0.json": (Rejection, REJECTION_SCHEMA),
    }
    return {
        name: json.dumps(
            {"$schema": DIALECT, "$id": uri, **model.model_json_schema(mode="serialization")}, indent=1, sort_keys=True
        )
        + "\n"
        for name, (model, uri) in documents.items()
    }


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
