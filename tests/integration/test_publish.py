"""The publish script, in a real server."""

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import redis

from schemas.article import Article, Topic
from schemas.event import from_entry
from tests.integration.conftest import RedisServer
from tests.records import TRACEPARENT, record, rejection
from worker.errors import Unavailable
from worker.keys import Keys
from worker.publish import Outcome, Output, Publisher

INBOX_ID = "0123456789abcdef"
LEDGER_DAYS = 3
DAY = 86_400  # seconds


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
    return Publisher(client, keys, ledger_days=LEDGER_DAYS)


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


def test_an_outcome_lives_as_long_as_the_ledger(publisher: Publisher, client: "redis.Redis", keys: Keys) -> None:
    """A watcher may be away for days; without its outcome a rejection would be published again."""
    part = replace(output(rejection(), claim="several"), number="1")
    outcomes = publisher.publish([output(claim="c"), output(rejection(), claim="rejected"), part])
    remembered = [keys.ledger("article-1"), keys.outcome("c"), keys.outcome("rejected"), keys.parts("several")]
    publisher.settle("whole", Outcome("rejected", "", parts=(), rejection=outcomes[1].rejection))
    for key in (*remembered, keys.outcome("whole")):
        assert (LEDGER_DAYS - 1) * DAY < client.ttl(key) <= LEDGER_DAYS * DAY


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
    assert client.ttl(keys.parts("c")) > 0


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


@pytest.fixture
def by_topic(publisher: Publisher, client: "redis.Redis", keys: Keys) -> Publisher:
    """One that puts articles of two topics on streams of their own as well."""
    assert publisher
    return Publisher(client, keys, ledger_days=1, topics=("defense", "sport"))


def about(text: str, *topics: str, number: int = 1) -> Article:
    given = tuple(Topic(id=topic, name=topic, qcode=None, confidence=0.9, evidence=(), rest=2.0) for topic in topics)
    return record(text, id=f"article-{number}", topics=given, primary_topic=topics[0] if topics else None)


def events(client: "redis.Redis", stream: str) -> list[str]:
    return [fields[b"ce_id"].decode() for _, fields in entries(client, stream)]


def test_an_article_goes_to_the_stream_of_each_topic_that_has_one(
    by_topic: Publisher, client: "redis.Redis", keys: Keys
) -> None:
    texts = {"One.": ("energy", "sport"), "Two.": ("sport", "defense"), "Three.": (), "Four.": ("energy",)}
    by_topic.publish([output(about(text, *topics)) for text, topics in texts.items()] + [output(rejection())])
    one, two, three, four = (fields for _, fields in entries(client, keys.articles))
    assert [fields for _, fields in entries(client, keys.of_topic("sport"))] == [one, two]
    assert [fields for _, fields in entries(client, keys.of_topic("defense"))] == [two]
    assert not client.exists(keys.of_topic("energy"))
    assert (three[b"topics"], four[b"topics"]) == (b"", b"energy")


def test_a_part_of_a_file_goes_to_topic_streams_too_and_only_once(
    by_topic: Publisher, client: "redis.Redis", keys: Keys
) -> None:
    outputs = [part("1", about("One.", "sport", "defense")), part("2", rejection())]
    first = by_topic.publish(outputs)
    assert by_topic.publish(outputs) == first
    assert by_topic.publish([output(about("One.", "sport"))])[0].status == "duplicate"
    assert events(client, keys.of_topic("sport")) == events(client, keys.articles)
    assert len(events(client, keys.of_topic("sport"))) == 1
    assert client.hlen(keys.parts("c")) == 2


def test_a_topic_stream_that_is_no_stream_holds_its_articles_back_and_no_others(
    by_topic: Publisher, client: "redis.Redis", keys: Keys
) -> None:
    sport, defense = keys.of_topic("sport"), keys.of_topic("defense")
    client.set(sport, "text")
    outputs = [
        output(about("One.", "defense", "sport"), claim="c"),
        output(about("Two.", "defense", number=2), claim="d"),
    ]
    for _ in range(3):
        with pytest.raises(Unavailable, match=f"{sport} of a topic stream holds something else: RENAME or DEL"):
            by_topic.publish(outputs)
    assert not client.exists(keys.outcome("c"), keys.ledger("article-1"))
    assert len(events(client, keys.articles)) == len(events(client, defense)) == 1
    client.delete(sport)
    assert [outcome.status for outcome in by_topic.publish(outputs)] == ["published", "published"]
    assert len(events(client, keys.articles)) == 2
    assert events(client, defense) == events(client, keys.articles)
    assert events(client, sport) == events(client, keys.articles)[1:]


def test_a_topic_stream_that_refuses_in_the_midst_costs_no_entry_and_doubles_none_on_the_main_stream(
    by_topic: Publisher, client: "redis.Redis", keys: Keys
) -> None:
    full, other = keys.of_topic("sport"), keys.of_topic("defense")
    client.xadd(full, {"no": "more"}, id=f"{2**64 - 1}-{2**64 - 1}")
    for _ in range(2):
        with pytest.raises(redis.ResponseError, match="ID"):
            by_topic.publish([output(about("One.", "defense", "sport"), claim="c")])
    client.delete(full)
    by_topic.publish([output(about("One.", "defense", "sport"), claim="c")])
    assert len(events(client, keys.articles)) == len(events(client, full)) == 1
    assert set(events(client, other)) == set(events(client, keys.articles))


def test_an_entry_that_was_lost_comes_back_to_its_topic_streams(
    by_topic: Publisher, client: "redis.Redis", keys: Keys
) -> None:
    article = about("One.", "sport")
    by_topic.publish([output(article)])
    before = events(client, keys.articles)
    client.delete(keys.articles, keys.of_topic("sport"))
    client.hset(keys.ledger("article-1"), article.dedupe.content_sha256, "- 1")
    by_topic.publish([output(article)])
    assert events(client, keys.articles) == events(client, keys.of_topic("sport")) == before


def test_a_server_killed_while_articles_are_published_has_each_once_on_each_stream_after_all_are_repeated(
    redis_server: RedisServer, client: "redis.Redis", keys: Keys, by_topic: Publisher
) -> None:
    outputs = [output(about(f"Text {n}.", "sport", number=n), claim=f"claim-{n}") for n in range(400)]

    def publish() -> None:
        for start in range(0, len(outputs), 10):
            by_topic.publish(outputs[start : start + 10])

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(publish)
        redis_server.wait_until(lambda: redis_server.client.xlen(keys.articles) > 50, "some entries")
        redis_server.kill()
        with pytest.raises(redis.RedisError):
            writing.result()
    redis_server.start()
    publish()
    assert len(events(client, keys.articles)) == len(set(events(client, keys.articles))) == 400
    assert events(client, keys.of_topic("sport")) == events(client, keys.articles)
