"""The ledger's other side."""

import json

import fakeredis
import pytest

from worker.inbox import Claim
from worker.journal import Settled
from worker.keys import Keys
from worker.ledger import Ledger

KEYS = Keys("test")
CLAIM = Claim("20260131T120000000000-0123456789ab", "a.png")


@pytest.mark.parametrize(("entry", "stays"), [("1-0", False), ("2-0", True)])
def test_only_the_outcome_that_was_lost_is_forgotten_and_not_that_of_a_run_since(entry: str, stays: bool) -> None:
    client = fakeredis.FakeRedis()
    client.set(KEYS.outcome(CLAIM.id), json.dumps({"status": "rejected", "entry": entry}))
    found = Settled(
        CLAIM,
        status="rejected",
        places=("_failed/2026-01-31/a.png",),
        entry="1-0",
        article=None,
        version=None,
        content=None,
        topic=None,
        pipeline=None,
        at=0.0,
    )
    Ledger(client, KEYS, "inbox", days=1).forget_outcome(found)
    assert bool(client.exists(KEYS.outcome(CLAIM.id))) == stays
