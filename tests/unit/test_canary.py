"""Whether file events can be relied on: what the canary tells, and what the kind of file system does."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.machine import MAY_MOUNT
from worker.canary import EVERY, SECONDS, is_shared
from worker.hints import Hints
from worker.inbox import Inbox


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


@pytest.fixture
def hints(root: Path) -> Iterator[Hints]:
    with contextlib.closing(Hints(root)) as hints:
        yield hints


def told(hints: Hints, now: float) -> list[str]:
    """The words that a check logs."""
    with capture_logs() as lines:
        hints.check(now)
    return [line["event"] for line in lines]


def test_a_canary_that_is_heard_is_no_news_and_wakes_nobody_up(hints: Hints) -> None:
    hints.visit("")
    for step in range(10):
        assert told(hints, step * EVERY) == []
        hints.wait(0)
        assert not hints.happened
    assert hints.unheard == ""


def test_missing_events_are_told_once_and_their_return_too(hints: Hints, root: Path) -> None:
    hints.visit("")
    root.rmdir()
    root.mkdir()  # which nobody listens to
    hints.check(0)
    assert told(hints, SECONDS) == []
    assert told(hints, SECONDS + 0.1) == ["no_file_events"]
    assert "test gave none" in hints.unheard
    assert told(hints, EVERY) == []
    assert told(hints, EVERY + SECONDS + 0.1) == []
    hints.visit("")
    assert told(hints, 2 * EVERY) == []
    hints.wait(0)
    assert told(hints, 2 * EVERY + 0.1) == ["file_events_are_back"]
    assert hints.unheard == ""


def test_a_canary_that_was_heard_while_the_watcher_was_busy_is_not_lost(hints: Hints) -> None:
    hints.visit("")
    hints.check(0)
    assert told(hints, 10 * SECONDS) == []


def test_too_many_events_are_events(hints: Hints, root: Path) -> None:
    hints.visit("")
    queue = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    for _ in range(queue // 2 + 1):
        for name in ("a", "b"):  # in turns, because the kernel makes one event of two equal ones
            (root / name).write_bytes(b"")
    hints.check(0)
    assert told(hints, SECONDS + 0.1) == []


def test_nothing_is_learnt_where_no_canary_can_be_made(tmp_path: Path) -> None:
    with contextlib.closing(Hints(tmp_path / "nothing")) as hints:
        hints.visit("")
        hints.check(0)
        assert told(hints, SECONDS + 0.1) == []


def test_no_canary_is_left_or_taken_for_a_file(hints: Hints, root: Path) -> None:
    hints.visit("")
    hints.check(0)
    hints.wait(0)
    assert list(root.iterdir()) == []
    (root / ".canary-0123456789ab").mkdir()  # of a watcher that was killed in that moment
    assert list(Inbox(root).waiting()) == []


def test_a_file_that_comes_without_an_event_shows_that_others_write_unheard(hints: Hints) -> None:
    for _ in range(2):
        hints.visit("")
    hints.appeared("a.txt")
    assert told(hints, 0) == ["no_file_events"]
    assert hints.shared
    assert "a.txt" in hints.unheard


def test_a_file_whose_event_comes_a_moment_later_shows_nothing(hints: Hints, root: Path) -> None:
    for _ in range(2):
        hints.visit("")
    hints.appeared("a.txt")
    (root / "a.txt").touch()
    assert told(hints, 0) == []
    assert told(hints, 0.1) == []
    assert not hints.shared


def test_a_file_in_a_folder_that_was_not_listened_to_shows_nothing(hints: Hints) -> None:
    hints.visit("")
    hints.appeared("a.txt")
    assert [told(hints, now) for now in (0, 0.1, 0.2)] == [[], [], []]
    assert not hints.shared


def test_the_file_system_of_this_folder_is_our_own(tmp_path: Path) -> None:
    assert is_shared(tmp_path) == ""
    assert is_shared(tmp_path / "nothing") == ""


if MAY_MOUNT and os.access("/dev/fuse", os.W_OK):

    def test_a_file_system_that_others_write_to_is_known_and_never_waited_for(tmp_path: Path) -> None:
        device = os.open("/dev/fuse", os.O_RDWR)  # nobody answers on it, as a server that is away
        options = f"fd={device},rootmode=40000,user_id=0,group_id=0,subtype=sshfs"
        command = ["mount", "-i", "-t", "fuse", "-o", options, "copydesk-test", str(tmp_path)]
        subprocess.run(command, check=True, pass_fds=[device])
        try:
            assert is_shared(tmp_path) == "fuse.sshfs"
        finally:
            os.close(device)
            subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)
