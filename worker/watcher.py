"""The watcher: notice, claim, submit, settle outcomes, reconcile.

The folder is the truth and Redis the transport: a file stays in the inbox or in ``_claimed`` until its outcome
is known, and a claim without an outcome is submitted again. So whatever is killed or lost, nothing else is.
"""

import errno
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from worker.connection import translated
from worker.errors import Unavailable
from worker.flight import Flight
from worker.flights import PATIENCE, Flights
from worker.healing import Healing
from worker.hints import Hints
from worker.inbox import Inbox
from worker.logs import get_logger
from worker.names import display
from worker.settings import Settings
from worker.settling import Settling
from worker.walking import Waiting

log = get_logger(__name__)

TICK = 0.05  # seconds between looks while files are in flight
UPKEEP_EVERY = 5.0  # seconds
LOOK_AHEAD = 2  # files looked at in a pass, as a multiple of those that may be in flight
GATHER = 0.001  # seconds between looks for each file in flight: while workers are busy, files come to them in batches
REFILL_EVERY = 0.25  # seconds, while there is little room: a look at a backlog costs as much as many files
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}  # no other file could be claimed either


class Watcher:
    """Watches one inbox.

    Args:
        settings: Limits and times.
        inbox: The folder.
        flights: What is claimed and not settled.
        healing: Sees to entries that Redis lost.
        upkeep: Called every few seconds with what the watcher holds, to report it and to tidy up.
    """

    def __init__(
        self,
        settings: Settings,
        inbox: Inbox,
        flights: Flights,
        healing: Healing,
        upkeep: Callable[[dict[str, float]], None],
    ) -> None:
        self._settings = settings
        self._inbox = inbox
        self._flights = flights
        self._healing = healing
        self._upkeep = upkeep
        self._settling = Settling(settings.settle, settings.settle_unsure)
        self._kept_up_at = self._looked_at = float("-inf")
        self._unseen = True  # there may be files that no pass has looked at

    def run(self, stop: threading.Event, hints: Hints) -> None:
        """Watch until told to stop; Redis or the disk being away only makes it wait."""
        signal.signal(signal.SIGIO, signal.SIG_IGN)  # see settling.being_written
        log.info("watching", inbox=str(self._inbox.root))
        trouble = 0
        while not stop.is_set():
            try:
                with translated(self._settings.address):
                    self.step(time.monotonic(), hints)
            except (Unavailable, OSError) as error:
                log.warning("waiting_for_the_world", detail=str(error), attempt=trouble + 1)
                stop.wait(min(5.0, 0.1 * 2**trouble))
                trouble = min(trouble + 1, 10)
                continue
            trouble = 0
            hints.wait(self._pause(time.monotonic()))
        log.info("stopped", in_flight=len(self._flights))

    def _pause(self, now: float) -> float:
        """Seconds until there may be something to do without an event."""
        roomy = self._flights.has_room() and self._flights.have_much_room()
        due = self._settling.next_due() if roomy else None
        settling = max(0.0, due - now, self._next_look() - now) if due is not None else self._settings.poll
        return min(self._settings.poll, settling, TICK if self._flights else self._settings.poll)

    def step(self, now: float, hints: Hints) -> None:
        """One round: settle what has an outcome, take in what is complete, submit what was lost, report.

        Args:
            now: Monotonic seconds.
            hints: Which files were closed, and whether to look at the folder at once.

        Raises:
            Unavailable: Redis or the folder is away; the next round carries on.
            OSError: The disk is full or read-only; likewise.
        """
        self._unseen = self._unseen or hints.happened
        hints.happened = False
        flights = self._flights
        trouble: OSError | Unavailable | None = None
        for stage in (
            self.settle,
            self._healing.step,
            partial(self.look, hints=hints),
            flights.reconcile,
            flights.submit_what_was_lost,
        ):
            try:
                stage(now)
            except (OSError, Unavailable) as error:  # one folder or file in trouble holds up nothing else
                trouble = trouble or error
        if now - self._kept_up_at >= UPKEEP_EVERY:
            polls = float(bool(hints.unheard))
            self._upkeep({"in_flight": len(flights), "settled": flights.settled, "polls": polls})
            self._kept_up_at = now
        if trouble:
            raise trouble

    def settle(self, now: float) -> None:
        """Move what has an outcome. It is older than the marker that was looked at, so its loss is noticed."""
        self._flights.learn_outcomes()
        self._healing.notice(now)
        self._flights.settle(now)

    def look(self, now: float, hints: Hints) -> None:
        """Look at the folder if something happened, something is settling, or it is time; and if there is room."""
        waited = now - self._looked_at
        if not self._flights.has_room() or (waited < REFILL_EVERY and not self._flights.have_much_room()):
            return
        if now >= self._next_look() and (self._unseen or len(self._settling) or waited >= self._settings.poll):
            self.take_in(now, hints)

    def _next_look(self) -> float:
        """When to look again at the earliest, monotonic seconds: at once while nothing is in flight."""
        return self._looked_at + min(TICK, GATHER * len(self._flights))

    def take_in(self, now: float, hints: Hints) -> None:
        """Claim and submit the files that are complete, as far as there is room in flight."""
        new: list[Flight] = []
        most = max(LOOK_AHEAD * self._settings.max_in_flight, 1000)
        looked, complete, room = 0, False, self._flights.has_room()
        hints.check(now)
        self._settling.begin_pass(now)
        try:
            for found in self._inbox.waiting(hints.visit):
                size = self._size_if_complete(found, now, hints, room=room)
                if size is not None and self._flights.has_room(size) and (flight := self._claim(found, size, now)):
                    hints.closed.pop(found.path, None)
                    new.append(flight)
                    room = self._flights.has_room()
                # Many slow writers must not hide what is complete; what only waits for room must not pile up.
                looked += size is not None or not room or not self._settling.is_slow(found.path)
                if looked >= most:
                    break
            else:
                complete = True
        finally:
            self._settling.end_pass()
            self._looked_at, self._unseen = now, not complete
            self._flights.submit(new, now)

    def _claim(self, found: Waiting, size: int, now: float) -> Flight | None:
        try:
            claim = self._inbox.claim(found, datetime.now(UTC))
        except OSError as error:
            if error.errno in FULL:
                raise
            log.warning("cannot_claim", path=display(found.path), detail=str(error), next="see to the folder's owner")
            self._settling.put_off(found.path, now + PATIENCE)
            return None
        return self._flights.adopt(claim, size, self._settling.times(found.path)) if claim else None

    def _size_if_complete(self, found: Waiting, now: float, hints: Hints, *, room: bool) -> int | None:
        """Its size in bytes if the file is completely written; anything but a file is complete at once."""
        if not self._settling.is_due(found.path, now, room=room):
            return None
        try:
            stat = found.stat()
        except OSError:
            return None  # gone since it was listed
        if not self._unseen and self._settling.is_new(found.path):
            hints.appeared(found.path)
        closed, writing = ((), _unknown) if hints.shared else (hints.closed, found.being_written)
        return stat.st_size if self._settling.is_complete(found.path, stat, now, closed, writing) else None


def _unknown() -> None:
    """Who has a file open cannot be told where others write beneath this system."""
