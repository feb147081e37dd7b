"""A place to measure in: folders, a Redis server, and what follows the stream."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import redis

from benchmarks.server import redis_server
from benchmarks.subject import Setup

STREAM = "bench:articles"
BLOCK_MS = 200
_PATH = re.compile(rb'"provenance":\{"path":"([^"]+)"')


@contextlib.contextmanager
def place(folder: Path, processes: int) -> Iterator[tuple[Setup, "redis.Redis"]]:
    """An empty inbox and an empty Redis server, for as long as the context lasts.

    Args:
        folder: Does not exist, and is removed again.
        processes: How many worker processes there will be.

    Yields:
        Where to work, and a client of the server.
    """
    inbox, state = folder / "inbox", folder / "state"
    try:
        inbox.mkdir(parents=True)
        state.mkdir()
        with redis_server(folder / "redis") as url, redis.Redis.from_url(url) as client:
            yield Setup(inbox, url, STREAM, processes, state), client
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Follower:
    """Reads a stream from its end, or from its beginning if it is empty, waiting for what comes.

    Args:
        client: Of its server.
        stream: Its key.
    """

    def __init__(self, client: "redis.Redis", stream: str) -> None:
        self._client = client
        self._stream = stream
        last: Any = client.xrevrange(stream, count=1)
        self._last: bytes = last[0][0] if last else b"0-0"

    def next(self) -> list[tuple[str, int]]:
        """What comes next; nothing where nothing comes for a while.

        Returns:
            The path of each record's file, and when the server took it, milliseconds since the epoch.
        """
        found: Any = self._client.xread({self._stream: self._last}, count=500, block=BLOCK_MS)
        entries = found[0][1] if found else []
        if entries:
            self._last = entries[-1][0]
        return [(path_of(fields), milliseconds(entry)) for entry, fields in entries]


def path_of(fields: dict[bytes, bytes]) -> str:
    """The path in the inbox of the file that an entry's record is of.

    Raises:
        ValueError: It is no record.
    """
    found = _PATH.search(fields[b"data"])
    if found is None:
        raise ValueError(f"no record: {fields[b'data'][:200]!r}")
    return found[1].decode()


def milliseconds(entry: bytes) -> int:
    """Since the epoch, when the server took an entry, by its id."""
    return int(entry.partition(b"-")[0])
