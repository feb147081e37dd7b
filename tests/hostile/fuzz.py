"""Fuzzing guided by coverage, with atheris (``pip install -e '.[fuzz]'``): ``python -m tests.hostile.fuzz html``.

The first argument is what is fuzzed: ``decode``, ``text``, ``html``, ``clean`` or ``process``; what follows is for
libFuzzer, for example ``-max_total_time=600``. Inputs that were found to reach new code are kept in ``.fuzz/NAME``.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["worker", "schemas"]):
    from schemas.article import Article
    from worker.classify import load_classifier
    from worker.cleaning import clean
    from worker.errors import Rejected
    from worker.formats import html, read_document, text
    from worker.formats.encoding import decode, peek
    from worker.models import Document, RawArticle, RawBlock
    from worker.pipeline import process

from tests.hostile.corpus import CASES

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
SEED_BYTES = 8_192
KINDS = ("line", "paragraph", "heading", "list_item", "quote", "caption")
CLASSIFY = load_classifier()


def _document(data: bytes) -> Document:
    return Document("a.txt", data, NOW)


def _clean(data: bytes) -> None:
    lines = data.decode("utf-8", "replace").split("\n")
    blocks = [RawBlock(KINDS[len(line) % 7 % 6], line, line[:1] != " ") for line in lines]
    clean(RawArticle("text/plain", "utf-8", tuple(blocks)))


def _process(data: bytes) -> None:
    record = process(_document(data), CLASSIFY)
    if Article.model_validate_json(record.model_dump_json()) != record:
        raise AssertionError("the record does not survive being JSON")


TARGETS: dict[str, Callable[[bytes], object]] = {
    "decode": lambda data: (peek(data), decode(data, data[:12].decode("latin-1"))),
    "text": lambda data: text.read(_document(data)),
    "html": lambda data: html.read(_document(data)),
    "clean": _clean,
    "read": lambda data: clean(read_document(_document(data))),
    "process": _process,
}


def main() -> None:
    """Fuzz until libFuzzer is told to end, or something is raised that is no rejection."""
    name, *options = sys.argv[1:]
    target = TARGETS[name]
    folder = Path(".fuzz", name)
    folder.mkdir(parents=True, exist_ok=True)
    for number, case in enumerate(CASES):
        if isinstance(case.content, str | bytes) and len(data := case.data()) <= SEED_BYTES:
            (folder / f"seed-{number}").write_bytes(data)

    def try_one(data: bytes) -> None:
        try:
            target(data)
        except Rejected:
            return

    atheris.Setup([sys.argv[0], str(folder), f"-artifact_prefix={folder}-", "-timeout=60", *options], try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
