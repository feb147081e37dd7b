"""The consumer groups of a stream: what each has still to read, and what it holds back."""

import importlib.resources
from dataclasses import dataclass
from typing import Any

import redis

from worker.connection import text_of
from worker.keys import Keys
from worker.retention import dead_letters, shown

LAG_LIMIT = 10_000  # entries that are counted where the server does not tell how many a group has not read
PAGE = 200  # of them counted in one call: a few milliseconds of the server's time


@dataclass(frozen=True, slots=True)
class Group:
    """A consumer group.

    Attributes:
        name: Its name; bytes that are no text are escaped.
        lag: Entries that it has not read yet.
        pending: Entries that it has read and not acknowledged.
        stream: The stream that it reads.
        more: Whether it has not read more than ``lag``, which were not counted.
        needs: Seconds since the oldest entry that it is not done with was added; None where it is done with all.
        consumers: How many members it has.
        dead: Entries that its subscribers gave up and moved to ``<stream>:dead:<name>``.
    """

    name: str
    lag: int
    pending: int
    stream: str = ""
    more: bool = False
    needs: float | None = None
    consumers: int = 0
    dead: int = 0


def groups_of(client: "redis.Redis", stream: str, lag_limit: int = LAG_LIMIT) -> tuple[Group, ...]:
    """The groups of a stream, by name; none where the key holds no stream.

    Raises:
        redis.RedisError: The server does not answer.
    """
    if text_of(client.type(stream)) != "stream":
        return ()
    info: Any = client.xinfo_stream(stream)
    return tuple(_group(client, stream, info, found, lag_limit) for found in client.xinfo_groups(stream))


def streams_of(client: "redis.Redis", keys: Keys) -> dict[str, int]:
    """The streams under a prefix but for those of dead letters, with the days that they are kept (0: unknown yet).

    Raises:
        redis.RedisError: The server does not answer.
    """
    found: dict[Any, Any] = client.hgetall(keys.streams)
    known = {text_of(stream): int(days) for stream, days in found.items()}
    return {keys.articles: 0, keys.rejected: 0} | dict(sorted(known.items()))


def length_of(client: "redis.Redis", stream: str | bytes) -> int:
    """How many entries a stream holds; none where the key holds no stream.

    Raises:
        redis.RedisError: The server does not answer.
    """
    return int(client.xlen(stream)) if text_of(client.type(stream)) == "stream" else 0


def _group(client: "redis.Redis", stream: str, info: Any, found: dict[str, Any], lag_limit: int) -> Group:
    name, read = found["name"], text_of(found["last-delivered-id"])
    lag = found.get("lag")  # Redis 7, and only where it knows
    more = False
    first = info["first-entry"]
    if lag is not None and (not first or _id(read) < _id(text_of(first[0]))):
        lag = info["length"]  # it counts what was trimmed unread, too
    if lag is None:
        lag, more = _count(client, stream, info, read, lag_limit)
    return Group(
        name=shown(name),
        lag=int(lag),
        pending=int(found["pending"]),
        stream=stream,
        more=more,
        needs=_needs(client, stream, info, name, read, pending=bool(found["pending"])),
        consumers=int(found["consumers"]),
        dead=length_of(client, dead_letters(stream, name)),
    )


def _count(client: "redis.Redis", stream: str, info: Any, read: str, limit: int) -> tuple[int, bool]:
    """How many entries follow an id, and whether there are more that were not counted."""
    first = info["first-entry"]
    if not first or _id(read) < _id(text_of(first[0])):
        return int(info["length"]), False
    script = client.register_script(importlib.resources.files("worker").joinpath("count.lua").read_text("utf-8"))
    total = 0
    while total <= limit:
        reply: Any = script(keys=[stream], args=[read, PAGE])
        total += reply[0]
        if reply[0] < PAGE:
            break
        read = text_of(reply[1])
    return min(total, limit), total > limit


def _needs(client: "redis.Redis", stream: str, info: Any, name: bytes, read: str, *, pending: bool) -> float | None:
    """Seconds since the oldest entry was added that a group has not read, or read and not acknowledged."""
    first = info["first-entry"]
    if not first:
        return None
    unread: Any = client.xrange(stream, f"({read}", "+", count=1)
    oldest = [text_of(entry) for entry, _ in unread]
    if pending:  # of what is still there
        held: Any = client.xpending_range(stream, name, min=text_of(first[0]), max="+", count=1)
        oldest += [text_of(one["message_id"]) for one in held]
    if not oldest:
        return None
    time: Any = client.time()
    age = time[0] - min(map(_id, oldest))[0] / 1000
    return max(0.0, round(float(age), 1))


def _id(text: str) -> tuple[int, int]:
    ms, _, sequence = text.partition("-")
    return int(ms), int(sequence)
