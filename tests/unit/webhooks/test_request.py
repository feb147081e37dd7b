"""One request: what is sent, what counts as delivered, and what is never done."""

import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from schemas.event import PUBLISHED, ArticleEvent, from_entry, to_entry
from tests.receiver import Receiver
from tests.records import MOMENT, TRACEPARENT, record
from tests.unit.webhooks.test_webhook_file import OLD, SECRET
from worker.webhooks.addresses import Address
from worker.webhooks.message import body_of, headers_of
from worker.webhooks.request import NotDelivered, _seconds, post
from worker.webhooks.webhook import Webhook

CERTIFICATE = Path(__file__).parents[2] / "samples" / "tls" / "news.example.crt"
NOW = 1_800_000_000.0


def hook(url: str, **fields: Any) -> Webhook:
    return Webhook.model_validate({"url": url, "secret": SECRET, "allow_private": True, **fields})


def event(headline: str = "Ministers “agree” in Łódź") -> ArticleEvent:
    return ArticleEvent(
        id="article-1.0123456789abcdef",
        source="/copydesk/inbox",
        type=PUBLISHED,
        time=MOMENT,
        subject="article-1",
        traceparent=TRACEPARENT,
        data=record(headline=headline),
    )


def send(webhook: Webhook, **options: Any) -> None:
    options.setdefault("tls", ssl.create_default_context())
    body = body_of(event())
    post(webhook, body, headers_of(event(), body, webhook.secret, NOW), **options)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


