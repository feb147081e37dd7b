"""The floor: ``process()`` in a loop, in processes that share a pile of bytes, and nothing else at all.

The bytes are in memory and the models are loaded before the processes are forked and the clock starts, as a worker has
it; the records are thrown away. Nothing that keeps any promise can be quicker.
"""

import gc
import multiprocessing
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Barrier

from benchmarks.corpus import Files
from worker.classify import Classify, load_classifier
from worker.enrich.language import detect_language
from worker.errors import Rejected
from worker.models import Document
from worker.pipeline import process

WARM_UP = 4  # files that each process has processed before the clock starts
SHARE = 4  # files that a process takes at a time
FORK = multiprocessing.get_context("fork")
PATIENCE = 120.0  # seconds until all processes are done; one that was killed never is


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds by the clock, and seconds of processors."""

    wall_seconds: float
    cpu_seconds: float


def run(files: Files, processes: int) -> Timing:
    """Process all files in that many processes at once.

    Raises:
        RuntimeError: One of them failed, which it tells on standard error, or was killed.
    """
    classify = load_classifier()
    detect_language("The language model is loaded with its first text.")
    pile = _Pile(
        files, classify, FORK.Value("q", 0), FORK.Barrier(processes + 1, timeout=PATIENCE), FORK.Value("d", 0.0)
    )
    workers = [FORK.Process(target=_work, args=(pile,), daemon=True) for _ in range(processes)]
    gc.collect()
    gc.freeze()  # what is there is not looked through again in each process
    for worker in workers:
        worker.start()
    try:
        pile.gate.wait()
        began = time.monotonic()
        pile.gate.wait()
        wall = time.monotonic() - began
    except threading.BrokenBarrierError:
        raise RuntimeError(f"a process of the floor failed, or was not done after {PATIENCE:.0f} s") from None
    for worker in workers:
        worker.join()
    gc.unfreeze()
    return Timing(wall, pile.cpu_seconds.value)


@dataclass(frozen=True, slots=True)
class _Pile:
    """What the processes share: the next file's number, the gate at which begin and end are told, seconds."""

    files: Files
    classify: Classify
    following: "Synchronized[int]"
    gate: Barrier
    cpu_seconds: "Synchronized[float]"


def _work(pile: _Pile) -> None:
    try:
        _process_piled(pile)
    except BaseException:
        pile.gate.abort()  # so that nobody waits for this one
        raise


def _process_piled(pile: _Pile) -> None:
    now = datetime.now(UTC)
    _process_all(pile.files[:WARM_UP], pile.classify, now)
    pile.gate.wait()
    began = time.process_time()
    while True:
        with pile.following.get_lock():
            first = pile.following.value
            pile.following.value += SHARE
        if first >= len(pile.files):
            break
        _process_all(pile.files[first : first + SHARE], pile.classify, now)
    spent = time.process_time() - began
    pile.gate.wait()
    with pile.cpu_seconds.get_lock():
        pile.cpu_seconds.value += spent


def _process_all(files: Files, classify: Classify, now: datetime) -> None:
    for name, data in files:
        with suppress(Rejected):
            process(Document(name, data, now), classify)
