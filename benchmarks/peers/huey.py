"""Huey: one task per file, tried again when it fails.

Its priority queue loses the same tasks as the plain one when a worker is killed, so this is the plain one.
"""

from collections.abc import Iterator

from huey import RedisHuey

from benchmarks.peers import work

TIME_LIMIT = 60  # seconds

huey = RedisHuey("files", url=work.place().redis_url, results=False)  # tasks are declared on it: made at import


@huey.on_startup()
def load() -> None:
    """Load the models in each worker process."""
    work.load()
    work.report_ready()


@huey.task(retries=3, retry_delay=1, timeout=TIME_LIMIT)
def ingest(path: str) -> None:
    """Do the whole work on one file."""
    work.ingest(path)


def feed(paths: Iterator[str]) -> None:
    """Enqueue the files."""
    for path in paths:
        ingest(path)
