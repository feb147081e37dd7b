"""What every request works with."""

import asyncio
from dataclasses import dataclass, field
from typing import Annotated

import redis
from anyio import CapacityLimiter
from fastapi import Depends, Request

from worker.inbox import Inbox
from worker.journal import Journal
from worker.keys import Keys
from worker.settings import Settings
from worker.web.feed import Feed
from worker.web.health import Health
from worker.web.rate import Buckets

UPLOAD_THREADS = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one server bears.

    Attributes:
        clients: That follow the stream at once.
        rate: Files a second that one address may send for long.
        burst: That it may send at once.
        patience: Seconds without a byte of a body after which its sender is given up.
        whole: Seconds after which it is given up, however it comes.
    """

    clients: int = 1000
    rate: float = 50.0
    burst: int = 200
    patience: float = 30.0
    whole: float = 600.0


@dataclass(slots=True)
class Desk:
    """The parts of a server.

    Attributes:
        settings: As they are.
        client: For short questions, asked in threads.
        looking: For looks at how things are, which must be told soon.
        feed: The article stream.
        inbox: Where files are dropped.
        limits: What it bears.
        requests: How many were answered, by method, route and status.
        bodies: What is waited for of files that are being sent.
        uploads: The threads that write files, so that none waits for one that asks Redis.
    """

    settings: Settings
    client: "redis.Redis"
    looking: "redis.Redis"
    feed: Feed
    inbox: Inbox
    limits: Limits = field(default_factory=Limits)
    requests: dict[tuple[str, str, int], int] = field(default_factory=dict)
    bodies: set[asyncio.Timeout] = field(default_factory=set)
    uploads: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(UPLOAD_THREADS))
    keys: Keys = field(init=False)
    journal: Journal = field(init=False)
    health: Health = field(init=False)
    buckets: Buckets = field(init=False)

    def __post_init__(self) -> None:
        self.keys = Keys(self.settings.prefix)
        self.journal = Journal(self.inbox)
        self.health = Health(self.settings, self.inbox, self.looking, self.keys)
        self.buckets = Buckets(self.limits.rate, self.limits.burst)

    def close(self) -> None:
        """End what has no end of its own, or may take long: the streams, and files that are being sent."""
        self.feed.close()
        for waiting in self.bodies:
            if not waiting.expired():
                waiting.reschedule(0)


async def _desk_of(request: Request) -> Desk:  # async: it is no work for a thread, and waits for none
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(_desk_of)]
