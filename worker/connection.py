"""Connections to Redis, with the driver's errors translated at this edge."""

import contextlib
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import (
    AuthenticationError,
    ConnectionError,  # noqa: A004 - their names
    MovedError,
    RedisError,
    ResponseError,
    TimeoutError,  # noqa: A004
)
from redis.retry import Retry

from schemas.address import SCHEME, parse
from schemas.sentinel import client_of
from worker.errors import Misconfigured, Unavailable

Command = Sequence[str | int | bytes]

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


@contextlib.contextmanager
def under_way(client: "redis.Redis", commands: Sequence[Command]) -> Iterator[None]:
    """Send commands before the body, and read their replies behind it: the server's disk is not waited for.

    They are on their way before anything that the body sends, and arrive even if this process ends meanwhile.

    Args:
        client: Of the server; it is free for other commands meanwhile.
        commands: Each with its arguments.

    Raises:
        redis.RedisError: They could not be sent, and the body did not begin; or the first error among the replies.
    """
    pool = client.connection_pool
    connection: Any = pool.get_connection()  # half of its methods have no types
    try:
        connection.send_packed_command(connection.pack_commands(commands))
        try:
            yield
        finally:
            errors = [error for _ in commands if (error := _error_in_reply(connection))]
    except BaseException:
        connection.disconnect()  # a reply that nobody read would be taken for the next command's
        raise
    finally:
        pool.release(connection)
    if errors:
        raise errors[0]


def _error_in_reply(connection: Any) -> ResponseError | None:
    try:
        connection.read_response()
    except ResponseError as error:
        return error
    return None


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
