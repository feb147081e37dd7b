"""No queue and no promise: one script that watches the folder and has a pool of processes do the work."""

import logging
import multiprocessing
import os
from collections.abc import Iterator

from benchmarks.peers import work

log = logging.getLogger(__name__)


def load() -> None:
    """Load the models in each process."""
    work.load()
    work.report_ready()


def feed(paths: Iterator[str]) -> None:
    """Hand the files to the pool."""
    with multiprocessing.Pool(int(os.environ["BENCH_PROCESSES"]), load) as pool:
        for path in paths:
            pool.apply_async(work.ingest, (path,), error_callback=_tell)


def _tell(error: BaseException) -> None:
    log.error("failed: %s", error)
