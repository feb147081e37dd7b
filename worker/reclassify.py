"""Publishing that an article has other topics now: once for each change, however often and by however many it is told.

The ledger of an article holds, for the content whose topics changed, how often they did and which they are now. What
is found there is watched while the entry is added, so that of two that tell the same change one adds it.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import redis
from redis.exceptions import WatchError

from schemas.article import Article, Reclassified, Topic
from schemas.event import RECLASSIFIED, ArticleEvent, from_entry, to_entry
from worker.classify import primary_topic
from worker.connection import text_of
from worker.errors import Unavailable
from worker.keys import Keys
from worker.publish import DAY, MAX_ROUNDS, event_id, obstructed, topic_streams

Verdict = Literal["published", "known", "superseded", "forgotten", "healing"]


@dataclass(frozen=True, slots=True)
class Change:
    """An article that has other topics now.

    Attributes:
        article: Its record with the topics that it has now.
        previous: Those that it had.
        traceparent: W3C Trace Context of its file's journey.
    """

    article: Article
    previous: tuple[Topic, ...]
    traceparent: str


class Reclassifier:
    """Puts changes of one inbox's articles on the stream."""

    def __init__(
        self,
        client: "redis.Redis",
        keys: Keys,
        inbox: str,
        inbox_id: str,
        ledger_days: int,
        topics: Collection[str] = (),
    ) -> None:
        self._client = client
        self._keys = keys
        self._topics = topics
        self._inbox = inbox
        self._marker = keys.marker(inbox_id)
        self._seconds = ledger_days * DAY

    def publish(self, change: Change) -> Verdict:
        """Publish a change, unless its article has these topics on the stream already.

        Returns:
            ``published``; ``known`` where it has them already; ``superseded`` where another version of the article is
            the current one; ``forgotten`` where Redis does not remember the article; ``healing`` where its entry is
            lost and about to be published again.

        Raises:
            redis.RedisError: The server could not do it; nothing is lost or doubled by calling again.
            Unavailable: The ledger was lost and is not restored yet, the key of a topic stream holds something else, or
                others kept changing the same article.
        """
        for _ in range(MAX_ROUNDS):
            try:
                return self._try(change)
            except WatchError:  # somebody wrote to the ledger, or it is not known whether our own writing arrived
                continue
        raise Unavailable(f"article {change.article.id} was published by others {MAX_ROUNDS} times in a row")

    def _try(self, change: Change) -> Verdict:
        article = change.article
        content, ledger = article.dedupe.content_sha256, self._keys.ledger(article.id)
        topics = state_of(article.topics)
        with self._client.pipeline() as pipe:
            pipe.watch(ledger, self._marker)  # type: ignore[no-untyped-call]  # redis-py's own omission
            if not pipe.exists(self._marker):
                raise Unavailable("Redis lost the ledger; the watcher of the inbox restores it from its journal")
            found: Any = pipe.hmget(ledger, ["version", content, topics_field(content)])
            current, place, told = (text_of(value or b"") for value in found)
            entry, _, version = place.partition(" ")
            if not entry:
                return "forgotten"
            if version != current:
                return "superseded"
            if entry == "-":
                return "healing"
            count, state, of = (*told.split(" "), "", "", "")[:3]
            # What was told of an entry that was lost and came again since, was lost with it.
            if topics == (state if of == entry and state else self._state_at(entry)):
                return "known"
            number = int(count or 0) + (state != topics)
            event = self._event(change, int(version), f"{number}-{topics}")
            streams = topic_streams(event, self._topics, self._keys)
            for stream in streams:  # in a transaction a command that fails stops none of the others
                if text_of(pipe.type(stream)) not in ("stream", "none"):
                    raise obstructed(stream)
            pipe.multi()
            for stream in streams:
                pipe.xadd(stream, to_entry(event))  # type: ignore[arg-type]  # text is among what it takes
            pipe.xadd(self._keys.articles, to_entry(event))  # type: ignore[arg-type]  # text is among what it takes
            pipe.hset(ledger, topics_field(content), f"{number} {topics} {entry}")
            pipe.expire(ledger, self._seconds)
            added = pipe.execute()[len(streams)]  # its id on the main stream
        # Where the newest topics are to be read. Not part of the change, which is told whether or not this is written.
        self._client.hset(ledger, place_field(content), f"{number} {text_of(added)}")
        return "published"

    def _state_at(self, entry: str) -> str:
        """The topics that the record has at its entry; empty where that was trimmed or cannot be understood."""
        found: Any = self._client.xrange(self._keys.articles, entry, entry, count=1)
        try:
            data = from_entry(found[0][1]).data if found else None
        except ValueError:  # of another version of the contract
            return ""
        return state_of(data.topics) if isinstance(data, Article) else ""

    def _event(self, change: Change, version: int, suffix: str) -> ArticleEvent:
        """The event; its id tells the how manieth change of which content it is, and to which topics."""
        article = change.article
        fields = {name: getattr(article, name) for name in Article.model_fields}
        before = {"previous_topics": change.previous, "previous_primary_topic": primary_topic(change.previous)}
        return ArticleEvent(
            id=f"{event_id(article.id, article.dedupe.content_sha256)}.{suffix}",
            source=f"/copydesk/{self._inbox}",
            type=RECLASSIFIED,
            time=datetime.now(UTC),
            subject=article.id,
            traceparent=change.traceparent,
            data=Reclassified(**(fields | before | {"version": version})),
        )


def state_of(topics: Sequence[Topic]) -> str:
    """A short name for some topics: the same where their ids and the primary one are the same."""
    told = json.dumps([sorted(topic.id for topic in topics), primary_topic(topics)])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def topics_field(content: str) -> str:
    """Where the ledger holds how often the topics of some content changed, their state now, and of which entry."""
    return f"topics:{content}"


def place_field(content: str) -> str:
    """Where the ledger holds the number of the newest such change and the id of its entry."""
    return f"topics-at:{content}"
