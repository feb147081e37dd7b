"""Subscribing, with a real server and real subscribers that are killed."""

import asyncio
import json
import random
import signal
import subprocess
import sys
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import redis

from schemas.article import Topic
from schemas.event import PUBLISHED, ArticleEvent, UnsupportedVersion, to_entry
from schemas.subscriber import Subscription
from tests.integration.conftest import RedisServer
from tests.records import MOMENT, TRACEPARENT, record

WaitUntil = Callable[..., None]


def entry(name: str, *topics: str, headline: str = "A headline") -> dict[str, str]:
    given = tuple(Topic(id=topic, name=topic, qcode=None, confidence=0.9) for topic in topics)
    data = record(f"Text of {name}.", headline=headline, topics=given, primary_topic=topics[0] if topics else None)
    event = ArticleEvent(
        id=name,
        source="/copydesk/i",
        type=PUBLISHED,
        time=MOMENT,
        subject=name,
        traceparent=TRACEPARENT,
        data=data,
    )
    return to_entry(event)


class Desk:
    """A stream with its subscribers."""

    def __init__(self, server: RedisServer, folder: Path) -> None:
        self.server = server
        self.client = server.client
        self.stream = f"test-{uuid.uuid4().hex[:12]}:articles"
        self.notes = folder / "notes"
        self.notes.mkdir()
        self.processes: list[subprocess.Popen[bytes]] = []

    def add(self, *entries: dict[str, str]) -> list[str]:
        with self.client.pipeline(transaction=False) as pipe:
            for fields in entries:
                pipe.xadd(self.stream, fields)  # type: ignore[arg-type]
            return [added.decode() for added in pipe.execute()]

    def subscription(self, group: str = "g", **options: Any) -> Subscription:
        return Subscription(self.server.url, group, stream=self.stream, **options)

    def take(self, count: int, group: str = "g", **options: Any) -> list[str]:
        """The ids of so many events, each handled."""
        taken = []
        events = self.subscription(group, **options)
        for event in events:
            taken.append(event.id)
            if len(taken) == count:
                events.stop()
        return taken

    def start(self, group: str = "g", **options: Any) -> "subprocess.Popen[bytes]":
        arguments = [self.server.url, self.stream, group, str(self.notes), json.dumps(options)]
        with (self.notes.parent / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.integration.subscribing", *arguments], stdout=log, stderr=log
            )
        self.processes.append(process)
        return process

    def noted(self) -> dict[int, list[list[str]]]:
        """What each process noted, line by line, by process id."""
        return {
            int(file.name): [line.split() for line in file.read_text().splitlines()] for file in self.notes.iterdir()
        }

    def count(self, what: str) -> Counter[str]:
        lines = [line for of_one in self.noted().values() for line in of_one]
        return Counter(line[1] for line in lines if line[0] == what)

    def pending(self, group: str = "g") -> int:
        return int(self.client.xpending(self.stream, group)["pending"])

    def dead(self, group: str = "g") -> list[dict[bytes, bytes]]:
        found: Any = self.client.xrange(f"{self.stream}:dead:{group}")
        return [fields for _, fields in found]

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def desk(redis_server: RedisServer, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(redis_server, tmp_path)
    yield desk
    desk.close()


class Members:
    """Three subscribers that are started again whenever they end."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._alive = [self._start() for _ in range(3)]
        self.killed = 0

    def _start(self) -> "subprocess.Popen[bytes]":
        return self._desk.start(retry_after=1.0, max_deliveries=3)

    def revive(self) -> None:
        self._alive = [process if process.poll() is None else self._start() for process in self._alive]

    def kill(self, which: int) -> None:
        self._alive[which].kill()
        self._alive[which].wait()
        self.killed += 1

    def have_begun(self, names: list[str], count: int) -> bool:
        begun = self._desk.count("begin")
        return sum(begun[name] > 0 for name in names) >= count

    def have_handled(self, names: list[str]) -> bool:
        self.revive()
        ended = self._desk.count("end")
        return all(ended[name] for name in names) and not self._desk.pending()


@pytest.mark.timeout(300)
def test_nothing_is_missed_while_subscribers_and_redis_are_killed(desk: Desk, wait_until: WaitUntil) -> None:
    chance = random.Random(6)  # noqa: S311 - a seed is what it is about
    members = Members(desk)
    good, poison = [], [f"poison{round_}" for round_ in range(0, 50, 10)]
    for round_ in range(50):
        batch = [f"e{round_}-{number}" for number in range(99 + bool(round_ % 10))]
        good += batch
        desk.add(*map(entry, batch), *(entry(name, headline=name) for name in poison if name == f"poison{round_}"))
        wait_until(partial(members.have_begun, batch, chance.randrange(1, 95)), "events to be handled")
        members.kill(chance.randrange(3))
        if round_ % 10 == 5:
            desk.server.kill()
            desk.server.start()
        members.revive()
    wait_until(partial(members.have_handled, good), "everything to be handled", 90)

    assert (len(good) + len(poison), members.killed) == (5000, 50)
    begun, ended = desk.count("begin"), desk.count("end")
    last_begun = Counter(
        [line for line in lines if line[0] == "begin"][-1][1] for lines in desk.noted().values() if lines
    )
    assert {name for name in good if not ended[name]} == set()
    assert {name for name in begun if begun[name] > 1 + last_begun[name]} == set()
    letters = {letter[b"ce_id"].decode(): letter[b"error"].decode() for letter in desk.dead()}
    assert sorted(letters) == sorted(poison)
    assert len(desk.dead()) == len(poison)
    assert letters == {name: f"LookupError: no desk for {name}" for name in poison}


def test_only_what_concerns_the_topics_is_given_and_the_rest_is_passed_over(desk: Desk) -> None:
    desk.add(entry("a", "sport"), entry("b", "diplomacy", "defense"), entry("c"), entry("d", "defense"))
    assert desk.take(2, topics={"defense"}) == ["b", "d"]
    assert desk.pending() == 0


def test_a_group_begins_where_it_is_told(desk: Desk) -> None:
    ids = desk.add(entry("a"), entry("b"), entry("c"))
    ahead = datetime.now(UTC) + timedelta(minutes=1)
    assert desk.take(3, "all") == ["a", "b", "c"]
    assert desk.take(2, "behind", start=ids[0]) == ["b", "c"]
    assert desk.take(3, "since", start=datetime.now(UTC) - timedelta(minutes=1)) == ["a", "b", "c"]
    for group, start in (("later", ahead), ("now", "now")):
        events = desk.subscription(group, start=start)
        stop = threading.Timer(0.2, events.stop)
        stop.start()
        assert list(events) == []
        stop.join()


@pytest.mark.parametrize(
    ("url", "options", "why"),
    [
        ("http://localhost", {}, "must specify one of"),
        ("redis://localhost", {"start": datetime(2026, 1, 1)}, "needs a time zone"),  # noqa: DTZ001 - it is missing
        ("redis://localhost", {"start": "yesterday"}, "must be 'now', 'beginning', a datetime or an entry's id"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_the_loop(url: str, options: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Subscription(url, "g", **options)


def test_topics_that_are_one_text_are_refused() -> None:
    with pytest.raises(TypeError, match=r"as \{'defense'\}"):
        Subscription("redis://localhost", "g", topics="defense")


def test_what_was_not_acknowledged_goes_to_another_member(desk: Desk) -> None:
    desk.add(entry("a"), entry("b"))
    for event in desk.subscription():
        assert event.id == "a"
        break
    assert desk.pending() == 1
    assert sorted(desk.take(2, retry_after=0.01)) == ["a", "b"]


def test_a_member_with_a_fixed_name_first_gets_what_it_had_in_hand(desk: Desk) -> None:
    desk.add(entry("a"), entry("b"))
    for _ in desk.subscription(consumer="me"):
        break
    assert desk.take(2, consumer="me") == ["a", "b"]


def fail(desk: Desk, error: Exception, **options: Any) -> None:
    """Have the body of the loop fail on the next event."""

    def run() -> None:
        with desk.subscription(**options) as events:
            for _ in events:
                raise error

    with pytest.raises(type(error)):
        run()


def test_what_keeps_failing_becomes_a_dead_letter_with_its_error(desk: Desk) -> None:
    (added,) = desk.add(entry("a"))
    options = {"retry_after": 0.001, "max_deliveries": 2}
    fail(desk, OSError("no desk"), **options)
    fail(desk, LookupError("no desk \ud800"), **options)
    desk.add(entry("b"))
    assert desk.take(1, **options) == ["b"]
    (letter,) = desk.dead()
    assert letter[b"error"] == b"LookupError: no desk ?"
    assert (letter[b"ce_id"], letter[b"entry"], letter[b"deliveries"]) == (b"a", added.encode(), b"3")
    assert not desk.client.exists(f"{desk.stream}:errors:g")


def test_an_error_is_kept_in_coroutines_too(desk: Desk) -> None:
    desk.add(entry("a"))

    async def fail() -> None:
        async with desk.subscription() as events:
            async for _ in events:
                raise LookupError("no desk")

    with pytest.raises(LookupError):
        asyncio.run(fail())
    assert list(desk.client.hgetall(f"{desk.stream}:errors:g").values()) == [b"LookupError: no desk"]


def test_coroutines_take_turns(desk: Desk) -> None:
    names = [f"e{number}" for number in range(20)]
    desk.add(*map(entry, names))
    taken: list[str] = []

    async def member() -> None:
        events = desk.subscription()
        async for event in events:
            taken.append(event.id)
            await asyncio.sleep(0)
            if len(taken) >= 19:
                events.stop()

    async def both() -> None:
        await asyncio.gather(member(), member())

    asyncio.run(both())
    assert sorted(taken) == sorted(names)
    assert desk.pending() == 0


def test_what_is_no_article_becomes_a_dead_letter_at_once(desk: Desk) -> None:
    desk.add({"a": "b"}, entry("a") | {"data": "{}"}, entry("a") | {"ce_time": "\x00"}, entry("b"))
    assert desk.take(1) == ["b"]
    assert [b"it cannot be read" in letter[b"error"] for letter in desk.dead()] == [True] * 3


def test_the_body_can_make_an_event_a_dead_letter_and_go_on(desk: Desk) -> None:
    desk.add(entry("a"), entry("b"))
    events = desk.subscription()
    for event in events:
        if event.id == "a":
            events.bury("nobody wants it")
        else:
            events.stop()
    assert [(letter[b"ce_id"], letter[b"error"]) for letter in desk.dead()] == [(b"a", b"nobody wants it")]
    assert desk.pending() == 0
    with pytest.raises(RuntimeError, match="no event in hand"):
        events.bury("why")


def test_a_newer_major_version_ends_the_loop_and_stays_for_a_newer_copydesk(desk: Desk) -> None:
    desk.add(entry("a") | {"ce_dataschema": "urn:copydesk:schema:article:2.0"})
    for _ in range(3):
        with pytest.raises(UnsupportedVersion, match="version 2"):
            desk.take(1, max_deliveries=1, consumer="me")
    assert desk.pending() == 1
    assert desk.dead() == []


def test_an_unknown_type_of_a_known_version_is_passed_over(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.add(entry("a") | {"ce_type": "io.copydesk.article.retracted.v1"}, entry("b"))
    assert desk.take(1) == ["b"]
    assert desk.pending() == 0
    assert "article.retracted.v1" in caplog.text


def test_after_flushall_everything_that_comes_is_read(desk: Desk) -> None:
    desk.add(entry("a"), entry("b"))
    events = desk.subscription()
    taken = []
    for event in events:
        taken.append(event.id)
        if event.id == "b":
            desk.client.flushall()
            desk.add(entry("c"), entry("d"))
        if event.id == "d":
            events.stop()
    assert taken == ["a", "b", "c", "d"]


def test_a_group_that_was_destroyed_is_made_again_where_it_had_come_to(desk: Desk) -> None:
    desk.add(*(entry(f"e{number}") for number in range(4)))
    events = desk.subscription(retry_after=0.001)  # so that it looks around each time
    taken = []
    for event in events:
        taken.append(event.id)
        if taken == ["e0", "e1", "e2"]:
            desk.client.xgroup_destroy(desk.stream, "g")
        if event.id == "e3":
            events.stop()
    assert taken == ["e0", "e1", "e2", "e2", "e3"]  # the one in hand was not acknowledged


def test_sigterm_ends_the_loop_after_its_body(desk: Desk, wait_until: WaitUntil) -> None:
    desk.add(entry("a"))
    process = desk.start()
    wait_until(lambda: desk.count("end")["a"], "the event")
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert desk.noted()[process.pid] == [["begin", "a"], ["end", "a"], ["left"]]
    assert desk.pending() == 0
    assert desk.client.xinfo_consumers(desk.stream, "g") == []


def test_a_subscriber_that_starts_before_the_server_waits(desk: Desk, wait_until: WaitUntil) -> None:
    desk.server.kill()
    desk.start()
    wait_until(lambda: b"waiting for the server" in (desk.notes.parent / "log").read_bytes(), "the subscriber to wait")
    desk.server.start()
    desk.add(entry("a"))
    wait_until(lambda: desk.count("end")["a"], "the event")


@pytest.mark.parametrize(
    ("setting", "bad", "good"),
    [("replicaof", "127.0.0.1 1", "no one"), ("maxmemory", "1", "0"), ("min-replicas-to-write", "1", "0")],
)
def test_a_server_that_cannot_now_is_waited_for(
    desk: Desk, wait_until: WaitUntil, setting: str, bad: str, good: str
) -> None:
    def tell(value: str) -> None:
        if setting == "replicaof":
            desk.client.replicaof(*value.split())
        else:
            desk.client.config_set(setting, value)

    desk.add(entry("a"))
    desk.start()
    wait_until(lambda: desk.count("end")["a"], "the first event")
    tell(bad)
    wait_until(lambda: b"waiting for the server" in (desk.notes.parent / "log").read_bytes(), "the subscriber to wait")
    tell(good)
    desk.add(entry("b"))
    wait_until(lambda: desk.count("end")["b"], "the second event")


def test_either_protocol_of_redis_will_do(desk: Desk) -> None:
    desk.add(entry("a"), entry("b"))
    for number, name in ((2, "a"), (3, "b")):
        events = Subscription(f"{desk.server.url}?protocol={number}", "g", stream=desk.stream)
        assert [event.id for event in stopping(events)] == [name]


def test_a_group_for_new_entries_gets_all_of_a_stream_that_was_empty_and_lost(
    desk: Desk, wait_until: WaitUntil
) -> None:
    desk.start(start="now")
    wait_until(lambda: "xreadgroup" in {it["cmd"] for it in desk.client.client_list()}, "the subscriber to read")
    with desk.client.pipeline() as pipe:
        pipe.flushall()
        pipe.xadd(desk.stream, entry("a"))  # type: ignore[arg-type]
        pipe.execute()
    wait_until(lambda: desk.count("end")["a"], "the event")


def test_an_entry_of_very_many_fields_becomes_a_dead_letter(desk: Desk) -> None:
    desk.add({f"field{number}": "" for number in range(5000)}, entry("a"))
    assert desk.take(1) == ["a"]
    assert len(desk.dead()) == 1


@pytest.fixture
def no_handler() -> Iterator[None]:
    """As in a program that does not handle SIGTERM, whatever earlier tests have left behind."""
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("no_handler")
def test_sigterm_ends_every_loop_of_the_program(desk: Desk) -> None:
    desk.add(entry("a"))
    taken: list[str] = []

    async def follow(group: str) -> None:
        async for event in desk.subscription(group):
            taken.append(event.id)
            if len(taken) == 2:
                signal.raise_signal(signal.SIGTERM)

    async def both() -> None:
        await asyncio.gather(follow("g"), follow("h"))

    asyncio.run(both())
    assert taken == ["a", "a"]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.usefixtures("no_handler")
def test_the_programs_own_handler_stays(desk: Desk) -> None:
    def own(_signal: int, _frame: object) -> None:
        """Handle it."""

    desk.add(entry("a"))
    events = desk.subscription()
    for _ in events:
        signal.signal(signal.SIGTERM, own)
        events.stop()
    assert signal.getsignal(signal.SIGTERM) is own


def test_a_wrong_password_ends_the_loop(desk: Desk) -> None:
    desk.client.config_set("requirepass", "right")
    url = desk.server.url.replace("unix://", "unix://:wrong@")
    with pytest.raises(redis.AuthenticationError):
        next(iter(Subscription(url, "g", stream=desk.stream)))


def test_what_was_trimmed_unread_is_told_once_to_the_group(
    newest_server: RedisServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(newest_server, tmp_path)
    desk.add(*(entry(f"e{number}") for number in range(5)))
    assert desk.take(2) == ["e0", "e1"]
    desk.client.xtrim(desk.stream, maxlen=1, approximate=False)
    first, second = desk.subscription(), desk.subscription()
    assert [event.id for event in stopping(first)] == ["e4"]
    desk.add(entry("e5"))
    assert [event.id for event in stopping(second)] == ["e5"]
    assert (first.missed, second.missed) == (2, 0)
    assert "2 entries were trimmed before g had read them" in caplog.text
    desk.add(*(entry(f"f{number}") for number in range(4)))
    desk.client.xtrim(desk.stream, maxlen=1, approximate=False)
    third = desk.subscription()
    assert [event.id for event in stopping(third)] == ["f3"]
    assert third.missed == 3


def test_nothing_counts_as_missed_that_was_trimmed_before_the_group_began_or_after_it_had_read_it(
    newest_server: RedisServer, tmp_path: Path
) -> None:
    desk = Desk(newest_server, tmp_path)
    desk.add(*(entry(f"e{number}") for number in range(5)))
    desk.client.xtrim(desk.stream, maxlen=3, approximate=False)
    events = desk.subscription()
    assert [event.id for event in stopping(events)] == ["e2"]
    assert desk.take(2) == ["e3", "e4"]
    desk.client.xtrim(desk.stream, maxlen=0, approximate=False)
    desk.add(entry("f"))
    events = desk.subscription()
    assert [event.id for event in stopping(events)] == ["f"]
    assert events.missed == 0


def test_what_was_trimmed_in_hand_counts_as_missed(desk: Desk) -> None:
    desk.add(entry("a"))
    for _ in desk.subscription():
        break
    desk.client.xtrim(desk.stream, maxlen=0, approximate=False)
    desk.add(entry("b"))
    events = desk.subscription(retry_after=0.001)
    assert [event.id for event in stopping(events)] == ["b"]
    assert events.missed == 1
    assert desk.pending() == 0


def stopping(events: Subscription) -> Iterator[ArticleEvent]:
    """One event, handled."""
    for event in events:
        yield event
        events.stop()
