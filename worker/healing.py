"""Healing a stream that Redis lost: its files lie in ``_done/`` and ``_failed/``, and the journal says which they are.

A marker in Redis is lost with the streams. Where it is gone, or older than it was, the watcher restores the ledger
from the journal, so that versions and duplicates are told as before; only then does anything get published again.
The files whose entries are missing then take their way once more, under the claims that they had.
"""

from collections import deque
from collections.abc import Collection, Sequence

from worker.flight import Flight
from worker.flights import Flights
from worker.inbox import Inbox
from worker.journal import Journal, Settled
from worker.ledger import Ledger, id_of, milliseconds
from worker.logs import get_logger
from worker.publish import DAY
from worker.settings import Settings

log = get_logger(__name__)

CHECK_EVERY = 1.0  # seconds, when nothing is in flight
SLACK_MS = 60_000  # that entries are looked at before the time up to which a server went back
SLACK_SECONDS = DAY  # by which the machine's clock and the server's may differ


class Healing:
    """Sees to one inbox's entries.

    Args:
        settings: Limits and times.
        inbox: The folder.
        journal: Of the folder.
        ledger: What Redis knows.
        flights: Take the files that are put back.
    """

    def __init__(self, settings: Settings, inbox: Inbox, journal: Journal, ledger: Ledger, flights: Flights) -> None:
        self._settings = settings
        self._inbox = inbox
        self._journal = journal
        self._ledger = ledger
        self._flights = flights
        self._known = float("inf")  # the marker as it was last renewed; at the start whatever is there may be too old
        self._checked_at = float("-inf")
        self._since = 0.0  # entries from then on may be lost, milliseconds of the server's clock
        self._unrestored: list[str] = []  # days of the journal
        self._unhealed: list[str] = []  # likewise
        self._found: deque[tuple[Settled, set[Settled]]] = deque()  # files with those of their entries that are lost
        self._own: set[str] = set()  # claims that were put back
        self._counts = {"lost": 0, "put_back": 0, "file_gone": 0}

    def notice(self, now: float) -> None:
        """Notice a loss; to be called between learning of outcomes and believing them.

        Args:
            now: Monotonic seconds.

        Raises:
            redis.RedisError: Redis is away.
            OSError: The journal cannot be read.
        """
        if self._unrestored or not (self._flights or now - self._checked_at >= CHECK_EVERY):
            return
        was, at = self._ledger.renew_marker(self._known)
        if was is not None and was >= self._known:
            self._known = at or 0
        elif was is None or self._ledger.is_healing():
            self._begin(float("-inf"))
        else:
            self._begin(was - SLACK_MS)
        self._checked_at = now

    def step(self, now: float) -> None:
        """Restore a day, or put back what was lost as far as there is room: a few seconds of work at most.

        Args:
            now: Monotonic seconds.

        Raises:
            redis.RedisError: Redis is away; the next step carries on. Likewise the next one.
            OSError: The disk is full or read-only.
        """
        if self._unrestored:
            self._restore_next_day()
        elif self._unhealed or self._found:
            self._put_back(now)

    def _begin(self, since: float) -> None:
        """Begin to restore what the journal knows of entries since then; earlier ones are known to be there."""
        self._flights.doubt_outcomes()
        self._ledger.set_healing(True)
        self._since = since
        self._unrestored = self._journal.days(changed_since=since / 1000 - SLACK_SECONDS)
        self._unhealed = []
        self._found.clear()
        self._counts = dict.fromkeys(self._counts, 0)
        if not self._unrestored:
            self._end_restoring()

    def _restore_next_day(self) -> None:
        day = self._unrestored[0]
        settled = [found for file in self._settled(day) for found in _since(file, self._since)]
        lost = self._ledger.missing(self._healable(settled))
        self._ledger.restore(settled, lost)
        self._counts["lost"] += len(lost)
        self._unhealed.append(day)
        self._unrestored.pop(0)
        if not self._unrestored:
            self._end_restoring()

    def _end_restoring(self) -> None:
        """Let publishing go on, unless Redis lost everything again meanwhile: then it begins anew."""
        marker = self._ledger.set_marker()
        if marker is None or not self._counts["lost"]:
            self._unhealed = []
        if marker is None:
            return
        self._known = marker
        if self._unhealed:
            log.warning("stream_lost", **self._counts, next="its entries are published again from _done and _failed")
        else:
            self._ledger.set_healing(False)

    def _healable(self, entries: Sequence[Settled]) -> list[Settled]:
        """Those that come again if they are lost: neither too old, nor trimmed."""
        since = max(self._since, self._ledger.now() - self._settings.heal_days * DAY * 1000)
        trimmed, none = self._ledger.trimmed(), (0, 0)
        return [
            found
            for found in entries
            if milliseconds(found.entry) >= since
            and id_of(found.entry) > trimmed.get(self._ledger.stream_of(found), none)
        ]

    def _settled(self, day: str) -> list[Settled]:
        return [found for found in self._journal.of_day(day).values() if isinstance(found, Settled)]

    def _put_back(self, now: float) -> None:
        flights = self._flights
        self._own = {claim for claim in self._own if claim in flights}
        new: list[Flight] = []
        try:
            while len(self._own) < self._settings.max_in_flight / 2 and flights.has_room() and self._next():
                found, lost = self._found[0]
                if flight := take_back(found, lost, self._inbox, self._ledger, flights):
                    new.append(flight)
                    self._own.add(found.claim.id)
                self._counts["put_back" if flight else "file_gone"] += 1
                self._found.popleft()
        finally:
            flights.submit(new, now)
        if not self._found and not self._unhealed:
            self._ledger.set_healing(False)
            log.info("stream_healed", **self._counts)

    def _next(self) -> bool:
        """Whether there is a lost entry to see to: fills ``_found`` from the next day where it is empty."""
        while self._unhealed and not self._found:
            files = self._settled(self._unhealed[0])
            lost = set(self._ledger.still_lost(self._healable([found for file in files for found in file.entries])))
            self._found.extend((file, of_file) for file in files if (of_file := lost.intersection(file.entries)))
            self._unhealed.pop(0)
        return bool(self._found)


def _since(file: Settled, since: float) -> list[Settled]:
    return [found for found in file.entries if milliseconds(found.entry) >= since]


def take_back(
    found: Settled, again: Collection[Settled], inbox: Inbox, ledger: Ledger, flights: Flights
) -> Flight | None:
    """Put a settled file back in flight, to be submitted next; None where it is no longer in its place.

    Args:
        found: The file.
        again: Those of its entries that are to be made again; its other articles stay as they are.
        inbox: Where it lies.
        ledger: What Redis knows.
        flights: Take the file.

    Raises:
        redis.RedisError: Redis is away.
        OSError: The disk is full or read-only.
    """
    if found.claim.id in flights:
        return None
    ledger.forget_outcome(found, again)
    if any(inbox.take_back(found.claim, place) for place in found.places):
        return flights.adopt(found.claim, again=True)
    return None
