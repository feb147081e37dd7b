"""A file of several articles: each is read and published by itself, and the file is settled when all are.

A task works on such a file for ``BATCH_SECONDS``, then hands it on to another. What became of a part is remembered
in Redis in the same instant in which it is published, so the next task, also after a kill, goes on where the last
one stopped. Articles are held in memory a chunk at a time.
"""

import time
from collections import Counter
from collections.abc import Mapping

from schemas.article import Article
from schemas.rejection import Rejection
from worker.attempt import Failed, attempt_part, parts_of
from worker.bench import Bench, output_of, publish, reason_of, rejection_of
from worker.celery import BATCH_SECONDS
from worker.claim_check import Delivery
from worker.errors import Rejected
from worker.journey import about, failure_of
from worker.logs import get_logger
from worker.models import Document
from worker.publish import REST, Outcome, Output
from worker.tracing import Run

log = get_logger(__name__)

CHUNK = 32  # records that are published together
CHUNK_BYTES = 4 * 2**20  # or so many bytes of them
MAX_RECORD_BYTES = 128 * 2**20  # of the records of one file, which Redis holds; a file may unpack to half of it
MAX_SECONDS = 600.0  # that the articles of one file may take together; a thousand usually take five
SHOWN = 10  # rejected articles that the explanation of a file names, and characters of each reason
SHOWN_CHARACTERS = 200


def work_on(delivery: Delivery, document: Document, at: Bench, trace: Run) -> bool:
    """Publish articles of a file from where the last run stopped, and settle the file after the last.

    Returns:
        Whether it is settled; else it must be worked on again.

    Raises:
        redis.RedisError: Redis is away; what was published is known there. Likewise the next one.
        Unavailable: The ledger, or what became of some articles, was lost.
    """
    run = _Run(delivery, document, at, trace)
    if not run.read():
        return False
    run.settle()
    return True


