"""Publishing: one atomic script in Redis decides whether content is new, the same again, or a correction.

A file of one article is settled by the same call. Of a file of several, each part is published by a call of its own,
which remembers the part's outcome; one more call settles the file once every part has one.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

import redis

from schemas.article import Article
from schemas.event import CORRECTED, PUBLISHED, REJECTED, ArticleEvent, Event, to_entry
from schemas.rejection import Rejection
from worker.batched_script import BatchedScript, Call
from worker.errors import Unavailable
from worker.keys import Keys

DAY = 86_400
MAX_ROUNDS = 8  # in which nothing gets through: others published a version of the same article each time
REST = "rest"  # the number of what follows the last part that could be read

Status = Literal["published", "duplicate", "rejected"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claim, or of a part of its file.

    Attributes:
        status: A new entry, the same content again, or a rejection; of several parts the best that became of one.
        entry: The id of the stream entry; of a duplicate, the earlier one's. Empty where there are parts.
        version: Of the article; None for a rejection. Likewise the next four.
        article: The article's id.
        content: SHA-256 of the content.
        topic: The primary topic, if any.
        pipeline: The version of the pipeline that made the record.
        rejection: Why, where it was rejected; of several parts, which were and why.
        number: Of a part, counted from 1, or ``REST``; None for a file.
        size: Bytes of a part's record.
        seconds: That the part took.
        parts: What became of the parts, in order; empty where the file is one article.
    """

    status: Status
    entry: str
    version: int | None = None
    article: str | None = None
    content: str | None = None
    topic: str | None = None
    pipeline: str | None = None
    rejection: Rejection | None = None
    number: str | None = None
    size: int = 0
    seconds: float = 0.0
    parts: tuple["Outcome", ...] = ()

    @classmethod
    def from_json(cls, text: str | bytes) -> "Outcome":
        """Read what a script stored under the claim."""
        return cls.from_stored(json.loads(text))

    @classmethod
    def from_stored(cls, stored: dict[str, Any]) -> "Outcome":
        """The same, parsed."""
        rejection = stored.get("rejection")
        return cls(
            status=stored["status"],
            entry=stored["entry"],
            **{name: stored.get(name) for name in ("version", "article", "content", "topic", "pipeline", "number")},
            rejection=Rejection.model_validate_json(rejection) if rejection else None,
            size=stored.get("size", 0),
            seconds=stored.get("seconds", 0.0),
            parts=tuple(map(cls.from_stored, stored.get("parts", ()))),
        )

    def to_json(self) -> str:
        """As ``from_json`` reads it; of the parts without why they were rejected, which is on the stream."""
        rejection = self.rejection.model_dump_json() if self.rejection else None
        parts = [_told(replace(part, rejection=None)) for part in self.parts]
        return json.dumps({**_told(replace(self, rejection=None, parts=())), "rejection": rejection, "parts": parts})


@dataclass(frozen=True, slots=True)
class Output:
    """What a worker made of a claim or of a part of its file, ready to be published.

    Attributes:
        claim: The claim that it settles, or whose part it is.
        inbox: The name of the inbox, for the event's source.
        inbox_id: Its id: nothing is published for an inbox whose ledger was lost and is not restored yet.
        traceparent: W3C Trace Context of the file's journey.
        result: The record (its version is decided here), or why there is none.
        number: Of the part, as in ``Outcome``; None for a file. Likewise the next two.
    """

    claim: str
    inbox: str
    inbox_id: str
    traceparent: str
    result: Article | Rejection
    number: str | None = None
    size: int = 0
    seconds: float = 0.0


