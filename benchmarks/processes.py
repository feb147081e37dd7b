"""Processor time and memory of processes with all their children."""

import contextlib
from collections.abc import Iterator, Mapping

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
