"""Who delivers to a webhook: one process at a time, so that the order holds; another waits for it to be gone."""

import time
import uuid
from typing import Any

import redis

from worker.keys import Keys

HOLD_SECONDS = 20.0  # after the last word of its holder, more than one request may take
RENEW_SECONDS = 4.0

_RENEW = """
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""
_LEAVE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class Lock:
    """A lock that ends by itself ``HOLD_SECONDS`` after its holder renewed it last."""

    def __init__(self, client: "redis.Redis", keys: Keys, name: str) -> None:
        self._client = client
        self._key = keys.webhook(name)
        self._token = uuid.uuid4().hex
        self._until = float("-inf")

    def renew(self) -> bool:
        """Take or keep the lock, and give whether it is ours.

        Raises:
            redis.RedisError: The server does not answer; a lock that was ours still is, for a while.
        """
        now = time.monotonic()
        ours: Any = self._client.eval(_RENEW, 1, self._key, self._token, int(HOLD_SECONDS * 1000))
        self._until = now + HOLD_SECONDS if ours else float("-inf")
        return bool(ours)

    def holds_for(self, seconds: float) -> bool:
        """Whether it is ours for so long, also if Redis goes away now."""
        return time.monotonic() + seconds < self._until

    def leave(self) -> None:
        """Let another have it at once.

        Raises:
            redis.RedisError: The server does not answer.
        """
        self._until = float("-inf")
        self._client.eval(_LEAVE, 1, self._key, self._token)
