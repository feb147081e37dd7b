"""Redis's own traps: it refuses, forgets, evicts or scatters; the service says so, waits, and goes on by itself."""

import contextlib
import random
import socket
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from tests.articles import article
from tests.integration.conftest import RedisServer, Stack, WaitUntil
from worker.keys import Keys

MakeStack = Callable[..., Stack]
Trouble = Callable[[RedisServer], contextlib.AbstractContextManager[None]]


@contextlib.contextmanager
def read_only_replica(server: RedisServer) -> Iterator[None]:
    server.client.replicaof("127.0.0.1", 1)
    yield
    server.client.replicaof("NO", "ONE")


@contextlib.contextmanager
def full(server: RedisServer) -> Iterator[None]:
    server.client.config_set("maxmemory", "1")
    yield
    server.client.config_set("maxmemory", "0")


@contextlib.contextmanager
def unable_to_save(server: RedisServer) -> Iterator[None]:
    (server.folder / "taken").mkdir()
    server.client.config_set("dbfilename", "taken")  # a folder has the name that the dump is to get
    with contextlib.suppress(redis.ResponseError):
        server.client.save()
    server.client.config_set("save", "3600 1")  # only who saves is stopped by a save that fails
    server.client.bgsave()
    server.wait_until(lambda: server.client.info("persistence")["rdb_last_bgsave_status"] == "err", "a failed save")
    yield
    server.client.config_set("save", "")


@contextlib.contextmanager
def loading(server: RedisServer) -> Iterator[None]:
    with server.client.pipeline(transaction=False) as pipe:
        for number in range(5000):
            pipe.set(f"filler:{number}", "x")
        pipe.execute()
    server.kill()
    server.launch("--key-load-delay", "2000")  # microseconds; it answers after every 1000 commands
    server.wait_until(lambda: "LOADING" in refusal(server), "Redis to load")
    yield


def refusal(server: RedisServer) -> str:
    """What the server answers to a command that it refuses; empty when it does not."""
    try:
        server.client.get("a")
    except redis.RedisError as error:
        return f"LOADING {error}" if isinstance(error, redis.BusyLoadingError) else str(error)
    return ""


@contextlib.contextmanager
def without_replica(server: RedisServer) -> Iterator[None]:
    server.client.config_set("min-replicas-to-write", "1")
    yield
    server.client.config_set("min-replicas-to-write", "0")


TROUBLES = [
    (read_only_replica, "read only replica"),
    (full, "maxmemory"),
    (without_replica, "not enough good replicas"),
    (unable_to_save, "persist"),
    (loading, ""),  # a word, or none where the driver's own retries outlast it
]


@pytest.mark.parametrize(("trouble", "words"), TROUBLES, ids=[trouble.__name__ for trouble, _ in TROUBLES])
def test_a_server_that_refuses_is_waited_for(
    make_stack: MakeStack, redis_server: RedisServer, trouble: Trouble, words: str
) -> None:
    stack = make_stack()
    processes = stack.start()
    stack.drop("before.txt", article(1))
    stack.wait_until(lambda: len(stack.done()) == 1, "the first file in _done")
    with trouble(redis_server):
        stack.drop("during.txt", article(2))
        stack.wait_until(lambda: words in waited_for(stack).lower(), "a word about it")
    stack.wait_until(lambda: len(stack.done()) == 2 and stack.settled(), "the second file in _done", seconds=60)
    assert len(stack.events()) == 2
    assert not stack.failed()
    assert all(process.poll() is None for process in processes)


def waited_for(stack: Stack) -> str:
    return " ".join(line["detail"] for line in stack.log() if line["event"] == "waiting_for_the_world")


def test_a_message_that_a_consumer_took_with_it_is_sent_again(make_stack: MakeStack) -> None:
    stack = make_stack()
    stack.start("watch")
    stack.drop("a.txt", article(1))
    queue = stack.keys.broker + "ingest"
    stack.wait_until(lambda: stack.client.brpop([queue], timeout=1), "the message")  # and whoever took it dies with it
    stack.start("worker")
    stack.wait_until(lambda: len(stack.done()) == 1, "the file in _done")
    assert len(stack.events()) == 1
    assert any(line["event"] == "submitting_again" for line in stack.log())


def test_a_server_that_may_evict_is_told_of_by_every_part(make_stack: MakeStack, redis_server: RedisServer) -> None:
    redis_server.client.config_set("maxmemory-policy", "allkeys-lru")
    stack = make_stack()
    stack.start()
    stack.drop("a.txt", article(1))
    stack.wait_until(lambda: len(stack.done()) == 1, "the file in _done")
    told = [line["detail"] for line in stack.log() if line["event"] == "redis_may_evict"]
    assert len(told) == 2
    assert all("allkeys-lru" in detail and "noeviction" in detail for detail in told)
    assert "! Redis may evict" in stack.run("status", status=1)


def free_port() -> int:
    """A port that is free, and so is the one that is 10,000 higher, where the nodes of a cluster talk."""
    while True:
        port = random.randint(20_000, 30_000)  # noqa: S311 - no secret
        with contextlib.suppress(OSError), socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + 10_000))
            return port


@pytest.fixture
def cluster(short_folder: Path, wait_until: WaitUntil) -> Iterator[RedisServer]:
    """A cluster of one node."""
    options = ("--port", str(free_port()), "--bind", "127.0.0.1", "--cluster-enabled", "yes")
    server = RedisServer(short_folder / uuid.uuid4().hex[:8], wait_until, *options)
    server.client.execute_command("CLUSTER", "ADDSLOTS", *range(16384))
    wait_until(lambda: server.client.execute_command("CLUSTER INFO")["cluster_state"] == "ok", "the cluster to be up")
    yield server
    server.close()


@pytest.mark.parametrize("part", ["watch", "worker", "up"])
def test_a_cluster_is_refused_without_a_hash_tag(cluster: RedisServer, tmp_path: Path, part: str) -> None:
    stack = Stack(tmp_path, cluster, cluster.wait_until)
    message = stack.run(part, status=1)
    assert f"COPYDESK_PREFIX='{{{stack.keys.prefix}}}'" in message
    assert "Traceback" not in message


def test_a_cluster_serves_a_prefix_with_a_hash_tag(cluster: RedisServer, tmp_path: Path, wait_until: WaitUntil) -> None:
    prefix = f"{{test-{uuid.uuid4().hex[:12]}}}"
    stack = Stack(tmp_path, cluster, wait_until, COPYDESK_PREFIX=prefix, COPYDESK_TOPIC_STREAMS="diplomacy")
    stack.keys = Keys(prefix)
    with contextlib.closing(stack):
        processes = stack.start()
        for number in range(50):
            stack.drop(f"{number}.txt", article(number))
        stack.drop("a.png", b"\x89PNG\r\n\x1a\n")
        wait_until(lambda: len(stack.done()) == 50 and len(stack.failed()) == 2, "every file in its place")
        wait_until(lambda: "reported" in stack.run("status"), "both parts to report")
        assert len(stack.events()) == 50
        assert len(stack.rejections()) == 1
        assert stack.client.xlen(stack.keys.of_topic("diplomacy")) == 50
        assert "CROSSSLOT" not in stack.log_text()
        assert "Traceback" not in stack.log_text()
        assert all(process.poll() is None for process in processes)
        keys = [prefix, *cluster.client.scan_iter()]
        assert len({cluster.client.execute_command("CLUSTER KEYSLOT", key) for key in keys}) == 1
