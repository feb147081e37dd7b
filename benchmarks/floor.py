"""The floor: ``process()`` in a loop, in processes that share a pile of bytes, and nothing else at all.

The bytes are in memory and the models are loaded before the processes are forked and the clock starts, as a worker has
it; the records are thrown away. Nothing that keeps any promise can be quicker.
"""

import gc
import multiprocessing
import resource
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Barrier

from worker.classify import Classify, load_classifier
from worker.enrich.language import detect_language
from worker.errors import Rejected
from worker.models import Document
from worker.pipeline import process

SHARE = 4  # files that a process takes at a time
FORK = multiprocessing.get_context("fork")
Files = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds by the clock, and seconds of processors."""

    wall_seconds: float
    cpu_seconds: float


def run(files: Files, processes: int) -> Timing:
    """Process all files, each a name and its bytes, in that many processes at once."""
    classify = load_classifier()
    detect_language("The language model is loaded with its first text.")
    following: Synchronized[int] = FORK.Value("q", 0)
    gate = FORK.Barrier(processes + 1)
    workers = [FORK.Process(target=_work, args=(files, classify, following, gate)) for _ in range(processes)]
    gc.collect()
    gc.freeze()  # what is there is not looked through again in each process
    for worker in workers:
        worker.start()
    gate.wait()
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    gate.wait()
    wall = time.monotonic() - began
    for worker in workers:
        worker.join()
    gc.unfreeze()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Timing(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _work(files: Files, classify: Classify, following: "Synchronized[int]", gate: Barrier) -> None:
    now = datetime.now(UTC)
    gate.wait()
    while True:
        with following.get_lock():
            first = following.value
            following.value += SHARE
        if first >= len(files):
            break
        for name, data in files[first : first + SHARE]:
            with suppress(Rejected):
                process(Document(name, data, now), classify)
    gate.wait()
