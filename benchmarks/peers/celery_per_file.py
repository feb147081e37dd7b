"""Celery, one task per file, acknowledged late.

As the Celery guide has it for tasks that may run twice: late acknowledgement, a bounded number of retries also when
the process is lost, time limits, and one message at a time for each process.
"""

from collections.abc import Iterator

import redis
from celery import Celery, signals

from benchmarks.peers import work
from worker.connection import broker_url

TIME_LIMIT = 60  # seconds

app = Celery("celery_per_file", set_as_current=False)
app.add_defaults(
    lambda: {  # asked for when the worker starts
        "broker_url": broker_url(work.place().redis_url),
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": {"visibility_timeout": 2 * TIME_LIMIT},
        "task_acks_late": True,
        "task_ignore_result": True,
        "task_retry_on_worker_lost": True,
        "task_soft_time_limit": TIME_LIMIT,
        "task_time_limit": TIME_LIMIT + 5,
        "worker_prefetch_multiplier": 1,
    }
)


@app.task(
    name="ingest",
    autoretry_for=(OSError, redis.RedisError),
    max_retries=3,
    default_retry_delay=1,
)
def ingest(path: str) -> None:
    """Do the whole work on one file."""
    work.ingest(path)


def feed(paths: Iterator[str]) -> None:
    """Enqueue the files."""
    for path in paths:
        ingest.delay(path)


signals.worker_init.connect(work.load)
signals.worker_ready.connect(work.report_ready)