class _Run:
    """One run over a file.

    A part that ends its process, or gives nothing certain, is found as a file is: once a run has ended so, the next
    is careful. It notes each part before it begins on it and publishes each at once, so what it notes last without an
    outcome is the guilty one. As every outcome starts the count of runs anew, only runs that end there are counted.
    """

    def __init__(self, delivery: Delivery, document: Document, at: Bench, trace: Run) -> None:
        self._delivery = delivery
        self._document = document
        self._at = at
        self._trace = trace
        self._claim = delivery.submission["claim"]
        self._most = at.settings.max_attempts
        self._done = at.checks.parts(self._claim)
        self._size = sum(outcome.size for outcome in self._done.values())
        self._seconds = sum(outcome.seconds for outcome in self._done.values())
        self._chunk: list[Output] = []
        suspect = delivery.part if delivery.part != REST else None
        self._careful = delivery.runs_alone > 1 or suspect is not None
        # The first run was not careful, so that of two nothing is known.
        self._guilty = (suspect or REST) if delivery.runs_alone > max(self._most, 2) else None
        if suspect is None:
            at.checks.note_part(self._claim, REST)  # until a part is begun on, it is the unpacking

    def read(self) -> bool:
        """Read and publish what has no outcome; whether nothing is left."""
        until = time.monotonic() + BATCH_SECONDS
        try:
            if self._guilty == REST:
                raise self._verdict()
            for number, part in parts_of(self._document, self._at.settings, self._done):
                self._check_budget(number)
                if not self._one(number, part) or time.monotonic() > until:
                    self._flush()
                    return False
        except Rejected as error:  # of what follows
            self._add(REST, self._explained(error, self._document))
        except Failed as failure:
            if not self._is_over(REST, self._document, failure, 0.0):
                return False
        self._flush()
        return True

    def _one(self, number: str, part: Document) -> bool:
        """See to one part; False where it must be tried again."""
        if self._careful:
            self._at.checks.note_part(self._claim, number)
        began, before = time.monotonic(), len(self._trace)
        try:
            if number == self._guilty:
                began -= self._delivery.runs_alone * self._at.settings.time_limit  # that the runs before took
                raise self._verdict()
            result: Article | Rejection = attempt_part(part, self._at.classify, self._at.settings, self._trace.watch)
        except Rejected as error:
            result = self._explained(error, part)
        except Failed as failure:
            return self._is_over(number, part, failure, time.monotonic() - began)
        self._trace.article(number, before, about(result), failure_of(result))
        self._add(number, result, time.monotonic() - began)
        return True

    def _is_over(self, number: str, document: Document, failure: Failed, seconds: float) -> bool:
        """Whether a part, or the unpacking, was tried often enough to be rejected; else it is noted how it ended."""
        if number in self._done:
            return True
        log.warning("attempt_failed", part=number, reason=failure.reason, detail=failure.detail)
        if self._delivery.part == number and self._delivery.runs_alone >= self._most:
            error = Rejected("process", failure.reason, failure.detail)
            self._add(number, self._explained(error, document), seconds * self._most)
            return True
        self._flush()  # which starts the count anew, so the note comes after it
        self._at.checks.note_part(self._claim, number)
        self._at.checks.note_failure(self._claim, failure.reason, failure.detail)
        return False

    def _verdict(self) -> Rejected:
        """Why a part is rejected whose runs ended their process, so that they could not say it."""
        reason, detail = self._delivery.last_failure or ("crashed", "its worker process ended, with no word of why")
        return Rejected("process", reason_of(reason), detail)

    def _check_budget(self, number: str) -> None:
        left = f"article {number} and what follows were not read"
        if self._size > MAX_RECORD_BYTES:
            raise Rejected("process", "too_large", f"its records hold more than {MAX_RECORD_BYTES:,} bytes; {left}")
        if self._seconds > MAX_SECONDS:
            raise Rejected("process", "timed_out", f"its articles take more than {MAX_SECONDS:g} s; {left}")

    def _explained(self, error: Rejected, document: Document) -> Rejection:
        return rejection_of(error, document, self._delivery, self._most)

    def _add(self, number: str, result: Article | Rejection, seconds: float = 0.0) -> None:
        if number in self._done:  # the rest, of a file whose parts before it were lost
            return
        size = len(result.model_dump_json()) if isinstance(result, Article) else 0
        self._chunk.append(output_of(self._delivery.submission, result, number, size, seconds))
        self._size += size
        self._seconds += seconds
        if self._careful or len(self._chunk) >= CHUNK or sum(output.size for output in self._chunk) >= CHUNK_BYTES:
            self._flush()

    def _flush(self) -> None:
        outputs, self._chunk = self._chunk, []
        traces = [self._trace] * len(outputs)
        for output, outcome in zip(outputs, publish(outputs, traces, self._at), strict=True):
            self._done[str(output.number)] = outcome

    def settle(self) -> None:
        """Settle the file: every part has its outcome."""
        known = self._at.checks.parts(self._claim)
        if not self._done.keys() <= known.keys():
            known = self._done  # some are lost, which the script refuses, or the file was settled by another worker
        self._at.publisher.settle(self._claim, self._summed_up(known))

    def _summed_up(self, parts: Mapping[str, Outcome]) -> Outcome:
        """What became of the file: the best that became of a part, and which parts gave no record."""
        ordered = [parts[number] for number in sorted(parts, key=lambda number: (number == REST, len(number), number))]
        status = min((part.status for part in ordered), key=("published", "duplicate", "rejected").index)
        rejected = [part for part in ordered if part.status == "rejected"]
        why = (
            Rejected("process", "articles_rejected", _list_of(rejected, len(parts.keys() - {REST})))
            if rejected
            else None
        )
        rejection = self._explained(why, self._document) if why else None
        return Outcome(status, "", rejection=rejection, parts=tuple(ordered))


def _list_of(rejected: list[Outcome], count: int) -> str:
    """How many of the articles of a file were rejected for which reasons, the first of them, and the file's rest."""
    whys = [part.rejection for part in rejected if part.rejection and part.number != REST]
    number = sum(part.number != REST for part in rejected)
    reasons = ", ".join(f"{reason} {times}" for reason, times in Counter(why.reason for why in whys).most_common())
    lines = [f"{number} of {count} articles gave no record ({reasons}):"] if number else []
    lines += [f"  {why.path}: {why.reason}, {_shortened(why.detail)}" for why in whys[:SHOWN]]
    if len(whys) > SHOWN:
        lines.append(f"  and {len(whys) - SHOWN} more, on the stream of rejections")
    for part in rejected:
        if part.number == REST and part.rejection:
            lines.append(f"What follows the first {count} articles: {part.rejection.reason}, {part.rejection.detail}")
    return "\n".join(lines)


def _shortened(detail: str) -> str:
    return detail if len(detail) <= SHOWN_CHARACTERS else detail[: SHOWN_CHARACTERS - 1] + "…"
