"""Which articles of an archive a comparison looks at, and what it counts."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.article import Topic
from tests.articles import article
from worker.claim import Claim, new_claim_id
from worker.classify import Verdict
from worker.inbox import Inbox
from worker.journal import Journal
from worker.models import CleanArticle, Document
from worker.pipeline import process
from worker.publish import Outcome
from worker.rereading import Rereader
from worker.rules_diff import Diff, Difference
from worker.settings import Settings

SPORT = Topic(id="sport", name="Sport", qcode=None, confidence=0.9)
WEATHER = Topic(id="weather", name="Weather", qcode=None, confidence=0.95)


def old(_article: CleanArticle, _language: str) -> Verdict:
    return Verdict((SPORT,))


def new(found: CleanArticle, _language: str) -> Verdict:
    """Other topics for what has rain in it."""
    return Verdict((WEATHER, SPORT) if "rain" in found.text else (SPORT,))


class Archive:
    """An inbox with settled files."""

    def __init__(self, root: Path) -> None:
        self.inbox = Inbox(root / "inbox")
        self.inbox.prepare()
        self.journal = Journal(self.inbox)

    def add(self, number: int, last: str, *, version: int = 1, day: int = 31, status: str = "published") -> Path:
        """Settle a file of one article."""
        claim = Claim(new_claim_id(datetime(2026, 1, day, tzinfo=UTC)), f"{number}-{version}-{day}.txt")
        place = f"_done/2026-01-{day:02}/{claim.path}"
        path = self.inbox.root / place
        path.parent.mkdir(exist_ok=True)
        path.write_text(article(number, last))
        record = process(Document(claim.path, path.read_bytes(), claim.received_at), old)
        content = record.dedupe.content_sha256
        outcome = Outcome(status, "5-0", version, record.id, content, "sport", "0")  # type: ignore[arg-type]
        self.journal.settled(claim, outcome, place, now=1.0)
        return path


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


Compare = Callable[[], tuple[list[Difference], Diff]]


@pytest.fixture
def compare(archive: Archive) -> Iterator[Compare]:
    reader = Rereader(old, new, Settings())

    def compare(stop: threading.Event | None = None) -> tuple[list[Difference], Diff]:
        diff = Diff(Settings(max_file_bytes=100_000), archive.inbox, reader)
        return list(diff.run(lambda _done, _total: None, stop or threading.Event())), diff

    yield compare
    reader.close()


def files(found: list[Difference]) -> list[str]:
    return [one.file for one in found]


def test_what_changes_is_told_in_the_order_in_which_it_was_dropped(archive: Archive, compare: Compare) -> None:
    archive.add(1, "It rained.", day=30)
    archive.add(2, "The sun shone.", day=20)
    archive.add(3, "It rained.", day=10)
    found, diff = compare()
    assert files(found) == ["3-1-10.txt", "1-1-30.txt"]
    assert (diff.tally.articles, diff.tally.changed, diff.tally.gained) == (3, 2, {"weather": 2})
    assert (diff.tally.lost, diff.tally.primary_gained, diff.tally.primary_lost) == ({}, {"weather": 2}, {"sport": 2})


def test_of_an_article_only_the_current_version_counts(archive: Archive, compare: Compare) -> None:
    archive.add(1, "It rained.", version=2, day=10)
    archive.add(1, "It rained and rained.", version=1, day=20)
    archive.add(2, "It rained.", version=1, day=20)
    archive.add(2, "The sun shone.", version=2, day=30)
    found, diff = compare()
    assert files(found) == ["1-2-10.txt"]
    assert diff.tally.articles == 2


def test_another_file_of_the_same_content_does_where_the_first_is_gone(archive: Archive, compare: Compare) -> None:
    first = archive.add(1, "It rained.", day=10)
    archive.add(1, "It rained.", day=20, status="duplicate")
    assert files(compare()[0]) == ["1-1-10.txt"]
    first.unlink()
    found, diff = compare()
    assert (files(found), diff.tally.gone) == (["1-1-20.txt"], 0)


def test_what_is_gone_too_large_or_no_file_is_counted(archive: Archive, compare: Compare) -> None:
    archive.add(1, "It rained.").unlink()
    archive.add(2, "It rained. " * 20_000)
    replaced = archive.add(3, "It rained.")
    replaced.unlink()
    replaced.symlink_to(archive.add(4, "It rained."))
    found, diff = compare()
    assert files(found) == ["4-1-31.txt"]
    assert diff.tally.gone == 1
    assert [line.partition(",")[0] for line in sorted(diff.tally.unread)] == [
        "_done/2026-01-31/2-1-31.txt: too_large",
        "_done/2026-01-31/3-1-31.txt: unreadable",
    ]


def test_it_ends_when_it_is_told_to(archive: Archive, compare: Callable[..., tuple[list[Difference], Diff]]) -> None:
    archive.add(1, "It rained.")
    stop = threading.Event()
    stop.set()
    assert compare(stop)[0] == []


def test_an_inbox_without_a_journal_has_nothing_to_compare(compare: Compare) -> None:
    found, diff = compare()
    assert (found, diff.tally.articles) == ([], 0)


def test_a_line_of_json_tells_both_sets_of_topics(archive: Archive, compare: Compare) -> None:
    archive.add(1, "It rained.")
    (found,) = compare()[0]
    assert json.loads(found.as_json()) == {
        "article": found.article,
        "version": 1,
        "file": "1-1-31.txt",
        "old_topics": ["sport"],
        "old_primary_topic": "sport",
        "new_topics": ["weather", "sport"],
        "new_primary_topic": "weather",
    }
