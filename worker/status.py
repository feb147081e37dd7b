"""What the service is doing: one snapshot of the folder, the queue, the streams and the parts."""

import itertools
import time
from dataclasses import asdict, dataclass
from typing import Any

import redis

from worker import alive
from worker.claim_check import ClaimCheck
from worker.connection import text_of
from worker.inbox import CLAIMED, Inbox
from worker.keys import Keys
from worker.server import eviction_risk

COUNT_LIMIT = 1_000_000  # waiting files are counted up to here; a listing of so many takes a second already


@dataclass(frozen=True, slots=True)
class Group:
    """A consumer group of the article stream: entries it has not read yet (None: unknown) and not acknowledged."""

    name: str
    lag: int | None
    pending: int


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of files and entries, and what the parts of the service last said.

    Attributes:
        waiting: Files in the inbox, as far as they were counted.
        in_flight: Files claimed and not settled.
        queued: Batches that no worker has taken yet.
        in_hand: Batches that workers have taken.
        articles: Entries on the article stream.
        rejected: Entries on the rejected stream.
        groups: Consumer groups of the article stream.
        parts: Watchers and workers: how many seconds ago each reported.
        problems: What is wrong, in words; empty when all is well.
        notes: What is worth knowing and not wrong.
    """

    waiting: int
    in_flight: int
    queued: int
    in_hand: int
    articles: int
    rejected: int
    groups: tuple[Group, ...]
    parts: dict[str, float]
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return asdict(self)


def take_snapshot(inbox: Inbox, client: "redis.Redis", keys: Keys, count_limit: int = COUNT_LIMIT) -> Status:
    """Look at everything once; waiting files are counted up to a limit.

    Raises:
        redis.RedisError: The server does not answer.
        Unavailable: The inbox cannot be read.
    """
    queued, in_hand = ClaimCheck(client, keys).backlog()
    said = alive.parts(client, keys)
    ages = {name: round(time.time() - fields["at"], 1) for name, fields in said.items()}
    return Status(
        waiting=sum(1 for _ in itertools.islice(inbox.waiting(), count_limit)),
        in_flight=sum(1 for _ in (inbox.root / CLAIMED).glob("*")),
        queued=queued,
        in_hand=in_hand,
        articles=int(client.xlen(keys.articles)),
        rejected=int(client.xlen(keys.rejected)),
        groups=_groups(client, keys.articles),
        parts=ages,
        problems=tuple(_problems(client, ages)),
        notes=tuple(
            f"{name} polls its inbox, because file events do not reach it; its log says why (no_file_events)"
            for name, fields in said.items()
            if fields.get("polls") and ages[name] <= alive.STALE_SECONDS
        ),
    )


def _groups(client: "redis.Redis", stream: str) -> tuple[Group, ...]:
    found: list[dict[str, Any]] = client.xinfo_groups(stream) if client.exists(stream) else []
    return tuple(Group(text_of(group["name"]), group.get("lag"), int(group["pending"])) for group in found)


def _problems(client: "redis.Redis", ages: dict[str, float]) -> list[str]:
    problems = []
    for part in ("watcher", "worker"):
        running = [age for name, age in ages.items() if name.startswith(f"{part}@")]
        if not running:
            problems.append(f"no {part} has reported; start one with `copydesk {part.replace('watcher', 'watch')}`")
        elif min(running) > alive.STALE_SECONDS:
            problems.append(f"no {part} has reported for {min(running):.0f} s")
    if risk := eviction_risk(client):
        problems.append(risk)
    return problems
