"""The clock jumps for the processes that are given it, and only that clock."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.chaos.clock import Clock, can_jump

ASK = "import sys, time; [print(time.time(), time.monotonic(), flush=True) for _ in sys.stdin]"


@pytest.mark.skipif(not can_jump(), reason="no C compiler")
def test_the_real_clock_of_a_running_process_jumps_and_the_monotonic_does_not(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-c", ASK],
        env={**os.environ, **clock.environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    for hours in (0, 5, -20):
        clock.set(hours)
        process.stdin.write("\n")
        process.stdin.flush()
        real, monotonic = map(float, process.stdout.readline().split())
        assert real - time.time() == pytest.approx(hours * 3600, abs=60)
        assert monotonic == pytest.approx(time.monotonic(), abs=60)
    process.communicate()
