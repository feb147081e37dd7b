"""A Redis Cluster of three nodes: each shard, an inbox with its prefix, lives on the node that has its slot."""

import contextlib
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.articles import article
from tests.integration.conftest import RedisServer, Stack, WaitUntil
from tests.integration.test_redis_traps import free_port
from worker.keys import Keys

NODES = 3
SLOTS = 16_384


class Node(RedisServer):
    """A node of a cluster, which clients are told of by its port."""

    def __init__(self, folder: Path, wait_until: WaitUntil) -> None:
        self.port = free_port()
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--cluster-enabled", "yes")
        super().__init__(folder, wait_until, *options)
        self.url = f"redis://127.0.0.1:{self.port}/0"


@pytest.fixture
def nodes(short_folder: Path, wait_until: WaitUntil) -> Iterator[list[Node]]:
    with contextlib.ExitStack() as closing:
        made = [Node(short_folder / uuid.uuid4().hex[:8], wait_until) for _ in range(NODES)]
        for number, node in enumerate(made):
            closing.callback(node.close)
            slots = range(SLOTS * number // NODES, SLOTS * (number + 1) // NODES)
            node.client.execute_command("CLUSTER", "ADDSLOTS", *slots)
            made[0].client.execute_command("CLUSTER", "MEET", "127.0.0.1", node.port)
        for node in made:
            wait_until(lambda node=node: is_up(node), "the nodes to know each other")
        yield made


def is_up(node: Node) -> bool:
    info = node.client.execute_command("CLUSTER INFO")
    return bool(info["cluster_state"] == "ok" and int(info["cluster_known_nodes"]) == NODES)


def prefix_on(nodes: list[Node], number: int) -> str:
    """A prefix with a hash tag whose slot a node has."""
    while True:
        prefix = f"{{desk-{uuid.uuid4().hex[:6]}}}"
        slot = int(nodes[0].client.execute_command("CLUSTER KEYSLOT", prefix))
        if slot * NODES // SLOTS == number:
            return prefix


def shard(folder: Path, node: Node, wait_until: WaitUntil, prefix: str) -> Stack:
    folder.mkdir()
    stack = Stack(folder, node, wait_until, COPYDESK_PREFIX=prefix, COPYDESK_CONCURRENCY="1")
    stack.keys = Keys(prefix)
    return stack


def test_shards_of_one_cluster_each_live_on_their_node(
    nodes: list[Node], tmp_path: Path, wait_until: WaitUntil
) -> None:
    with contextlib.ExitStack() as closing:
        shards = [shard(tmp_path / str(n), nodes[n], wait_until, prefix_on(nodes, n)) for n in (0, 2)]
        for number, stack in enumerate(shards):
            closing.callback(stack.close)
            stack.start()
            for file in range(30):
                stack.drop(f"{file}.txt", article(100 * number + file))
        for stack in shards:
            wait_until(lambda stack=stack: len(stack.done()) == 30 and stack.settled(), "every file in _done")
            assert len(stack.events()) == 30
            assert "MOVED" not in stack.log_text()
            assert "Traceback" not in stack.log_text()
        assert nodes[1].client.dbsize() == 0


def test_whoever_asks_the_wrong_node_is_told_the_right_one(
    nodes: list[Node], tmp_path: Path, wait_until: WaitUntil
) -> None:
    with contextlib.closing(shard(tmp_path / "0", nodes[0], wait_until, prefix_on(nodes, 1))) as stack:
        (watcher,) = stack.start("watch")
        stack.drop("a.txt", article(1))
        right = f"is not the node: the cluster keeps the keys of this prefix at 127.0.0.1:{nodes[1].port}"
        wait_until(lambda: right in stack.log_text(), "a word about it")
        assert watcher.poll() is None
        assert [path.name for path in stack.inbox.rglob("a.txt")] == ["a.txt"]
        stack.client = redis.Redis.from_url(nodes[1].url)  # where its streams would be
