"""The publish script, in a real server."""

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import redis

from schemas.article import Article
from schemas.event import from_entry
from tests.integration.conftest import RedisServer
from tests.records import TRACEPARENT, record, rejection
from worker.errors import Unavailable
from worker.keys import Keys
from worker.publish import Outcome, Output, Publisher

INBOX_ID = "0123456789abcdef"


@pytest.fixture
def keys() -> Keys:
    return Keys(f"test-{uuid.uuid4().hex[:12]}")


@pytest.fixture
def client(redis_server: RedisServer) -> Iterator["redis.Redis"]:
    with redis.Redis.from_url(redis_server.url) as client:
        yield client


@pytest.fixture
def publisher(client: "redis.Redis", keys: Keys) -> Publisher:
    client.set(keys.marker(INBOX_ID), 1)
    return Publisher(client, keys, ledger_days=1)


def output(result: Any = None, claim: str | None = None) -> Output:
    return Output(claim or uuid.uuid4().hex, "inbox", INBOX_ID, TRACEPARENT, result or record())


def entries(client: "redis.Redis", stream: str) -> list[Any]:
    return list(client.xrange(stream))


def test_new_content_is_one_entry_that_names_its_version(
    publisher: Publisher, client: "redis.Redis", keys: Keys
) -> None:
    (outcome,) = publisher.publish([output()])
    ((entry_id, fields),) = entries(client, keys.articles)
    event = from_entry(fields)
    assert (outcome.status, outcome.entry, outcome.version) == ("published", entry_id.decode(), 1)
    assert event.type == "io.copydesk.article.published.v1"
    assert event.source == "/copydesk/inbox"
    assert fields[b"ce_subject"] == b"article-1"


def test_the_same_content_again_gives_the_earlier_entry(
    publisher: Publisher, client: "redis.Redis", keys: Keys
) -> None:
    (first,) = publisher.publish([output()])
    (second,) = publisher.publish([output()])
    assert (second.status, second.entry, second.version) == ("duplicate", first.entry, 1)
    assert len(entries(client, keys.articles)) == 1


def test_changed_content_is_a_correction_with_the_next_version(
    publisher: Publisher, client: "redis.Redis", keys: Keys
) -> None:
    publisher.publish([output(record("One."))])
    outcomes = publisher.publish([output(record("Two.")), output(record("Three.")), output(record("Two."))])
    assert [(o.status, o.version) for o in outcomes] == [("published", 2), ("published", 3), ("duplicate", 2)]
    events = [from_entry(fields) for _, fields in entries(client, keys.articles)]
    assert [event.type.split(".")[3] for event in events] == ["published", "corrected", "corrected"]
    assert [event.data.version for event in events if isinstance(event.data, Article)] == [1, 2, 3]
    assert len({event.id for event in events}) == 3


def test_a_claim_that_is_settled_gives_its_outcome_and_nothing_else(
    publisher: Publisher, client: "redis.Redis", keys: Keys
) -> None:
    (first,) = publisher.publish([output(record("One."), claim="c")])
    (again,) = publisher.publish([output(record("Two."), claim="c")])
    assert again == first
    assert len(entries(client, keys.articles)) == 1


def test_a_rejection_is_one_entry_however_often_it_is_delivered(
    publisher: Publisher, client: "redis.Redis", keys: Keys
) -> None:
    (first,) = publisher.publish([output(rejection(), claim="c")])
    (again,) = publisher.publish([output(rejection(), claim="c")])
    assert first == again
    assert first.rejection == rejection()
    ((_, fields),) = entries(client, keys.rejected)
    assert from_entry(fields).type == "io.copydesk.article.rejected.v1"
    assert not client.exists(keys.articles)


def test_publishing_drops_the_blob_and_the_attempts(publisher: Publisher, client: "redis.Redis", keys: Keys) -> None:
    client.set(keys.blob("c"), b"bytes")
    client.hset(keys.attempts("c"), "runs", "1")
    publisher.publish([output(claim="c")])
    assert not client.exists(keys.blob("c"), keys.attempts("c"))


def test_the_ledger_and_the_outcome_have_a_lifetime(publisher: Publisher, client: "redis.Redis", keys: Keys) -> None:
    publisher.publish([output(claim="c")])
    assert 0 < client.ttl(keys.ledger("article-1")) <= 86_400
    assert 0 < client.ttl(keys.outcome("c")) <= 86_400


def test_a_server_that_lost_the_script_is_given_it_again(
    publisher: Publisher, client: "redis.Redis", keys: Keys
) -> None:
    publisher.publish([output(record("One."))])
    client.script_flush()
    publisher.publish([output(record("Two."))])
    assert len(entries(client, keys.articles)) == 2


@pytest.mark.usefixtures("publisher")
def test_many_writers_of_one_article_leave_one_entry_a_version(
    redis_server: RedisServer, client: "redis.Redis", keys: Keys
) -> None:
    def write(number: int) -> None:
        with redis.Redis.from_url(redis_server.url) as own:
            of_own = Publisher(own, keys, ledger_days=1)
            for text in (f"Text {number % 4}.", f"Text {(number + 1) % 4}."):
                of_own.publish([output(record(text))])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(16)))
    versions = [json.loads(fields[b"data"])["version"] for _, fields in entries(client, keys.articles)]
    assert versions == [1, 2, 3, 4]


