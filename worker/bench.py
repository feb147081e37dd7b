"""What a worker process works with, and what it makes of a run."""

import gc
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast, get_args

from schemas.article import Article
from schemas.rejection import Reason, Rejection
from worker import alive, tracing
from worker.claim_check import ClaimCheck, Delivery, Submission
from worker.classify import Classify, load_classifier, refuse_unknown
from worker.connection import connect
from worker.errors import Rejected
from worker.journey import tell_published
from worker.keys import Keys
from worker.logs import get_logger
from worker.models import Document
from worker.pipeline import process
from worker.publish import Outcome, Output, Publisher
from worker.rejections import explain
from worker.settings import Settings

log = get_logger(__name__)

# Of the formats that most files have: what reading them needs is loaded with the first.
FIRST_FILES = {
    "first.txt": "The first of many\n\nThe ministers met on Tuesday, and what they said was read before anything else.",
    "first.html": "<html><body><article><h1>The first of many</h1><p>The ministers met on Tuesday in the capital.</p>"
    "<p>What they said there was read before anything else that day.</p></article></body></html>",
}


class Bench:
    """What a worker process works with: made once, kept for its life."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.keys = Keys(settings.prefix)
        self.client = connect(settings.address)
        self.checks = ClaimCheck(self.client, self.keys)
        self.publisher = Publisher(self.client, self.keys, settings.ledger_days, settings.topics)
        self.stall = alive.Stall()
        refuse_unknown(settings.topics, settings.rules, settings.model)
        self.classify: Classify = load_classifier(settings.rules, settings.model)

    def share(self) -> None:
        """Load all that most files need, and have the processes that are forked from now on share it.

        What the garbage collector looks at it writes to, which would give each process a copy; it passes over what is
        there by now.
        """
        for path, text in FIRST_FILES.items():
            process(Document(path, text.encode(), datetime.now(UTC)), self.classify)
        gc.collect()
        gc.freeze()


def rejection_of(error: Rejected, document: Document, delivery: Delivery, most: int) -> Rejection:
    """Why a document gave no record, for the rejected stream.

    Args:
        error: Why.
        document: The file, or a part of it.
        delivery: The run.
        most: How many runs a file has at most.
    """
    return explain(error, document).model_copy(
        update={
            "claim": delivery.submission["claim"],
            "attempts": min(max(1, delivery.runs_alone), most),
            "rejected_at": datetime.now(UTC),
        }
    )


def output_of(
    submission: Submission,
    result: Article | Rejection,
    number: str | None = None,
    size: int = 0,
    seconds: float = 0.0,
) -> Output:
    """The result of a submission or of a part of its file, ready to be published."""
    return Output(
        claim=submission["claim"],
        inbox=submission["inbox"],
        inbox_id=submission["inbox_id"],
        traceparent=submission["traceparent"],
        result=result,
        number=number,
        size=size,
        seconds=seconds,
    )


def publish(outputs: Sequence[Output], runs: Sequence[tracing.Run], at: Bench) -> list[Outcome]:
    """Publish, and tell what became of each output; the runs are those that they came from. Raises as the publisher."""
    began = time.time_ns()
    outcomes = at.publisher.publish(outputs)
    if tracing.on():
        tell_published(outputs, outcomes, runs, (began, time.time_ns()), at.keys)
    for output, outcome in zip(outputs, outcomes, strict=True):
        report(output, outcome)
    return outcomes


def report(output: Output, outcome: Outcome) -> None:
    """Log what became of an article."""
    result = output.result
    if isinstance(result, Rejection):
        log.warning("rejected", claim=output.claim, path=result.path, stage=result.stage, reason=result.reason)
    else:
        topic, path = result.primary_topic, result.provenance.path
        log.info(outcome.status, claim=output.claim, path=path, entry=outcome.entry, article=result.id, topic=topic)


def reason_of(text: str) -> Reason:
    """A noted reason; of one that this version does not know, the plainest."""
    return cast("Reason", text) if text in get_args(Reason) else "crashed"
