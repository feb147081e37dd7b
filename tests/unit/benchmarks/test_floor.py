"""The floor ends, whatever becomes of its processes."""

import pytest

from benchmarks import floor
from benchmarks.corpus import articles


def test_all_files_are_processed_in_some_time() -> None:
    timing = floor.run(articles("short", 9), 2)
    assert timing.wall_seconds > 0
    assert timing.cpu_seconds > 0


def test_a_process_that_fails_leaves_nobody_waiting(capfd: pytest.CaptureFixture[str]) -> None:
    broken = [("no bytes", None)]
    with pytest.raises(RuntimeError, match="a process of the floor failed"):
        floor.run(broken, 2)  # type: ignore[arg-type]  # that is what is wrong with it
    assert "Traceback" in capfd.readouterr().err
