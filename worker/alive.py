"""What each running part last said of itself, so that health means progress and not a process id."""

import socket
import time
from collections.abc import Mapping

import redis

from worker.connection import text_of
from worker.errors import Unavailable
from worker.keys import Keys

FORGOTTEN_SECONDS = 600  # a part that stopped is shown for so long
STALE_SECONDS = 30.0  # without a word for so long, a part is not alive; both report several times within it
STUCK_SECONDS = 60.0  # the queue holds work and nothing was finished for so long: stuck

Fields = Mapping[str, float]


def report(client: "redis.Redis", keys: Keys, part: str, fields: Fields) -> None:
    """Say that a part is alive.

    Args:
        client: Where to say it.
        keys: Under which prefix.
        part: ``watcher`` or ``worker``; the machine's name is added.
        fields: What else it says, for example how many files are in flight.
    """
    key = keys.alive(f"{part}@{socket.gethostname()}")
    with client.pipeline(transaction=False) as pipe:
        pipe.hset(key, mapping={name: str(value) for name, value in {"at": time.time(), **fields}.items()})
        pipe.expire(key, FORGOTTEN_SECONDS)
        pipe.execute()


def parts(client: "redis.Redis", keys: Keys) -> dict[str, dict[str, str]]:
    """What every part last said, by its name."""
    pattern = keys.alive("*")
    found = sorted(text_of(key) for key in client.scan_iter(match=_escaped(pattern[:-1]) + "*", count=1000))
    return {
        key.removeprefix(pattern[:-1]): {text_of(k): text_of(v) for k, v in client.hgetall(key).items()}
        for key in found
    }


def check(client: "redis.Redis", keys: Keys, part: str, queued: int, now: float) -> None:
    """Whether the part on this machine does its work.

    Args:
        client: Where it reports.
        keys: Under which prefix.
        part: ``watcher`` or ``worker``.
        queued: How many batches wait in the queue.
        now: Seconds since the epoch.

    Raises:
        Unavailable: It does not, and why.
    """
    name = f"{part}@{socket.gethostname()}"
    said = parts(client, keys).get(name)
    if said is None:
        raise Unavailable(f"{name} has not reported yet")
    if (silent := now - float(said["at"])) > STALE_SECONDS:
        raise Unavailable(f"{name} has not reported for {silent:.0f} s")
    idle = now - float(said.get("progress_at", said["at"]))
    if part == "worker" and queued and idle > STUCK_SECONDS:
        raise Unavailable(f"{name} has finished nothing for {idle:.0f} s while {queued} batches wait")


def _escaped(text: str) -> str:
    """The text as a pattern for SCAN that matches only itself."""
    return "".join(f"\\{char}" if char in "\\*?[]^" else char for char in text)
