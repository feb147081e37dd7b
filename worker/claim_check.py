"""What passes between a watcher and the workers in Redis: a claimed file's bytes, its runs, its outcome."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import redis

from worker.batched_script import BatchedScript, text_of_script
from worker.celery import LONG_BYTES, LONG_QUEUE, QUEUE
from worker.connection import text_of, under_way
from worker.keys import Keys
from worker.logs import get_logger
from worker.publish import DAY, Outcome

log = get_logger(__name__)

ONE_PIECE = 2**13  # bytes: with keys and all, less than the 16 KiB that Redis reads of one client at a time
SETTLED_SECONDS = 600  # an outcome is kept so long after its file was moved: a late delivery finds it


class Submission(TypedDict):
    """The small message that a worker gets for one file; ``path`` is safe to show, the bytes are in Redis."""

    claim: str
    inbox: str
    inbox_id: str
    path: str
    size: int
    received_at: str
    traceparent: str


def queue_of(submission: Submission) -> str:
    """The queue for a file, which must be alone in its batch where that is the long one."""
    return LONG_QUEUE if submission["size"] > LONG_BYTES else QUEUE


@dataclass(frozen=True, slots=True)
class Delivery:
    """A submission as a worker begins on it.

    Attributes:
        submission: What to work on.
        data: The file's bytes; None when it is settled already, or its bytes were lost (it comes again then).
        runs: How often a worker has begun on it, this time included.
        runs_alone: How often as the only one of its batch.
        last_failure: How the last run alone ended: a reason and a detail.
        part: In which part of a file of several articles; see ``ClaimCheck.note_part``.
    """

    submission: Submission
    data: bytes | None
    runs: int
    runs_alone: int
    last_failure: tuple[str, str] | None
    part: str | None = None


class ClaimCheck:
    """The claim checks under one prefix; every method but ``take_back`` awaits one round trip, and all may be repeated.

    All methods raise ``redis.RedisError`` when the server cannot do it.
    """

    def __init__(self, client: "redis.Redis", keys: Keys) -> None:
        self._client = client
        self._keys = keys
        self._look = BatchedScript(client, "begin.lua")
        self._count = text_of_script("count_runs.lua")
        self._unreadable: set[str] = set()  # claims in flight whose outcome was found to be unreadable

    @contextlib.contextmanager
    def deposit(self, files: Sequence[tuple[str, bytes]]) -> Iterator[None]:
        """Store the bytes of claims, until they are settled or for a day; the body tells workers of them.

        What the server reads in one piece is under way meanwhile. Of more it might hear of the message first.
        """
        if sum(len(data) for _, data in files) <= ONE_PIECE:
            with under_way(self._client, [("SET", self._keys.blob(claim), data, "EX", DAY) for claim, data in files]):
                yield
            return
        with self._client.pipeline() as pipe:  # one transaction, so the server waits for its disk once
            for claim, data in files:
                pipe.set(self._keys.blob(claim), data, ex=DAY)
            pipe.execute()
        yield

    @contextlib.contextmanager
    def begin(self, submissions: Sequence[Submission]) -> Iterator[list[Delivery]]:
        """Fetch the bytes. The run is counted even if the body, which works on them, ends the process."""
        claims = [submission["claim"] for submission in submissions]
        keys = [key for claim in claims for key in (self._keys.outcome(claim), self._keys.attempts(claim))]
        alone = int(len(submissions) == 1)
        known, blobs = self._look([(keys, [alone])], also=lambda pipe: pipe.mget(map(self._keys.blob, claims)))
        with under_way(self._client, [("EVAL", self._count, len(keys), *keys, alone, DAY)]):
            yield list(map(_delivery, submissions, blobs, known))

    def take_back(self, submissions: Sequence[Submission]) -> None:
        """Uncount the run that ``begin`` counted: it ended for a reason that is not the files'."""
        alone = len(submissions) == 1
        keys = [self._keys.attempts(submission["claim"]) for submission in submissions]
        with self._client.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.hexists(key, "runs")
            counted: list[Any] = pipe.execute()
            for key in [key for key, is_there in zip(keys, counted, strict=True) if is_there]:  # else it made progress
                pipe.hincrby(key, "runs", -1)
                pipe.hincrby(key, "alone", -int(alone))
                pipe.expire(key, DAY)
            pipe.execute()

    def note_failure(self, claim: str, reason: str, detail: str) -> None:
        """Remember how a run alone ended, for the rejection if there has to be one."""
        key = self._keys.attempts(claim)
        with self._client.pipeline(transaction=False) as pipe:
            pipe.hset(key, mapping={"reason": reason, "detail": detail})
            pipe.expire(key, DAY)
            pipe.execute()

    def note_part(self, claim: str, number: str) -> None:
        """Remember which part of its file a run is about to begin on: if it ends its process, that is the one."""
        key = self._keys.attempts(claim)
        with self._client.pipeline(transaction=False) as pipe:
            pipe.hset(key, "part", number)
            pipe.expire(key, DAY)
            pipe.execute()

    def parts(self, claim: str) -> dict[str, Outcome]:
        """What became of the parts of a claim's file so far, by their number."""
        found: Any = self._client.hgetall(self._keys.parts(claim))
        return {text_of(number): Outcome.from_json(stored) for number, stored in found.items()}

    def progress(self, claims: Sequence[str]) -> list[int]:
        """Of how many parts of their files the claims have an outcome."""
        with self._client.pipeline(transaction=False) as pipe:
            for claim in claims:
                pipe.hlen(self._keys.parts(claim))
            return [int(count) for count in pipe.execute()]

    def outcomes(self, claims: Sequence[str]) -> dict[str, Outcome]:
        """What is known of the claims; those that are not settled yet are left out.

        An outcome that cannot be read, as that of a newer worker, is left out too and logged.
        """
        found: list[Any] = self._client.mget([self._keys.outcome(claim) for claim in claims]) if claims else []
        known = {}
        for claim, stored in zip(claims, found, strict=True):
            if stored:
                try:
                    known[claim] = Outcome.from_json(stored)
                except (ValueError, KeyError) as error:
                    if claim in self._unreadable:
                        continue
                    self._unreadable = {claim, *self._unreadable & set(claims)}
                    log.warning("outcome_unreadable", claim=claim, detail=str(error), next="run one version everywhere")
        return known

    def forget(self, claims: Iterable[str]) -> None:
        """The files are in their place: drop what is left of their claims, the outcomes a little later."""
        with self._client.pipeline(transaction=False) as pipe:
            for claim in claims:
                pipe.delete(self._keys.blob(claim), self._keys.attempts(claim), self._keys.parts(claim))
                pipe.expire(self._keys.outcome(claim), SETTLED_SECONDS)
            pipe.execute()

    def backlog(self) -> tuple[int, int]:
        """How many batches wait in the queues, and how many are in workers' hands."""
        with self._client.pipeline(transaction=False) as pipe:
            pipe.llen(self._keys.broker + QUEUE)
            pipe.llen(self._keys.broker + LONG_QUEUE)
            pipe.hlen(self._keys.broker + "unacked")
            queued, queued_long, in_hand = pipe.execute()
        return int(queued) + int(queued_long), int(in_hand)


def _delivery(submission: Submission, data: bytes | None, run: list[Any] | None) -> Delivery:
    """What a worker begins on, from what Redis says of it."""
    if run is None:
        return Delivery(submission, None, 0, 0, None)
    runs, runs_alone, reason, detail, part = run
    failure = (text_of(reason), text_of(detail)) if reason else None
    return Delivery(submission, data, runs, runs_alone, failure, text_of(part) if part else None)
