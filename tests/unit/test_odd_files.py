"""Files that vanish, shrink, may not be read, or lie deeper than a path can say, between two looks at them."""

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from worker.claim import Claim
from worker.errors import Rejected
from worker.hints import Hints
from worker.inbox import Inbox

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
MANY = 10**6
NOBODY = 65534


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    inbox = Inbox(tmp_path / "inbox")
    inbox.prepare()
    (inbox.root / "a.txt").write_text("text")
    return inbox


def claim(inbox: Inbox) -> Claim:
    (taken,) = (inbox.claim(found, NOW) for found in inbox.waiting())
    assert taken
    return taken


def claimed(inbox: Inbox, taken: Claim) -> Path:
    return inbox.root / "_claimed" / taken.id / taken.path


def test_a_file_that_is_deleted_between_the_look_and_the_claim_leaves_nothing(inbox: Inbox) -> None:
    for found in inbox.waiting():
        (inbox.root / "a.txt").unlink()
        assert found.being_written() is None
        assert inbox.claim(found, NOW) is None
    assert os.listdir(inbox.root / "_claimed") == []


def test_a_file_that_is_replaced_between_the_look_and_the_claim_is_claimed_as_it_is_now(inbox: Inbox) -> None:
    for found in inbox.waiting():
        (inbox.root / "a.txt").unlink()
        (inbox.root / "a.txt").write_text("")
        taken = inbox.claim(found, NOW)
        assert taken
        assert inbox.read(taken, MANY)[0] == b""


def test_a_file_that_is_deleted_between_the_claim_and_the_read_leaves_nothing(inbox: Inbox) -> None:
    taken = claim(inbox)
    claimed(inbox, taken).unlink()
    with pytest.raises(FileNotFoundError):
        inbox.read(taken, MANY)
    assert list(inbox.claims()) == []
    assert os.listdir(inbox.root / "_claimed") == []


def test_a_file_that_is_cut_between_the_claim_and_the_read_is_read_as_it_is(inbox: Inbox) -> None:
    taken = claim(inbox)
    os.truncate(claimed(inbox, taken), 2)
    data, seen = inbox.read(taken, MANY)
    assert data == b"te"
    assert inbox.unchanged(taken, seen)


@contextlib.contextmanager
def unprivileged(folder: Path) -> Iterator[None]:
    """As a user who owns the folder and is not root."""
    if os.geteuid() != 0:
        yield
        return
    for place, _, _ in os.walk(folder):
        os.chown(place, NOBODY, NOBODY)
    before = Path.cwd()
    os.chdir(folder)  # the folders above are root's own
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.chdir(before)


def test_a_file_that_may_not_be_read_is_claimed_and_rejected_with_that_reason(inbox: Inbox) -> None:
    (inbox.root / "a.txt").chmod(0)
    with unprivileged(inbox.root):
        here = Inbox(Path() if os.geteuid() == NOBODY else inbox.root)
        assert [found.being_written() for found in here.waiting()] == [None]
        with pytest.raises(Rejected) as error:
            here.read(claim(here), MANY)
    assert (error.value.stage, error.value.reason) == ("read", "unreadable")


def test_a_file_deeper_than_a_path_can_say_goes_the_whole_way(inbox: Inbox) -> None:
    (inbox.root / "a.txt").unlink()
    folder = os.open(inbox.root, os.O_RDONLY)
    for _ in range(25):
        os.mkdir("d" * 200, dir_fd=folder)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = below
    with open(os.open("a.txt", os.O_CREAT | os.O_WRONLY, dir_fd=folder), "w") as file:
        file.write("deep")
    os.close(folder)
    with contextlib.closing(Hints(inbox.root)) as hints:
        (taken,) = (inbox.claim(found, NOW) for found in inbox.waiting(hints.visit))
    assert taken
    assert len(taken.path) > os.pathconf("/", "PC_PATH_MAX")
    data, seen = inbox.read(taken, MANY)
    assert data == b"deep"
    assert inbox.unchanged(taken, seen)
    assert list(inbox.claims()) == [taken]
    assert inbox.finish(taken, lambda _place: None) == f"_done/2026-01-31/{taken.path}"
    inbox.tidy()
    assert os.listdir(inbox.root / "_claimed") == []
