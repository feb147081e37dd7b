"""A ``redis-server`` that puts a proxy before the real one: it forgets everything, or drops replies, on order.

The harness puts a script that calls ``main`` first in PATH, so the product starts it as its embedded server. The
real server listens on the socket that was asked for with ``.server`` at its end. Orders are files in a folder:
``forget`` (at the start: delete the data) and ``drop`` (JSON, see ``Order``). Each dropped reply is a line in
``dropped``: its command has been executed, the client gets no answer and loses its connection.
"""

import asyncio
import contextlib
import json
import os
import random
import shutil
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from worker.lifetime import bound

LOOK_EVERY = 0.1  # seconds between looks for orders
LOOK_AT = 1024  # bytes of a request in which its commands are looked for
NOTHING_POPPED = (b"*-1", b"_")  # in both versions of the protocol


@dataclass(slots=True)
class Order:
    """What to drop: a share of the replies to requests that hold a word; so many in all; chosen by a seed."""

    share: float
    left: int
    word: str
    seed: int


class Orders:
    """The orders as they stand in the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._looked_at = 0.0
        self._stamp = 0
        self._order: Order | None = None
        self._rng = random.Random()
        self._dropped = os.open(folder / "dropped", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def drop(self, request: bytes, reply: bytes) -> bool:
        """Whether this reply is to be dropped; if so it is counted."""
        self._look()
        order = self._order
        if order is None or order.left <= 0:
            return False
        nothing = b"BRPOP" in request and reply.startswith(NOTHING_POPPED)
        if nothing or order.word.encode() not in request or self._rng.random() >= order.share:
            return False
        order.left -= 1
        kind = b"message" if b"BRPOP" in request else b"acknowledgement" if b"HDEL" in request else b"reply"
        os.write(self._dropped, kind + b"\n")
        return True

    def _look(self) -> None:
        if (now := time.monotonic()) - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = now
        try:
            stamp = (self._folder / "drop").stat().st_mtime_ns
            if stamp != self._stamp:
                self._order = Order(**json.loads((self._folder / "drop").read_text()))
                self._stamp = stamp
                self._rng.seed(self._order.seed)
        except FileNotFoundError:
            self._order = None


class Upstream(asyncio.Protocol):
    """The connection to the server on behalf of one client."""

    def __init__(self, client: "Client") -> None:
        self._client = client

    def data_received(self, data: bytes) -> None:
        if self._client.orders.drop(self._client.request, data):
            self._client.transport.abort()
        else:
            self._client.transport.write(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        self._client.transport.close()


class Client(asyncio.Protocol):
    """The connection of one client."""

    transport: asyncio.Transport

    def __init__(self, orders: Orders, server: str) -> None:
        self.orders = orders
        self.request = b""
        self._server = server
        self._upstream: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.pause_reading()
        self._task = asyncio.ensure_future(self._connect())

    async def _connect(self) -> None:
        try:
            upstream, _ = await asyncio.get_running_loop().create_unix_connection(lambda: Upstream(self), self._server)
        except OSError:
            self.transport.close()
            return
        self._upstream = upstream
        if self.transport.is_closing():
            upstream.close()
        else:
            self.transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        self.request = data[:LOOK_AT]
        if self._upstream:
            self._upstream.write(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        if self._upstream:
            self._upstream.close()


async def serve(real: str, orders: Path, arguments: list[str]) -> int:
    """Run the server and the proxy until either ends; the server's exit status."""
    place = arguments.index("--unixsocket") + 1
    socket, server = arguments[place], arguments[place] + ".server"
    _forget_if_told(orders, Path(arguments[arguments.index("--dir") + 1]))
    for path in (socket, server):
        Path(path).unlink(missing_ok=True)
    command = [*arguments[:place], server, *arguments[place + 1 :]]
    process = await asyncio.create_subprocess_exec(*bound(signal.SIGKILL, [real, *command]))
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, process.terminate)
    while process.returncode is None and not Path(server).exists():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 0.01)
    told = Orders(orders)
    await loop.create_unix_server(lambda: Client(told, server), socket)
    return await process.wait()


def _forget_if_told(orders: Path, data: Path) -> None:
    if (orders / "forget").exists():
        shutil.rmtree(data / "appendonlydir", ignore_errors=True)
        for name in ("appendonly.aof", "dump.rdb"):  # the first: before Redis 7
            (data / name).unlink(missing_ok=True)
        (orders / "forget").unlink()


def main(real: str, orders: str) -> None:
    """Be the server whose options are this process's arguments."""
    sys.exit(abs(asyncio.run(serve(real, Path(orders), sys.argv[1:]))))
