"""Which spans a file's journey has, and what they tell."""

import time
from collections import Counter
from collections.abc import Sequence

from schemas.article import Article
from schemas.rejection import Rejection
from worker import tracing
from worker.claim import Claim
from worker.claim_check import Submission, queue_of
from worker.keys import Keys
from worker.names import display
from worker.publish import Outcome, Output
from worker.tracing import Failure, Run, Step


def tell_noticed(traceparent: str, claim: Claim, first: float, quiet: float) -> int:
    """A file was claimed.

    Args:
        traceparent: Of its journey.
        claim: Which.
        first: When it was first seen, monotonic seconds.
        quiet: Since when it has not changed, likewise.

    Returns:
        When it was first seen, nanoseconds since the epoch.
    """
    now, offset = time.time_ns(), time.time() - time.monotonic()
    noticed, settling = (min(now, int((moment + offset) * 1e9)) for moment in (first, quiet))
    inner = [Step("settle", settling, now, {})]
    tracing.note(traceparent, Step("notice", noticed, now, _file(claim.id, display(claim.path)), inner=inner))
    return noticed


def tell_sent(submissions: Sequence[Submission], began: int) -> None:
    """A message with these files was put on the queue; it was begun on at a time in nanoseconds since the epoch."""
    if not tracing.on():
        return
    now, queue = time.time_ns(), queue_of(submissions[0])
    for each in submissions:
        told = _file(each["claim"], each["path"], each["size"]) | _message("celery", "send", queue, len(submissions))
        tracing.note(each["traceparent"], Step(f"send {queue}", began, now, told, "CLIENT"))


def tell_settled(traceparent: str, claim: Claim, outcome: Outcome, times: tuple[int, int], *, again: bool) -> None:
    """A file is in its place: the move, and the whole journey.

    Args:
        traceparent: Of the journey.
        claim: Which file.
        outcome: What became of it.
        times: When it was first seen (0: unknown), and when its outcome was learnt, nanoseconds since the epoch.
        again: Whether it was settled before, so that the span that the traceparent names is made already.
    """
    now, (noticed, known) = time.time_ns(), times
    told = _file(claim.id, display(claim.path)) | {
        "copydesk.status": outcome.status,
        "copydesk.article.id": outcome.article,
        "copydesk.topic": outcome.topic,
    }
    why = outcome.rejection if outcome.status == "rejected" else None
    tracing.note(traceparent, Step("move", known, now, told))
    began = noticed or int(claim.received_at.timestamp() * 1e9)
    created = {"messaging.system": "redis", "messaging.operation.name": "ingest", "messaging.operation.type": "create"}
    step = Step("ingest", known if again else began, now, told | created, "PRODUCER", failure_of(why))
    tracing.note(traceparent, step, is_root=not again)


def begin(submission: Submission, message: tracing.Message) -> Run:
    """A worker begins on a file: it waited in the queue until now."""
    told = _file(submission["claim"], submission["path"], submission["size"])
    told |= _message("celery", "process", message.queue, message.count) | {"messaging.message.id": message.id}
    if tracing.on() and message.sent_at:
        waited = {name: told[name] for name in ("copydesk.claim", "messaging.system", "messaging.destination.name")}
        tracing.note(submission["traceparent"], Step("queue", message.sent_at, time.time_ns(), waited))
    return Run(submission["traceparent"], told)


def tell_published(
    outputs: Sequence[Output], outcomes: Sequence[Outcome], runs: Sequence[Run], times: tuple[int, int], keys: Keys
) -> None:
    """Outputs were put on their streams, in one call.

    Args:
        outputs: What was published.
        outcomes: What became of each.
        runs: The run that each came from.
        times: When the call began and ended, nanoseconds since the epoch.
        keys: Names the streams.
    """
    streams = [keys.rejected if isinstance(output.result, Rejection) else keys.articles for output in outputs]
    counts, told = Counter(streams), set()
    for output, outcome, run, stream in zip(outputs, outcomes, runs, streams, strict=True):
        if (id(run), stream) in told:  # of a file of several articles one span for all that go in one call
            continue
        told.add((id(run), stream))
        attributes = _message("redis", "send", stream, counts[stream])
        if output.number is None:
            attributes |= about(output.result) | {"copydesk.status": outcome.status}
        if output.number is None or counts[stream] == 1:
            attributes["messaging.message.id"] = outcome.entry
        run.add(Step(f"send {stream}", *times, attributes, "CLIENT"))


def about(result: Article | Rejection) -> dict[str, str | int | None]:
    """What the spans tell of a result."""
    if isinstance(result, Rejection):
        return {"copydesk.stage": result.stage}
    return {
        "copydesk.article.id": result.id,
        "copydesk.topic": result.primary_topic,
        "copydesk.media_type": result.provenance.media_type,
    }


def failure_of(result: Article | Rejection | None) -> Failure | None:
    """Why there is no record."""
    return Failure(result.reason, result.detail) if isinstance(result, Rejection) else None


def _file(claim: str, path: str, size: int | None = None) -> dict[str, str | int | None]:
    return {"copydesk.claim": claim, "file.path": path, "file.size": size}


def _message(system: str, operation: str, destination: str | None, count: int) -> dict[str, str | int | None]:
    return {
        "messaging.system": system,
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": destination,
        "messaging.batch.message_count": count if count > 1 else None,
    }
