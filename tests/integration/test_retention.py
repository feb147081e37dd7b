"""Stream retention, in a real server."""

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import redis
import structlog

from tests.articles import article
from tests.integration.conftest import RedisServer, Stack, kill_family
from worker.keys import Keys
from worker.retention import STEP, STEPS, Overrun, Retention
from worker.settings import Settings

DAY_MS = 86_400_000


@pytest.fixture
def keys() -> Keys:
    return Keys(f"test-{uuid.uuid4().hex[:12]}")


@pytest.fixture
def client(redis_server: RedisServer) -> "redis.Redis":
    return redis_server.client


def fill(client: "redis.Redis", stream: str) -> None:
    """An entry for each of the last ten days, oldest first."""
    now = int(time.time() * 1000)
    for days in range(10, 0, -1):
        client.xadd(stream, {"days": days}, id=f"{now - days * DAY_MS + 60_000}-0")


@pytest.fixture
def stream(client: "redis.Redis", keys: Keys) -> str:
    fill(client, keys.articles)
    return keys.articles


def retention(client: "redis.Redis", keys: Keys, **settings: Any) -> Retention:
    return Retention(client, Settings(prefix=keys.prefix, **settings))


def trim(client: "redis.Redis", keys: Keys, days: int, most: int | None = None, cap: int = 1000) -> int:
    kept = retention(client, keys, retention_days=days, stream_cap=cap)
    return kept.trim(keys.articles, most).removed


def left(client: "redis.Redis", stream: str) -> int:
    return int(client.xlen(stream))


def test_what_is_older_goes_and_the_rest_stays(client: "redis.Redis", keys: Keys, stream: str) -> None:
    assert trim(client, keys, days=4) == 6
    assert left(client, stream) == 4
    assert trim(client, keys, days=4) == 0


def test_what_is_too_many_goes(client: "redis.Redis", keys: Keys, stream: str) -> None:
    assert trim(client, keys, days=100, most=3) == 7
    assert left(client, stream) == 3


def test_the_newest_entry_stays_however_old_it_is(client: "redis.Redis", keys: Keys, stream: str) -> None:
    newest = client.xrevrange(stream, count=1)
    client.xdel(stream, newest[0][0])
    assert trim(client, keys, days=1) == 8
    assert left(client, stream) == 1


def test_what_is_no_stream_is_no_error_and_stays(client: "redis.Redis", keys: Keys) -> None:
    assert trim(client, keys, days=1) == 0
    client.set(keys.articles, "text")
    assert trim(client, keys, days=1) == 0
    assert client.get(keys.articles) == b"text"


@pytest.mark.parametrize("limits", [{"days": 1}, {"days": 100, "most": 1}], ids=["by age", "by number"])
def test_what_a_group_has_not_read_stays(
    client: "redis.Redis", keys: Keys, stream: str, limits: dict[str, int]
) -> None:
    client.xgroup_create(stream, "slow", id="0")
    client.xgroup_create(stream, "fast", id="$")
    assert trim(client, keys, **limits) == 0
    client.xreadgroup("slow", "c", {stream: ">"}, count=3, noack=True)
    assert trim(client, keys, **limits) == 3
    assert not client.exists(keys.overruns)


def test_what_a_group_has_read_and_not_acknowledged_stays(client: "redis.Redis", keys: Keys, stream: str) -> None:
    client.xgroup_create(stream, "g", id="0")
    read = client.xreadgroup("g", "c", {stream: ">"}, count=10)
    ids = [entry for entry, _ in read[0][1]]
    client.xack(stream, "g", *ids[:2], *ids[3:])
    assert trim(client, keys, days=1) == 2
    assert left(client, stream) == 8


def test_what_is_pending_and_no_longer_there_holds_back_nothing(client: "redis.Redis", keys: Keys, stream: str) -> None:
    client.xgroup_create(stream, "g", id="0")
    read = client.xreadgroup("g", "c", {stream: ">"}, count=10)
    ids = [entry for entry, _ in read[0][1]]
    client.xack(stream, "g", *ids[1:])
    client.xdel(stream, ids[0])
    assert trim(client, keys, days=4) == 5


def test_at_the_cap_a_group_loses_what_it_was_not_done_with_and_it_is_told_loudly(
    client: "redis.Redis", keys: Keys, stream: str
) -> None:
    client.xgroup_create(stream, "slow", id="0")
    client.xgroup_create(stream, "fast", id="0")
    client.xreadgroup("slow", "c", {stream: ">"}, count=2)
    read = client.xreadgroup("fast", "c", {stream: ">"}, count=10)
    client.xack(stream, "fast", *(entry for entry, _ in read[0][1]))
    kept = retention(client, keys, stream_cap=4)
    with structlog.testing.capture_logs() as logs:
        trimmed = kept.trim(stream, None)
    assert trimmed.removed == 6
    assert trimmed.groups == {b"slow": Overrun(unread=4, unacknowledged=2), b"fast": Overrun()}
    assert left(client, stream) == 4
    (line,) = logs
    assert (
        line["log_level"],
        line["event"],
        line["stream"],
        line["group"],
        line["unread"],
        line["unacknowledged"],
    ) == (
        "error",
        "trimmed_before_read",
        stream,
        "slow",
        4,
        2,
    )
    assert f"XGROUP DESTROY {stream} slow" in line["next"]
    with structlog.testing.capture_logs() as logs:
        assert kept.trim(stream, None).removed == 0
    assert logs == []


