"""The watcher: notice, claim, submit, settle outcomes, reconcile.

The folder is the truth and Redis the transport: a file stays in the inbox or in ``_claimed`` until its outcome
is known, and a claim without an outcome is submitted again. So whatever is killed or lost, nothing else is.
"""

import hashlib
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from worker.alive import Fields
from worker.claim_check import ClaimCheck, Submission
from worker.connection import translated
from worker.errors import Rejected, Unavailable
from worker.hints import Hints
from worker.inbox import Claim, Inbox, Waiting
from worker.logs import get_logger
from worker.models import Document
from worker.names import display
from worker.pipeline import explain
from worker.publish import Outcome, Output, Publisher
from worker.settings import Settings
from worker.settling import Settling, Signature

log = get_logger(__name__)

TICK = 0.05  # seconds between looks while files are settling or in flight
LOST_AFTER = 2.0  # seconds after which a claim that no queue and no worker holds is submitted again
RECONCILE_EVERY = 5.0  # seconds
UPKEEP_EVERY = 5.0  # seconds
PATIENCE = 5.0  # seconds before a move that failed is tried again
COALESCE = 0.005  # seconds that a burst of events gets to become one look
BATCH_FILES = 32
BATCH_BYTES = 2**20
LOOK_AHEAD = 2  # files looked at in a pass, as a multiple of those that may be in flight

Enqueue = Callable[[Sequence[Submission]], None]


@dataclass(slots=True)
class Flight:
    """A claimed file.

    Attributes:
        claim: Which.
        size: Its bytes in Redis.
        seen: What it looked like when it was read.
        rung_at: When it was last submitted, monotonic seconds.
        not_before: When it may be moved, monotonic seconds, after a move that failed.
    """

    claim: Claim
    size: int = 0
    seen: Signature | None = None
    rung_at: float = float("-inf")
    not_before: float = float("-inf")


