"""What is told of consumer groups, and of the folder, with a real server."""

import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.integration.conftest import RedisServer
from worker.groups import PAGE, Group, groups_of
from worker.inbox import Inbox
from worker.keys import Keys
from worker.retention import Retention
from worker.settings import Settings
from worker.status import Status, take_snapshot

DAY_MS = 86_400_000


@pytest.fixture
def keys() -> Keys:
    return Keys(f"test-{uuid.uuid4().hex[:12]}")


@pytest.fixture
def client(redis_server: RedisServer) -> "redis.Redis":
    return redis_server.client


def fill(client: "redis.Redis", stream: str, count: int, days: int = 0) -> list[str]:
    """Add entries, a millisecond after one another; gives their ids."""
    start = int(time.time() * 1000) - days * DAY_MS - count
    return [client.xadd(stream, {"n": n}, id=f"{start + n}-0").decode() for n in range(count)]


def group(client: "redis.Redis", stream: str, **limits: int) -> Group:
    (found,) = groups_of(client, stream, **limits)
    return found


def snapshot(client: "redis.Redis", keys: Keys, folder: Path) -> Status:
    inbox = Inbox(folder, ())
    inbox.prepare()
    return take_snapshot(inbox, client, keys)


@pytest.mark.parametrize("read", [0, 1, PAGE, PAGE + 1, 2 * PAGE + 49, 2 * PAGE + 50])
def test_what_a_group_has_not_read_is_counted_from_wherever_it_began(
    client: "redis.Redis", keys: Keys, read: int
) -> None:
    total = 2 * PAGE + 50
    ids = ["0", *fill(client, keys.articles, total)]
    client.xgroup_create(keys.articles, "g", id=ids[read])
    found = group(client, keys.articles)
    assert (found.lag, found.more, found.pending, found.consumers) == (total - read, False, 0, 0)


def test_what_was_trimmed_unread_is_nothing_to_read(newest_server: RedisServer, keys: Keys) -> None:
    client = newest_server.client
    fill(client, keys.articles, 10)
    client.xgroup_create(keys.articles, "g", id="0")
    client.xreadgroup("g", "c", {keys.articles: ">"}, count=2, noack=True)
    client.xtrim(keys.articles, maxlen=3, approximate=False)
    assert group(client, keys.articles).lag == 3


def test_counting_ends_somewhere(client: "redis.Redis", keys: Keys) -> None:
    ids = fill(client, keys.articles, 3 * PAGE)
    client.xdel(keys.articles, ids[2])  # so that no server knows the lag of a group that begins in the midst
    client.xgroup_create(keys.articles, "g", id=ids[1])
    found = group(client, keys.articles, lag_limit=PAGE)
    assert (found.lag, found.more) == (PAGE, True)


def test_the_oldest_entry_that_a_group_needs_is_pending_or_not_read(client: "redis.Redis", keys: Keys) -> None:
    ids = [*fill(client, keys.articles, 2, days=10), *fill(client, keys.articles, 2, days=5)]
    client.xgroup_create(keys.articles, "g", id="0")
    client.xreadgroup("g", "c", {keys.articles: ">"}, count=3)

    def days() -> int | None:
        needs = group(client, keys.articles).needs
        return None if needs is None else round(needs / 86_400)

    assert days() == 10
    client.xack(keys.articles, "g", *ids[:3])
    assert days() == 5
    client.xreadgroup("g", "c", {keys.articles: ">"}, count=3, noack=True)
    assert days() is None


@pytest.mark.parametrize("kind", ["none", "string"])
def test_a_key_that_holds_no_stream_has_no_groups(client: "redis.Redis", keys: Keys, kind: str) -> None:
    if kind == "string":
        client.set(keys.of_topic("sport"), "text")
    assert groups_of(client, keys.of_topic("sport")) == ()


def about(lines: Sequence[str], what: str) -> str:
    (line,) = [line for line in lines if what in line]
    return line


def test_the_status_names_groups_that_hold_back_lose_or_give_up_entries(
    client: "redis.Redis", keys: Keys, tmp_path: Path
) -> None:
    topic = keys.of_topic("sport")
    fill(client, keys.articles, 3, days=8)
    fill(client, topic, 5)
    fill(client, f"{topic}:dead:late", 2)
    client.xgroup_create(keys.articles, "slow", id="0")
    client.xgroup_create(topic, "late", id="0")
    settings: dict[str, Any] = {"prefix": keys.prefix, "topic_streams": "sport", "stream_cap": 3, "retention_days": 7}
    Retention(client, Settings(**settings)).keep()
    found = snapshot(client, keys, tmp_path / "inbox")
    assert [(g.stream, g.name, g.lag, g.dead) for g in found.groups] == [
        (keys.articles, "slow", 3, 0),
        (topic, "late", 3, 2),
    ]
    assert found.topic_streams == {topic: 3}
    assert f"XGROUP DESTROY {keys.articles} slow" in about(found.notes, "8 days")
    assert f"XRANGE {topic}:dead:late - +" in about(found.notes, "gave up 2 entries")
    told = about(found.problems, "was at its cap")
    assert f"{topic} was" in told
    assert "group late lost 2 entries that it had not read and 0 that" in told
    client.hdel(keys.overruns, f"{topic} late")
    assert not [line for line in snapshot(client, keys, tmp_path / "inbox").problems if "cap" in line]


def test_a_folder_that_is_kept_for_the_next_file_is_not_in_flight(
    client: "redis.Redis", keys: Keys, tmp_path: Path
) -> None:
    inbox = Inbox(tmp_path)
    inbox.prepare()
    (tmp_path / "a.txt").write_text("text")
    (found,) = [inbox.claim(found, datetime.now(UTC)) for found in inbox.waiting()]
    assert snapshot(client, keys, tmp_path).in_flight == 1
    assert found is not None
    inbox.finish(found, lambda _place: None)
    assert snapshot(client, keys, tmp_path).in_flight == 0
