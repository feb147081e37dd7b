"""Limits on time: a hang in C ends the process, also where one watchdog serves several blocks."""

import subprocess
import sys

import pytest

SCRIPT = """
import itertools, threading
from worker import limits
limits.GRACE = limits.SLACK = 0.3
with limits.one_watchdog():
    for _ in range(3):
        with limits.time_limit(0.5):
            pass
    {inside}
print("out", flush=True)
threading.Event().wait(1.5)
with limits.time_limit(0.5):
    {outside}
print("the end", flush=True)
"""
HANG = "sum(itertools.repeat(0))"  # it never looks at signals


def run(inside: str = "pass", outside: str = "pass") -> subprocess.CompletedProcess[str]:
    script = SCRIPT.format(inside=inside, outside=outside)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)


def test_nothing_ends_a_process_after_its_block() -> None:
    done = run()
    assert (done.returncode, done.stdout) == (0, "out\nthe end\n")


@pytest.mark.parametrize("seconds", ["0.5", "0.8", "0.1"])
def test_a_hang_in_a_later_block_ends_the_process_and_says_where(seconds: str) -> None:
    done = run(inside=f"with limits.time_limit({seconds}): {HANG}")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Timeout" in done.stderr


def test_a_hang_beyond_the_shared_watchdog_ends_it_too() -> None:
    done = run(outside=HANG)
    assert (done.returncode, done.stdout) == (1, "out\n")


def test_python_code_is_interrupted_in_a_later_block() -> None:
    done = run(inside="with limits.time_limit(0.2): threading.Event().wait(20)")
    assert "TimeLimitReached" in done.stderr
