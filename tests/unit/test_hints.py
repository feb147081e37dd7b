"""File events as hints: what wakes the watcher up, and what does not."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from worker.hints import Hints

WaitUntil = Callable[..., None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "inbox" / "_done").mkdir(parents=True)
    return tmp_path / "inbox"


@pytest.fixture
def hints(root: Path) -> Iterator[Hints]:
    hints = Hints(root)
    hints.start()
    yield hints
    hints.stop()


def test_a_closed_file_is_known_to_be_closed(hints: Hints, root: Path, wait_until: WaitUntil) -> None:
    (root / "a.txt").write_text("a")
    wait_until(lambda: "a.txt" in hints.closed, "the close")
    assert hints.happened.is_set()


def test_a_file_in_a_new_folder_is_heard_of(hints: Hints, root: Path, wait_until: WaitUntil) -> None:
    (root / "sub").mkdir()
    wait_until(hints.happened.is_set, "the folder")
    (root / "sub" / "a.txt").write_text("a")
    wait_until(lambda: "sub/a.txt" in hints.closed, "the close")


def test_a_file_renamed_into_place_is_known_to_be_closed(hints: Hints, root: Path, wait_until: WaitUntil) -> None:
    (root / ".a.tmp").write_text("a")
    (root / ".a.tmp").rename(root / "a.txt")
    wait_until(lambda: "a.txt" in hints.closed, "the rename")


def test_a_name_that_is_not_utf8_is_heard_of(hints: Hints, root: Path, wait_until: WaitUntil) -> None:
    name = os.fsdecode(b"\xff.txt")
    (root / name).write_text("a")
    wait_until(lambda: name in hints.closed, "the close")


def test_reading_and_our_own_moves_wake_nobody_up(hints: Hints, root: Path, wait_until: WaitUntil) -> None:
    (root / "a.txt").write_text("a")
    wait_until(lambda: "a.txt" in hints.closed, "the close")
    hints.happened.clear()
    (root / "a.txt").read_text()
    list(root.iterdir())
    (root / "_done" / "b.txt").write_text("b")
    (root / "c.txt").write_text("c")  # events come in order: after this one, the others have been seen
    wait_until(lambda: "c.txt" in hints.closed, "the close")
    assert set(hints.closed) == {"a.txt", "c.txt"}


def test_a_folder_that_was_made_again_is_listened_to_again(hints: Hints, root: Path, wait_until: WaitUntil) -> None:
    shutil.rmtree(root)
    root.mkdir()

    def heard() -> bool:
        hints.ensure()
        (root / "a.txt").write_text("a")
        return "a.txt" in hints.closed

    wait_until(heard, "the listener to hear again")


def test_no_folder_is_said_and_tried_again(tmp_path: Path, wait_until: WaitUntil) -> None:
    hints = Hints(tmp_path / "later")
    hints.start()
    (tmp_path / "later").mkdir()
    hints.ensure()
    (tmp_path / "later" / "a.txt").write_text("a")
    wait_until(lambda: "a.txt" in hints.closed, "the close")
    hints.stop()
