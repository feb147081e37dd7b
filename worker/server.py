"""What a Redis server must be for the service: one that evicts nothing, and that keeps our keys together."""

import re
from typing import Any

import redis
from redis.exceptions import NoPermissionError

from worker.connection import text_of
from worker.errors import Misconfigured
from worker.logs import get_logger

log = get_logger(__name__)


def eviction_risk(client: "redis.Redis") -> str:
    """What the server may throw away when its memory is full, in words; empty where it throws nothing away.

    Raises:
        redis.RedisError: The server does not answer.
    """
    policy = text_of(_info(client, "memory").get("maxmemory_policy", "noeviction"))
    if policy == "noeviction":
        return ""
    return f"Redis may evict the queue and the ledger (maxmemory-policy {policy}); set it to noeviction"


def refuse_scattered_keys(client: "redis.Redis", prefix: str) -> None:
    """See that a cluster keeps the keys of one script in one slot.

    Raises:
        Misconfigured: It is a cluster and the prefix has no hash tag, and what to do.
        redis.RedisError: The server does not answer.
    """
    if _info(client, "cluster").get("cluster_enabled") == 1 and not _has_hash_tag(prefix):
        raise Misconfigured(
            f"this Redis is a cluster, which would scatter the keys of the prefix {prefix}: give it a hash tag, "
            f"COPYDESK_PREFIX='{{{re.sub('[{}]', '', prefix)}}}'"
        )


class ServerCheck:
    """Both checks, to be called at the start and again; a risk is logged once, and again when it changes."""

    def __init__(self, client: "redis.Redis", prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        self._told = ""

    def __call__(self) -> None:
        """Check.

        Raises:
            Misconfigured: The service cannot work with this server and prefix.
            redis.RedisError: The server does not answer.
        """
        refuse_scattered_keys(self._client, self._prefix)
        risk = eviction_risk(self._client)
        if risk and risk != self._told:
            log.warning("redis_may_evict", detail=risk)
        self._told = risk


def _has_hash_tag(prefix: str) -> bool:
    """As the cluster specification reads it: the first pair of braces, and not an empty one."""
    tag, closing, _ = prefix.partition("{")[2].partition("}")
    return bool(tag and closing)


def _info(client: "redis.Redis", section: str) -> dict[str, Any]:
    """A section of what the server says of itself; empty where this user may not ask."""
    try:
        return dict(client.info(section))
    except NoPermissionError:
        return {}
