"""One member of a consumer group, as steps without any input or output: what to ask the server, how long to wait.

Whoever drives the steps runs what is asked and sends the replies back, in threads or in coroutines alike. A member
has one entry in hand at a time and acknowledges it in the round trip that asks for the next.
"""

import importlib.resources
import logging
import re
import time
from collections.abc import Callable, Collection, Generator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from schemas.event import ArticleEvent, UnknownType, UnsupportedVersion, from_entry

log = logging.getLogger("copydesk.subscriber")

Start = datetime | str  # "now", "beginning", or an id
Fields = dict[bytes, bytes]

MS = 1000
BLOCK_MS = 1000  # how long the server waits for a new entry, and so a signal to stop
LOOK_EVERY = 5.0  # seconds between looks at what others left, at most
LONGEST_PAUSE = 1.0  # seconds between tries to reach a server that is away
FORGOTTEN_MS = 86_400_000  # of silence of a member that has nothing in hand
MOST_FIELDS = 1000  # of a dead letter; ours have a dozen
MAX_ERROR = 2000  # characters of what is kept of an error

_GAP, _BURY = (
    importlib.resources.files("schemas").joinpath(name).read_text(encoding="utf-8") for name in ("gap.lua", "bury.lua")
)


class Away(Exception):
    """The server is not reachable, or cannot answer now."""


class NoGroup(Exception):
    """The stream or the group is not there."""


class GroupExists(Exception):
    """Another member has made it."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Commands for one round trip; the reply is the list of theirs, or one of the errors above.

    Attributes:
        queue: Puts them on a pipeline.
        atomic: Whether as one transaction.
    """

    queue: Callable[[Any], object]
    atomic: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry that is this member's to handle; ``deliveries`` counts how often it was given out before."""

    id: str
    fields: Fields
    deliveries: int = 0


Steps = Generator[Ask | Pause | ArticleEvent, Any, None]
Asking = Generator[Ask | Pause, Any, Any]


