"""Clients for an address of Redis, also of one that Sentinel watches over and whose master may change."""

from typing import Any

import redis
import redis.asyncio
import redis.asyncio.sentinel
import redis.sentinel

from schemas.address import SCHEME, parse

PATIENCE = 1.0  # seconds that a sentinel may take to answer; then the next one is asked


class _Sentinels(redis.asyncio.sentinel.Sentinel):
    """Sentinels to which no connection is kept: nobody would close it when the client is closed."""

    async def discover_master(self, service_name: str) -> tuple[str, int]:
        try:
            host, port = await super().discover_master(service_name)
            return host, port
        finally:
            for sentinel in self.sentinels:
                await sentinel.connection_pool.disconnect(inuse_connections=False)


def client_of(kind: type, url: str, **options: Any) -> Any:
    """A client of an address.

    Args:
        kind: ``redis.Redis`` or ``redis.asyncio.Redis``.
        url: Of the server, or of sentinels: then each new connection goes to whom they call the master.
        options: Of its connections.

    Raises:
        ValueError: The address cannot be understood.
    """
    if not url.startswith(SCHEME):
        return kind.from_url(url, **options)  # type: ignore[attr-defined]
    found = parse(url)
    asking: Any = _Sentinels if issubclass(kind, redis.asyncio.Redis) else redis.sentinel.Sentinel
    sentinels = asking(
        found.sentinels,
        sentinel_kwargs={"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE},
        db=found.database,
        username=found.username,
        password=found.password,
        **options,
    )
    return sentinels.master_for(found.service, redis_class=kind)
