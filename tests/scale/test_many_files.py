"""A hundred thousand files at once: bounded memory, and no file costs more for those that wait or are done.

``make scale`` runs it and prints what it measured; it takes minutes. ``COPYDESK_SCALE_FILES`` gives another number.
"""

import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.articles import article
from tests.integration.conftest import Stack, files

MakeStack = Callable[..., Stack]

FILES = int(os.environ.get("COPYDESK_SCALE_FILES", "100000"))
WATCHER_BYTES = 200 * 2**20
IN_FLIGHT_BYTES = 64 * 2**20
GROWTH = 3.0  # times that a file may cost more with the whole backlog behind it, or at its end; machines are noisy


@dataclass(frozen=True, slots=True)
class Sample:
    """A moment: seconds, files settled by then, and the watcher's processor seconds by then."""

    at: float
    settled: float
    cpu: float


@pytest.mark.timeout(3600)
def test_a_hundred_thousand_files_at_once_come_out_in_bounded_memory_and_linear_time(
    make_stack: MakeStack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = make_stack(COPYDESK_LOG_LEVEL="warning")
    (watcher, _) = stack.start()
    stack.wait_until(lambda: stack.client.hlen(stack.keys.alive) == 2, "both parts to report")
    drop_at_once(stack, tmp_path / "staged")
    samples = watch(stack, watcher.pid)
    peak = peak_memory(watcher.pid)
    memory: Any = stack.client.info("memory")
    first, last = tenth(samples, 0.0), tenth(samples, 0.9)
    with capsys.disabled():
        print(  # noqa: T201 - the figures are what this is run for
            f"\n{FILES} files in {samples[-1].at - samples[0].at:.0f} s · watcher peak {peak / 2**20:.0f} MiB · "
            f"files/s, last tenth to first: {last.rate / first.rate:.2f} ({first.rate:.0f} → {last.rate:.0f}) · "
            f"watcher ms/file: {first.cost:.2f} → {last.cost:.2f} · Redis peak "
            f"{memory['used_memory_peak'] / 2**20:.0f} MiB, at the end {memory['used_memory'] / 2**20:.0f} MiB"
        )
    assert len(stack.done()) == FILES
    assert stack.client.xlen(stack.keys.articles) == FILES
    assert distinct(stack) == FILES
    assert peak < WATCHER_BYTES
    assert memory["used_memory_peak"] - memory["used_memory"] < IN_FLIGHT_BYTES  # the streams and the ledger stay
    assert max(first.cost, last.cost) < GROWTH * min(first.cost, last.cost)


def drop_at_once(stack: Stack, staged: Path) -> None:
    """Write the files elsewhere and rename them into the inbox, which takes a moment."""
    staged.mkdir()
    for number in range(FILES):
        (staged / f"{number}.txt").write_text(article(number))
    for path in os.scandir(staged):
        os.rename(path.path, stack.inbox / path.name)


def watch(stack: Stack, pid: int) -> list[Sample]:
    """Look every second until everything is settled."""
    process, pause = psutil.Process(pid), threading.Event()
    samples = [Sample(time.monotonic(), 0, sum(process.cpu_times()[:2]))]
    while samples[-1].settled < FILES:
        pause.wait(1)
        settled = stack.client.xlen(stack.keys.articles)
        samples.append(Sample(time.monotonic(), settled, sum(process.cpu_times()[:2])))
    stack.wait_until(lambda: len(files(stack.inbox / "_done")) == FILES, "the last files in _done")
    return samples


@dataclass(frozen=True, slots=True)
class Tenth:
    """A tenth of the files: files a second, and processor milliseconds of the watcher for each."""

    rate: float
    cost: float


def tenth(samples: list[Sample], begin: float) -> Tenth:
    """What the tenth of the files that begins at this share of them took."""
    inside = [sample for sample in samples if begin * FILES <= sample.settled <= (begin + 0.1) * FILES]
    start, end = inside[0], inside[-1]
    settled = end.settled - start.settled
    return Tenth(settled / (end.at - start.at), 1000 * (end.cpu - start.cpu) / settled)


def peak_memory(pid: int) -> int:
    """The most bytes that a process ever held."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024


def distinct(stack: Stack) -> int:
    """How many articles the stream tells of, read in pages."""
    subjects, start = set(), "-"
    while page := stack.client.xrange(stack.keys.articles, min=start, count=1000):
        subjects.update(fields[b"ce_subject"] for _, fields in page)
        start = f"({page[-1][0].decode()}"
    return len(subjects)
