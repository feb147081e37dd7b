"""When a file counts as completely written."""

import os
from pathlib import Path

import pytest

from worker.settling import Settling, being_written

QUIET, UNSURE = 0.3, 3.0


class File:
    """A file that a test writes to, watched by a settling of its own; time is given."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.path.write_text("a")
        self.settling = Settling(QUIET, UNSURE)

    def look(self, now: float, *, closed: bool = False, writing: bool | None = None) -> bool:
        self.settling.begin_pass(now)
        complete = self.settling.is_due("a", now) and self.settling.is_complete(
            "a", self.path.stat(), now, {"a"} if closed else set(), lambda: writing
        )
        self.settling.end_pass()
        return complete


@pytest.fixture
def file(tmp_path: Path) -> File:
    return File(tmp_path / "a")


def test_one_look_is_never_enough(file: File) -> None:
    assert not file.look(0, closed=True, writing=False)


def test_a_file_that_nobody_writes_is_complete_after_the_quiet_time(file: File) -> None:
    assert [file.look(now, writing=False) for now in (0, 0.29, 0.31)] == [False, False, True]


def test_a_file_that_was_seen_to_close_is_complete_after_the_quiet_time(file: File) -> None:
    assert [file.look(now, closed=True) for now in (0, 0.29, 0.31)] == [False, False, True]


def test_where_nothing_is_known_the_longer_time_counts(file: File) -> None:
    assert [file.look(now) for now in (0, 0.31, 2.9, 3.1)] == [False, False, False, True]


def test_a_file_that_is_open_for_writing_is_never_complete(file: File) -> None:
    assert not any(file.look(now, closed=True, writing=True) for now in (0, 1, 100, 1000))


def test_each_change_starts_the_quiet_time_anew(file: File) -> None:
    for step in range(5):
        file.path.write_text("a" * (step + 2))
        assert not file.look(step * 0.2, writing=False)
    assert not file.look(0.8 + 0.29, writing=False)
    assert file.look(0.8 + 0.31, writing=False)


def test_a_rewrite_of_the_same_length_is_a_change(file: File) -> None:
    file.look(0, writing=False)
    before = file.path.stat()
    file.path.write_text("b")
    os.utime(file.path, ns=(before.st_atime_ns, before.st_mtime_ns))  # mtime can be set back; ctime cannot
    assert not file.look(0.4, writing=False)


def test_a_replaced_file_is_a_change(file: File, tmp_path: Path) -> None:
    file.look(0, writing=False)
    (tmp_path / "b").write_text("a")
    (tmp_path / "b").rename(file.path)
    assert not file.look(0.4, writing=False)


def test_a_file_that_vanished_is_forgotten(file: File) -> None:
    file.look(0)
    file.settling.begin_pass(1)
    file.settling.end_pass()
    assert len(file.settling) == 0
    assert file.settling.next_due() is None


def test_the_next_look_is_due_when_the_quiet_time_ends(file: File) -> None:
    file.look(10)
    assert file.settling.next_due() == pytest.approx(10.3)
    file.look(10.5)
    assert file.settling.next_due() == pytest.approx(10.8)


def test_the_kernel_tells_whether_somebody_has_a_file_open_for_writing(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with path.open("w"):
        reader = os.open(path, os.O_RDONLY)
        if being_written(reader) is None:
            os.close(reader)
            return  # this system or file system has no leases: then the longer time counts, as tested above
        assert being_written(reader) is True
    assert being_written(reader) is False
    os.close(reader)
