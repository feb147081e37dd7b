"""A place to measure in: folders, a Redis server, and what follows the stream."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import redis

from benchmarks.server import redis_server
from benchmarks.subject import Setup

STREAM = "bench:articles"
BLOCK_MS = 200
_PATH = re.compile(rb'"provenance":\{"path":"([^"]+)"')


@contextlib.contextmanager
def folders(folder: Path, processes: int) -> Iterator[Setup]:
    """An empty inbox and an empty folder for state, for as long as the context lasts; no server yet.

    Args:
        folder: Does not exist, and is removed again.
        processes: How many worker processes there will be.
    """
    setup = Setup(folder / "inbox", "", STREAM, processes, folder / "state")
    try:
        setup.inbox.mkdir(parents=True)
        setup.state.mkdir()
        yield setup
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def place(folder: Path, processes: int) -> Iterator[tuple[Setup, "redis.Redis"]]:
    """The same with an empty Redis server, and a client of it."""
    with (
        folders(folder, processes) as setup,
        redis_server(folder / "redis") as url,
        redis.Redis.from_url(url) as client,
    ):
        yield replace(setup, redis_url=url), client


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
