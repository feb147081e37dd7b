"""Subscribing to the article stream as a member of a consumer group, in a loop of five lines."""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Collection, Iterator
from types import TracebackType
from typing import Any, Self

import redis
import redis.asyncio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    ConnectionError,  # noqa: A004 - their name for it
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    TimeoutError,  # noqa: A004 - likewise
)
from redis.retry import Retry

from schemas.event import ArticleEvent
from schemas.membership import BLOCK_MS, MAX_ERROR, MS, Ask, Away, GroupExists, Membership, NoGroup, Pause, Start, Steps
from schemas.sentinel import client_of

TIMEOUT = 5.0 + BLOCK_MS / MS  # seconds; without one, a server that stopped answering is waited for for ever
ERRORS_KEPT = 7 * 86_400  # seconds since the last one
# What a server says, or redis-py makes of it, when it cannot now: it is a replica since a failover, or full.
NOT_NOW = ("MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "UNBLOCKED", "MISCONF", "NOREPLICAS", "BUSY ")
AWAY = (ConnectionError, TimeoutError, ReadOnlyError, OutOfMemoryError)


class Subscription:
    """The events of a stream, each to one member of a group, until told to stop.

    ::

        with Subscription("redis://localhost:6379/0", group="alerts", topics={"defense"}) as events:
            for event in events:
                print(event.data.headline)

    ``async with`` and ``async for`` do the same in coroutines. An event is acknowledged when the body of the loop has
    ended and the next one is asked for. What a member took and did not acknowledge is given to another after
    ``retry_after`` seconds, and goes to the stream ``<stream>:dead:<group>`` once that has happened
    ``max_deliveries`` times; the ``with`` is what sees the error that ended the loop, so that the dead letter tells it.
    Start more processes of the same group to share the work. Delivery is at least once: ``event.id`` is the same each
    time.

    The loop waits while the server is away and goes on where it was. It ends after its body when the process gets a
    SIGTERM (unless the program handles that itself) or ``stop`` is called. What happens is logged as
    ``copydesk.subscriber``.

    Args:
        url: Of the Redis server, as redis-py reads it; or ``redis+sentinel://HOST:26379,HOST2:26379/SERVICE/0``.
        group: The consumer group; made when it is not there.
        topics: Only events that concern one of these; empty: all.
        stream: The stream.
        start: Where a new group begins: ``"now"``: new entries only; ``"beginning"``: all that are kept; a time with
            its zone; or behind the entry of an id.
        retry_after: Seconds after which what a member took and did not acknowledge is given to another: more than the
            body of the loop ever takes.
        max_deliveries: How often an entry is given out before it is dead.
        consumer: The name of this member, by default one of its own. A member with a fixed name, which no other may
            have at the same time, gets what it had in hand at once when it comes back.

    Raises:
        ValueError: The address or the start cannot be understood.

    While iterating:
        UnsupportedVersion: An entry is of a newer major version of the contract; it stays for a newer copydesk.
        redis.RedisError: The server refuses the login or a command.
    """

    def __init__(  # noqa: PLR0913 - all but two have a default that fits
        self,
        url: str,
        group: str,
        *,
        topics: Collection[str] = (),
        stream: str = "copydesk:articles",
        start: Start = "beginning",
        retry_after: float = 60.0,
        max_deliveries: int = 5,
        consumer: str | None = None,
    ) -> None:
        if isinstance(topics, str):
            raise TypeError(f"topics must be a collection of ids, as {{{topics!r}}}")
        self._url = url
        self._client(redis.Redis, Retry(NoBackoff(), 0)).close()  # refuses a wrong address here, not in the loop
        name = consumer or f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
        self._member = Membership(group, topics, stream, start, retry_after, max_deliveries, name)

    @property
    def missed(self) -> int:
        """How many entries were trimmed before the group read them, as far as this member was told.

        A server before Redis 7 does not count them.
        """
        return self._member.missed

    def stop(self) -> None:
        """End the loop after its body, from any thread or a signal handler; at most a second later when it waits."""
        self._member.stopping = True

    def bury(self, error: str) -> None:
        """Make the event in hand a dead letter instead of acknowledging it; to be called in the body of the loop.

        Args:
            error: Why, for the people who read the dead letters.

        Raises:
            RuntimeError: No event is in hand.
        """
        if self._member.in_hand is None:
            raise RuntimeError("there is no event in hand: call bury in the body of the loop")
        self._member.burial = error

    def __iter__(self) -> Iterator[ArticleEvent]:
        steps = self._member.steps()
        client = self._client(redis.Redis, Retry(NoBackoff(), 0))
        with contextlib.closing(client), contextlib.closing(steps), _stopping_on_sigterm(self):
            step = _advance(steps)
            while step is not None:
                if isinstance(step, ArticleEvent):
                    yield step
                    step = _advance(steps)
                elif isinstance(step, Pause):
                    time.sleep(step.seconds)
                    step = _advance(steps)
                else:
                    pipe = client.pipeline(transaction=step.atomic)
                    step.queue(pipe)
                    try:
                        replies: Any = pipe.execute(raise_on_error=False)
                    except RedisError as error:
                        replies = [error]
                    step = _advance(steps, replies)

    async def __aiter__(self) -> AsyncIterator[ArticleEvent]:
        steps = self._member.steps()
        client = self._client(redis.asyncio.Redis, AsyncRetry(NoBackoff(), 0))
        async with contextlib.aclosing(client):
            with contextlib.closing(steps), _stopping_on_sigterm(self):
                step = _advance(steps)
                while step is not None:
                    if isinstance(step, ArticleEvent):
                        yield step
                        step = _advance(steps)
                    elif isinstance(step, Pause):
                        await asyncio.sleep(step.seconds)
                        step = _advance(steps)
                    else:
                        pipe = client.pipeline(transaction=step.atomic)
                        step.queue(pipe)
                        try:
                            replies: Any = await pipe.execute(raise_on_error=False)
                        except RedisError as error:
                            replies = [error]
                        step = _advance(steps, replies)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Keep what the body of the loop raised, for the case that the entry becomes a dead letter."""
        member = self._member
        if not isinstance(error, Exception) or member.in_hand is None:
            return
        text = f"{type(error).__name__}: {error}"[:MAX_ERROR]
        with contextlib.suppress(RedisError), self._client(redis.Redis, Retry(NoBackoff(), 0)) as client:
            client.hset(member.errors, member.in_hand, text.encode("utf-8", "replace").decode())
            client.expire(member.errors, ERRORS_KEPT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.__exit__, kind, error, trace)

    def _client(self, kind: Any, retry: Any) -> Any:
        """A client that does not repeat commands by itself: the steps know which may be."""
        return client_of(kind, self._url, socket_timeout=TIMEOUT, retry=retry)


_running: set[Subscription] = set()  # those that SIGTERM ends


@contextlib.contextmanager
def _stopping_on_sigterm(subscription: Subscription) -> Iterator[None]:
    """Have SIGTERM end the loop, unless the program handles it; a second one ends the process."""
    _running.add(subscription)
    in_main = threading.current_thread() is threading.main_thread()
    if in_main and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _stop_all)
    try:
        yield
    finally:
        _running.discard(subscription)
        if in_main and not _running and signal.getsignal(signal.SIGTERM) is _stop_all:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _stop_all(_signal: int, _frame: object) -> None:
    for subscription in tuple(_running):
        subscription.stop()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _advance(steps: Steps, replies: list[Any] | None = None) -> Ask | Pause | ArticleEvent | None:
    """The next step, None after the last; an error among the replies is raised in the steps, in their own terms."""
    failed = next((reply for reply in replies or () if isinstance(reply, Exception)), None)
    try:
        return steps.throw(_translated(failed)) if failed else steps.send(replies)
    except StopIteration:
        return None


def _translated(error: Exception) -> Exception:
    words = str(error).partition("caused error: ")[2] or str(error)
    if isinstance(error, AuthenticationError):
        return error
    if isinstance(error, AWAY) or words.startswith(NOT_NOW):
        return Away(words)
    if words.startswith("NOGROUP") or "no such key" in words.lower() or "requires the key to exist" in words:
        return NoGroup(words)
    return GroupExists(words) if words.startswith("BUSYGROUP") else error
