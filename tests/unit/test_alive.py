"""Health means progress."""

import os
import time
import uuid

import fakeredis
import pytest

from worker.alive import FORGOTTEN_SECONDS, STALE_SECONDS, Stall, check, here, parts, report
from worker.errors import Unavailable
from worker.keys import Keys

NOW = 1_000_000.0
NAME = f"{here('worker')}:1"


def test_a_part_that_reports_is_well() -> None:
    check({NAME: {"at": NOW - 1, "stalled": 10.0}}, "worker", stuck_after=60, now=NOW)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "not reported yet"),
        ({"worker@elsewhere:1": {"at": NOW}}, "not reported yet"),
        ({f"{here('watcher')}:1": {"at": NOW}}, "not reported yet"),
        ({NAME: {"at": NOW - STALE_SECONDS - 1}}, "not reported for 31 s"),
        ({NAME: {"at": NOW, "stalled": 61.0}}, "finished nothing for 61 s"),
    ],
)
def test_a_part_that_is_silent_or_stuck_is_not(said: dict[str, dict[str, float]], why: str) -> None:
    with pytest.raises(Unavailable, match=why):
        check(said, "worker", stuck_after=60, now=NOW)


def test_the_word_of_a_process_that_was_replaced_does_not_count() -> None:
    said = {NAME: {"at": NOW - 300}, f"{here('worker')}:2": {"at": NOW - 1}}
    check(said, "worker", stuck_after=60, now=NOW)


def test_idle_time_is_no_stall() -> None:
    stall = Stall()
    assert stall.measure(waiting=0, progress=5, now=0) == 0
    assert stall.measure(waiting=0, progress=5, now=500) == 0
    assert stall.measure(waiting=7, progress=5, now=501) == pytest.approx(1)
    assert stall.measure(waiting=7, progress=5, now=560) == pytest.approx(60)


def test_any_progress_ends_a_stall() -> None:
    stall = Stall()
    stall.measure(waiting=7, progress=5, now=0)
    assert stall.measure(waiting=7, progress=5, now=50) == 50
    assert stall.measure(waiting=6, progress=6, now=60) == 0


def test_a_worker_that_never_finished_anything_is_stuck_in_the_end() -> None:
    stall = Stall()
    stall.measure(waiting=7, progress=0, now=0)
    assert stall.measure(waiting=7, progress=0, now=100) == 100


def test_what_long_ago_reported_is_forgotten() -> None:
    client, keys = fakeredis.FakeRedis(), Keys(uuid.uuid4().hex)
    report(client, keys, "watcher", {"in_flight": 3})
    client.hset(keys.alive, "worker@gone:7", f'{{"at": {time.time() - FORGOTTEN_SECONDS - 1}}}')
    said = parts(client, keys)
    assert list(said) == [f"{here('watcher')}:{os.getpid()}"]
    assert said[f"{here('watcher')}:{os.getpid()}"]["in_flight"] == 3
    assert client.hlen(keys.alive) == 1
