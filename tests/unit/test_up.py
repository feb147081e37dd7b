"""How ``copydesk up`` waits for its Redis, and when it thinks that a part lives and does nothing."""

import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from worker import alive
from worker.connection import connect
from worker.embedded import start_server
from worker.errors import Unavailable
from worker.settings import Settings
from worker.up import SILENT_SECONDS, Part, _restart_if_stuck, wait_for_redis

LIMIT = 60.0


@pytest.fixture
def part() -> Iterator[Part]:
    part = Part("watch", lambda: subprocess.Popen(["sleep", "600"]))
    yield part
    part.stop(signal.SIGKILL)


def is_ended(part: Part, now: float, **word: float) -> bool:
    """Look at a part whose last word is this."""
    _restart_if_stuck(part, {f"{alive.here('watcher')}:{part.pid}": word} if word else {}, LIMIT, now)
    return part._process.poll() is not None


def test_a_part_whose_word_changes_is_left_alone(part: Part) -> None:
    now = time.monotonic()
    assert not any(is_ended(part, now + 30 * step, at=float(step)) for step in range(10))


def test_a_part_that_says_the_same_for_too_long_is_ended(part: Part) -> None:
    now = time.monotonic()
    assert not is_ended(part, now, at=1.0)
    assert not is_ended(part, now + SILENT_SECONDS - 1, at=1.0)
    assert is_ended(part, now + SILENT_SECONDS + 1, at=1.0)


def test_a_part_that_never_said_anything_is_ended(part: Part) -> None:
    assert is_ended(part, time.monotonic() + SILENT_SECONDS + 1)


def test_a_part_that_makes_no_progress_is_ended(part: Part) -> None:
    assert not is_ended(part, time.monotonic(), at=1.0, stalled=LIMIT)
    assert is_ended(part, time.monotonic(), at=2.0, stalled=LIMIT + 1)


def test_a_part_is_excused_for_as_long_as_nobody_could_report(part: Part) -> None:
    now = time.monotonic()
    assert not is_ended(part, now, at=1.0)
    part.excuse(now + 1000)
    assert not is_ended(part, now + 1000 + SILENT_SECONDS - 1, at=1.0)
    assert is_ended(part, now + 1000 + SILENT_SECONDS + 1, at=1.0)


def test_the_word_of_another_process_does_not_count(part: Part) -> None:
    words = {f"{alive.here('watcher')}:1": {"at": time.time()}}
    _restart_if_stuck(part, words, LIMIT, time.monotonic() + SILENT_SECONDS + 1)
    assert part._process.poll() is not None


def test_a_redis_that_ends_while_it_is_waited_for_is_started_again(tmp_path: Path) -> None:
    settings, started = Settings(state=tmp_path, inbox=tmp_path / "inbox"), []

    def start() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(["false"]) if not started else start_server(tmp_path))
        return started[-1]

    redis_part = Part("redis", start)
    try:
        client = connect(settings.address, retries=0)
        wait_for_redis(client.ping, settings, threading.Event(), [redis_part])
        assert [process.poll() for process in started] == [1, None]
    finally:
        redis_part.stop()


def test_a_redis_that_never_answers_is_told_with_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.up.START_SECONDS", 0.0)
    settings = Settings(state=tmp_path, inbox=tmp_path / "inbox")
    redis_part = Part("redis", lambda: subprocess.Popen(["sleep", "600"]))
    try:
        client = connect(settings.address, retries=0)
        with pytest.raises(Unavailable, match=r"is not reachable: .*; .*redis\.log says why"):
            wait_for_redis(client.ping, settings, threading.Event(), [redis_part])
    finally:
        redis_part.stop()
