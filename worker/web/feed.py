"""The article stream for any number of clients: one reader, a window of the newest entries, Redis behind it.

A client is a cursor: the id of the last entry that it had. Where the window holds what follows, it is taken from
there; a client that is further back reads pages of Redis at its own pace. So nothing waits for a slow client, nothing
is kept for it, and nothing it has not read can be lost to it but by trimming, which is told.
"""

import asyncio
import contextlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import redis.asyncio
from redis.exceptions import RedisError, ResponseError

from worker.connection import text_of
from worker.logs import get_logger
from worker.web.sse import Entry, Id, entry_of, id_of, text_of_id

log = get_logger(__name__)

Raw = tuple[bytes, Mapping[bytes, bytes]]  # an entry as Redis gives it

BEGINNING: Id = (0, 0)
NOTHING: Id = (-1, -1)  # before the first reading, the window holds what follows no cursor
WINDOW_ENTRIES = 1000
WINDOW_BYTES = 32 * 2**20
PAGE = 100  # entries that are read at once, at most
FIRST_PAGE = 4  # before anything is known of their size
PAGE_BYTES = 2**20  # that a client holds while it is being sent them; one entry may be more
READERS = 4  # pages that are read at once
BLOCK_MS = 2000
PAUSE = 0.5  # seconds before Redis is asked again after it failed


@dataclass(frozen=True, slots=True)
class Page:
    """What follows a cursor.

    Attributes:
        entries: In order; those of no interest are among them.
        end: The cursor behind them.
        gap: What is missing before them, in words; empty where nothing is.
    """

    entries: Sequence[Entry]
    end: Id
    gap: str = ""


@dataclass(frozen=True, slots=True)
class _Bounds:
    """The ids of a stream's first and last entry (the last that it ever had), and whether any were removed."""

    first: Id
    last: Id
    trimmed: bool


class _Count:
    """How many entries to ask for, so that a page is of about so many bytes: by what those of the last one had."""

    def __init__(self) -> None:
        self.next = FIRST_PAGE

    def note(self, found: Sequence[Raw]) -> None:
        """Learn from a page."""
        if found:
            size = sum(len(value) for _, fields in found for value in fields.values())
            self.next = max(1, min(PAGE, PAGE_BYTES * len(found) // max(size, 1)))


class Feed:
    """One stream, read for all."""

    def __init__(self, client: "redis.asyncio.Redis", stream: str) -> None:
        self.clients = 0
        self.closed = False
        self.changed = asyncio.Event()
        self._client = client
        self._stream = stream
        self._window: list[Entry] = []
        self._bytes = 0
        self._floor, self._newest = BEGINNING, NOTHING  # the window holds what is between, the floor excluded
        self._readers = asyncio.Semaphore(READERS)
        self._behind, self._ahead = _Count(), _Count()  # of clients that are further back, and of the window

    async def run(self) -> None:
        """Read until cancelled; Redis being away only makes it wait."""
        away = False
        while True:
            try:
                await self._read()
            except (RedisError, OSError) as error:
                if not away:
                    log.warning("feed_waits_for_redis", detail=str(error))
                away = True
                await asyncio.sleep(PAUSE)
            else:
                away = False

    def close(self) -> None:
        """End every client's stream."""
        self.closed = True
        self._tell()

    async def last(self) -> Id:
        """The id of the newest entry in Redis.

        Raises:
            redis.RedisError: It does not answer.
        """
        async with self._readers:
            return _bounds(*await self._ask(BEGINNING, 0)).last

    async def after(self, cursor: Id) -> Page:
        """What follows a cursor, as far as it is there.

        Raises:
            redis.RedisError: It is not in the window, and Redis does not answer.
        """
        if self._floor <= cursor <= self._newest:
            start = bisect_right(self._window, cursor, key=_id)
            held = _cut(islice(self._window, start, start + PAGE))
            return Page(held, held[-1].id if held else cursor)
        async with self._readers:
            info, found = await self._ask(cursor, self._behind.next)
            self._behind.note(found)
            entries = _cut(entry_of(raw, fields) for raw, fields in found)
        return _page(cursor, _bounds(info, found), entries)

    async def wait(self, changed: asyncio.Event, seconds: float) -> bool:
        """Wait for a change since ``changed`` was taken from here; False where there was none in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await changed.wait()
        return False

    async def _ask(self, cursor: Id, count: int) -> tuple[Any, list[Any]]:
        """What Redis says of the stream, and the entries behind a cursor, both of the same instant."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.xinfo_stream(self._stream)
            pipe.xrange(self._stream, f"({text_of_id(cursor)}", count=max(count, 1))
            info, found = await pipe.execute(raise_on_error=False)
        if isinstance(found, Exception):
            raise found
        if isinstance(info, Exception) and not (isinstance(info, ResponseError) and "no such key" in str(info)):
            raise info
        return info, found

    async def _read(self) -> None:
        if self._newest == NOTHING:
            self._restart(await self.last())
        count = self._ahead.next
        told: Any = await self._client.xread({self._stream: text_of_id(self._newest)}, count=count, block=BLOCK_MS)
        found = [entry for _, page in told or () for entry in page]
        self._ahead.note(found)
        entries = _cut(entry_of(raw, fields) for raw, fields in found)
        if entries:
            self._add(entries)
        elif await self.last() < self._newest:
            log.warning("stream_begun_anew", stream=self._stream)
            self._restart(BEGINNING)

    def _restart(self, at: Id) -> None:
        self._window, self._bytes = [], 0
        self._floor = self._newest = at
        self._tell()

    def _add(self, entries: Sequence[Entry]) -> None:
        self._window += entries
        self._bytes += sum(len(entry.message) for entry in entries)
        dropped = 0
        while len(self._window) - dropped > WINDOW_ENTRIES or self._bytes > WINDOW_BYTES:
            self._bytes -= len(self._window[dropped].message)
            self._floor = self._window[dropped].id
            dropped += 1
        del self._window[:dropped]
        self._newest = entries[-1].id
        self._tell()

    def _tell(self) -> None:
        before, self.changed = self.changed, asyncio.Event()
        before.set()


def _page(cursor: Id, bounds: _Bounds, entries: Sequence[Entry]) -> Page:
    if cursor > bounds.last:
        gap = f"the stream was begun anew: its newest entry is {text_of_id(bounds.last)}; all that it holds follows"
        return Page((), BEGINNING, gap)
    end = entries[-1].id if entries else bounds.last
    missing = BEGINNING < cursor < bounds.first and cursor < bounds.last and bounds.trimmed
    return Page(entries, end, "entries that followed this one may no longer be kept" if missing else "")


def _bounds(info: Any, _found: Any) -> _Bounds:
    if isinstance(info, Exception):  # there is no stream yet
        return _Bounds(BEGINNING, BEGINNING, trimmed=False)
    last = id_of(text_of(info["last-generated-id"]))
    first = id_of(text_of(info["first-entry"][0])) if info["first-entry"] else (last[0], last[1] + 1)
    # Redis before 7 does not count what was ever added; then it may be that some were removed.
    return _Bounds(first, last, trimmed=info.get("entries-added") != info["length"])


def _cut(entries: Iterable[Entry]) -> Sequence[Entry]:
    """The first of them, as many as a client may hold; what follows is not even made."""
    size, cut = 0, list[Entry]()
    for entry in entries:
        size += len(entry.message)
        if cut and size > PAGE_BYTES:
            break
        cut.append(entry)
    return cut


def _id(entry: Entry) -> Id:
    return entry.id
