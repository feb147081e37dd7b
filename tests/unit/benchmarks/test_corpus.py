"""What is measured with: no two articles alike, each a record, of the lengths that are told."""

import statistics
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks import corpus
from benchmarks.corpus import Kind, article, drop, write_articles
from worker.classify import load_classifier
from worker.models import Document
from worker.pipeline import process

COUNT = 120
KINDS: list[Kind] = ["short", "ordinary"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_article_gives_a_record_of_its_own(kind: Kind) -> None:
    classify, now = load_classifier(), datetime.now(UTC)
    texts = [article(kind, number) for number in range(COUNT)]
    records = [process(Document(f"{n}.txt", text.encode(), now), classify) for n, text in enumerate(texts)]
    assert len({record.id for record in records}) == COUNT
    assert len({record.dedupe.content_sha256 for record in records}) == COUNT
    assert all(record.byline and record.published and record.language.code == "en" for record in records)
    assert sum(record.primary_topic is not None for record in records) > COUNT / 2


@pytest.mark.parametrize(
    ("kind", "least", "middle", "most"), [("short", 55, (75, 115), 160), ("ordinary", 120, (420, 540), 2600)]
)
def test_articles_are_as_long_as_is_told(kind: Kind, least: int, middle: tuple[int, int], most: int) -> None:
    words = [len(article(kind, number).split()) for number in range(400)]
    assert min(words) >= least
    assert middle[0] <= statistics.median(words) <= middle[1]
    assert max(words) <= most


def test_an_article_is_the_same_each_time() -> None:
    assert article("ordinary", 7) == article("ordinary", 7)
    assert article("ordinary", 7) != article("ordinary", 8)


def test_no_sentence_comes_twice_in_an_article() -> None:
    for number in range(40):
        text = article("ordinary", number).split("\n\n", 3)[3]
        sentences = [found for line in text.splitlines() for found in corpus._SENTENCE_END.split(line) if found]
        assert len(set(sentences)) == len(sentences)


def test_a_drop_moves_every_file(tmp_path: Path) -> None:
    staged, inbox = tmp_path / "staged", tmp_path / "inbox"
    staged.mkdir()
    inbox.mkdir()
    write_articles(staged, "short", range(3))
    assert drop(staged, inbox) == 3
    assert sorted(path.name for path in inbox.iterdir()) == ["short-0.txt", "short-1.txt", "short-2.txt"]
    assert (inbox / "short-2.txt").read_text(encoding="utf-8") == article("short", 2)
    assert not list(staged.iterdir())
