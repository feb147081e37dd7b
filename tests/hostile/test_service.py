"""The real service while hostile files are dropped: good ones come out as if nothing were the matter."""

import json
import subprocess
import time
from collections.abc import Callable

import psutil
import pytest

from schemas.article import Article
from tests.articles import article
from tests.hostile.case import Case
from tests.hostile.corpus import CASES
from tests.integration.conftest import Stack

EVERY = 6  # of the corpus: the whole of it is tried without the service around it
IN_HAND = 40  # hostile files at once
LONGEST = 15.0  # seconds that a good file may take, on a machine that may be busy


class Drill:
    """Drops hostile files in handfuls, and a good file as soon as the one before has come out."""

    def __init__(self, stack: Stack, cases: list[Case]) -> None:
        self.delays: list[float] = []
        self._stack = stack
        self._cases = list(reversed(cases))
        self._dropped_at: dict[str, float] = {}
        self._hostile = self._seen = 0

    def step(self) -> bool:
        """Carry on; whether everything has come out."""
        self._look()
        unsettled = self._hostile - self._settled()
        while self._cases and unsettled < IN_HAND:
            case = self._cases.pop()
            self._stack.drop(f"hostile-{self._hostile}/{case.file}", case.data())
            self._hostile += 1
            unsettled += 1
        if unsettled > 0 and not self._dropped_at:
            name = f"good-{len(self.delays)}.txt"
            self._stack.drop(name, article(len(self.delays)))
            self._dropped_at[name] = time.monotonic()
        return not self._cases and not self._dropped_at and self._stack.settled()

    def _settled(self) -> int:
        done = sum("/hostile-" in str(path) for path in self._stack.done())
        return done + len(sidecars(self._stack))

    def _look(self) -> None:
        events = self._stack.events()[self._seen :]
        self._seen += len(events)
        for event in events:
            assert isinstance(event.data, Article)
            if at := self._dropped_at.pop(event.data.provenance.path, None):
                self.delays.append(time.monotonic() - at)


def sidecars(stack: Stack) -> list[dict[str, str]]:
    return [json.loads(path.read_bytes()) for path in stack.failed() if path.name.endswith(".error.json")]


def pool(processes: "list[subprocess.Popen[bytes]]") -> set[int]:
    return {child.pid for process in processes for child in psutil.Process(process.pid).children(recursive=True)}


@pytest.mark.timeout(600)
def test_good_files_come_out_soon_while_hostile_ones_are_worked_through(make_stack: Callable[..., Stack]):
    stack = make_stack(COPYDESK_LOG_LEVEL="info")
    processes = stack.start()
    stack.drop("first.txt", article(10_000))
    stack.wait_until(stack.done, "the service at work")
    before = pool(processes)
    drill = Drill(stack, CASES[::EVERY])
    stack.wait_until(drill.step, "every file in its place", seconds=400)
    print(f"{len(drill.delays)} good files, the slowest after {max(drill.delays):.1f} s")  # noqa: T201
    assert max(drill.delays) < LONGEST
    assert all(process.poll() is None for process in processes)
    assert len(pool(processes)) == len(before)  # one that a large file made large may have made room for another
    assert not [line for line in stack.log() if line["event"] in {"worker_process_lost", "attempt_failed", "bug"}]
    failed = sidecars(stack)
    assert 2 * len(failed) == len(stack.failed())
    assert all(why["reason"] and why["hint"] and why["detail"] for why in failed)
    assert stack.settled()


def test_a_small_file_waits_for_no_backlog_of_large_ones(make_stack: Callable[..., Stack]):
    stack = make_stack(COPYDESK_CONCURRENCY="1")
    stack.start("watch")
    # Each is a message of its own.
    large = "\n\n".join([f"Paragraph {number} of a long report on the talks." for number in range(9_000)])
    for number in range(8):
        stack.drop(f"large-{number}.txt", f"{article(number)}\n\n{large}")
    stack.wait_until(lambda: submitted(stack) == 8, "the large files in the queue")
    stack.drop("small.txt", article(8))
    stack.wait_until(lambda: submitted(stack) == 9, "the small file behind them")
    stack.start("worker")
    stack.wait_until(lambda: len(stack.done()) == 9 and stack.settled(), "every file in _done", seconds=90)
    order = [event.data.provenance.path for event in stack.events() if isinstance(event.data, Article)]
    assert len(order) == 9
    assert order.index("small.txt") < 3


def submitted(stack: Stack) -> int:
    return len({line["claim"] for line in stack.log() if line["event"] == "submitted"})
