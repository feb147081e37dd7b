"""Redis behind Sentinel: the master dies, a replica takes its place, and no file is lost or published twice."""

import asyncio
import contextlib
import os
import subprocess
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import redis.asyncio

from schemas.sentinel import client_of
from schemas.subscriber import Subscription
from tests.articles import article
from tests.integration.conftest import RedisServer, Stack, WaitUntil
from tests.integration.test_redis_traps import free_port
from worker.connection import connect
from worker.embedded import find_server

SERVICE = "desk"
IN_THE_WAY = 32 * 2**20  # bytes: more than the kernel keeps on the way to a replica that is halted


class Watched:
    """A master, its replica, and three sentinels of which two decide; as a server that a stack can use."""

    def __init__(self, folder: Path, wait_until: WaitUntil) -> None:
        self.wait_until = wait_until
        self.folder = folder
        self._sentinels: list[subprocess.Popen[bytes]] = []
        ports = [free_port(), free_port()]
        self.master, self.replica = (self._server(port) for port in ports)
        self.replica.client.replicaof("127.0.0.1", ports[0])
        wait_until(self.in_step, "the replica to be in step")
        addresses = [self._sentinel(free_port(), ports[0]) for _ in range(3)]
        self.url = f"redis+sentinel://{','.join(addresses)}/{SERVICE}/0"
        self.client = connect(self.url)
        for address in addresses:
            with redis.Redis.from_url(f"redis://{address}") as sentinel:
                wait_until(lambda: self._known(sentinel) == (1, 2), "the sentinels to know each other")

    def _server(self, port: int) -> RedisServer:
        options = ("--port", str(port), "--bind", "127.0.0.1", "--appendonly", "yes")
        return RedisServer(self.folder / f"{port}", self.wait_until, *options)

    def _sentinel(self, port: int, master: int) -> str:
        config = self.folder / f"{port}.conf"
        config.write_text(
            f"port {port}\nbind 127.0.0.1\ndir {self.folder}\nlogfile {port}.log\n"
            f"sentinel monitor {SERVICE} 127.0.0.1 {master} 2\n"
            f"sentinel down-after-milliseconds {SERVICE} 1000\nsentinel failover-timeout {SERVICE} 1500\n"
        )
        self._sentinels.append(subprocess.Popen([find_server(), str(config), "--sentinel"], start_new_session=True))
        return f"127.0.0.1:{port}"

    def _known(self, sentinel: "redis.Redis") -> tuple[int, int]:
        with contextlib.suppress(redis.ConnectionError):
            state = sentinel.sentinel_master(SERVICE)
            return state["num-slaves"], state["num-other-sentinels"]
        return 0, 0

    def in_step(self) -> bool:
        return bool(self.replica.client.info("replication")["master_link_status"] == "up")

    def failed_over(self) -> bool:
        return bool(self.replica.client.info("replication")["role"] == "master")

    def answers(self) -> bool:
        with contextlib.suppress(redis.ConnectionError):
            return bool(self.client.ping())
        return False

    def close(self) -> None:
        self.client.close()
        for process in self._sentinels:
            process.kill()
            process.wait()
        for server in (self.master, self.replica):
            server.close()


@pytest.fixture
def watched(short_folder: Path, wait_until: WaitUntil) -> Iterator[Watched]:
    folder = short_folder / uuid.uuid4().hex[:8]
    folder.mkdir()
    with contextlib.closing(Watched(folder, wait_until)) as made:
        yield made


@pytest.fixture
def stack(tmp_path: Path, watched: Watched, wait_until: WaitUntil) -> Iterator[Stack]:
    with contextlib.closing(Stack(tmp_path, watched, wait_until)) as made:  # type: ignore[arg-type]
        yield made


def drop(stack: Stack, numbers: range) -> None:
    for number in numbers:
        stack.drop(f"{number}.txt", article(number))


class Reader(threading.Thread):
    """A subscriber, which goes on while the master changes."""

    def __init__(self, url: str, stream: str) -> None:
        super().__init__(daemon=True)
        self.ids: set[str] = set()
        self.events = Subscription(url, "desk", stream=stream)

    def run(self) -> None:
        with self.events as events:
            for event in events:
                self.ids.add(event.id)


@pytest.fixture
def reader(stack: Stack, watched: Watched) -> Iterator[Reader]:
    made = Reader(watched.url, stack.keys.articles)
    made.start()
    yield made
    made.events.stop()
    made.join()


def test_a_master_that_dies_under_load_costs_nothing(stack: Stack, watched: Watched, reader: Reader) -> None:
    (up,) = stack.start("up")
    drop(stack, range(400))
    stack.wait_until(lambda: len(stack.done()) >= 100, "a quarter of the files")
    watched.master.kill()
    drop(stack, range(400, 500))
    stack.wait_until(watched.failed_over, "the replica to take over")
    stack.wait_until(lambda: len(stack.done()) == 500 and stack.settled(), "every file in _done", seconds=90)
    ids = [event.id for event in stack.events()]
    assert len(set(ids)) == len(ids) == 500
    assert not stack.failed()
    assert up.poll() is None
    stack.wait_until(lambda: reader.ids == set(ids), "the subscriber to have them all")
    stack.run("verify")


def test_what_the_replica_had_not_got_is_published_again(stack: Stack, watched: Watched) -> None:
    stack.start("up")
    drop(stack, range(100))
    stack.wait_until(lambda: len(stack.done()) == 100, "the files that the replica gets")
    stack.wait_until(lambda: watched.replica.client.xlen(stack.keys.articles) == 100, "it to get them")
    with watched.replica.paused():
        watched.client.set(f"{stack.keys.prefix}:filler", os.urandom(IN_THE_WAY))
        drop(stack, range(100, 200))
        stack.wait_until(lambda: len(stack.done()) == 200, "the files that it does not get")
        watched.master.kill()
    stack.wait_until(watched.failed_over, "the replica to take over")
    entries = watched.replica.client
    stack.wait_until(lambda: entries.xlen(stack.keys.articles) == 200, "every entry to be there again", seconds=90)
    stack.wait_until(stack.settled, "every file to be in its place again")
    assert len({event.id for event in stack.events()}) == 200
    assert any(line["event"] == "stream_healed" and line["put_back"] == 100 for line in stack.log())


def test_a_client_in_coroutines_follows_the_master_too(watched: Watched) -> None:
    async def port() -> int:
        async with client_of(redis.asyncio.Redis, watched.url) as client:
            return int((await client.info("server"))["tcp_port"])

    before = asyncio.run(port())
    watched.master.kill()
    watched.wait_until(watched.failed_over, "the replica to take over")
    watched.wait_until(watched.answers, "the sentinels to tell of it")
    assert asyncio.run(port()) != before
