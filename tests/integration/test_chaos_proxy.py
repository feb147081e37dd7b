"""The proxy of the chaos harness does what its faults say: a dropped reply is that of an executed command."""

import json
import os
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.articles import article
from tests.chaos.stack import Stack
from tests.conftest import WaitUntil
from worker.embedded import start_server


class Proxied:
    """The embedded server as the product starts it, with the harness's ``redis-server`` first in PATH."""

    def __init__(self, folder: Path, wait_until: WaitUntil) -> None:
        self.stack = Stack(folder)
        self.client = redis.Redis(unix_socket_path=f"{folder}/state/redis.sock", retry=Retry(NoBackoff(), 0))
        self._wait_until = wait_until
        self.start()

    def start(self) -> None:
        self.process = start_server(self.stack.state)
        self._wait_until(self._answers, "the proxy to answer")

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False

    def order(self, **order: object) -> None:
        (self.stack.orders / "drop").write_text(json.dumps({"share": 1.0, "left": 1, "seed": 1, **order}))

    def dropped(self) -> list[str]:
        return (self.stack.orders / "dropped").read_text().splitlines()

    def close(self) -> None:
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


@pytest.fixture
def proxied(short_folder: Path, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxied]:
    folder = short_folder / uuid.uuid4().hex[:8]
    folder.mkdir()
    stack_path = f"{folder}/bin:{os.environ['PATH']}"
    (folder / "state").mkdir()
    monkeypatch.setenv("PATH", stack_path)
    found = Proxied(folder, wait_until)
    yield found
    found.close()


def test_a_command_whose_reply_is_dropped_has_been_executed(proxied: Proxied, wait_until: WaitUntil) -> None:
    proxied.client.set("count", 0)
    proxied.order(word="INCR")
    calls = 0

    def is_dropped() -> bool:
        nonlocal calls
        calls += 1
        try:
            proxied.client.incr("count")
        except redis.ConnectionError:
            return True
        return False

    wait_until(is_dropped, "a dropped reply")
    assert int(proxied.client.get("count")) == calls
    assert proxied.dropped() == ["reply"]


def test_a_message_can_leave_the_queue_and_reach_nobody(proxied: Proxied, wait_until: WaitUntil) -> None:
    proxied.order(word="BRPOP")

    def is_lost() -> bool:
        proxied.client.rpush("queue", "message")
        try:
            proxied.client.brpop(["queue"], timeout=1)
        except redis.ConnectionError:
            return True
        return False

    wait_until(is_lost, "a lost message")
    assert proxied.client.llen("queue") == 0
    assert proxied.dropped() == ["message"]


def test_it_forgets_everything_once_when_told_to(proxied: Proxied) -> None:
    proxied.client.set("key", "kept")
    proxied.close()
    proxied.start()
    assert proxied.client.get("key") == b"kept"
    (proxied.stack.orders / "forget").touch()
    proxied.close()
    proxied.start()
    assert proxied.client.dbsize() == 0
    proxied.client.set("key", "kept again")
    proxied.close()
    proxied.start()
    assert proxied.client.get("key") == b"kept again"


def test_server_and_proxy_end_together(proxied: Proxied, wait_until: WaitUntil) -> None:
    real = redis.Redis(unix_socket_path=f"{proxied.stack.state}/redis.sock.server")
    os.kill(int(real.info("server")["process_id"]), signal.SIGKILL)
    real.close()
    assert proxied.process.wait(30) != 0
    proxied.start()
    server = int(proxied.client.info("server")["process_id"])
    proxied.process.kill()
    proxied.process.wait()
    wait_until(lambda: not Path(f"/proc/{server}").exists() or _is_zombie(server), "the server's end")
    proxied.start()


def _is_zombie(process: int) -> bool:
    return "State:\tZ" in Path(f"/proc/{process}/status").read_text()


def test_acknowledgements_that_get_no_answer_stop_no_worker(short_folder: Path, wait_until: WaitUntil) -> None:
    """Kombu counts a message whose acknowledgement failed as in hand for ever; with two of them it takes no more."""
    folder = short_folder / uuid.uuid4().hex[:8]
    folder.mkdir()
    stack = Stack(folder)
    stack.inbox.mkdir()
    (stack.orders / "drop").write_text(json.dumps({"share": 1.0, "left": 2, "word": "HDEL", "seed": 1}))
    try:
        stack.keep_running()
        for number in range(100):
            (stack.inbox / f"{number}.txt").write_text(article(number))
        dropped = stack.orders / "dropped"
        wait_until(lambda: dropped.exists() and dropped.read_text().count("\n") == 2, "two failures", seconds=30)
        for number in range(100, 200):
            (stack.inbox / f"{number}.txt").write_text(article(number))
        done = stack.inbox / "_done"
        wait_until(lambda: sum(len(names) for _, _, names in os.walk(done)) == 200, "all in _done", seconds=40)
    finally:
        stack.close()
