"""Dramatiq: one message per file, acknowledged when it is done and tried again when it fails, which is its default."""

from collections.abc import Iterator
from typing import Any

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from benchmarks.peers import work

TIME_LIMIT = 60_000  # ms


class Loaded(dramatiq.Middleware):
    """Loads the models in each worker process."""

    def after_worker_boot(self, *_: Any) -> None:
        """Load."""
        work.load()
        work.report_ready()


broker = RedisBroker(url=work.place().redis_url)  # actors are declared on a broker, so it is made at import
broker.add_middleware(Loaded())
dramatiq.set_broker(broker)


@dramatiq.actor(max_retries=3, min_backoff=1000, time_limit=TIME_LIMIT)
def ingest(path: str) -> None:
    """Do the whole work on one file."""
    work.ingest(path)


def feed(paths: Iterator[str]) -> None:
    """Enqueue the files."""
    for path in paths:
        ingest.send(path)
