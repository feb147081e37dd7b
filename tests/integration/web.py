"""A running ``copydesk serve``, and clients that speak plain HTTP to it."""

import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from schemas.event import PUBLISHED, ArticleEvent, to_entry
from tests.integration.conftest import Stack
from tests.records import MOMENT, TRACEPARENT, record

SECONDS = 90.0  # after which a test that hangs fails


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Web:
    """The server of a stack, on a port of its own."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._followers: list[Follower] = []
        stack.environment.setdefault("COPYDESK_LISTEN", "127.0.0.1:0")
        seen = len(self._addresses()) if stack._log.exists() else 0
        (self.process,) = stack.start("serve")
        stack.wait_until(lambda: len(self._addresses()) > seen, "the server to listen")
        self.port = int(self._addresses()[-1].rpartition(":")[2])

    def _addresses(self) -> list[str]:
        return [line["address"] for line in self.stack.log() if line["event"] == "serving"]

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            told = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, told, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def follow(self, last: str | None = None, *, small: bool = False, **query: Any) -> "Follower":
        follower = Follower(self.port, f"/v1/articles?{urlencode(query, doseq=True)}", last, small)
        self._followers.append(follower)
        return follower

    def close(self) -> None:
        """Close what clients have left open; the server ends with its stack."""
        for follower in self._followers:
            follower.close()


@dataclass
class Follower:
    """One client of the stream, as an ``EventSource`` is: it knows the last id that it was told."""

    port: int
    path: str
    last: str | None = None
    small: bool = False  # whether it takes little at once
    events: list[tuple[str, str, str]] = field(default_factory=list)  # id, type, data

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        if self.small:
            self._connection.sock = socket.socket()
            self._connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            self._connection.sock.settimeout(SECONDS)
            self._connection.sock.connect(("127.0.0.1", self.port))
        self._connection.request("GET", self.path, headers={"Last-Event-ID": self.last} if self.last else {})
        self.response = self._connection.getresponse()
        assert self.response.status == 200, self.response.read()
        self._lines = self._read()
        while not self._message():  # the opening: from here on nothing is missed
            pass

    def _read(self) -> Iterator[str]:
        while line := self.response.readline():
            yield line.decode().removesuffix("\n")

    def _message(self) -> bool:
        """Read one message; whether it moved the id."""
        told: dict[str, str] = {}
        for line in self._lines:
            if not line:
                break
            name, _, value = line.partition(": ")
            told[name] = f"{told[name]}\n{value}" if name == "data" and "data" in told else value
        else:
            raise EOFError
        self.last = told.get("id", self.last)
        if "data" in told:
            self.events.append((told.get("id", ""), told.get("event", "message"), told["data"]))
        return "id" in told

    def read(self, count: int) -> list[tuple[str, str, str]]:
        """The next so many events."""
        until = len(self.events) + count
        while len(self.events) < until:
            self._message()
        return self.events[until - count :]

    def ended(self) -> bool:
        try:
            while True:
                self._message()
        except (EOFError, http.client.HTTPException, OSError):
            return True

    def close(self) -> None:
        self._connection.close()
        self.response.close()


def publish(stack: Stack, numbers: range, **changes: Any) -> list[str]:
    """Put records on the stream; the ids of their entries."""
    with stack.client.pipeline() as pipe:
        for number in numbers:
            data = record(f"Paragraph {number}.", id=f"article-{number}", **changes)
            event = ArticleEvent(
                id=f"event-{number}",
                source="/copydesk/test",
                type=PUBLISHED,
                time=MOMENT,
                subject=data.id,
                traceparent=TRACEPARENT,
                data=data,
            )
            pipe.xadd(stack.keys.articles, to_entry(event))  # type: ignore[arg-type]
        return [entry.decode() for entry in pipe.execute()]


def ids(events: list[tuple[str, str, str]]) -> list[str]:
    return [event[0] for event in events]
