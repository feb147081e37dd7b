"""The one task: a batch of submissions in, each of them published, rejected or handed back."""

import contextlib
import functools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import redis
import structlog
from billiard.exceptions import WorkerLostError
from celery import signals
from celery.worker.request import Request
from kombu.transport.virtual import QoS

from schemas.article import Article
from schemas.rejection import Rejection
from worker import alive, exporting, journey, tracing
from worker.attempt import Failed, attempt
from worker.bench import Bench, output_of, publish, reason_of, rejection_of
from worker.celery import BATCH_SECONDS, LONG_QUEUE, app
from worker.claim_check import Delivery, Submission, queue_of
from worker.connection import translated
from worker.errors import Misconfigured, Rejected, Unavailable
from worker.limits import limit_memory, one_watchdog
from worker.logs import get_logger
from worker.models import Document
from worker.parts import work_on
from worker.pipeline import Watch, unwatched
from worker.publish import Output
from worker.server import ServerCheck
from worker.settings import load_settings

log = get_logger(__name__)

WATCHDOG_EXIT = "exitcode 1"  # how a process ends that limits.py's watchdog ends


@functools.cache
def bench() -> Bench:
    """Give the bench of this process."""
    return Bench(load_settings())


@signals.worker_init.connect
def _prepare_parent(**_: object) -> None:
    """Load what every process needs once, before they are forked from this one; see that the server will do."""
    try:
        with contextlib.suppress(Unavailable), translated(bench().settings.address):
            ServerCheck(bench().client, bench().keys.prefix)()
    except Misconfigured as error:  # Celery logs what a signal raises and goes on, but for this
        raise SystemExit(f"Error: {error}") from error
    exporting.prepare()
    bench().share()


@signals.worker_process_init.connect
def _prepare_process(**_: object) -> None:
    limit_memory(bench().settings.memory_limit_mb)
    tracing.start()


@signals.worker_process_shutdown.connect
def _end_process(**_: object) -> None:
    tracing.stop()


@signals.heartbeat_sent.connect
def _report_alive(**_: object) -> None:
    """Say from the parent that its workers are alive, and for how long work has waited without progress."""
    try:
        with translated(bench().settings.address):
            queued, _in_hand = bench().checks.backlog()
            progress = int(bench().client.hget(bench().keys.progress, alive.here("worker")) or 0)
            stalled = bench().stall.measure(queued, progress, time.monotonic())
            alive.report(bench().client, bench().keys, "worker", {"stalled": stalled})
    except Unavailable as error:  # so is the reader of the report
        log.warning("redis_unavailable", detail=str(error))


class IngestRequest(Request):
    """A task as the parent sees it: how its process died, and when its message is done with."""

    def acknowledge(self) -> None:
        """Have the broker drop the message; where that fails, Celery logs it and it is delivered again later."""
        super().acknowledge()
        self._let_go()

    def reject(self, requeue: bool = False) -> None:
        """Have the broker give the message to a worker again, or drop it; where that fails, likewise."""
        super().reject(requeue)
        self._let_go()

    def _let_go(self) -> None:
        """Kombu counts a message that it could not acknowledge as in hand for ever.

        A worker that counts as many as it has processes would take no more.
        """
        if not self.message.acknowledged:
            QoS.ack(self.message.channel.qos, self.message.delivery_tag)  # type: ignore[no-untyped-call]  # kombu's

    def on_failure(self, exc_info: Any, send_failed_event: bool = True, return_ok: bool = False) -> Any:
        """Note how the only file of a batch ended its process; Celery then delivers the batch again."""
        error = getattr(exc_info.exception, "exc", exc_info.exception)  # billiard may wrap it
        if isinstance(error, WorkerLostError):
            submissions: list[Submission] = self.args[0]
            detail = str(error).partition("Job:")[0].strip(" .")
            hung = WATCHDOG_EXIT in detail
            log.warning("worker_process_lost", claims=[s["claim"] for s in submissions], detail=detail)
            if len(submissions) == 1:
                limit = bench().settings.time_limit
                note = ("timed_out", f"still busy after {limit:g} s") if hung else ("crashed", detail)
                _note(submissions[0]["claim"], *note)
        return super().on_failure(exc_info, send_failed_event, return_ok)