def test_nothing_is_published_while_the_ledger_is_lost(publisher: Publisher, client: "redis.Redis", keys: Keys) -> None:
    client.flushall()
    with pytest.raises(Unavailable, match="lost the ledger"):
        publisher.publish([output(claim="c")])
    assert not client.exists(keys.articles, keys.outcome("c"))
    publisher.publish([output(rejection())])
    assert len(entries(client, keys.rejected)) == 1


def test_a_lost_entry_comes_again_once_as_the_version_that_it_was(
    publisher: Publisher, client: "redis.Redis", keys: Keys
) -> None:
    publisher.publish([output(record("One.")), output(record("Two.")), output(record("Three."))])
    before = [(from_entry(fields).id, from_entry(fields).type) for _, fields in entries(client, keys.articles)]
    client.delete(keys.articles)
    ledger = keys.ledger("article-1")
    for number, text in enumerate(("One.", "Two."), start=1):
        client.hset(ledger, record(text).dedupe.content_sha256, f"- {number}")
    outcomes = publisher.publish([output(record(text)) for text in ("Two.", "One.", "Two.", "Three.", "Four.")])
    assert [(o.status, o.version) for o in outcomes] == [
        ("published", 2),
        ("published", 1),
        ("duplicate", 2),
        ("duplicate", 3),
        ("published", 4),
    ]
    after = [(from_entry(fields).id, from_entry(fields).type) for _, fields in entries(client, keys.articles)]
    assert set(after[:2]) == set(before[:2])


def test_a_full_server_publishes_nothing_and_says_so(publisher: Publisher, client: "redis.Redis", keys: Keys) -> None:
    client.config_set("maxmemory", "1")
    try:
        with pytest.raises(redis.RedisError):
            publisher.publish([output(claim="c")])
    finally:
        client.config_set("maxmemory", "0")
    assert not client.exists(keys.articles, keys.outcome("c"))
    publisher.publish([output(claim="c")])
    assert len(entries(client, keys.articles)) == 1


def part(number: str, result: Any = None) -> Output:
    return replace(output(result, claim="c"), number=number)


def test_a_part_is_one_entry_however_often_it_is_delivered_and_does_not_settle_its_claim(
    publisher: Publisher, client: "redis.Redis", keys: Keys
) -> None:
    client.set(keys.blob("c"), b"bytes")
    client.hset(keys.attempts("c"), "runs", "1")
    outputs = [part("1", record("One.")), part("2", rejection()), part("3", record("One."))]
    first = publisher.publish(outputs)
    assert publisher.publish(outputs) == first
    assert [(outcome.number, outcome.status) for outcome in first] == [
        ("1", "published"),
        ("2", "rejected"),
        ("3", "duplicate"),
    ]
    assert len(entries(client, keys.articles)) == 1
    ((_, fields),) = entries(client, keys.rejected)
    assert fields[b"ce_id"] == b"c.2"
    assert client.exists(keys.blob("c"))
    assert not client.exists(keys.outcome("c"), keys.attempts("c"))
    assert 0 < client.ttl(keys.parts("c")) <= 86_400


def test_a_claim_is_settled_once_each_of_its_parts_has_an_outcome(
    publisher: Publisher, client: "redis.Redis", keys: Keys
) -> None:
    parts = tuple(publisher.publish([part("1", record("One.")), part("2", rejection())]))
    whole = Outcome("published", "", parts=parts, rejection=rejection())
    with pytest.raises(Unavailable, match="what became"):
        publisher.settle("c", replace(whole, parts=(*parts, parts[0])))
    assert not client.exists(keys.outcome("c"))
    outcome = publisher.settle("c", whole)
    assert outcome == replace(whole, parts=(parts[0], replace(parts[1], rejection=None)))
    assert not client.exists(keys.parts("c"), keys.blob("c"), keys.attempts("c"))
    assert publisher.settle("c", replace(whole, status="duplicate")) == outcome


def test_a_worker_that_comes_late_with_a_part_of_a_settled_file_adds_nothing(
    publisher: Publisher, client: "redis.Redis", keys: Keys
) -> None:
    parts = tuple(publisher.publish([part("1"), part("2", rejection())]))
    publisher.settle("c", Outcome("published", "", parts=parts))
    (late,) = publisher.publish([part("2", rejection())])
    assert late.number is None
    assert len(entries(client, keys.rejected)) == 1
    assert not client.exists(keys.parts("c"))


def test_many_versions_of_an_article_at_once_come_in_their_order(
    publisher: Publisher, client: "redis.Redis", keys: Keys
) -> None:
    outcomes = publisher.publish([output(record(f"Edition {number}.")) for number in range(1, 33)])
    assert [outcome.version for outcome in outcomes] == list(range(1, 33))
    texts = [json.loads(fields[b"data"])["text"] for _, fields in entries(client, keys.articles)]
    assert texts == [f"Edition {number}." for number in range(1, 33)]
