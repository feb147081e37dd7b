"""What the service is doing: one snapshot of the folder, the queue, the streams and the parts."""

import itertools
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import redis

from worker import alive
from worker.claim_check import ClaimCheck
from worker.connection import text_of
from worker.groups import LAG_LIMIT, Group, groups_of, length_of, streams_of
from worker.inbox import Inbox
from worker.keys import Keys
from worker.publish import DAY
from worker.retention import TOLD_SECONDS, shown, what_to_do
from worker.server import eviction_risk

SLACK_SECONDS = 3600  # that an entry may be past its time before the group that holds it is named
COUNT_LIMIT = 1_000_000  # waiting files are counted up to here; a listing of so many takes a second already


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
        groups: Consumer groups of all streams.
        parts: Watchers and workers: how many seconds ago each reported.
        problems: What is wrong, in words; empty when all is well.
        notes: What is worth knowing and not wrong.
        topic_streams: Entries on the stream of each topic that has one, by its key.
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
    topic_streams: dict[str, int] = field(default_factory=dict)

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
    streams = streams_of(client, keys)
    groups = tuple(group for stream in streams for group in groups_of(client, stream, min(LAG_LIMIT, count_limit)))
    ages = {name: round(time.time() - fields["at"], 1) for name, fields in said.items()}
    return Status(
        waiting=sum(1 for _ in itertools.islice(inbox.waiting(), count_limit)),
        in_flight=sum(1 for _ in inbox.in_flight()),
        queued=queued,
        in_hand=in_hand,
        articles=int(client.xlen(keys.articles)),
        rejected=int(client.xlen(keys.rejected)),
        groups=groups,
        parts=ages,
        problems=(*_problems(client, ages), *_overruns(client, keys)),
        notes=(*_polling(said, ages), *_holding(groups, streams), *_dead(groups)),
        topic_streams={
            stream: length_of(client, stream) for stream in streams if stream not in (keys.articles, keys.rejected)
        },
    )


def _polling(said: Mapping[str, alive.Fields], ages: Mapping[str, float]) -> Iterator[str]:
    for name, fields in said.items():
        if fields.get("polls") and ages[name] <= alive.STALE_SECONDS:
            yield f"{name} polls its inbox, because file events do not reach it; its log says why (no_file_events)"


def _holding(groups: Iterable[Group], streams: Mapping[str, int]) -> Iterator[str]:
    """Groups for which entries are kept that are past their time."""
    for group in groups:
        days = streams[group.stream]
        if days and group.needs is not None and group.needs > days * DAY + SLACK_SECONDS:
            yield (
                f"{group.stream} keeps entries of {group.needs / DAY:.0f} days, longer than COPYDESK_RETENTION_DAYS "
                f"({days}), for the group {group.name}; if nobody reads it any more: "
                f"XGROUP DESTROY {group.stream} {group.name}"
            )


def _dead(groups: Iterable[Group]) -> Iterator[str]:
    for group in groups:
        if group.dead:
            key = f"{group.stream}:dead:{group.name}"
            yield (
                f"the group {group.name} gave up {group.dead} entries of {group.stream}; "
                f"read them with XRANGE {key} - + COUNT 10, and DEL {key} when they are seen to"
            )


def _overruns(client: "redis.Redis", keys: Keys) -> Iterator[str]:
    """What was lately trimmed before a group was done with it."""
    found: dict[Any, Any] = client.hgetall(keys.overruns)
    for key, told in sorted(found.items()):
        of, _, name = key.partition(b" ")
        lost, stream, group = json.loads(told), text_of(of), shown(name)
        ago = time.time() - lost["at"]
        if ago <= TOLD_SECONDS:
            yield (
                f"{stream} was at its cap, and the group {group} lost {lost['unread']} entries that it had "
                f"not read and {lost['unacknowledged']} that it had not acknowledged, lastly {ago / 60:.0f} min ago: "
                f"{what_to_do(stream, group)} (HDEL {keys.overruns} '{stream} {group}' ends this line)"
            )


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
