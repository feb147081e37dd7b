"""A web server that takes webhooks, answers as it is told and keeps what it got."""

import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Request"], "int | tuple[int, dict[str, str]] | None"]
"""The status for a request, with headers if need be; None: hang up without an answer."""


@dataclass(frozen=True)
class Request:
    """What came: ``number`` counts from 1 on."""

    number: int
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return str(json.loads(self.body)["id"])


class Receiver:
    """Listens from the start; ``answer`` may be exchanged at any time."""

    def __init__(self, answer: Answer = lambda _: 200, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self.delivered: list[Request] = []
        self._lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver._take(self)

            def log_message(self, *_: Any) -> None:
                return

        class Server(ThreadingHTTPServer):
            allow_reuse_address = True

            def handle_error(self, *_: Any) -> None:
                return  # a client that hung up

        self._server = Server(("127.0.0.1", port), Handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hooks?key=hidden"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def _take(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["content-length"]))
        with self._lock:
            headers = {name.lower(): value for name, value in handler.headers.items()}
            request = Request(len(self.requests) + 1, handler.path, headers, body)
            self.requests.append(request)
        answer = self.answer(request)
        if answer is None:
            return
        status, more = answer if isinstance(answer, tuple) else (answer, {})
        if status // 100 == 2:
            with self._lock:
                self.delivered.append(request)
        handler.send_response(status)
        for name, value in {"content-length": "0", **more}.items():
            handler.send_header(name, value)
        handler.end_headers()

    @property
    def ids(self) -> list[str]:
        """The events that arrived, in order."""
        return [request.id for request in self.delivered]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
