"""What the ledger remembers again, and what it does not unlearn."""

import json
import uuid
from dataclasses import replace

import fakeredis
import pytest

from tests.records import rejection
from worker.claim import Claim
from worker.journal import Settled
from worker.keys import Keys
from worker.ledger import Ledger
from worker.publish import Outcome

CONTENT = "c" * 64


@pytest.fixture
def keys() -> Keys:
    return Keys(uuid.uuid4().hex)


@pytest.fixture
def client() -> fakeredis.FakeRedis:
    return fakeredis.FakeRedis()


@pytest.fixture
def ledger(client: fakeredis.FakeRedis, keys: Keys) -> Ledger:
    return Ledger(client, keys, "inbox", days=1)


def settled(entry: str, version: int = 2) -> Settled:
    claim = Claim("20260131T000000000000-000000000000", "a.txt")
    return Settled(claim, "published", (), entry, "article-1", version, CONTENT, None, None, 1.0)


@pytest.mark.parametrize(
    ("known", "lost", "after"),
    [
        (None, False, "5-0 2"),
        (None, True, "- 2"),
        ("5-0 2", False, "5-0 2"),
        ("5-0 2", True, "- 2"),
        ("9-0 2", True, "9-0 2"),
        ("- 2", True, "- 2"),
    ],
    ids=["unknown", "unknown and lost", "known", "known and lost", "published again since", "lost already"],
)
def test_an_entry_is_remembered_or_marked_as_lost(
    ledger: Ledger, client: fakeredis.FakeRedis, keys: Keys, known: str | None, lost: bool, after: str
) -> None:
    if known:
        client.hset(keys.ledger("article-1"), CONTENT, known)
    ledger.restore([settled("5-0")], {(keys.articles, "5-0")} if lost else set())
    assert client.hget(keys.ledger("article-1"), CONTENT) == after.encode()
    assert client.hget(keys.ledger("article-1"), "version") == b"2"
    assert 0 < client.ttl(keys.ledger("article-1")) <= 86_400


def test_a_version_is_never_taken_back(ledger: Ledger, client: fakeredis.FakeRedis, keys: Keys) -> None:
    client.hset(keys.ledger("article-1"), "version", 7)
    ledger.restore([settled("5-0", version=2)], set())
    assert client.hget(keys.ledger("article-1"), "version") == b"7"


def test_a_marker_that_is_older_than_known_stays_so(ledger: Ledger, client: fakeredis.FakeRedis, keys: Keys) -> None:
    assert ledger.renew_marker(0) == (None, None)
    ledger.set_healing(True)
    set_at = ledger.set_marker()
    assert set_at is not None
    was, now = ledger.renew_marker(set_at)
    assert was == set_at
    assert now is not None
    assert now >= set_at
    client.set(keys.marker("inbox"), 1000)
    assert ledger.renew_marker(now) == (1000, 1000)
    assert client.get(keys.marker("inbox")) == b"1000"


def test_publishing_goes_on_only_where_healing_was_begun_and_not_lost(ledger: Ledger) -> None:
    assert ledger.set_marker() is None
    ledger.set_healing(True)
    assert ledger.set_marker()


@pytest.mark.parametrize(("entry", "stays"), [("5-0", False), ("9-0", True)])
def test_only_the_outcome_that_was_lost_is_forgotten_and_not_that_of_a_run_since(
    ledger: Ledger, client: fakeredis.FakeRedis, keys: Keys, entry: str, stays: bool
) -> None:
    found = settled("5-0")
    client.set(keys.outcome(found.claim.id), json.dumps({"status": "published", "entry": entry}))
    ledger.forget_outcome(found)
    assert bool(client.exists(keys.outcome(found.claim.id))) == stays


def of_many(client: fakeredis.FakeRedis, keys: Keys) -> Settled:
    """A file of three articles: the first two published, the third rejected."""
    bad = client.xadd(keys.rejected, {"data": rejection().model_dump_json()}).decode()
    parts = [settled("5-0"), settled("6-0"), replace(settled(bad), status="rejected", article=None, content=None)]
    numbered = tuple(replace(part, number=str(number)) for number, part in enumerate(parts, start=1))
    return replace(settled(""), article=None, content=None, parts=numbered)


def kept(client: fakeredis.FakeRedis, keys: Keys, found: Settled) -> dict[str, Outcome]:
    stored = client.hgetall(keys.parts(found.claim.id))
    return {number.decode(): Outcome.from_json(told) for number, told in stored.items()}


def test_of_a_file_that_runs_again_the_articles_that_are_not_meant_keep_their_outcomes(
    ledger: Ledger, client: fakeredis.FakeRedis, keys: Keys
) -> None:
    found = of_many(client, keys)
    ledger.forget_outcome(found, {found.parts[1]})
    outcomes = kept(client, keys, found)
    assert {number: (o.status, o.entry) for number, o in outcomes.items()} == {
        "1": ("published", "5-0"),
        "3": ("rejected", found.parts[2].entry),
    }
    assert outcomes["3"].rejection == rejection()
    assert 0 < client.ttl(keys.parts(found.claim.id)) <= 86_400


def test_what_a_run_since_then_told_of_an_article_stays(
    ledger: Ledger, client: fakeredis.FakeRedis, keys: Keys
) -> None:
    found = of_many(client, keys)
    client.hset(keys.parts(found.claim.id), "1", Outcome("published", "9-0", number="1").to_json())
    ledger.forget_outcome(found, {found.parts[1]})
    assert kept(client, keys, found)["1"].entry == "9-0"


@pytest.mark.parametrize(("entry", "stays"), [("6-0", False), ("9-0", True)])
def test_of_a_file_of_many_only_the_outcome_that_was_lost_is_forgotten(
    ledger: Ledger, client: fakeredis.FakeRedis, keys: Keys, entry: str, stays: bool
) -> None:
    found = of_many(client, keys)
    parts = [Outcome("published", part.entry, number=part.number) for part in found.parts]
    outcome = Outcome("published", "", parts=(parts[0], replace(parts[1], entry=entry), parts[2]))
    client.set(keys.outcome(found.claim.id), outcome.to_json())
    ledger.forget_outcome(found, {found.parts[1]})
    assert bool(client.exists(keys.outcome(found.claim.id))) == stays
    assert bool(kept(client, keys, found)) != stays
