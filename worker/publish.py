"""Publishing: one atomic script in Redis decides whether content is new, the same again, or a correction."""

import importlib.resources
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import redis
from redis.exceptions import NoScriptError

from schemas.article import Article
from schemas.event import CORRECTED, PUBLISHED, REJECTED, Event, to_entry
from schemas.rejection import Rejection
from worker.connection import text_of
from worker.errors import Unavailable
from worker.keys import Keys

DAY = 86_400
OUTCOME_SECONDS = DAY  # far longer than a watcher is ever away; a claim found later is simply run again
KEY_COUNT = 6
MAX_ROUNDS = 8  # each lost round means that somebody else published a version of the same article

Status = Literal["published", "duplicate", "rejected"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claim.

    Attributes:
        status: A new entry, the same content again, or a rejection.
        entry: The id of the stream entry; of a duplicate, the earlier one's.
        version: Of the article; None for a rejection. Likewise the next four.
        article: The article's id.
        content: SHA-256 of the content.
        topic: The primary topic, if any.
        pipeline: The version of the pipeline that made the record.
        rejection: Why, where it was rejected.
    """

    status: Status
    entry: str
    version: int | None = None
    article: str | None = None
    content: str | None = None
    topic: str | None = None
    pipeline: str | None = None
    rejection: Rejection | None = None

    @classmethod
    def from_json(cls, text: str | bytes) -> "Outcome":
        """Read what the script stored under the claim."""
        stored = json.loads(text)
        rejection = stored.get("rejection")
        return cls(
            status=stored["status"],
            entry=stored["entry"],
            **{name: stored.get(name) for name in ("version", "article", "content", "topic", "pipeline")},
            rejection=Rejection.model_validate_json(rejection) if rejection else None,
        )


@dataclass(frozen=True, slots=True)
class Output:
    """What a worker made of a claim, ready to be published.

    Attributes:
        claim: The claim that it settles.
        inbox: The name of the inbox, for the event's source.
        inbox_id: Its id: nothing is published for an inbox whose ledger was lost and is not restored yet.
        traceparent: W3C Trace Context of the file's journey.
        result: The record (its version is decided here), or why there is none.
    """

    claim: str
    inbox: str
    inbox_id: str
    traceparent: str
    result: Article | Rejection


class Publisher:
    """Puts outputs on their stream, each exactly once, in one round trip for many."""

    def __init__(self, client: "redis.Redis", keys: Keys, ledger_days: int) -> None:
        self._client = client
        self._keys = keys
        self._ledger_seconds = ledger_days * DAY
        self._script = importlib.resources.files("worker").joinpath("publish.lua").read_text(encoding="utf-8")
        self._sha = ""

    def publish(self, outputs: Sequence[Output]) -> list[Outcome]:
        """Publish, in order.

        Raises:
            redis.RedisError: The server could not do it; nothing is lost by calling again.
            Unavailable: The ledger was lost and is not restored yet, or other writers kept publishing versions of
                the same article.
        """
        replies: list[str] = [""] * len(outputs)
        versions = [1] * len(outputs)
        waiting = list(range(len(outputs)))
        for _ in range(MAX_ROUNDS):
            for index, reply in zip(waiting, self._run([(outputs[i], versions[i]) for i in waiting]), strict=True):
                replies[index] = reply
                versions[index] = json.loads(reply).get("expected", 1)
            states = {index: json.loads(replies[index])["status"] for index in waiting}
            if "unmarked" in states.values():
                raise Unavailable("Redis lost the ledger; the watcher of the inbox restores it from its journal")
            waiting = [index for index in waiting if states[index] == "conflict"]
            if not waiting:
                return [Outcome.from_json(reply) for reply in replies]
        raise Unavailable(f"{len(waiting)} articles were published by others {MAX_ROUNDS} times in a row")

    def _run(self, calls: list[tuple[Output, int]]) -> list[str]:
        """One pipelined round trip; a server that lost the script (a restart, SCRIPT FLUSH) is given it again."""
        arguments = [self._arguments(output, version) for output, version in calls]
        while True:
            self._sha = self._sha or text_of(self._client.script_load(self._script))
            with self._client.pipeline(transaction=False) as pipe:
                for call in arguments:
                    pipe.evalsha(self._sha, KEY_COUNT, *call)
                replies: list[Any] = pipe.execute(raise_on_error=False)
            errors = [reply for reply in replies if isinstance(reply, Exception)]
            if not errors:
                return [text_of(reply) for reply in replies]
            if not isinstance(errors[0], NoScriptError):
                raise errors[0]
            self._sha = ""  # every call is safe to repeat: what did get through answers with its outcome

    def _arguments(self, output: Output, version: int) -> list[str | int]:
        claim, result, keys = output.claim, output.result, self._keys
        event = event_of(output, version, datetime.now(UTC))
        fields = [part for pair in to_entry(event).items() for part in pair]
        tail = [keys.outcome(claim), keys.blob(claim), keys.attempts(claim), keys.marker(output.inbox_id)]
        lifetimes = [self._ledger_seconds, OUTCOME_SECONDS]
        if isinstance(result, Rejection):
            about = {"rejection": result.model_dump_json()}
            return [keys.rejected, keys.ledger("-"), *tail, "", 0, *lifetimes, json.dumps(about), *fields]
        content = result.dedupe.content_sha256
        about = {"article": result.id, "content": content, "pipeline": result.provenance.pipeline_version}
        if result.primary_topic:
            about["topic"] = result.primary_topic
        return [keys.articles, keys.ledger(result.id), *tail, content, version, *lifetimes, json.dumps(about), *fields]


def event_id(article: str, content: str) -> str:
    """The ``ce_id`` of an article's event: the same for the same content, however often it is sent."""
    return f"{article}.{content[:16]}"


def event_of(output: Output, version: int, now: datetime) -> Event:
    """The event for an output; its id depends only on the article and its content, or on the claim.

    Args:
        output: What to announce.
        version: The version that the record will carry; without meaning for a rejection.
        now: The time of publishing, with its zone.
    """
    result = output.result
    if isinstance(result, Rejection):
        data: Article | Rejection = result
        identity, event_type, subject = output.claim, REJECTED, result.path
    else:
        data = result.model_copy(update={"version": version})
        identity = event_id(result.id, result.dedupe.content_sha256)
        event_type = PUBLISHED if version == 1 else CORRECTED
        subject = result.id
    return Event(
        id=identity,
        source=f"/copydesk/{output.inbox}",
        type=event_type,
        time=now,
        subject=subject,
        traceparent=output.traceparent,
        data=data,
    )
