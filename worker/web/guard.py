"""Who may ask: the token; without one, only this machine, and no web page of another site."""

import hmac
import math
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from worker.web.desk import Desk
from worker.web.problems import response

OPEN = {"/healthz", "/readyz"}
LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}  # what is counted by its name


class Guard:
    """Lets a request through to the application, or refuses it; and counts the answers."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        token = desk.settings.token
        self._token = token.get_secret_value().encode() if token else b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        begun = False

        async def counting(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._count(scope, message["status"])
            await send(message)

        refusal = self._refusal(Request(scope))
        answer = response(*refusal) if refusal else self._app
        try:
            await answer(scope, receive, counting)
        except Exception:
            if not begun:
                self._count(scope, 500)  # which is answered outside of here
            raise

    def _count(self, scope: Scope, status: int) -> None:
        method = scope["method"] if scope["method"] in METHODS else "other"
        route = getattr(scope.get("route"), "path", "none")  # not the path: there are only so many routes
        key = (method, route, status)
        self._desk.requests[key] = self._desk.requests.get(key, 0) + 1

    def _refusal(self, request: Request) -> tuple[int, str, Mapping[str, str]] | None:
        """Why a request is not let through: a status, words, and headers."""
        if request.scope["path"] in OPEN:  # not that of its URL, which is made of the Host header
            return None
        if self._token:
            scheme, _, given = request.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode("latin-1"), self._token):
                return 401, "send the token of this server: Authorization: Bearer …", {"WWW-Authenticate": "Bearer"}
        elif why := _foreign(request, self._desk.settings.listens_on[0]):
            return 403, why, {}
        if request.method == "POST":
            address = request.client.host if request.client else ""
            if wait := self._desk.buckets.take(address, time.monotonic()):
                return 429, "too many files at once from your address", {"Retry-After": str(math.ceil(wait))}
        return None


def _foreign(request: Request, host: str) -> str:
    """Why a request may come from a web page of another site, which a browser on this machine shows; else empty.

    The page's own name may have been made to lead here (DNS rebinding), and then stands in ``Host``.
    """
    asked = request.headers.get("host", "")
    if _name_of(f"//{asked}") not in LOCAL_NAMES | {host.lower()}:
        return "without a token this server is asked as localhost or 127.0.0.1 only; set COPYDESK_TOKEN for other names"
    origin = request.headers.get("origin")
    if origin is not None and origin.lower() not in {f"http://{asked}".lower(), f"https://{asked}".lower()}:
        return "web pages of other sites may not ask"
    if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        return "web pages of other sites may not ask"
    return ""


def _name_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