class Publisher:
    """Puts outputs on their stream, each exactly once, in one round trip for many; articles on topic streams too.

    Args:
        client: Of the server.
        keys: The prefix.
        ledger_days: For which published content is remembered, and the outcome of a claim that is not settled.
        topics: Those that have a stream of their own.
    """

    def __init__(self, client: "redis.Redis", keys: Keys, ledger_days: int, topics: Collection[str] = ()) -> None:
        self._client = client
        self._keys = keys
        self._topics = topics
        self._seconds = ledger_days * DAY
        self._publish = BatchedScript(client, "publish.lua")
        self._settle = BatchedScript(client, "settle.lua")

    def publish(self, outputs: Sequence[Output]) -> list[Outcome]:
        """Publish, in order.

        Returns:
            What became of each; for a part whose file was settled meanwhile, what became of the file.

        Raises:
            redis.RedisError: The server could not do it; nothing is lost by calling again.
            Unavailable: The ledger was lost and is not restored yet, the key of a topic stream holds something else, or
                other writers kept publishing versions of the same article.
        """
        found: list[dict[str, Any]] = [{}] * len(outputs)
        waiting = list(range(len(outputs)))
        fruitless = 0
        while fruitless < MAX_ROUNDS:
            calls = [self._arguments(outputs[index], found[index].get("expected", 1)) for index in waiting]
            for index, reply in zip(waiting, self._publish(calls), strict=True):
                found[index] = json.loads(reply)
            states = [found[index]["status"] for index in waiting]
            if "unmarked" in states:
                raise Unavailable("Redis lost the ledger; the watcher of the inbox restores it from its journal")
            if "obstructed" in states:
                raise obstructed(found[waiting[states.index("obstructed")]]["stream"])
            fruitless = fruitless + 1 if set(states) == {"conflict"} else 0
            waiting = [index for index, state in zip(waiting, states, strict=True) if state == "conflict"]
            if not waiting:
                return list(map(Outcome.from_stored, found))
        raise Unavailable(f"{len(waiting)} articles were published by others {MAX_ROUNDS} times in a row")

    def settle(self, claim: str, outcome: Outcome) -> Outcome:
        """Settle a claim whose parts all have their outcome.

        Returns:
            What became of it, which another worker may have told first.

        Raises:
            redis.RedisError: The server could not do it.
            Unavailable: Outcomes of parts are lost; those parts must be published again.
        """
        keys = self._keys
        names = [keys.outcome(claim), keys.blob(claim), keys.attempts(claim), keys.parts(claim)]
        (reply,) = self._settle([(names, [len(outcome.parts), outcome.to_json(), self._seconds])])
        if reply is None:
            raise Unavailable("Redis lost what became of some articles of a file; they are published again")
        return Outcome.from_json(reply)

    def _arguments(self, output: Output, version: int) -> Call:
        """The keys and the values for the script."""
        claim, result, keys = output.claim, output.result, self._keys
        event = event_of(output, version, datetime.now(UTC))
        fields = [part for pair in to_entry(event).items() for part in pair]
        tail = [keys.outcome(claim), keys.blob(claim), keys.attempts(claim), keys.marker(output.inbox_id)]
        about: dict[str, str | int | float] = {}
        if output.number is not None:
            tail.append(keys.parts(claim))
            about = {"number": output.number, "size": output.size, "seconds": output.seconds}
        if isinstance(result, Rejection) or not isinstance(event, ArticleEvent):
            about["rejection"] = result.model_dump_json()
            return [keys.rejected, keys.ledger("-"), *tail], ["", 0, self._seconds, json.dumps(about), 0, *fields]
        content = result.dedupe.content_sha256
        about |= {"article": result.id, "content": content, "pipeline": result.provenance.pipeline_version}
        if result.primary_topic:
            about["topic"] = result.primary_topic
        streams = topic_streams(event, self._topics, keys)
        names = [keys.articles, keys.ledger(result.id), *tail, *streams]
        return names, [content, version, self._seconds, json.dumps(about), len(streams), *fields]


def topic_streams(event: ArticleEvent, topics: Collection[str], keys: Keys) -> list[str]:
    """The topic streams that an event belongs on: of the topics that it concerns those that have one."""
    return [keys.of_topic(topic) for topic in event.topics if topic in topics]


def obstructed(stream: str) -> Unavailable:
    """What to say where a topic stream cannot be written to; articles of its topic wait until it can."""
    return Unavailable(
        f"the key {stream} of a topic stream holds something else: RENAME or DEL it in Redis, or take the topic out of "
        "COPYDESK_TOPIC_STREAMS"
    )


def event_id(article: str, content: str) -> str:
    """The ``ce_id`` of an article's event: the same for the same content, however often it is sent."""
    return f"{article}.{content[:16]}"


def rejection_id(claim: str, number: str | None) -> str:
    """The ``ce_id`` of a rejection's event: there is one for each claim, or for each part of its file."""
    return claim if number is None else f"{claim}.{number}"


def event_of(output: Output, version: int, now: datetime) -> Event:
    """The event for an output; its id depends only on the article and its content, or on the claim and the part.

    Args:
        output: What to announce.
        version: The version that the record will carry; without meaning for a rejection.
        now: The time of publishing, with its zone.
    """
    result = output.result
    source = f"/copydesk/{output.inbox}"
    if isinstance(result, Rejection):
        return Event(
            id=rejection_id(output.claim, output.number),
            source=source,
            type=REJECTED,
            time=now,
            subject=result.path,
            traceparent=output.traceparent,
            data=result,
        )
    return ArticleEvent(
        id=event_id(result.id, result.dedupe.content_sha256),
        source=source,
        type=PUBLISHED if version == 1 else CORRECTED,
        time=now,
        subject=result.id,
        traceparent=output.traceparent,
        data=result.model_copy(update={"version": version}),
    )


def _told(outcome: Outcome) -> dict[str, Any]:
    """What an outcome says, without what it leaves out."""
    return {name: value for name, value in asdict(outcome).items() if value or name == "entry"}
