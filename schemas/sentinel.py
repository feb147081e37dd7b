"""Clients for an address of Redis, also of one that Sentinel watches over and whose master may change."""

from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import redis
import redis.asyncio
import redis.asyncio.sentinel
import redis.sentinel

SCHEME = "redis+sentinel://"
PORT = 26379
PATIENCE = 1.0  # seconds that a sentinel may take to answer; then the next one is asked


class Watched(NamedTuple):
    """What ``redis+sentinel://USER:PASSWORD@HOST:26379,HOST2:26379/SERVICE/0`` says.

    Attributes:
        sentinels: Their hosts and ports.
        service: The name by which they know the master.
        database: Of the master.
        username: For the master; the sentinels themselves ask for none.
        password: Likewise.
    """

    sentinels: tuple[tuple[str, int], ...]
    service: str
    database: int
    username: str | None
    password: str | None


def parse(url: str) -> Watched:
    """Read such an address.

    Raises:
        ValueError: It is none, and what is wrong.
    """
    parts = urlsplit(url)
    login, _, hosts = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    service, _, database = parts.path.lstrip("/").partition("/")
    if parts.query:
        raise ValueError("an address of sentinels takes no options after a question mark")
    if not hosts or not service or not (database or "0").isdecimal():
        raise ValueError(f"must be like {SCHEME}HOST:{PORT},HOST2:{PORT}/SERVICE/0")
    sentinels = tuple(_host_and_port(host) for host in hosts.split(","))
    return Watched(sentinels, unquote(service), int(database or 0), unquote(user) or None, unquote(password) or None)


def _host_and_port(text: str) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise ValueError(f"the sentinel {text!r} has no host")
    return parts.hostname, parts.port or PORT


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
