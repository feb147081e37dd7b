"""The journal: what it is told it knows again, whatever befell its last line."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from worker.claim import Claim, new_claim_id
from worker.inbox import Inbox
from worker.journal import Journal, Settled
from worker.publish import Outcome

PUBLISHED = Outcome("published", "5-0", 1, "article-1", "c" * 64, "defense", "0.1.0")


def claim(day: int = 31, path: str = "news/a.txt") -> Claim:
    return Claim(new_claim_id(datetime(2026, 1, day, tzinfo=UTC)), path)


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    inbox = Inbox(tmp_path / "inbox")
    inbox.prepare()
    return inbox


@pytest.fixture
def journal(inbox: Inbox) -> Journal:
    return Journal(inbox)


def file_of(inbox: Inbox, day: str = "20260131") -> Path:
    (path,) = (inbox.root / ".journal").glob(f"{day}.*.jsonl")
    return path


def test_what_became_of_a_claim_is_known_again(journal: Journal) -> None:
    first, second = claim(), claim(path="b\udcff\n.txt")
    journal.claimed(first, now=1.0)
    journal.claimed(second, now=1.0)
    journal.settled(first, PUBLISHED, "_done/2026-01-31/news/a.txt", now=2.0)
    known = journal.of_day("20260131")
    assert known[second.id] == second
    found = known[first.id]
    assert isinstance(found, Settled)
    assert (found.claim, found.places, found.event) == (
        first,
        ("_done/2026-01-31/news/a.txt",),
        "article-1.cccccccccccccccc",
    )
    assert (found.status, found.entry, found.version, found.topic, found.pipeline) == (
        "published",
        "5-0",
        1,
        "defense",
        "0.1.0",
    )


def test_of_two_lines_the_later_counts_also_when_the_clock_was_set_back_and_either_place_may_be_the_one(
    journal: Journal,
) -> None:
    first = claim()
    journal.settled(first, PUBLISHED, "_done/2026-01-31/a.x.txt", now=2.0)
    journal.settled(first, Outcome("published", "9-0"), "_done/2026-01-31/a.txt", now=1.0)
    journal.claimed(first, now=3.0)
    found = journal.of_day("20260131")[first.id]
    assert isinstance(found, Settled)
    assert (found.entry, found.places) == ("9-0", ("_done/2026-01-31/a.txt", "_done/2026-01-31/a.x.txt"))


@pytest.mark.parametrize("names", [("one", "two"), ("two", "one")])
def test_of_two_machines_the_one_that_noted_later_by_its_clock_counts(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, names: tuple[str, str]
) -> None:
    first = claim()
    for name, entry, now in zip(names, ("5-0", "9-0"), (1.0, 2.0), strict=True):
        monkeypatch.setattr("socket.gethostname", lambda name=name: name)
        Journal(inbox).settled(first, Outcome("published", entry), f"_done/2026-01-31/{entry}.txt", now=now)
    found = Journal(inbox).of_day("20260131")[first.id]
    assert isinstance(found, Settled)
    assert (found.entry, found.places) == ("9-0", ("_done/2026-01-31/9-0.txt", "_done/2026-01-31/5-0.txt"))


def test_of_a_file_of_many_articles_each_is_known_again(journal: Journal, inbox: Inbox) -> None:
    first = claim(path="day.zip")
    parts = (
        replace(PUBLISHED, number="1"),
        replace(PUBLISHED, number="2", status="duplicate", entry="3-0"),
        Outcome("rejected", "6-0", number="rest"),
    )
    journal.settled(first, Outcome("published", "", parts=parts), "_done/2026-01-31/day.zip", now=2.0)
    found = journal.of_day("20260131")[first.id]
    assert isinstance(found, Settled)
    assert [entry.event for entry in found.entries] == [
        "article-1.cccccccccccccccc",
        "article-1.cccccccccccccccc",
        f"{first.id}.rest",
    ]
    assert [(entry.status, entry.entry) for entry in found.entries] == [
        ("published", "5-0"),
        ("duplicate", "3-0"),
        ("rejected", "6-0"),
    ]
    lines = file_of(inbox).read_bytes()
    file_of(inbox).write_bytes(lines[:-40])  # as a kill would leave it
    assert not journal.of_day("20260131")


def test_a_line_for_a_thousand_articles_is_not_longer_than_is_appended_at_once(journal: Journal, inbox: Inbox) -> None:
    part = replace(PUBLISHED, number="1000", entry="1795546138348-1000", article="a" * 24)
    journal.settled(claim(), Outcome("published", "", parts=(part,) * 1001), "_done/2026-01-31/day.zip", now=2.0)
    assert file_of(inbox).stat().st_size < 200_000


@pytest.mark.parametrize("left", [b"\n{", b'\n{"claim":"x","path"', b"\n\xff\xfe\n[]\n1\nnull\n{}", b"\0" * 100])
def test_a_line_that_was_cut_off_spoils_no_other(journal: Journal, inbox: Inbox, left: bytes) -> None:
    first, second = claim(), claim()
    journal.claimed(first, now=1.0)
    with file_of(inbox).open("ab") as file:
        file.write(left)
    journal.claimed(second, now=1.0)
    assert set(journal.of_day("20260131")) == {first.id, second.id}


def test_machines_that_share_an_inbox_have_files_of_their_own(
    journal: Journal, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = claim(), claim()
    journal.claimed(first, now=1.0)
    monkeypatch.setattr("socket.gethostname", lambda: "../other/machine")
    Journal(inbox).claimed(second, now=1.0)
    assert len(list((inbox.root / ".journal").iterdir())) == 2
    assert set(journal.of_day("20260131")) == {first.id, second.id}


def test_only_the_newest_days_are_kept_however_old_they_are(journal: Journal) -> None:
    for day in (1, 5, 9):
        journal.claimed(claim(day), now=1.0)
    journal.keep(2)
    assert journal.days() == ["20260105", "20260109"]


def test_days_that_nothing_was_added_to_since_are_left_out(journal: Journal, inbox: Inbox) -> None:
    for day in (1, 5):
        journal.claimed(claim(day), now=1.0)
    os.utime(file_of(inbox, "20260101"), (1000, 1000))
    assert journal.days(changed_since=2000) == ["20260105"]


def test_an_inbox_keeps_its_id(journal: Journal, inbox: Inbox) -> None:
    assert len(journal.identity()) == 16
    written = (inbox.root / ".journal").stat().st_mtime_ns
    assert Journal(inbox).identity() == journal.identity()
    assert (inbox.root / ".journal").stat().st_mtime_ns == written  # an audit may read where nothing can be written


def test_the_journal_is_not_taken_for_articles(journal: Journal, inbox: Inbox) -> None:
    journal.claimed(claim(), now=1.0)
    assert not list(inbox.waiting())


def test_the_newest_claim_of_a_path_is_found_among_the_days_asked_for(journal: Journal) -> None:
    early, late = claim(30), claim(31)
    for number, each in enumerate((early, late, claim(31, "news/a.txt.txt"), claim(31, "a.txt"))):
        journal.claimed(each, now=1.0)
        journal.settled(each, replace(PUBLISHED, entry=f"{number}-0"), f"_done/{number}", now=2.0)
    newest = journal.of_path("news/a.txt", "20260101", "20260201")
    assert isinstance(newest, Settled)
    assert (newest.claim, newest.entry) == (late, "1-0")
    earlier = journal.of_path("news/a.txt", "20260101", "20260130")
    assert isinstance(earlier, Settled)
    assert earlier.claim == early
    assert journal.of_path("news/a.txt", "20260201", "20260301") is None
    assert journal.of_path("news/b.txt", "20260101", "20260201") is None
