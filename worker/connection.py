"""Connections to Redis, with the driver's errors translated at this edge."""

import contextlib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import (
    AuthenticationError,
    ConnectionError,  # noqa: A004 - their names
    MovedError,
    RedisError,
    TimeoutError,  # noqa: A004
)
from redis.retry import Retry

from schemas.address import SCHEME, parse
from schemas.sentinel import client_of
from worker.errors import Misconfigured, Unavailable

_PASSWORD = re.compile(r"(?<=://)([^:/@]*):.*@")
TIMEOUT = 5.0  # seconds; without one, a command to a server that stopped answering hangs for ever


def connect(url: str, timeout: float = TIMEOUT, retries: int = 3) -> "redis.Redis":
    """A client for the service's own commands: every one of them is safe to send twice, so it retries.

    Args:
        url: Where the server is.
        timeout: Seconds that it may take to answer.
        retries: How often a command is sent again.

    Raises:
        Misconfigured: The address cannot be understood.
    """
    over_tcp = {} if url.startswith("unix:") else {"socket_connect_timeout": timeout, "socket_keepalive": True}
    try:
        client: redis.Redis = client_of(
            redis.Redis,
            url,
            socket_timeout=timeout,
            **over_tcp,
            health_check_interval=10,
            retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), retries),
        )
        return client
    except (ValueError, RedisError) as error:
        raise Misconfigured(f"COPYDESK_REDIS_URL {public(url)}: {error}") from error


@contextlib.contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn what the driver raises into the service's own errors, keeping the cause.

    Raises:
        Misconfigured: The server refuses the password.
        Unavailable: It cannot be reached, does not answer in time, or cannot do what was asked now.
    """
    try:
        yield
    except AuthenticationError as error:
        raise Misconfigured(f"Redis at {public(url)} refuses the login ({error}); check COPYDESK_REDIS_URL") from error
    except (ConnectionError, TimeoutError) as error:
        raise Unavailable(f"Redis at {public(url)} is not reachable: {error}") from error
    except MovedError as error:
        where = f"the cluster keeps the keys of this prefix at {error.host}:{error.port}"
        raise Unavailable(f"Redis at {public(url)} is not the node: {where}; set COPYDESK_REDIS_URL to it") from error
    except RedisError as error:
        raise Unavailable(f"Redis at {public(url)} refused a command: {error}") from error


def public(url: str) -> str:
    """The address without its password, for people and logs; also one that cannot be understood."""
    return _PASSWORD.sub(r"\1:***@", url)


def broker_url(url: str) -> str:
    """The same server as Celery's transport spells it: a unix socket is ``redis+socket`` there."""
    if url.startswith(SCHEME):
        login, hosts = urlsplit(url).netloc.rpartition("@")[0::2]
        at = f"{login}@" if login else ""
        return ";".join(f"sentinel://{at}{host}/{parse(url).database}" for host in hosts.split(","))
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    login = f"{parts.netloc}" if parts.netloc else ""
    return f"redis+socket://{login}{quote(parts.path)}?virtual_host={database}"


def broker_options(url: str) -> dict[str, Any]:
    """What Celery's transport must be told beside the address."""
    return {"master_name": parse(url).service} if url.startswith(SCHEME) else {}


def text_of(value: Any) -> str:
    """A reply of the server as text: clients give bytes, ``fakeredis`` and scripts may give text."""
    return value.decode() if isinstance(value, bytes) else str(value)
