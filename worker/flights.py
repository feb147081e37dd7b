"""The files in flight: submit them, settle their outcomes, submit again what was lost."""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from worker import tracing
from worker.claim import Claim, traceparent
from worker.claim_check import ClaimCheck, Submission
from worker.errors import Rejected
from worker.flight import BATCH_FILES, Flight, batches
from worker.inbox import Inbox
from worker.journal import Journal
from worker.journey import tell_noticed, tell_sent, tell_settled
from worker.logs import get_logger
from worker.models import Document
from worker.names import display
from worker.publish import Outcome, Output, Publisher
from worker.rejections import explain
from worker.settings import Settings

log = get_logger(__name__)

LOST_AFTER = 2.0  # seconds after which a claim that no queue and no worker holds is submitted again
BURIED_AFTER = 60.0  # seconds, doubled each time, after which it is submitted again although the queue is not empty
RECONCILE_EVERY = 5.0  # seconds
PATIENCE = 5.0  # seconds before a read or a move that failed is tried again
SPREAD = 2  # batches at least into which few files are divided: no worker is idle while another has them all

Enqueue = Callable[[Sequence[Submission]], None]


class Flights:
    """What is claimed and not settled, bounded by the settings.

    Args:
        settings: Limits and times.
        inbox: The folder.
        journal: Of the folder.
        checks: Where bytes and outcomes pass.
        publisher: For what is rejected here: what cannot even be read.
        enqueue: Rings for a worker.

    Its methods raise ``redis.RedisError`` or ``Unavailable`` when Redis is away; calling again carries on.
    """

    def __init__(
        self,
        settings: Settings,
        inbox: Inbox,
        journal: Journal,
        checks: ClaimCheck,
        publisher: Publisher,
        enqueue: Enqueue,
    ) -> None:
        self._settings = settings
        self._inbox = inbox
        self._journal = journal
        self._inbox_id = journal.identity()
        self._checks = checks
        self._publisher = publisher
        self._enqueue = enqueue
        self._flights: dict[str, Flight] = {}
        self._held = 0  # bytes, of all of them
        self._reconciled_at = self._checked_at = float("-inf")
        self.settled = 0

    def __len__(self) -> int:
        return len(self._flights)

    def __contains__(self, claim_id: object) -> bool:
        return claim_id in self._flights

    def has_room(self, size: int = 0) -> bool:
        """Whether one more file, of so many bytes, may be claimed."""
        if len(self._flights) >= self._settings.max_in_flight:
            return False  # asked for every file of a backlog: nothing is summed up for it
        return self._held + size <= self._settings.max_in_flight_bytes or not self._flights

    def have_much_room(self) -> bool:
        """Whether a quarter of those that may be in flight is missing."""
        return len(self._flights) <= self._settings.max_in_flight * 3 // 4

    def adopt(
        self, claim: Claim, size: int = 0, times: tuple[float, float] | None = None, *, again: bool = False
    ) -> Flight:
        """Take a claimed file in hand; ``submit`` it next.

        Args:
            claim: Which.
            size: Its bytes, as far as they are known.
            times: When it was first seen, and since when it has not changed, monotonic seconds.
            again: Whether it was settled before.

        Raises:
            OSError: The journal cannot be written; it is in hand all the same.
        """
        self._flights[claim.id] = flight = Flight(claim, again=again)
        self._resize(flight, min(size, self._settings.max_file_bytes))
        if times and tracing.on():
            flight.noticed = tell_noticed(traceparent(claim.id), claim, *times)
        self._journal.claimed(claim, time.time())
        return flight

    def submit(self, flights: Iterable[Flight], now: float) -> None:
        """Store the bytes and ring for a worker, in batches; what cannot be read is rejected."""
        read = ((flight, data) for flight in flights if (data := self._read(flight, now)) is not None)
        most = max(1, min(BATCH_FILES, len(self._flights) // SPREAD))
        for batch in batches(read, most):
            self._ring(batch, now)

    def _read(self, flight: Flight, now: float) -> bytes | None:
        """The bytes to submit; None where there is nothing to submit (now)."""
        claim = flight.claim
        try:
            data, flight.seen = self._inbox.read(claim, self._settings.max_file_bytes)
        except FileNotFoundError:  # another watcher has settled it
            self._drop(flight)
        except Rejected as error:
            self._reject(flight, error, now)
        except OSError as error:
            flight.failed_reads += 1
            flight.not_before = now + PATIENCE
            log.warning("cannot_read", claim=claim.id, path=display(claim.path), detail=str(error))
            if flight.failed_reads >= self._settings.max_attempts:
                self._reject(flight, Rejected("read", "unreadable", f"reading fails: {error.strerror}"), now)
        else:
            self._resize(flight, len(data))
            return data
        return None

    def _resize(self, flight: Flight, size: int) -> None:
        self._held += size - flight.size
        flight.size = size

    def _drop(self, flight: Flight) -> None:
        """It is in hand no more."""
        if self._flights.pop(flight.claim.id, None):
            self._held -= flight.size

    def _reject(self, flight: Flight, error: Rejected, now: float) -> None:
        """Settle what cannot even be read; the outcome comes back like any other."""
        claim = flight.claim
        known = {"claim": claim.id, "size": None, "file_sha256": None, "rejected_at": datetime.now(UTC)}
        rejection = explain(error, Document(display(claim.path), b"", claim.received_at)).model_copy(update=known)
        self._publisher.publish([Output(claim.id, self._inbox.name, self._inbox_id, traceparent(claim.id), rejection)])
        flight.rung_at = now

    def _ring(self, files: list[tuple[Flight, bytes]], now: float) -> None:
        began = time.time_ns()
        submissions = [self._submission(flight.claim, len(data)) for flight, data in files]
        with self._checks.deposit([(flight.claim.id, data) for flight, data in files]):
            self._enqueue(submissions)
        tell_sent(submissions, began)
        for flight, _ in files:
            log.debug("submitted", claim=flight.claim.id, path=display(flight.claim.path), bytes=flight.size)
            flight.rung_at = now
            flight.rings += 1

    def _submission(self, claim: Claim, size: int) -> Submission:
        """The message for a claim; the same however often it is sent."""
        return {
            "claim": claim.id,
            "inbox": self._inbox.name,
            "inbox_id": self._inbox_id,
            "path": display(claim.path),
            "size": size,
            "received_at": claim.received_at.isoformat(),
            "traceparent": traceparent(claim.id),
        }

    def learn_outcomes(self) -> None:
        """Ask for the outcomes that are not known yet."""
        unknown = [claim for claim, flight in self._flights.items() if flight.outcome is None]
        for claim_id, outcome in self._checks.outcomes(unknown).items():
            flight = self._flights[claim_id]
            flight.outcome, flight.known = outcome, time.time_ns()

    def doubt_outcomes(self) -> None:
        """Ask for every outcome again: the entries that they speak of may be lost."""
        for flight in self._flights.values():
            flight.outcome = None

    def settle(self, now: float) -> None:
        """Move the files whose outcome is known to their place."""
        settled = []
        known = [
            (flight, flight.outcome) for flight in self._flights.values() if flight.outcome and now >= flight.not_before
        ]
        # Earlier versions first: were Redis lost meanwhile, a later one alone in the journal would put this behind it.
        for flight, outcome in sorted(known, key=lambda pair: pair[1].version or 0):
            claim_id = flight.claim.id
            try:
                if self._move(flight, outcome) and tracing.on():
                    times = flight.noticed, flight.known
                    tell_settled(traceparent(claim_id), flight.claim, outcome, times, again=flight.again)
            except OSError as error:
                log.warning("cannot_move", claim=claim_id, path=display(flight.claim.path), detail=str(error))
                flight.not_before = now + PATIENCE
            else:
                settled.append(claim_id)
                self._drop(flight)
        if settled:
            self.settled += len(settled)
            self._checks.forget(settled)
            if not self._flights:
                self._inbox.tidy()

    def _move(self, flight: Flight, outcome: Outcome) -> str | None:
        """Move a file to its place; None where it has none, for another watcher settled it or it is read again."""
        claim = flight.claim
        path = display(claim.path)

        def note(place: str | None) -> None:
            self._journal.settled(claim, outcome, place, time.time())

        try:
            if flight.seen is not None and not self._inbox.unchanged(claim, flight.seen):
                note(None)
                renewed = self._inbox.renew(claim, datetime.now(UTC))
                log.warning("changed_after_reading", claim=claim.id, path=path, next_claim=renewed.id)
                self.adopt(renewed, flight.size)
                return None
            place = self._inbox.finish(claim, note, outcome.rejection, failed=outcome.status == "rejected")
        except FileNotFoundError:
            log.info("settled_elsewhere", claim=claim.id, path=path)
            return None
        told = {"articles": len(outcome.parts)} if outcome.parts else {"entry": outcome.entry}
        log.info("settled", claim=claim.id, path=path, status=outcome.status, **told, place=display(place))
        return place

    def reconcile(self, now: float) -> None:
        """Find the claims that nobody minds: an earlier run's at the start, later those of a lost watcher."""
        if now - self._reconciled_at < RECONCILE_EVERY:
            return
        first = self._reconciled_at == float("-inf")
        self._reconciled_at = now
        for claim in self._inbox.claims():
            age = (datetime.now(UTC) - claim.received_at).total_seconds()
            if claim.id not in self._flights and (first or abs(age) > self._settings.resubmit_after):
                log.info("found_claim", claim=claim.id, path=display(claim.path))
                self.adopt(claim).rung_at = now  # whoever claimed it may have submitted it

    def submit_what_was_lost(self, now: float) -> None:
        """Submit again what has no outcome although no queue and no worker can still hold it.

        A message may be in the queue, in a worker's hands, or gone with the process or the server that held it.
        Ringing once too often is harmless. While the queue is not empty it may hold the message, so the wait is
        long and doubles each time: no queue grows while the workers are away.
        """
        waiting = [
            flight
            for flight in self._flights.values()
            if now - flight.rung_at >= LOST_AFTER and now >= flight.not_before
        ]
        if not waiting or now - self._checked_at < LOST_AFTER / 2:
            return
        self._checked_at = now
        queued, in_hand = self._checks.backlog()
        patience = LOST_AFTER if in_hand == 0 else self._settings.resubmit_after
        lost = [
            flight
            for flight in waiting
            if now - flight.rung_at >= (BURIED_AFTER * 2 ** min(flight.rings, 6) if queued else patience)
        ]
        lost = self._without_progress(lost, now)
        if again := [flight.claim.id for flight in lost if flight.rings]:
            log.warning("submitting_again", claims=again[:10], count=len(again))
        self.submit(lost, now)

    def _without_progress(self, flights: list[Flight], now: float) -> list[Flight]:
        """Those of which no article was published since they were last asked for: nobody works on the file."""
        idle = []
        for flight, parts in zip(flights, self._checks.progress([f.claim.id for f in flights]), strict=True):
            if parts > flight.parts:
                flight.rung_at = now
            else:
                idle.append(flight)
            flight.parts = parts
        return idle