@app.task(name="copydesk.ingest", Request="worker.tasks:IngestRequest")
def ingest(submissions: list[Submission]) -> None:
    """Work through a batch.

    Raises:
        Unavailable: Redis cannot be reached; the watcher submits again what has no outcome.
    """
    with translated(bench().settings.address), bench().checks.begin(submissions) as deliveries:
        try:
            request = ingest.request
            queue = (request.delivery_info or {}).get("routing_key")
            message = tracing.Message(request.id, queue, request.get("sent_at"), len(submissions))
            again = work_through(deliveries, bench(), message)
        except (redis.RedisError, Unavailable):  # not the files' fault, so the runs do not count
            with contextlib.suppress(redis.RedisError):  # the first error is the one to tell
                bench().checks.take_back(submissions)
            raise
        bench().client.hincrby(bench().keys.progress, alive.here("worker"), 1)
    for submission, queue in again:
        ingest.apply_async([[submission]], queue=queue)


def work_through(
    deliveries: Sequence[Delivery], at: Bench, message: tracing.Message = tracing.UNKNOWN
) -> list[tuple[Submission, str]]:
    """Publish the results of a batch; returns the submissions that must be worked on again, alone, by their queue.

    A file that was begun before and has no outcome may have ended its process, so it shares no batch again. One of
    several articles shares none either.
    """
    worked = Worked()
    with contextlib.nullcontext() if len(deliveries) == 1 else one_watchdog():
        _work(deliveries, at, message, worked)
    outcomes = publish(worked.outputs, worked.traces, at)
    for output, outcome, trace in zip(worked.outputs, outcomes, worked.traces, strict=True):
        trace.end(
            {**journey.about(output.result), "copydesk.status": outcome.status}, journey.failure_of(output.result)
        )
    return worked.again


@dataclass(frozen=True, slots=True)
class Worked:
    """What was made of a batch: outputs with their traces, and what must be worked on again, by its queue."""

    outputs: list[Output] = field(default_factory=list)
    traces: list[tracing.Run] = field(default_factory=list)
    again: list[tuple[Submission, str]] = field(default_factory=list)


def _work(deliveries: Sequence[Delivery], at: Bench, message: tracing.Message, worked: Worked) -> None:
    """Work on each file of a batch in turn."""
    alone = len(deliveries) == 1
    started = time.monotonic()
    for delivery in deliveries:
        submission, data = delivery.submission, delivery.data
        with structlog.contextvars.bound_contextvars(claim=submission["claim"], path=submission["path"]):
            if data is None:
                log.info("nothing_to_do", cause="settled, or its bytes are gone and it will be submitted again")
                continue
            if not alone and (delivery.runs > 1 or time.monotonic() - started > BATCH_SECONDS):
                worked.again.append((submission, queue_of(submission)))
                continue
            document = Document(submission["path"], data, datetime.fromisoformat(submission["received_at"]))
            trace = journey.begin(submission, message)
            result = run(delivery, document, at, trace.watch, alone=alone)
            if isinstance(result, Article | Rejection):
                worked.outputs.append(output_of(submission, result))
                worked.traces.append(trace)
                continue
            if result == "again" or not alone:
                worked.again.append((submission, queue_of(submission)))
            elif not work_on(delivery, document, at, trace):
                worked.again.append((submission, LONG_QUEUE))
            trace.end({"copydesk.status": result})


def run(
    delivery: Delivery, document: Document, at: Bench, watch: Watch = unwatched, *, alone: bool
) -> Article | Rejection | Literal["again", "several"]:
    """One run of one file: its record or its rejection; or that it must be tried again alone, or holds several."""
    most = at.settings.max_attempts
    if delivery.part is not None:
        return "several"
    if delivery.runs_alone > most:  # the runs before ended their process, so nobody could reject it
        reason, detail = delivery.last_failure or ("crashed", "its worker process ended, with no word of why")
        return rejection_of(Rejected("process", reason_of(reason), detail), document, delivery, most)
    try:
        return attempt(document, at.classify, at.settings, watch) or "several"
    except Rejected as error:
        return rejection_of(error, document, delivery, most)
    except Failed as failure:
        log.warning("attempt_failed", reason=failure.reason, detail=failure.detail, run=delivery.runs_alone)
        if alone and delivery.runs_alone >= most:
            return rejection_of(Rejected("process", failure.reason, failure.detail), document, delivery, most)
        return "again"


def _note(claim: str, reason: str, detail: str) -> None:
    """Keep how a run ended; without it a later rejection says less, and nothing else is lost."""
    try:
        with translated(bench().settings.address):
            bench().checks.note_failure(claim, reason, detail)
    except Unavailable as error:
        log.warning("redis_unavailable", detail=str(error))
