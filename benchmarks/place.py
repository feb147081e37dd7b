"""A place to measure in: folders, a Redis server, and what follows the stream."""

import contextlib
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import redis

from benchmarks.server import redis_server
from benchmarks.subject import Setup

STREAM = "copydesk:articles"
BLOCK_MS = 200
PATIENCE = 60.0  # seconds without a record after which what is missing is taken for lost
LOOK_EVERY = 0.01  # seconds
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


def count_records(client: "redis.Redis") -> int | None:
    """How many records there are; None while the server is away or loads its data."""
    try:
        return client.xlen(STREAM)
    except redis.RedisError:
        return None


def await_records(client: "redis.Redis", count: int) -> int:
    """Wait for at least so many records; returns how many there are.

    Raises:
        TimeoutError: None came for a while.
    """
    found, heard = count_records(client), time.monotonic()
    while found is None or found < count:
        if time.monotonic() - heard > PATIENCE:
            raise TimeoutError(f"only {found or 0:,} of {count:,} records, and no more for {PATIENCE:.0f} s")
        time.sleep(LOOK_EVERY)
        if (now := count_records(client)) != found:
            found, heard = now, time.monotonic()
    return found


def recorded_paths(client: "redis.Redis") -> list[str]:
    """The path of the file of each record, in their order."""
    entries: Any = client.xrange(STREAM)
    return [path_of(fields) for _, fields in entries]


class Follower:
    """Reads the records of an empty stream as they come.

    Args:
        client: Of its server.
    """

    def __init__(self, client: "redis.Redis") -> None:
        self._client = client
        self._last = b"0-0"

    def next(self) -> list[tuple[str, int]]:
        """What comes next; nothing where nothing comes for a while.

        Returns:
            The path of each record's file, and when the server took it, milliseconds since the epoch.
        """
        found: Any = self._client.xread({STREAM: self._last}, count=500, block=BLOCK_MS)
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