def test_the_readmes_example_verifies_what_is_sent(capsys: pytest.CaptureFixture[str]) -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(from standardwebhooks.*?)```", readme, re.DOTALL)
    body = body_of(event())
    headers = headers_of(event(), body, hook("https://news.example/").secret, time.time())
    exec(example.replace("whsec_…", SECRET), {"body": body, "headers": headers})  # noqa: S102 - our own README
    assert capsys.readouterr().out == "io.copydesk.article.published.v1 Ministers “agree” in Łódź\n"


@pytest.mark.parametrize("secret", [SECRET, OLD])
def test_an_independent_library_verifies_each_signature(receiver: Receiver, secret: str) -> None:
    webhook = hook(receiver.url, secret=[SECRET, OLD])
    body = body_of(event())
    post(webhook, body, headers_of(event(), body, webhook.secret, time.time()), tls=ssl.create_default_context())
    (request,) = receiver.requests
    verified = Verifier(secret).verify(request.body, request.headers)
    assert verified["data"]["headline"] == "Ministers “agree” in Łódź"
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(request.body + b" ", request.headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(request.body, request.headers | {"webhook-id": "other"})


def test_the_body_is_the_stream_entry_as_a_cloud_event(receiver: Receiver) -> None:
    send(hook(receiver.url))
    (request,) = receiver.requests
    assert request.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert request.headers["traceparent"] == TRACEPARENT
    assert request.headers["webhook-id"] == "article-1_0123456789abcdef"
    assert request.path == "/hooks?key=hidden"
    found = json.loads(request.body)
    assert found["specversion"] == "1.0"
    assert found["datacontenttype"] == "application/json"
    assert all(name.isascii() and name.isalnum() and name.islower() for name in found)
    entry = to_entry(event())
    again = {f"ce_{name}": value for name, value in found.items()}
    again |= {"traceparent": found["traceparent"], "data": json.dumps(found["data"])}
    assert from_entry(again) == event() == from_entry(entry)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_2xx_is_delivered(receiver: Receiver, status: int) -> None:
    receiver.answer = lambda _: status
    send(hook(receiver.url))


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 410, 429, 500, 503, 599])
def test_nothing_else_is_and_no_redirect_is_followed(receiver: Receiver, status: int) -> None:
    receiver.answer = lambda _: (status, {"location": receiver.url})
    with pytest.raises(NotDelivered) as error:
        send(hook(receiver.url))
    assert error.value.status == status
    assert str(status) in str(error.value)
    assert "hidden" not in str(error.value)
    assert len(receiver.requests) == 1


def test_a_private_address_is_refused_before_anything_is_sent(receiver: Receiver) -> None:
    with pytest.raises(NotDelivered, match="allow_private = true"):
        send(hook(receiver.url, allow_private=False))
    assert not receiver.requests


def test_the_checked_address_is_connected_to_and_no_proxy(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def find(host: str, _: int, **__: bool) -> list[Address]:
        asked.append(host)
        return [(socket.AF_INET, ("127.0.0.1", receiver.port))]

    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: pytest.fail("a second look-up"))
    send(hook("http://news.example/in", allow_private=False), find=find)
    assert asked == ["news.example"]
    assert receiver.requests[0].headers["host"] == "news.example"


def secure(receiver_port: int, url: str, **options: Any) -> None:
    trusting = ssl.create_default_context(cafile=str(CERTIFICATE))
    options.setdefault("tls", trusting)
    send(hook(url), find=lambda *_, **__: [(socket.AF_INET, ("127.0.0.1", receiver_port))], **options)


def test_certificates_are_checked_against_the_name() -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE, CERTIFICATE.with_suffix(".key"))
    receiver = Receiver(tls=tls)
    secure(receiver.port, "https://news.example/in")
    assert receiver.requests[0].headers["host"] == "news.example"
    with pytest.raises(NotDelivered, match="certificate"):
        secure(receiver.port, "https://other.example/in")
    with pytest.raises(NotDelivered, match="certificate"):
        secure(receiver.port, "https://news.example/in", tls=ssl.create_default_context())
    assert len(receiver.requests) == 1
    receiver.close()


class Drip:
    """Accepts a connection, and sends something now and then for ever."""

    def __init__(self, piece: bytes, head: bytes = b"") -> None:
        self._head = head
        self._piece = piece
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._end = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        with connection:
            try:
                connection.sendall(self._head)
                while not self._end.wait(0.02):
                    connection.sendall(self._piece)
            except OSError:
                return

    def close(self) -> None:
        self._end.set()
        self._socket.close()


@pytest.mark.parametrize("piece", [b"", b"x", b"HTTP/1.1 100 Continue\r\n\r\n"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_answer_that_never_ends_is_ended(piece: bytes, scheme: str) -> None:
    drip = Drip(piece)
    with pytest.raises(NotDelivered) as error:
        secure(drip.port, f"{scheme}://news.example/in", seconds=0.3)
    # Bytes that are no TLS are refused before that.
    assert "no whole answer within 0.3 s" in str(error.value) or (scheme == "https" and piece)
    drip.close()


@pytest.mark.parametrize("head", [b"HTTP/1.0 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"])
def test_the_body_of_an_answer_that_never_ends_is_not_waited_for(head: bytes) -> None:
    drip = Drip(b"x", head)
    send(hook(f"http://127.0.0.1:{drip.port}/in"), seconds=0.3)
    drip.close()


def test_an_id_that_no_header_can_hold_is_escaped() -> None:
    odd = event().model_copy(update={"id": "ž\r\nx-injected: 1.0123"})
    headers = headers_of(odd, b"", hook("https://news.example/").secret, NOW)
    assert headers["webhook-id"] == "%C5%BE%0D%0Ax-injected:%201_0123"


def test_a_refused_connection_a_hang_up_and_an_unknown_host_are_failures(receiver: Receiver) -> None:
    receiver.answer = lambda _: None
    with pytest.raises(NotDelivered, match=r"127\.0\.0\.1: Remote end closed"):
        send(hook(receiver.url))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotDelivered, match="refused"):
        send(hook(f"http://127.0.0.1:{port}/"))
    with pytest.raises(NotDelivered, match=r"nowhere\.invalid: "):
        send(hook("http://nowhere.invalid/"))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0),
        ("120", 120),
        ("-5", 0),
        ("soon", 0),
        ("9" * 5000, 999_999_999),
        ("Fri, 15 Jan 2027 08:01:00 GMT", 60),
        ("Fri, 15 Jan 2027 07:00:00 GMT", 0),
        ("Fri, 99 Jan 2027 08:00:00 GMT", 0),
    ],
)
def test_what_retry_after_asks_for(text: str, seconds: float) -> None:
    assert _seconds(text, NOW) == seconds
