"""``copydesk replay``: publish the archive again, where an entry is missing or an earlier pipeline made it."""

import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass

import redis
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from worker import __version__, alive
from worker.errors import Unavailable
from worker.flight import Flight
from worker.flights import Flights
from worker.healing import take_back
from worker.inbox import Inbox
from worker.journal import Journal, Settled
from worker.keys import Keys
from worker.ledger import Ledger
from worker.settings import Settings

TICK = 0.05  # seconds between looks while files are in flight


@dataclass(frozen=True, slots=True)
class Selection:
    """Which published files are meant; what is None does not matter.

    Attributes:
        folder: The sub-folder of the inbox they were dropped in, or one above it.
        since: The first UTC day on which they were claimed, as ``YYYYMMDD``.
        until: The last one.
        topic: Their primary topic.
        pipeline: The version of the pipeline that made their record.
    """

    folder: str | None = None
    since: str | None = None
    until: str | None = None
    topic: str | None = None
    pipeline: str | None = None

    def takes(self, found: Settled) -> bool:
        """Whether a settled file is meant: for one of its articles."""
        if self.folder is not None and not found.claim.path.startswith(f"{self.folder.strip('/')}/"):
            return False
        return any(
            entry.content is not None
            and (self.topic is None or entry.topic == self.topic)
            and (self.pipeline is None or entry.pipeline == self.pipeline)
            for entry in found.entries
        )

    def days(self, journal: Journal) -> list[str]:
        """The days of the journal that are meant."""
        first, last = self.since or "", self.until or "99999999"
        return [day for day in journal.days() if first <= day <= last]


class Replay:
    """Takes settled files back and sees them through, as a watcher does that takes in nothing new.

    It may be ended at any time: what is in flight then is finished by the watcher, and the next replay finds the
    rest. Entries that are on the stream are never published again.

    Args:
        settings: Limits and times.
        inbox: The folder.
        journal: Of the folder.
        client: Of the server.
        flights: For the files that are taken back.

    Raises:
        Unavailable: No worker runs, and what to do.
    """

    def __init__(
        self, settings: Settings, inbox: Inbox, journal: Journal, client: "redis.Redis", flights: Flights
    ) -> None:
        keys = Keys(settings.prefix)
        self._settings = settings
        self._inbox = inbox
        self._journal = journal
        self._ledger = Ledger(client, keys, journal.identity(), settings.ledger_days)
        self._flights = flights
        self._articles: dict[str, set[str]] = {}  # of the claims in flight
        self._again: dict[str, set[Settled]] = {}  # of the claims that are chosen, the entries to be made again
        said = alive.parts(client, keys)
        heard = [fields["at"] for name, fields in said.items() if name.startswith("worker@")]
        if time.time() - max(heard, default=0.0) > alive.STALE_SECONDS:
            raise Unavailable("no worker has reported, so nothing would be done; start one with `copydesk worker`")

    def choose(self, selection: Selection) -> list[Settled]:
        """The files that are meant and must run again, oldest first."""
        chosen = []
        for day in selection.days(self._journal):
            known = self._journal.of_day(day).values()
            meant = [found for found in known if isinstance(found, Settled) and selection.takes(found)]
            entries = [entry for found in meant for entry in found.entries]
            self._ledger.restore(entries, self._ledger.missing(entries))
            again = set(self._ledger.still_lost(entries))
            again.update(entry for entry in entries if entry.content and entry.pipeline != __version__)
            for found in meant:
                if of_file := again.intersection(found.entries):
                    self._again[found.claim.id] = of_file
                    chosen.append(found)
        return sorted(chosen, key=lambda found: found.claim.id)

    def run(self, chosen: list[Settled], stop: threading.Event) -> Iterator[int]:
        """See the files through; yields how many are done, until all are or it is told to stop.

        Raises:
            redis.RedisError: Redis is away.
            OSError: The disk is full or read-only.
        """
        waiting = deque(chosen)
        while (waiting or self._flights) and not stop.is_set():
            now = time.monotonic()
            self._flights.learn_outcomes()
            self._flights.settle(now)
            self._submit_next(waiting, now)
            self._flights.submit_what_was_lost(now)
            yield len(chosen) - len(waiting) - len(self._flights)
            stop.wait(TICK)

    def _submit_next(self, waiting: deque[Settled], now: float) -> None:
        """Fill half of the room in flight; of one article only one file at a time, so that versions stay in order."""
        self._articles = {claim: article for claim, article in self._articles.items() if claim in self._flights}
        new: list[Flight] = []
        while waiting and len(self._flights) < self._settings.max_in_flight / 2 and self._flights.has_room():
            found = waiting[0]
            articles = {entry.article for entry in found.entries if entry.article}
            if any(articles & flying for flying in self._articles.values()):
                break
            again = self._again[found.claim.id]
            if flight := take_back(found, again, self._inbox, self._ledger, self._flights):
                new.append(flight)
                self._articles[found.claim.id] = articles
            waiting.popleft()
        self._flights.submit(new, now)

    def results(self, chosen: list[Settled]) -> Counter[str]:
        """What became of the files, in words, with how many."""
        counts: Counter[str] = Counter()
        for day in sorted({found.claim.day for found in chosen}):
            known = self._journal.of_day(day)
            for found in chosen:
                if found.claim.day == day:
                    counts[_result(found, known.get(found.claim.id))] += 1
        return counts


def _result(before: Settled, after: object) -> str:
    if not isinstance(after, Settled) or after.at == before.at:
        return "not there any more, or still in flight"
    if after.status == "rejected":
        return "rejected now: see `copydesk failed`"
    if after.status == "duplicate":
        return "unchanged, and on the stream already"
    as_it_was = [entry.event for entry in after.entries] == [entry.event for entry in before.entries]
    return "published again as they were" if as_it_was else "published as a new version"


def replay_all(replay: Replay, selection: Selection, stop: threading.Event) -> None:
    """Replay what is meant, with progress on standard error, and say what became of it; raises as ``run`` does."""
    console = Console(soft_wrap=True, highlight=False)
    chosen = replay.choose(selection)
    columns = (TextColumn("replaying"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("replay", total=len(chosen))
        for done in replay.run(chosen, stop):
            bar.update(task, completed=done)
    if not chosen:
        console.print("Nothing to do: every file that is meant has its entry on the stream, made by this pipeline.")
    for result, count in sorted(replay.results(chosen).items()):
        console.print(f"{count} {result}")
    if stop.is_set():
        console.print("Stopped: what is in flight is finished by the watcher; the same command does the rest.")
