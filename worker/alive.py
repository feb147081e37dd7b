"""What each running part last said of itself, so that health means progress and not a process id."""

import json
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import redis

from worker.connection import text_of
from worker.errors import Unavailable
from worker.keys import Keys

FORGOTTEN_SECONDS = 600  # a part that stopped is shown for so long
STALE_SECONDS = 30.0  # without a word for so long, a part is not alive; both report several times within it

Fields = Mapping[str, float]


def here(part: str) -> str:
    """The beginning of the names of a part's processes on this machine: ``worker@host``."""
    return f"{part}@{socket.gethostname()}"


def report(client: "redis.Redis", keys: Keys, part: str, fields: Fields) -> None:
    """Say that this process, a part of the service, is alive.

    Args:
        client: Where to say it.
        keys: Under which prefix.
        part: ``watcher`` or ``worker``.
        fields: What else it says, for example how many files are in flight.
    """
    client.hset(keys.alive, f"{here(part)}:{os.getpid()}", json.dumps({"at": time.time(), **fields}))


def parts(client: "redis.Redis", keys: Keys) -> dict[str, dict[str, float]]:
    """What every part last said, by its name; those that are long silent are forgotten."""
    found: dict[Any, Any] = client.hgetall(keys.alive)
    said = {text_of(name): json.loads(fields) for name, fields in found.items()}
    gone = [name for name, fields in said.items() if time.time() - fields["at"] > FORGOTTEN_SECONDS]
    if gone:
        client.hdel(keys.alive, *gone)
    return {name: said[name] for name in sorted(said) if name not in gone}


def check(said: Mapping[str, Mapping[str, float]], part: str, stuck_after: float, now: float) -> None:
    """Whether the part on this machine does its work.

    Args:
        said: What every part last said, by its name.
        part: ``watcher`` or ``worker``.
        stuck_after: Seconds of waiting work without progress that are too many.
        now: Seconds since the epoch.

    Raises:
        Unavailable: It does not, and why.
    """
    ours = [fields for name, fields in said.items() if name.startswith(f"{here(part)}:")]
    if not ours:
        raise Unavailable(f"{here(part)} has not reported yet")
    latest = max(ours, key=lambda fields: fields["at"])
    if (silent := now - latest["at"]) > STALE_SECONDS:
        raise Unavailable(f"{here(part)} has not reported for {silent:.0f} s")
    if (idle := latest.get("stalled", 0.0)) > stuck_after:
        raise Unavailable(f"{here(part)} has finished nothing for {idle:.0f} s while work waits")


@dataclass(slots=True)
class Stall:
    """Measures for how long work has waited without any being finished.

    Attributes:
        progress: A number that changes with each piece of finished work.
        since: When it last changed or nothing waited, monotonic seconds.
    """

    progress: int = -1
    since: float = float("-inf")

    def measure(self, waiting: int, progress: int, now: float) -> float:
        """Seconds without progress until now; none where nothing waits."""
        if not waiting or progress != self.progress or self.since == float("-inf"):
            self.progress, self.since = progress, now
        return now - self.since
