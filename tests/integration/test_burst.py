"""A burst through a subject counts files, not entries."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from benchmarks.burst import burst
from benchmarks.corpus import articles
from benchmarks.measure import FAILED
from benchmarks.subject import Running, Setup, Subject


def subject(entries_of: Callable[[str], int]) -> Subject:
    """One that puts so many entries of each file on the stream."""

    @contextlib.contextmanager
    def start(setup: Setup) -> Iterator[Running]:
        ended = threading.Event()

        def work() -> None:
            done: set[str] = set()
            with redis.Redis.from_url(setup.redis_url) as client:
                while not ended.wait(0.001):
                    for name in sorted({path.name for path in setup.inbox.iterdir()} - done):
                        done.add(name)
                        data = json.dumps({"provenance": {"path": name}}, separators=(",", ":"))
                        for _ in range(entries_of(name)):
                            client.xadd(setup.stream, {"data": data})

        worker = threading.Thread(target=work)
        worker.start()
        try:
            yield Running()
        finally:
            ended.set()
            worker.join()

    return Subject("tester", start)


@pytest.mark.parametrize(("twice", "wrong"), [("", ""), ("short-0.txt", "1 files had no record yet")])
def test_a_record_that_comes_twice_stands_for_no_other_file(tmp_path: Path, twice: str, wrong: str) -> None:
    lost = "short-9.txt" if twice else ""
    told = burst(
        subject(lambda name: 2 * (name == twice) or int(name != lost)), articles("short", 10), 1, tmp_path / "p"
    )
    assert wrong in str(told.get(FAILED, ""))
    assert ("wall_seconds" in told) is not bool(twice)
