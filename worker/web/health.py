"""Whether the service makes progress: what load balancers and monitors ask for."""

import asyncio
import itertools
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import redis
from anyio import CapacityLimiter, to_thread

from worker import alive
from worker.celery import stuck_after
from worker.errors import Unavailable
from worker.inbox import Inbox
from worker.keys import Keys
from worker.settings import Settings
from worker.status import Status, take_snapshot

LOOKED_AT = 10_000  # waiting files, at most
OLD_SECONDS = 900.0  # that a file may wait; a backlog that takes longer is better not added to
FRESH_SECONDS = 1.0  # for which an answer is given again: anybody may ask


@dataclass(frozen=True, slots=True)
class Report:
    """One look.

    Attributes:
        problems: Why the service is not ready, in words; empty when it is.
        oldest: For how many seconds the oldest waiting file has waited.
        status: Counts; None where Redis does not answer.
    """

    problems: tuple[str, ...]
    oldest: float
    status: Status | None


class Health:
    """Looks at the inbox, at Redis and at what the parts of the service say, at most once a second."""

    def __init__(self, settings: Settings, inbox: Inbox, client: "redis.Redis", keys: Keys) -> None:
        self._settings = settings
        self._inbox = inbox
        self._client = client
        self._keys = keys
        self._thread = CapacityLimiter(1)
        self._running: asyncio.Task[Report] | None = None
        self._last: tuple[float, Report] | None = None

    async def look(self) -> Report:
        """How things are; at most a second old. Those who ask while one looks are told what it sees."""
        if self._last is not None and time.monotonic() - self._last[0] <= FRESH_SECONDS:
            return self._last[1]
        if self._running is None:
            self._running = asyncio.create_task(self._look_anew())
        return await asyncio.shield(self._running)  # who goes away takes nothing from the others

    async def _look_anew(self) -> Report:
        try:
            report = await to_thread.run_sync(self._look, time.time(), limiter=self._thread)
            self._last = time.monotonic(), report
            return report
        finally:
            self._running = None

    def _look(self, now: float) -> Report:
        problems: list[str] = []
        oldest, status = 0.0, None
        try:
            oldest = self._oldest(now)
        except (OSError, Unavailable):
            problems.append("the inbox cannot be read")
        else:
            if oldest > OLD_SECONDS:
                problems.append(f"a file has waited in the inbox for {oldest:.0f} s")
        try:
            said = alive.parts(self._client, self._keys)
            problems += unwell(said, stuck_after(self._settings), now)
            status = take_snapshot(self._inbox, self._client, self._keys, count_limit=LOOKED_AT)
        except redis.RedisError:
            problems.append("Redis does not answer")
        except (OSError, Unavailable):
            pass  # told above
        return Report(tuple(problems), oldest, status)

    def _oldest(self, now: float) -> float:
        """By when a file came to its place or was last written to, for its own time may be that of another machine."""
        oldest = now
        for found in itertools.islice(self._inbox.waiting(), LOOKED_AT):
            try:
                oldest = min(oldest, found.stat().st_ctime)
            except FileNotFoundError:
                continue
        return now - oldest


def unwell(said: Mapping[str, Mapping[str, float]], limit: float, now: float) -> Iterator[str]:
    """Which parts do not do their work, wherever they run; of each one that does suffices.

    Args:
        said: What every part last said, by its name.
        limit: Seconds of waiting work without progress that are too many.
        now: Seconds since the epoch.
    """
    for part in ("watcher", "worker"):
        ours = [fields for name, fields in said.items() if name.startswith(f"{part}@")]
        heard = [fields for fields in ours if now - fields["at"] <= alive.STALE_SECONDS]
        if not ours:
            yield f"no {part} has reported"
        elif not heard:
            yield f"no {part} has reported for {now - max(fields['at'] for fields in ours):.0f} s"
        elif (idle := min(fields.get("stalled", 0.0) for fields in heard)) > limit:
            yield f"no {part} has finished anything for {idle:.0f} s while work waits"
