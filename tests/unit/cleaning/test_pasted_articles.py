"""Whole pages, as people paste them from many kinds of sites: what an editor would keep is kept, the rest is told."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.article import Article, Block
from worker.classify import load_classifier
from worker.models import Document
from worker.pipeline import process

PAGES = Path(__file__).parents[2] / "samples" / "pasted"
NAMES = sorted(path.stem for path in PAGES.glob("*.txt"))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
MARKS = {"heading": "## ", "list_item": "- ", "quote": "> ", "paragraph": ""}

classify = load_classifier(None)


def record(name: str) -> Article:
    return process(Document(f"{name}.txt", (PAGES / f"{name}.txt").read_bytes(), NOW), classify)


def gold(name: str) -> dict[str, Any]:
    return tomllib.loads((PAGES / f"{name}.toml").read_text(encoding="utf-8"))


def marked(block: Block) -> str:
    return MARKS[block.kind] + block.text


@pytest.mark.parametrize("name", NAMES)
def test_a_pasted_page_gives_what_an_editor_would_keep(name: str) -> None:
    article, wanted = record(name), gold(name)
    assert article.headline == wanted["headline"]
    assert article.standfirst == wanted.get("standfirst")
    assert list(article.byline) == wanted["byline"]
    assert (article.published.value if article.published else None) == wanted.get("published")
    assert list(article.captions) == wanted["captions"]
    assert [marked(block) for block in article.body] == wanted["body"].strip().split("\n\n")


@pytest.mark.parametrize("name", NAMES)
def test_a_pasted_page_tells_what_was_cut_from_it(name: str) -> None:
    removed = record(name).provenance.removed
    wanted = gold(name)["removed"]
    assert {part.kind for part in removed} == set(wanted)
    for kind, starts in wanted.items():
        lines = [line for part in removed if part.kind == kind for line in part.text.split("\n")]
        missing = [start for start in starts if not any(line.startswith(start) for line in lines)]
        assert not missing, f"not cut as {kind}"


def test_there_are_twenty_pages_in_three_languages() -> None:
    assert len(NAMES) == 20
    assert {name.split("-")[0] for name in NAMES} == {"en", "de", "fr"}
