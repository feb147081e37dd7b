"""One HTTP request to a checked address, bounded in time and size, that follows nothing."""

import contextlib
import email.utils
import http
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from worker.webhooks.addresses import Address, Forbidden, resolve
from worker.webhooks.webhook import Webhook

CONNECT_SECONDS = 5.0  # for each address
WHOLE_SECONDS = 15.0  # for a request and its answer; Standard Webhooks asks for 15 to 30
ANSWER_BYTES = 64 * 1024  # of the answer's body are read, and dropped: a clean end for common servers

REFUSED = frozenset({400, 413, 414, 415, 422})
"""The answers that say that this very event is not wanted, while others may be."""


class NotDelivered(Exception):
    """The receiver did not answer with 2xx.

    Args:
        why: For people; holds nothing of the url but its host.
        status: The answer's, if there was one.
        retry_after: Seconds for which the receiver asked.
    """

    def __init__(self, why: str, status: int | None = None, retry_after: float = 0.0) -> None:
        super().__init__(why)
        self.status = status
        self.retry_after = retry_after


class _Connection(http.client.HTTPConnection):
    """Connects to addresses that were checked, whatever the name's are by then, and ends at a deadline."""

    def __init__(self, webhook: Webhook, addresses: Sequence[Address], tls: ssl.SSLContext | None) -> None:
        parts = webhook.parts
        usual = http.client.HTTPS_PORT if tls else http.client.HTTP_PORT
        super().__init__(parts.hostname or "", parts.port or usual, timeout=CONNECT_SECONDS)
        self.default_port = usual  # left out of the Host header
        self.expired = False
        self._live: socket.socket | None = None  # http.client forgets its own when the answer ends the connection
        self._addresses = addresses
        self._tls = tls

    def connect(self) -> None:
        self.sock = self._live = self._first()
        if self._tls:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self._live = self.sock
        self.sock.settimeout(WHOLE_SECONDS)
        if self.expired:
            raise TimeoutError
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def _first(self) -> socket.socket:
        """Connected to the first address that answers."""
        error = OSError("it has no address")
        for family, address in self._addresses:
            if self.expired:
                break
            sock = socket.socket(family, socket.SOCK_STREAM)
            try:
                sock.settimeout(CONNECT_SECONDS)
                sock.connect(address)
                return sock
            except OSError as why:
                sock.close()
                error = why
        raise error

    def expire(self) -> None:
        """End whatever is waited for; from any thread."""
        self.expired = True
        if self._live:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._live, socket.SHUT_RDWR)  # not SSLSocket's, which is for its own thread


def post(
    webhook: Webhook,
    body: bytes,
    headers: Mapping[str, str],
    *,
    tls: ssl.SSLContext,
    seconds: float = WHOLE_SECONDS,
    find: Callable[..., list[Address]] = resolve,
) -> None:
    """Send a request and take the answer.

    Args:
        webhook: To whom.
        body: Of the request.
        headers: Of the request, besides Host and Content-Length.
        tls: How certificates are checked.
        seconds: That it may take, from the first connection to the whole answer.
        find: Finds and checks the addresses of a host.

    Raises:
        NotDelivered: The answer was not 2xx, or there was none.
    """
    parts = webhook.parts
    secure = parts.scheme == "https"
    connection: _Connection | None = None
    try:
        port = parts.port or (443 if secure else 80)
        addresses = find(parts.hostname or "", port, allow_private=webhook.allow_private)
        connection = _Connection(webhook, addresses, tls if secure else None)
        with _deadline(connection, seconds):
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            with contextlib.suppress(OSError, http.client.HTTPException):
                answer.read(ANSWER_BYTES)
    except Forbidden as error:
        raise NotDelivered(str(error)) from error
    except (OSError, http.client.HTTPException) as error:
        late = connection is not None and connection.expired
        why = f"no whole answer within {seconds:g} s" if late else f"{error or type(error).__name__}"
        raise NotDelivered(f"{parts.hostname}: {why}") from error
    if answer.status // 100 != 2:
        asked = _seconds(answer.getheader("retry-after", ""), time.time())
        raise NotDelivered(f"{parts.hostname} answered {_named(answer.status)}", answer.status, asked)


@contextlib.contextmanager
def _deadline(connection: _Connection, seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, connection.expire)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        connection.close()


def _named(status: int) -> str:
    """A status with its meaning; what the receiver calls it is not trusted."""
    hint = " (redirects are not followed; set the url to where it leads)" if status // 100 == 3 else ""
    try:
        return f"{status} {http.HTTPStatus(status).phrase}{hint}"
    except ValueError:
        return f"{status}{hint}"


def _seconds(retry_after: str, now: float) -> float:
    """What a Retry-After header asks for: seconds, or a moment; 0 where it says nothing."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - now)
    except (ValueError, OverflowError):
        return 0.0
