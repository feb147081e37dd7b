"""Taskiq with taskiq-redis: one task per file on a Redis stream, acknowledged when it is done, tried again on failure.

One message is fetched at a time, else a process would hold a hundred while the other has none.
"""

import asyncio
from collections.abc import Iterator

from taskiq import SimpleRetryMiddleware, TaskiqEvents, TaskiqState
from taskiq_redis import RedisStreamBroker

from benchmarks.peers import work

IDLE = 120_000  # ms; then what another worker had is taken over
LOCK = 60.0  # seconds; without a limit, a worker that is killed at the wrong moment locks the others out for ever

broker = RedisStreamBroker(  # tasks are declared on it, so it is made at import
    url=work.place().redis_url,
    queue_name="files",
    consumer_id="0",
    xread_count=1,
    idle_timeout=IDLE,
    unacknowledged_lock_timeout=LOCK,
).with_middlewares(SimpleRetryMiddleware(default_retry_count=3))


@broker.on_event(TaskiqEvents.WORKER_STARTUP)
async def load(_: TaskiqState) -> None:
    """Load the models in each worker process."""
    work.load()
    work.report_ready()


@broker.task(task_name="ingest", retry_on_error=True)
def ingest(path: str) -> None:
    """Do the whole work on one file, in a thread, as Taskiq has it for what blocks."""
    work.ingest(path)


def feed(paths: Iterator[str]) -> None:
    """Enqueue the files."""
    asyncio.run(_feed(paths))


async def _feed(paths: Iterator[str]) -> None:
    await broker.startup()
    while True:
        await ingest.kiq(await asyncio.to_thread(next, paths))
