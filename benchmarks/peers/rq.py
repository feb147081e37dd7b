"""RQ: one job per file, tried again when it fails or its worker is lost.

RQ forks for each job, so the models are loaded before it does, as its documentation advises.
"""

from collections.abc import Iterator
from typing import Any

from rq import Queue, Retry, Worker

from benchmarks.peers import work

QUEUE = "files"
TIME_LIMIT = 60  # seconds


class LoadedWorker(Worker):
    """A worker that loads the models once."""

    def work(self, *args: Any, **kwargs: Any) -> bool:
        """Load, then work."""
        work.load()
        work.report_ready()
        return bool(super().work(*args, **kwargs))


def feed(paths: Iterator[str]) -> None:
    """Enqueue the files."""
    queue = Queue(QUEUE, connection=work.client(), default_timeout=TIME_LIMIT)
    for path in paths:
        queue.enqueue(work.ingest, path, result_ttl=0, retry=Retry(max=3))
