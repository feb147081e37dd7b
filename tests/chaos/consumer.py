"""A consumer that reads the streams all the time, through every loss of Redis, and times the recoveries."""

import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import redis

from worker.keys import Keys

EVERY = 0.1  # seconds
LIFE = "the consumer's mark"  # a key; a Redis without it has lost everything


@dataclass(frozen=True, slots=True)
class Recovery:
    """How many seconds after a fault the next entry came, and whether no other fault began meanwhile."""

    fault: str
    seconds: float
    alone: bool


class Consumer(threading.Thread):
    """Follows both streams.

    Args:
        client: A connection past the proxy.
        keys: The names of the streams.

    Attributes:
        lives: How often Redis began with nothing.
        doubled: Ids of events that came twice within one life.
        progressed_at: When an entry last came, monotonic seconds.
        recoveries: For each fault that is over, how long it took until the next entry came.
    """

    def __init__(self, client: "redis.Redis", keys: Keys) -> None:
        super().__init__(name="consumer", daemon=True)
        self._client = client
        self._streams = (keys.articles, keys.rejected)
        self._position = dict.fromkeys(self._streams, "0")
        self._seen: Counter[bytes] = Counter()
        self._faults: list[tuple[float, str]] = []
        self._disturbed: set[tuple[float, str]] = set()
        self._over = threading.Event()
        self._lock = threading.Lock()
        self.lives = 0
        self.doubled: list[str] = []
        self.progressed_at = float("-inf")
        self.recoveries: list[Recovery] = []

    def run(self) -> None:
        """Read until told to stop."""
        while not self._over.wait(EVERY):
            try:
                self._read()
            except redis.RedisError:
                continue  # it is being killed, restarted, filled: that is what we are here for

    @property
    def count(self) -> int:
        """How many events came in this life."""
        return self._seen.total()

    def stop(self) -> None:
        """End."""
        self._over.set()
        self.join()

    def fault_begins(self) -> None:
        """Those that are recovered from now have to stand one more."""
        with self._lock:
            self._disturbed.update(self._faults)

    def fault_is_over(self, name: str) -> None:
        """Measure how long it takes from now until an entry comes."""
        with self._lock:
            self._faults.append((time.monotonic(), name))

    def settled(self, at: float) -> None:
        """There is nothing left to do: the faults that still count are recovered from."""
        with self._lock:
            self._recovered(at)

    def _read(self) -> None:
        with self._client.pipeline(transaction=True) as pipe:
            pipe.exists(LIFE)
            pipe.xread(self._position, count=1000)
            alive, found = pipe.execute()
        if not alive:
            self._client.set(LIFE, 1)
            self.lives += 1
            self._seen.clear()
            self._position = dict.fromkeys(self._streams, "0")
        elif found:
            self._note(found)

    def _note(self, found: Any) -> None:
        for stream, entries in found:
            for entry_id, fields in entries:
                ce_id = fields[b"ce_id"]
                self._seen[ce_id] += 1
                if self._seen[ce_id] > 1:
                    self.doubled.append(f"{ce_id.decode()} as {entry_id.decode()} in life {self.lives}")
                self._position[stream.decode()] = entry_id.decode()
        with self._lock:
            self.progressed_at = time.monotonic()
            self._recovered(self.progressed_at)

    def _recovered(self, at: float) -> None:
        for since, name in self._faults:
            self.recoveries.append(Recovery(name, at - since, alone=(since, name) not in self._disturbed))
        self._faults = []
        self._disturbed = set()
