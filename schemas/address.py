"""The address of a Redis server that Sentinel watches over."""

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

SCHEME = "redis+sentinel://"
PORT = 26379


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
