"""What Redis knows of an inbox's entries: seeing that it lost them, and having it remember them again."""

import contextlib
import importlib.resources
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import redis
from redis.exceptions import WatchError

from schemas.rejection import Rejection
from worker.batched_script import BatchedScript, Call
from worker.connection import text_of
from worker.journal import Settled
from worker.keys import Keys
from worker.publish import DAY, Outcome

PAGE = 1000  # commands in one round trip

EntryId = tuple[int, int]  # of a stream entry: milliseconds, sequence number
Lost = tuple[str, str]  # a stream and the id of an entry that it should hold


class Ledger:
    """The streams and the ledger under one prefix, as the keeper of one inbox's journal sees them.

    All methods raise ``redis.RedisError`` when the server cannot do it; every one may be repeated.
    """

    def __init__(self, client: "redis.Redis", keys: Keys, inbox_id: str, days: int) -> None:
        self._client = client
        self._keys = keys
        self._marker, self._healing = keys.marker(inbox_id), keys.healing(inbox_id)
        self._seconds = days * DAY
        self._renew = client.register_script(_script("mark.lua"))
        self._restore = BatchedScript(client, "restore.lua")

    def now(self) -> int:
        """The server's clock, milliseconds since the epoch: what the ids of entries count in."""
        time: Any = self._client.time()
        return int(time[0]) * 1000 + int(time[1]) // 1000

    def renew_marker(self, known: float) -> tuple[int | None, int | None]:
        """What the marker was, and what it is now, in milliseconds of the server's clock; None where there is none.

        Args:
            known: What it was made when it was last seen to; where it is older now, it is left as it is.
        """
        was, now = self._renew(keys=[self._marker], args=[known])
        return was, now

    def set_marker(self) -> int | None:
        """Set the marker to the time that is returned: from now on articles of the inbox may be published.

        None where it is no longer known that healing began: everything that was restored is lost again.
        """
        now = self.now()
        with self._client.pipeline() as pipe:
            pipe.watch(self._healing)  # type: ignore[no-untyped-call]  # redis-py's own omission
            if not pipe.exists(self._healing):
                return None
            pipe.multi()
            pipe.set(self._marker, now)
            try:
                pipe.execute()
            except WatchError:
                return None
        return now

    def is_healing(self) -> bool:
        """Whether entries that were lost are still being published again."""
        return bool(self._client.exists(self._healing))

    def set_healing(self, healing: bool) -> None:
        """Remember it, also for a watcher that comes after this one."""
        if healing:
            self._client.set(self._healing, "1")
        else:
            self._client.delete(self._healing)

    def missing(self, settled: Iterable[Settled]) -> set[Lost]:
        """The entries of these that their stream does not hold."""
        wanted = sorted({(self.stream_of(found), found.entry) for found in settled})
        lost = set()
        for start in range(0, len(wanted), PAGE):
            page = wanted[start : start + PAGE]
            with self._client.pipeline(transaction=False) as pipe:
                for stream, entry in page:
                    pipe.xrange(stream, entry, entry, count=1)
                replies: list[Any] = pipe.execute()
            lost |= {key for key, reply in zip(page, replies, strict=True) if not reply}
        return lost

    def trimmed(self) -> dict[str, EntryId]:
        """Of each stream that was ever trimmed the last entry that was removed: those up to it are not lost."""
        found: dict[Any, Any] = self._client.hgetall(self._keys.trimmed)
        return {text_of(stream): id_of(text_of(entry)) for stream, entry in found.items()}

    def restore(self, settled: Sequence[Settled], lost: Collection[Lost]) -> None:
        """Remember again what was published.

        Args:
            settled: What the journal tells; rejections are passed over.
            lost: The entries that are to be published again, as the versions that they were.
        """
        calls: list[Call] = []
        for found in settled:
            if found.content is not None:
                gone = (self._keys.articles, found.entry) in lost
                entry, of = ("-", found.entry) if gone else (found.entry, "")
                key = self._keys.ledger(str(found.article))
                calls.append(([key], (found.content, found.version, entry, of, self._seconds)))
        for start in range(0, len(calls), PAGE):
            self._restore(calls[start : start + PAGE])

    def still_lost(self, settled: Sequence[Settled]) -> list[Settled]:
        """Those whose entry has not been published again, by this or by another claim of the same content."""
        replies: list[Any] = []
        for start in range(0, len(settled), PAGE):
            with self._client.pipeline(transaction=False) as pipe:
                for found in settled[start : start + PAGE]:
                    if found.content is None:
                        pipe.xrange(self._keys.rejected, found.entry, found.entry, count=1)
                    else:
                        pipe.hget(self._keys.ledger(str(found.article)), found.content)
                replies += pipe.execute()
        return [
            found
            for found, reply in zip(settled, replies, strict=True)
            if (not reply if found.content is None else reply is not None and text_of(reply).startswith("- "))
        ]

    def forget_outcome(self, found: Settled, again: Collection[Settled] = ()) -> None:
        """Have a claim run again although it was settled; the outcome of a run since then stays.

        Of two watchers that put the same file back, the slower one would else have the faster one publish it twice.

        Args:
            found: The file.
            again: Of its parts those that are to run again. The others keep their outcomes.
        """
        claim = found.claim.id
        kept = self._kept([part for part in found.parts if part not in again])
        with self._client.pipeline() as pipe:
            pipe.watch(self._keys.outcome(claim))  # type: ignore[no-untyped-call]  # redis-py's own omission
            stored: Any = pipe.get(self._keys.outcome(claim))
            if stored and _entries(Outcome.from_json(stored)) != [part.entry for part in found.entries]:
                return
            pipe.multi()
            pipe.delete(self._keys.outcome(claim))
            for part in kept:
                pipe.hsetnx(self._keys.parts(claim), str(part.number), part.to_json())
            pipe.expire(self._keys.parts(claim), self._seconds)
            with contextlib.suppress(WatchError):  # it has just got another outcome
                pipe.execute()

    def _kept(self, parts: Sequence[Settled]) -> list[Outcome]:
        """The outcomes of parts again as they were, of the rejected ones with the reason that their entry tells."""
        with self._client.pipeline(transaction=False) as pipe:
            for part in parts:
                if part.content is None:
                    pipe.xrange(self._keys.rejected, part.entry, part.entry, count=1)
            entries: Iterator[Any] = iter(pipe.execute())
        outcomes = []
        for part in parts:
            told = next(entries) if part.content is None else None
            rejection = Rejection.model_validate_json(told[0][1][b"data"]) if told else None
            fields = {name: getattr(part, name) for name in ("version", "article", "content", "topic", "pipeline")}
            outcomes.append(Outcome(part.status, part.entry, **fields, rejection=rejection, number=part.number))
        return outcomes

    def stream_of(self, found: Settled) -> str:
        """The stream that holds its entry."""
        return self._keys.articles if found.content else self._keys.rejected


def _entries(outcome: Outcome) -> list[str]:
    return [part.entry for part in outcome.parts or (outcome,)]


def _script(name: str) -> str:
    return importlib.resources.files("worker").joinpath(name).read_text(encoding="utf-8")


def id_of(entry: str) -> EntryId:
    """The id of an entry, so that it can be compared."""
    ms, _, sequence = entry.partition("-")
    return int(ms), int(sequence or 0)


def milliseconds(entry: str) -> int:
    """When an entry was added, by the server's clock, since the epoch: its id begins with it."""
    return int(entry.partition("-")[0])
