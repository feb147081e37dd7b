"""Reading the article stream as a member of a consumer group: acknowledged, shared, retried, nothing missed."""

from collections.abc import AsyncIterator, Collection, Iterator
from datetime import datetime
from typing import Literal

from schemas.event import ArticleEvent

Start = Literal["now", "beginning"] | datetime | str


class Subscription:
    """The events of a stream, each to one member of a group, until told to stop.

    ``for event in Subscription(url, group="alerts", topics={"defense"}): …``, or ``async for``: an event is
    acknowledged when the body of the loop has ended and the next one is asked for. One that a member took and did not
    acknowledge is given to another after ``retry_after`` seconds, and after ``max_deliveries`` goes to the stream
    ``<stream>:dead:<group>``.

    Args:
        url: Of the Redis server, as redis-py reads it.
        group: The consumer group; made when it is not there.
        topics: Only events that concern one of these; empty: all.
        stream: The stream.
        start: Where a new group begins: only new entries, all that are kept, those since a time, those behind an id.
        retry_after: Seconds after which what a member took and did not acknowledge is given to another: more than the
            body of the loop ever takes.
        max_deliveries: How often an entry is given out before it is dead.
        consumer: The name of this member; by default one of its own for each process.
    """

    def __init__(
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
        raise NotImplementedError

    def __iter__(self) -> Iterator[ArticleEvent]:
        raise NotImplementedError

    def __aiter__(self) -> AsyncIterator[ArticleEvent]:
        raise NotImplementedError

    def stop(self) -> None:
        """End the loop after its body; from any thread, or a signal handler."""
        raise NotImplementedError
