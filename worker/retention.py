"""Stream retention: old entries go, but never one that a consumer group has not read and acknowledged."""

from typing import Any

import redis

from worker.connection import text_of

Id = tuple[int, int]  # of a stream entry: milliseconds, sequence number


def trim(client: "redis.Redis", stream: str, days: int) -> int:
    """Remove the entries that are older than so many days by the server's clock, up to the slowest group.

    Returns:
        How many were removed.

    Raises:
        redis.RedisError: The server could not do it.
    """
    now: Any = client.time()
    bounds = [((int(now[0]) - days * 86_400) * 1000, 0), *_unread(client, stream)]
    return int(client.xtrim(stream, minid="{}-{}".format(*min(bounds)), approximate=False))


def _unread(client: "redis.Redis", stream: str) -> list[Id]:
    """For each group, the id of the first entry that it still needs, or one just before it."""
    groups: list[dict[str, Any]] = client.xinfo_groups(stream) if client.exists(stream) else []
    bounds = []
    for group in groups:
        read_up_to = _id(group["last-delivered-id"])
        bounds.append((read_up_to[0], read_up_to[1] + 1))
        if group["pending"]:
            summary: Any = client.xpending(stream, group["name"])
            if summary["min"] is not None:  # acknowledged since
                bounds.append(_id(summary["min"]))
    return bounds


def _id(text: str | bytes) -> Id:
    milliseconds, _, sequence = text_of(text).partition("-")
    return int(milliseconds), int(sequence)
