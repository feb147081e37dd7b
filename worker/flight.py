"""A file in flight, and how such files share messages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from worker.celery import LONG_BYTES
from worker.claim import Claim
from worker.publish import Outcome
from worker.settling import Signature

# A batch keeps a worker busy for about 50 ms: so many short articles, so many bytes of long ones or of pages.
BATCH_FILES = 32
BATCH_BYTES = 2**17


@dataclass(slots=True)
class Flight:
    """A claimed file.

    Attributes:
        claim: Which.
        size: Its bytes in Redis.
        seen: What it looked like when it was read.
        rung_at: When it was last submitted, monotonic seconds.
        rings: How often it was submitted.
        not_before: When it may be touched again, monotonic seconds, after a read or a move that failed.
        failed_reads: How often it could not be read.
        parts: Of how many articles in it an outcome was known when that was last asked.
        outcome: What became of it, once that is known.
        noticed: When the file was first seen, nanoseconds since the epoch; 0 where it was claimed before.
        known: When the outcome was learnt, likewise.
        again: Whether it is on its way once more, under the claim that it had.
    """

    claim: Claim
    size: int = 0
    seen: Signature | None = None
    rung_at: float = float("-inf")
    rings: int = 0
    not_before: float = float("-inf")
    failed_reads: int = 0
    parts: int = 0
    outcome: Outcome | None = None
    noticed: int = 0
    known: int = 0
    again: bool = False


def batches(files: Iterable[tuple[Flight, bytes]], most: int) -> Iterator[list[tuple[Flight, bytes]]]:
    """Files that are worked on one after the other, at most so many; a large one is alone."""
    batch: list[tuple[Flight, bytes]] = []
    size = 0
    for flight, data in files:
        if len(data) > LONG_BYTES:
            yield [(flight, data)]
            continue
        if batch and (len(batch) >= most or size + len(data) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append((flight, data))
        size += len(data)
    if batch:
        yield batch
