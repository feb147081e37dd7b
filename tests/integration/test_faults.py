"""Faults: whatever is killed, lost or poisoned, nothing else is, and nothing comes out twice."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import psutil
import pytest

from tests.articles import article
from tests.integration.conftest import RedisServer, Stack, kill_family

MakeStack = Callable[..., Stack]
HEADLINES = 50


def drop_all(stack: Stack, count: int = HEADLINES) -> None:
    for number in range(count):
        stack.drop(f"{number}.txt", article(number))


def assert_each_came_out_once(stack: Stack, count: int = HEADLINES) -> None:
    stack.wait_until(lambda: len(stack.done()) == count and stack.settled(), f"{count} files in _done", seconds=90)
    assert len(stack.events()) == count
    assert len({event.subject for event in stack.events()}) == count
    assert all(event.type.endswith("published.v1") for event in stack.events())


def submitted(stack: Stack) -> int:
    return sum(line["event"] == "submitted" for line in stack.log())


def test_workers_and_redis_killed_with_fifty_files_in_flight(make_stack: MakeStack, redis_server: RedisServer) -> None:
    stack = make_stack(COPYDESK_RESUBMIT_AFTER="4")
    drop_all(stack)
    stack.start("watch")
    stack.wait_until(lambda: submitted(stack) == HEADLINES, "all in flight")
    (worker,) = stack.start("worker")
    stack.wait_until(lambda: stack.client.xlen(stack.keys.articles) > 0, "the first record")
    kill_family(worker.pid)
    redis_server.kill()
    redis_server.start()
    stack.start("worker")
    assert_each_came_out_once(stack)


def test_a_redis_that_forgets_everything_only_costs_time(make_stack: MakeStack, redis_server: RedisServer) -> None:
    stack = make_stack()
    drop_all(stack)
    stack.start("watch")
    stack.wait_until(lambda: submitted(stack) == HEADLINES, "all in flight")
    redis_server.client.flushall()
    stack.start("worker")
    assert_each_came_out_once(stack)


def test_a_watcher_killed_at_work_is_taken_up_by_the_next(make_stack: MakeStack) -> None:
    stack = make_stack()
    drop_all(stack)
    stack.start("worker")
    for _ in range(3):
        (watcher,) = stack.start("watch")
        before = len(stack.done())
        stack.wait_until(lambda before=before: len(stack.done()) > before or stack.settled(), "some progress")
        kill_family(watcher.pid)
    stack.start("watch")
    assert_each_came_out_once(stack)


def test_redis_away_at_the_start_is_waited_for(make_stack: MakeStack, redis_server: RedisServer) -> None:
    stack = make_stack()
    redis_server.kill()
    stack.start()
    drop_all(stack, 5)
    stack.wait_until(lambda: "waiting_for_the_world" in stack.log_text(), "a word about it")
    redis_server.start()
    assert_each_came_out_once(stack, 5)


def test_a_server_that_refuses_the_entry_is_not_the_files_fault(make_stack: MakeStack) -> None:
    stack = make_stack(COPYDESK_MAX_ATTEMPTS="1")
    stack.client.set(stack.keys.articles, "not a stream")
    stack.start()
    stack.drop("a.txt", article(1))
    stack.wait_until(lambda: "WRONGTYPE" in stack.log_text(), "the refusal")
    stack.wait_until(lambda: stack.log_text().count("submitting_again") >= 3, "three more tries")
    assert not stack.failed()
    stack.client.delete(stack.keys.articles)
    assert_each_came_out_once(stack, 1)


def test_two_watchers_on_one_inbox_give_each_file_once(make_stack: MakeStack) -> None:
    stack = make_stack()
    drop_all(stack)
    stack.start("watch", "watch", "worker")
    assert_each_came_out_once(stack)


@contextlib.contextmanager
def poisoned_worker(stack: Stack) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "tests.integration.poisoned_worker"]
    with (stack.inbox.parent / "worker.log").open("ab") as log:
        worker = subprocess.Popen(command, env=stack.environment, stdout=log, stderr=log, start_new_session=True)
    try:
        yield worker
    finally:
        kill_family(worker.pid)
        worker.wait()


@pytest.fixture
def poisoned(make_stack: MakeStack) -> Iterator[Stack]:
    stack = make_stack(COPYDESK_TIME_LIMIT="1", COPYDESK_MAX_ATTEMPTS="2", COPYDESK_CONCURRENCY="1")
    with poisoned_worker(stack):
        yield stack


@pytest.mark.parametrize(
    ("poison", "reason", "detail"),
    [
        ("SEGFAULT", "crashed", "SIGSEGV"),
        ("HANG-IN-C", "timed_out", "still busy after 1 s"),
        ("HANG-IN-PYTHON", "timed_out", "still busy after 1 s"),
        ("STARVE", "out_of_memory", "MiB"),
        ("BUG", "crashed", "ZeroDivisionError"),
    ],
)
def test_a_poisonous_file_is_rejected_alone(poisoned: Stack, poison: str, reason: str, detail: str) -> None:
    drop_all(poisoned, 10)
    poisoned.drop("poison.txt", article(99, poison))
    poisoned.start("watch")
    poisoned.wait_until(lambda: len(poisoned.failed()) == 2, "the poison in _failed", seconds=60)
    assert_each_came_out_once(poisoned, 10)
    (rejected,) = poisoned.rejections()
    why = json.loads(rejected.data.model_dump_json())
    assert (why["path"], why["stage"], why["reason"]) == ("poison.txt", "process", reason)
    assert detail in why["detail"]
    assert why["attempts"] == 2


def test_a_busy_pool_process_ends_with_its_killed_parent(make_stack: MakeStack) -> None:
    stack = make_stack(COPYDESK_TIME_LIMIT="100")
    with poisoned_worker(stack) as worker:
        stack.drop("poison.txt", article(99, "HANG-IN-C"))
        stack.start("watch")
        stack.wait_until(lambda: list(stack.client.scan_iter(stack.keys.attempts("*"))), "the file in hand")
        pool = psutil.Process(worker.pid).children(recursive=True)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        stack.wait_until(lambda: not any(child.is_running() for child in pool), "the pool gone")


def test_celerys_own_command_line_runs_the_worker(make_stack: MakeStack) -> None:
    stack = make_stack()
    stack.start("watch")
    command = [sys.executable, "-m", "celery", "-A", "worker", "worker", "--loglevel", "info"]
    worker = subprocess.Popen(command, env=stack.environment, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        drop_all(stack, 5)
        assert_each_came_out_once(stack, 5)
    finally:
        kill_family(worker.pid)
        worker.wait()