def test_losses_add_up_until_they_are_no_longer_told(client: "redis.Redis", keys: Keys, stream: str) -> None:
    client.xgroup_create(stream, b"\xff any bytes", id="0")
    for cap in (8, 5):
        trim(client, keys, days=100, cap=cap)
    ((field, told),) = client.hgetall(keys.overruns).items()
    assert field == stream.encode() + b" \xff any bytes"
    assert b'"unread":5' in told
    assert 0 < client.ttl(keys.overruns) <= 3 * 86_400


def test_a_round_is_bounded_and_the_next_goes_on(client: "redis.Redis", keys: Keys) -> None:
    stream, beyond = keys.articles, 3
    with client.pipeline(transaction=False) as pipe:
        for number in range(1, STEP * STEPS + beyond + 2):
            pipe.xadd(stream, {"n": number}, id=f"{number}-0")
        pipe.execute()
    assert trim(client, keys, days=1) == STEP * STEPS
    assert trim(client, keys, days=1) == beyond
    assert client.hget(keys.trimmed, stream) == f"{STEP * STEPS + beyond}-0".encode()


def test_every_stream_is_kept_and_the_dead_letters_by_age(client: "redis.Redis", keys: Keys) -> None:
    former = keys.of_topic("sport")
    client.hset(keys.streams, mapping={former: "30", keys.of_topic("gone"): "30"})
    dead = f"{keys.rejected}:dead:g"
    streams = [keys.articles, keys.rejected, keys.of_topic("defense"), former, dead]
    for name in streams:
        fill(client, name)
    client.xgroup_create(keys.rejected, "g", id="$")
    retention(client, keys, retention_days=4, retention_entries=2, topic_streams="defense").keep()
    assert [left(client, name) for name in streams] == [2, 2, 2, 2, 4]
    assert set(client.hkeys(keys.streams)) == {name.encode() for name in streams[:-1]}


def test_what_was_trimmed_is_not_taken_for_lost(make_stack: Callable[..., Stack]) -> None:
    stack = make_stack(COPYDESK_RETENTION_ENTRIES="2")
    watcher, _ = stack.start()
    for number in range(4):
        stack.drop(f"{number}.txt", article(number))
        stack.drop(f"{number}.png", b"\x89PNG\r\n\x1a\n" + bytes([number]))
    stack.wait_until(lambda: len(stack.done()) == 4 and len(stack.failed()) == 8, "every file in its place")
    stack.wait_until(lambda: len(stack.events()) == len(stack.rejections()) == 2, "both streams to be trimmed")
    kill_family(watcher.pid)
    before = stack.events()
    stack.start("watch")  # looks up the entries of the last minute
    stack.drop("last.txt", article(9))
    stack.wait_until(lambda: len(stack.done()) == 5, "the last article")
    assert before[-1].id in [event.id for event in stack.events()]
    assert "stream_lost" not in stack.log_text()
    audit = json.loads(stack.run("verify", "--json"))
    assert (audit["problems"], audit["articles_published"]) == ([], 5)


def test_after_flushall_the_streams_of_topics_come_back_too(make_stack: Callable[..., Stack]) -> None:
    stack = make_stack(COPYDESK_TOPIC_STREAMS="diplomacy sport")
    topic = stack.keys.of_topic("diplomacy")
    stack.start()
    for number in range(3):
        stack.drop(f"{number}.txt", article(number))
    stack.wait_until(lambda: len(stack.done()) == 3, "every file in its place")
    before = sorted(event.id for event in stack.events())
    stack.client.flushall()
    stack.wait_until(lambda: "stream_healed" in stack.log_text() and stack.settled(), "the stream to be healed")
    assert sorted(event.id for event in stack.events()) == before
    assert sorted(fields[b"ce_id"].decode() for _, fields in stack.client.xrange(topic)) == before


@pytest.mark.parametrize("part", ["worker", "up"])
def test_a_topic_that_nobody_knows_is_refused_at_the_start(make_stack: Callable[..., Stack], part: str) -> None:
    stack = make_stack(COPYDESK_TOPIC_STREAMS="sport defence")
    message = stack.run(part, status=1)
    assert "COPYDESK_TOPIC_STREAMS: no topic is called defence, there are defense, diplomacy" in message
    assert "Traceback" not in message


def test_what_a_group_lost_can_be_published_again_by_hand(make_stack: Callable[..., Stack]) -> None:
    stack = make_stack(COPYDESK_STREAM_CAP="1")
    watcher, _ = stack.start()
    for number in range(3):
        stack.drop(f"{number}.txt", article(number))
    stack.wait_until(lambda: len(stack.done()) == 3 and len(stack.events()) == 1, "the stream to be trimmed")
    kill_family(watcher.pid)
    stack.run("replay", "--all")
    assert len(stack.articles()) == 3
    assert len({event.id for event in stack.events()}) == 3
