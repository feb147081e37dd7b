"""Processor time and memory of processes with all their children."""

import contextlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil


def family(pid: int) -> Iterator[psutil.Process]:
    """A process and all that descend from it; none where it is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        yield process
        yield from process.children(recursive=True)


def cpu_seconds(pid: int) -> float:
    """Processor seconds of a process and its children until now, with those of children that have ended."""
    seconds = 0.0
    for process in family(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            seconds += times.user + times.system + times.children_user + times.children_system
    return seconds


def cpu_by_part(pids: Mapping[str, int]) -> dict[str, float]:
    """The same for each part of a subject."""
    return {part: cpu_seconds(pid) for part, pid in pids.items()}


def rss_bytes(pid: int) -> int:
    """Bytes of memory that a process and its children hold now; what they share counts for each."""
    held = 0
    for process in family(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            held += process.memory_info().rss
    return held


def peak_rss_bytes(pid: int) -> int:
    """The most bytes of memory that any one of a process and its children has held; those that ended do not count.

    Where the system does not tell the most, what they hold now.
    """
    return max((_peak(process) for process in family(pid)), default=0)


def _peak(process: psutil.Process) -> int:
    with contextlib.suppress(OSError):
        if found := re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")):
            return int(found[1]) * 1024
    with contextlib.suppress(psutil.NoSuchProcess):
        return int(process.memory_info().rss)
    return 0
