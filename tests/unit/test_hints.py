"""File events as hints: what wakes the watcher up, and what does not."""

import os
import shutil
import threading
import time
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
    hints.visit("")
    yield hints
    hints.close()


def heard(hints: Hints) -> bool:
    """Take in what has been heard until now."""
    hints.happened = False
    hints.wait(0)
    return hints.happened


def test_a_closed_file_is_known_to_be_closed(hints: Hints, root: Path) -> None:
    (root / "a.txt").write_text("a")
    assert heard(hints)
    assert list(hints.closed) == ["a.txt"]


def test_a_file_that_is_still_written_to_is_heard_of_and_not_closed(hints: Hints, root: Path) -> None:
    with (root / "a.txt").open("w"):
        assert heard(hints)
        assert not hints.closed


def test_a_file_in_a_visited_folder_is_known_by_its_path(hints: Hints, root: Path) -> None:
    (root / "sub").mkdir()
    assert heard(hints)
    hints.visit("sub/")
    (root / "sub" / "a.txt").write_text("a")
    assert heard(hints)
    assert list(hints.closed) == ["sub/a.txt"]


def test_a_file_renamed_into_place_is_known_to_be_closed(hints: Hints, root: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "a.txt").rename(root / "a.txt")
    assert heard(hints)
    assert list(hints.closed) == ["a.txt"]


def test_a_name_that_is_not_utf8_is_heard_of(hints: Hints, root: Path) -> None:
    name = os.fsdecode(b"\xff.txt")
    (root / name).write_text("a")
    assert heard(hints)
    assert list(hints.closed) == [name]


def test_reading_and_our_own_moves_wake_nobody_up(hints: Hints, root: Path) -> None:
    (root / "a.txt").write_text("a")
    assert heard(hints)
    (root / "a.txt").read_text()
    list(root.iterdir())
    (root / "_done" / "b.txt").write_text("b")
    assert not heard(hints)


def test_a_folder_that_was_made_again_is_heard_from_the_next_visit_on(hints: Hints, root: Path) -> None:
    shutil.rmtree(root)
    root.mkdir()
    hints.visit("")
    heard(hints)
    (root / "a.txt").write_text("a")
    assert heard(hints)
    assert list(hints.closed) == ["a.txt"]


def test_a_renamed_folder_is_known_by_its_new_path(hints: Hints, root: Path) -> None:
    (root / "old").mkdir()
    hints.visit("old/")
    (root / "old").rename(root / "new")
    hints.visit("new/")
    (root / "new" / "a.txt").write_text("a")
    assert heard(hints)
    assert list(hints.closed) == ["new/a.txt"]


def test_a_folder_that_is_not_there_is_no_error(hints: Hints) -> None:
    hints.visit("nothing/")
    assert not heard(hints)


def test_a_call_ends_the_wait(hints: Hints) -> None:
    threading.Timer(0.05, hints.wake).start()
    start = time.monotonic()
    hints.wait(60)
    assert time.monotonic() - start < 30
    assert hints.happened


def test_many_calls_never_block_the_caller(hints: Hints) -> None:
    for _ in range(100_000):
        hints.wake()
    assert heard(hints)