class Membership:
    """What one member does; the arguments are those of ``Subscription``.

    Attributes:
        stopping: Whether to end after the entry in hand.
        in_hand: The id of the entry that is being handled, if any.
        burial: Why that entry is to become a dead letter, if it is.
        missed: How many entries were trimmed before the group read them, as far as this member was told.
    """

    def __init__(
        self,
        group: str,
        topics: Collection[str],
        stream: str,
        start: Start,
        retry_after: float,
        max_deliveries: int,
        consumer: str,
    ) -> None:
        self.stopping = False
        self.in_hand: str | None = None
        self.burial: str | None = None
        self.missed = 0
        self._group = group
        self._topics = frozenset(topics)
        self._stream = stream
        self._start = first_id(start)
        self._retry_ms = int(retry_after * MS)
        self._max_deliveries = max_deliveries
        self._consumer = consumer
        self._handled: str | None = None  # to be acknowledged
        self._unburied: tuple[Taken, str | None] | None = None
        self._look_at_own = True
        self._looked_at = float("-inf")
        self._read_up_to: str | None = None  # by the group, as it was last seen
        self._all_done_up_to: str | None = None  # likewise; what is behind it may be unacknowledged
        self._told: set[str] = set()

    @property
    def dead(self) -> str:
        """The stream of the group's dead letters."""
        return f"{self._stream}:dead:{self._group}"

    @property
    def errors(self) -> str:
        """A hash: what the handlers of the group's entries said of them."""
        return f"{self._stream}:errors:{self._group}"

    def steps(self) -> Steps:
        """The steps, until told to stop."""
        failures = 0
        while not self.stopping:
            try:
                taken = yield from self._next()
                if failures:
                    log.info("%s: the server is back", self._stream)
                failures = 0
                if taken:
                    yield from self._handle(taken)
            except Away as error:
                self._look_at_own = True  # what was given to us may have been lost on its way
                if not failures:
                    log.warning("%s: waiting for the server: %s", self._stream, error)
                yield Pause(min(LONGEST_PAUSE, 0.05 * 2**failures))
                failures = min(failures + 1, 10)
            except NoGroup:
                yield from self._join()
        yield from self._leave()

    def _handle(self, taken: Taken) -> Steps:
        """Give an entry to the loop's body, unless it is none of its business or never will be."""
        try:
            event = from_entry(taken.fields)
        except UnsupportedVersion:
            raise  # it stays unacknowledged, for a newer copydesk
        except UnknownType as error:
            self._tell_once(f"{self._stream}: passed over, {error}")
            self._handled = taken.id
            return
        except ValueError as error:
            yield from self._bury(taken, f"it cannot be read: {error}")
            return
        if not isinstance(event, ArticleEvent):
            yield from self._bury(taken, f"it is no article's: {event.type}")
        elif self._topics and not self._topics.intersection(event.topics):
            self._handled = taken.id
        elif taken.deliveries >= self._max_deliveries:
            yield from self._bury(taken, None)
        else:
            self.in_hand, self.burial = taken.id, None
            yield event
            why = self._handed_back()
            if why is None:
                self._handled = taken.id
            else:
                yield from self._bury(taken, why)

    def _handed_back(self) -> str | None:
        """The body of the loop has ended: why the entry is to be a dead letter, if it is."""
        self.in_hand = None
        return self.burial

    def _next(self) -> Generator[Ask, Any, Taken | None]:
        """The next entry: our own of before, then what others left, then a new one."""
        if self._unburied:
            yield from self._bury(*self._unburied)
        if self._look_at_own:
            taken = yield from self._take(self._consumer, 0)
            if taken:
                return taken
            self._look_at_own = False
        if time.monotonic() - self._looked_at >= min(LOOK_EVERY, self._retry_ms / MS / 4):
            yield from self._look_around()
            taken = yield from self._take(None, self._retry_ms)
            if taken:
                return taken
            self._looked_at = time.monotonic()
        replies = yield from self._ask(lambda pipe: (self._gap(pipe), self._read(pipe)), atomic=True)
        self._count_missed(replies[0])
        if not replies[1]:
            replies = yield from self._ask(lambda pipe: self._read(pipe, block=BLOCK_MS))
        return _first(replies[-1])

    def _take(self, owner: str | None, idle_ms: int) -> Generator[Ask, Any, Taken | None]:
        """Take the oldest entry that a member, or any of them, was given so long ago and did not acknowledge."""
        while True:
            (found,) = yield from self._ask(lambda pipe: self._pending(pipe, owner, idle_ms))
            if not found:
                return None
            entry, deliveries = found[0]["message_id"].decode(), found[0]["times_delivered"]
            (kept,) = yield from self._ask(partial(self._look_up, entry))
            if not kept:  # it was trimmed; of several members that see it, one removes it from what is pending
                self._count_missed((yield from self._ask(partial(self._acknowledge, entry)))[0])
                continue
            (claimed,) = yield from self._ask(partial(self._claim, entry, idle_ms))
            if claimed:
                return Taken(entry, kept[0][1], deliveries)

    def _pending(self, pipe: Any, owner: str | None, idle_ms: int = 0) -> object:
        return pipe.xpending_range(self._stream, self._group, "-", "+", 1, consumername=owner, idle=idle_ms or None)

    def _look_up(self, entry: str, pipe: Any) -> object:
        return pipe.xrange(self._stream, entry, entry)

    def _claim(self, entry: str, idle_ms: int, pipe: Any) -> object:
        return pipe.xclaim(self._stream, self._group, self._consumer, idle_ms, [entry])

    def _acknowledge(self, entry: str, pipe: Any) -> object:
        pipe.xack(self._stream, self._group, entry)
        return pipe.hdel(self.errors, entry)

    def _look_around(self) -> Generator[Ask, Any, None]:
        """Note how far the group has come, so that it could be made again there."""
        groups, pending, members = yield from self._ask(self._describe)
        for group in groups:
            if group["name"].decode() == self._group:
                self._read_up_to = group["last-delivered-id"].decode()
                oldest = pending["min"]
                self._all_done_up_to = _before(oldest.decode()) if oldest else self._read_up_to
        for member in members:  # those that were killed; nothing is theirs any more
            if not member["pending"] and member["idle"] > FORGOTTEN_MS:
                yield from self._ask(partial(self._remove, member["name"]))

    def _describe(self, pipe: Any) -> object:
        pipe.xinfo_groups(self._stream)
        pipe.xpending(self._stream, self._group)
        return pipe.xinfo_consumers(self._stream, self._group)

    def _remove(self, member: str | bytes, pipe: Any) -> object:
        return pipe.xgroup_delconsumer(self._stream, self._group, member)

    def _join(self) -> Asking:
        """Make the group, where it is not there: at the start, or where it had come to before it was lost."""
        try:
            # Where the stream was empty, all that it holds now is new.
            at = "0" if self._read_up_to == "0-0" and self._start == "$" else self._start
            if self._read_up_to and self._read_up_to != "0-0":
                at = self._read_up_to
                (kept,) = yield from self._ask(lambda pipe: pipe.xrange(self._stream, at, at))
                at = self._all_done_up_to if kept and self._all_done_up_to else "0"
                log.warning("%s: the group %s was lost; it is made again behind %s", self._stream, self._group, at)
            yield from self._ask(lambda pipe: pipe.xgroup_create(self._stream, self._group, id=at, mkstream=True))
        except Away as error:
            log.warning("%s: waiting for the server: %s", self._stream, error)
            yield Pause(LONGEST_PAUSE)
        except GroupExists:
            pass

    def _leave(self) -> Asking:
        """Acknowledge the last entry; leave the group where nothing is ours any more."""
        try:
            if self._unburied:
                yield from self._bury(*self._unburied)
            (own,) = yield from self._ask(lambda pipe: self._pending(pipe, self._consumer))
            if not own:
                yield from self._ask(partial(self._remove, self._consumer))
        except (Away, NoGroup) as error:
            if self._handled:
                log.warning("%s: %s could not be acknowledged and comes again: %s", self._stream, self._handled, error)

    def _bury(self, taken: Taken, error: str | None) -> Generator[Ask, Any, None]:
        """Make an entry a dead letter; without an error it is what its handlers said last."""
        self._unburied = taken, error
        if error is None:
            (said,) = yield from self._ask(lambda pipe: pipe.hget(self.errors, taken.id))
            silent = f"given out {taken.deliveries} times and never acknowledged: its handlers were killed, or failed"
            error = said.decode("utf-8", "replace") if said else silent
        letter = dict(islice(taken.fields.items(), MOST_FIELDS)) | {
            b"error": error[:MAX_ERROR].encode("utf-8", "replace"),
            b"entry": taken.id.encode(),
            b"deliveries": str(taken.deliveries + 1).encode(),
            b"consumer": self._consumer.encode(),
        }
        values = [part for pair in letter.items() for part in pair]
        keys = (self._stream, self.dead, self.errors)
        yield from self._ask(lambda pipe: pipe.eval(_BURY, 3, *keys, self._group, taken.id, *values))
        self._unburied = None
        log.error("%s: %s is moved to %s: %s", self._stream, taken.id, self.dead, error)

    def _ask(self, queue: Callable[[Any], object], *, atomic: bool = False) -> Generator[Ask, Any, list[Any]]:
        """A round trip, which acknowledges what was handled."""
        handled = self._handled

        def acknowledge_first(pipe: Any) -> None:
            if handled:
                pipe.xack(self._stream, self._group, handled)
                pipe.hdel(self.errors, handled)
            queue(pipe)

        replies: list[Any] = yield Ask(acknowledge_first, atomic)
        self._handled = None
        return replies[2:] if handled else replies

    def _gap(self, pipe: Any) -> object:
        return pipe.eval(_GAP, 1, self._stream, self._group)

    def _read(self, pipe: Any, block: int | None = None) -> object:
        return pipe.xreadgroup(self._group, self._consumer, {self._stream: ">"}, count=1, block=block)

    def _count_missed(self, count: int) -> None:
        if count:
            self.missed += count
            log.error("%s: %d entries were trimmed before %s had read them", self._stream, count, self._group)

    def _tell_once(self, line: str) -> None:
        if line not in self._told and len(self._told) < 100:
            self._told.add(line)
            log.warning(line)


def first_id(start: Start) -> str:
    """The id behind which a new group begins, as the server reads it.

    Raises:
        ValueError: It is none of the forms that ``Start`` allows.
    """
    if isinstance(start, datetime):
        if start.tzinfo is None:
            raise ValueError(f"the start {start.isoformat()} needs a time zone")
        return _before(f"{max(int(start.timestamp() * MS), 1)}-0")
    if start in {"now", "beginning"}:
        return "$" if start == "now" else "0"
    if not re.fullmatch(r"\d{1,19}(-\d{1,19})?", start, re.ASCII):
        raise ValueError(f"the start must be 'now', 'beginning', a datetime or an entry's id, not {start!r}")
    return start


def _before(entry: str) -> str:
    """The id just before one."""
    ms, _, sequence = entry.partition("-")
    return f"{ms}-{int(sequence) - 1}" if int(sequence) else f"{int(ms) - 1}-{2**64 - 1}"


def _first(reply: Any) -> Taken | None:
    """The entry in what reading as a member gives."""
    for _, entries in reply.items() if isinstance(reply, dict) else reply or ():
        for entry, fields in entries[0] if entries and isinstance(entries[0], list) else entries:  # a list in RESP3
            return Taken(entry.decode(), fields)
    return None
