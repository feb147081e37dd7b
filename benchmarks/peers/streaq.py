"""streaQ, the successor of arq (which is no longer developed): one task per file on a Redis stream; Redis 7 or newer.

A worker takes over what another one has left idle for a minute, and gives up after three tries, which is its default.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import anyio
from anyio import to_thread
from streaq import StreaqRetry, Worker

from benchmarks.peers import work


@asynccontextmanager
async def _loaded() -> AsyncIterator[None]:
    work.load()
    work.report_ready()
    yield


worker = Worker(  # tasks are declared on it, so it is made at import
    redis_url=work.place().redis_url,
    queue_name="files",
    concurrency=1,
    lifespan=_loaded,
)


@worker.task(silent=True, ttl=0)
def ingest(path: str) -> None:
    """Do the whole work on one file, in a thread, as streaQ has it for what blocks."""
    try:
        work.ingest(path)
    except OSError as error:  # that of Redis is one, too
        raise StreaqRetry(str(error)) from error


def feed(paths: Iterator[str]) -> None:
    """Enqueue the files."""
    anyio.run(_feed, paths)


async def _feed(paths: Iterator[str]) -> None:
    async with worker:
        while True:
            await ingest.enqueue(await to_thread.run_sync(next, paths))