class Watcher:
    """Watches one inbox.

    Args:
        settings: Limits and times.
        inbox: The folder.
        checks: Where bytes and outcomes pass.
        publisher: For what is rejected here: what cannot even be read.
        enqueue: Rings for a worker.
        upkeep: Called every few seconds with what the watcher holds, to report it and to tidy up.
    """

    def __init__(
        self,
        settings: Settings,
        inbox: Inbox,
        checks: ClaimCheck,
        publisher: Publisher,
        enqueue: Enqueue,
        upkeep: Callable[[Fields], None],
    ) -> None:
        self._settings = settings
        self._inbox = inbox
        self._checks = checks
        self._publisher = publisher
        self._enqueue = enqueue
        self._upkeep = upkeep
        self._settling = Settling(settings.settle, settings.settle_unsure)
        self._flights: dict[str, Flight] = {}
        self._reconciled_at = self._kept_up_at = self._looked_at = self._checked_at = float("-inf")
        self._unseen = True  # there may be files that no pass has looked at
        self._settled = 0

    def run(self, stop: threading.Event, hints: Hints) -> None:
        """Watch until told to stop; Redis or the disk being away only makes it wait."""
        signal.signal(signal.SIGIO, signal.SIG_IGN)  # see settling.being_written
        hints.start()
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
            if hints.happened.wait(self._pause(time.monotonic())):
                stop.wait(COALESCE)
        hints.stop()
        log.info("stopped", in_flight=len(self._flights))

    def _pause(self, now: float) -> float:
        """Seconds until there may be something to do without an event."""
        due = self._settling.next_due()
        settling = max(0.0, due - now) if due is not None and self._has_room() else self._settings.poll
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
        self.settle_outcomes(now)
        if hints.happened.is_set():
            hints.happened.clear()
            self._unseen = True
        if self._has_room() and (self._unseen or len(self._settling) or now - self._looked_at >= self._settings.poll):
            hints.ensure()
            self.take_in(now, hints)
        if now - self._reconciled_at >= RECONCILE_EVERY:
            self.reconcile(now)
        self.submit_what_was_lost(now)
        if now - self._kept_up_at >= UPKEEP_EVERY:
            self._upkeep({"in_flight": len(self._flights), "settled": self._settled})
            self._kept_up_at = now

    def take_in(self, now: float, hints: Hints) -> None:
        """Claim and submit the files that are complete, as far as there is room in flight."""
        new: list[Flight] = []
        most = LOOK_AHEAD * self._settings.max_in_flight
        self._settling.begin_pass(now)
        looked = 0
        for found in self._inbox.waiting():
            looked += 1
            size = self._size_if_complete(found, now, hints)
            if size is not None and self._has_room(size):
                claim = self._inbox.claim(found, datetime.now(UTC))
                hints.closed.pop(found.path, None)
                if claim is not None:
                    new.append(self._adopt(claim, size))
            if looked >= most:
                break
        self._settling.end_pass()
        self._looked_at, self._unseen = now, looked >= most
        self.submit(new, now)

    def _size_if_complete(self, found: Waiting, now: float, hints: Hints) -> int | None:
        """Its size in bytes if the file is completely written; anything but a file is complete at once."""
        if not self._settling.is_due(found.path, now):
            return None
        try:
            stat = found.stat()
        except OSError:
            return None  # gone since it was listed
        complete = self._settling.is_complete(found.path, stat, now, hints.closed, found.being_written)
        return stat.st_size if complete else None

    def _has_room(self, size: int = 0) -> bool:
        held = sum(flight.size for flight in self._flights.values())
        fits = held + size <= self._settings.max_in_flight_bytes or not self._flights
        return fits and len(self._flights) < self._settings.max_in_flight

    def _adopt(self, claim: Claim, size: int = 0) -> Flight:
        self._flights[claim.id] = flight = Flight(claim, min(size, self._settings.max_file_bytes))
        return flight

    def submit(self, flights: Iterable[Flight], now: float) -> None:
        """Store the bytes and ring for a worker, in batches; what cannot be read is rejected here."""
        files: list[tuple[Flight, bytes]] = []
        for flight in flights:
            data = self._read(flight, now)
            if data is None:
                continue
            if files and (len(files) >= BATCH_FILES or sum(len(d) for _, d in files) + len(data) > BATCH_BYTES):
                self._ring(files, now)
                files = []
            files.append((flight, data))
        if files:
            self._ring(files, now)

    def _read(self, flight: Flight, now: float) -> bytes | None:
        """The bytes to submit; None where there is nothing to submit (now)."""
        claim = flight.claim
        try:
            data, flight.seen = self._inbox.read(claim, self._settings.max_file_bytes)
        except FileNotFoundError:  # another watcher has settled it
            self._flights.pop(claim.id, None)
            return None
        except Rejected as error:
            rejection = explain(error, Document(display(claim.path), b"", claim.received_at)).model_copy(
                update={"claim": claim.id, "size": None, "file_sha256": None, "rejected_at": datetime.now(UTC)}
            )
            output = Output(claim.id, self._inbox.name, traceparent(claim), rejection)
            self._publisher.publish([output])
            flight.rung_at = now
            return None
        flight.size = len(data)
        return data

    def _ring(self, files: list[tuple[Flight, bytes]], now: float) -> None:
        self._checks.deposit((flight.claim.id, data) for flight, data in files)
        self._enqueue([submission(flight.claim, self._inbox.name) for flight, _ in files])
        for flight, _ in files:
            log.debug("submitted", claim=flight.claim.id, path=display(flight.claim.path), bytes=flight.size)
            flight.rung_at = now

    def settle_outcomes(self, now: float) -> None:
        """Move the files whose outcome is known to their place."""
        waiting = [claim for claim, flight in self._flights.items() if now >= flight.not_before]
        settled = []
        for claim_id, outcome in self._checks.outcomes(waiting).items():
            flight = self._flights[claim_id]
            try:
                self._settle(flight, outcome)
            except OSError as error:
                log.warning("cannot_move", claim=claim_id, path=display(flight.claim.path), detail=str(error))
                flight.not_before = now + PATIENCE
            else:
                settled.append(claim_id)
                del self._flights[claim_id]
        if settled:
            self._settled += len(settled)
            self._checks.forget(settled)

    def _settle(self, flight: Flight, outcome: Outcome) -> None:
        claim = flight.claim
        path = display(claim.path)
        try:
            if flight.seen is not None and not self._inbox.unchanged(claim, flight.seen):
                renewed = self._inbox.renew(claim, datetime.now(UTC))
                log.warning("changed_after_reading", claim=claim.id, path=path, next_claim=renewed.id)
                self._adopt(renewed, flight.size)
                return
            place = self._inbox.finish(claim, datetime.now(UTC), outcome.rejection)
        except FileNotFoundError:
            log.info("settled_elsewhere", claim=claim.id, path=path)
            return
        log.info("settled", claim=claim.id, path=path, status=outcome.status, entry=outcome.entry, place=display(place))

    def reconcile(self, now: float) -> None:
        """Find the claims that nobody minds: an earlier run's at the start, later those of a lost watcher."""
        first = self._reconciled_at == float("-inf")
        for claim in self._inbox.claims():
            age = (datetime.now(UTC) - claim.received_at).total_seconds()
            if claim.id not in self._flights and (first or abs(age) > self._settings.resubmit_after):
                log.info("found_claim", claim=claim.id, path=display(claim.path))
                self._adopt(claim)
        self._reconciled_at = now

    def submit_what_was_lost(self, now: float) -> None:
        """Submit again what has no outcome although no queue and no worker can still hold it.

        A message may be in the queue, in a worker's hands, or gone with the process or the server that held it.
        Ringing once too often is harmless; what is in a living queue is not rung for again, so none grows.
        """
        waiting = [flight for flight in self._flights.values() if now - flight.rung_at >= LOST_AFTER]
        if not waiting or now - self._checked_at < LOST_AFTER / 2:
            return
        self._checked_at = now
        queued, in_hand = self._checks.backlog()
        patience = LOST_AFTER if in_hand == 0 else self._settings.resubmit_after
        lost = [
            flight
            for flight in waiting
            if flight.rung_at == float("-inf") or (queued == 0 and now - flight.rung_at >= patience)
        ]
        if again := [flight.claim.id for flight in lost if flight.rung_at != float("-inf")]:
            log.warning("submitting_again", claims=again[:10], count=len(again))
        self.submit(lost, now)


def submission(claim: Claim, inbox: str) -> Submission:
    """The message for a claim; the same however often it is sent."""
    return {
        "claim": claim.id,
        "inbox": inbox,
        "path": display(claim.path),
        "received_at": claim.received_at.isoformat(),
        "traceparent": traceparent(claim),
    }


def traceparent(claim: Claim) -> str:
    """W3C Trace Context of the file's journey, made from the claim so that a resubmission keeps it."""
    digest = hashlib.sha256(claim.id.encode()).hexdigest()
    return f"00-{digest[:32]}-{digest[32:48]}-01"
