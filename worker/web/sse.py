"""Server-sent events: an entry of the stream as a message, and what one client is sent."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from redis.exceptions import RedisError

if TYPE_CHECKING:
    from worker.web.feed import Feed

Id = tuple[int, int]  # of an entry: milliseconds, sequence number

KEEP_ALIVE = 15.0  # seconds of silence
RETRY_MS = 2000  # that a client waits before it connects again
AWAY = 1.0  # seconds between looks while Redis is away
CHUNK_BYTES = 2**16
MAX_PART = 2**64 - 1
ENTRY_ID = re.compile(r"(\d{1,20})(?:-(\d{1,20}))?", re.ASCII)
ATTRIBUTE = re.compile(r"[a-z0-9]{1,20}")  # what CloudEvents calls so


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the stream: its id, what clients choose by, and the message."""

    id: Id
    topics: frozenset[str]
    language: str
    message: bytes


@dataclass(frozen=True, slots=True)
class Choice:
    """Which entries a client wants: any of the topics, and the language; empty: all."""

    topics: frozenset[str] = frozenset()
    language: str = ""

    def __call__(self, entry: Entry) -> bool:
        """Whether it wants this one."""
        return (not self.topics or not self.topics.isdisjoint(entry.topics)) and self.language in ("", entry.language)


def id_of(text: str) -> Id:
    """The id of an entry, as Redis writes it.

    Raises:
        ValueError: It is none.
    """
    match = ENTRY_ID.fullmatch(text)
    found = (int(match[1]), int(match[2] or 0)) if match else (MAX_PART + 1, 0)
    if max(found) > MAX_PART:
        raise ValueError("not the id of an entry, which looks like 1769860800000-0")
    return found


def text_of_id(entry: Id) -> str:
    """The same as Redis writes it."""
    return f"{entry[0]}-{entry[1]}"


def entry_of(raw: bytes, fields: Mapping[bytes, bytes]) -> Entry:
    """An entry as it comes from Redis, whatever is in it."""
    told = {key.decode("utf-8", "replace"): value.decode("utf-8", "replace") for key, value in fields.items()}
    data = told.pop("data", "null")
    told["ce_datacontenttype"] = told.pop("content-type", "application/json")
    named = {name.removeprefix("ce_"): value for name, value in told.items() if value}
    event = {name: value for name, value in named.items() if ATTRIBUTE.fullmatch(name)}
    kind = re.sub(r"[\r\n]", " ", told.get("ce_type", "message"))
    lines = f'{json.dumps(event)[:-1]}, "data": {data}}}'.encode().splitlines()  # of bytes: at CR and LF alone
    body = b"".join(b"data: %s\n" % line for line in lines)
    return Entry(
        id_of(raw.decode()),
        frozenset(filter(None, (*told.get("topics", "").split(","), told.get("topic")))),
        told.get("lang", ""),
        b"id: %s\nevent: %s\n%s\n" % (raw, kind.encode(), body),
    )


async def messages(feed: "Feed", cursor: Id, wants: Choice) -> AsyncIterator[bytes]:
    """What a client is sent from a cursor on, until it goes or the feed is closed.

    The bare ids in between are no events: they move the client's own ``Last-Event-ID`` past what it did not want.
    """
    yield b"retry: %d\n%s" % (RETRY_MS, _place(cursor))
    sent = _now()
    while not feed.closed:
        changed = feed.changed
        try:
            page = await feed.after(cursor)
        except (RedisError, OSError):
            page = None
        if page and page.gap:
            yield _gap(cursor, page.gap)
        wanted = [entry.message for entry in page.entries if wants(entry)] if page else []
        moved = page is not None and page.end != cursor
        for chunk in _chunks(wanted):
            yield chunk
            sent = _now()
        cursor = page.end if page else cursor
        if not moved:
            await feed.wait(changed, AWAY if page is None else max(0.0, sent + KEEP_ALIVE - _now()))
        if _now() - sent >= KEEP_ALIVE:
            yield b": still here\n" + _place(cursor)
            sent = _now()


def _place(cursor: Id) -> bytes:
    return b"id: %s\n\n" % text_of_id(cursor).encode()


def _gap(cursor: Id, why: str) -> bytes:
    told = json.dumps({"after": text_of_id(cursor), "detail": why})
    return b"event: gap\ndata: %s\n\n" % told.encode()


def _chunks(parts: list[bytes]) -> list[bytes]:
    """The messages, put together so that a client is sent few large pieces."""
    chunks, held, size = [], [], 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= CHUNK_BYTES:
            chunks.append(b"".join(held))
            held, size = [], 0
    return [*chunks, b"".join(held)] if held else chunks


def _now() -> float:
    return asyncio.get_running_loop().time()
