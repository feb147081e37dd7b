"""``copydesk serve``: the API on its address until it is told to stop."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator

import redis.asyncio
import uvicorn

from schemas.sentinel import client_of
from worker.connection import TIMEOUT, connect
from worker.errors import Misconfigured
from worker.inbox import Inbox
from worker.logs import get_logger
from worker.settings import Settings
from worker.web.app import make_app
from worker.web.desk import Desk
from worker.web.drops import remove_abandoned
from worker.web.feed import Feed

log = get_logger(__name__)

BACKLOG = 512  # connections that wait to be accepted: many clients may come back at once
CONNECTIONS = 2000  # at once; those who follow the stream, and as many who ask for something else
STOP_SECONDS = 10  # for answers to be finished
LOOK_TIMEOUT = 2.0  # seconds that Redis has to answer whoever asks whether it does


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C.

    Raises:
        Misconfigured: The address cannot be listened on, needs a token, or that of Redis cannot be understood.
        Unavailable: The inbox cannot be used, and what to do.
    """
    if not settings.listens_locally and settings.token is None:
        raise Misconfigured(
            f"COPYDESK_LISTEN={settings.listen} may be reached from other machines: set COPYDESK_TOKEN, which clients "
            "must then send (`openssl rand -hex 32` makes one), or listen on 127.0.0.1"
        )
    inbox = Inbox(settings.inbox, settings.ignored)
    inbox.prepare()
    remove_abandoned(inbox)
    with (
        connect(settings.address) as client,
        connect(settings.address, LOOK_TIMEOUT, retries=0) as looking,
        _listening(settings) as listener,
    ):
        asyncio.run(_run(settings, (client, looking), inbox, listener))


async def _run(
    settings: Settings, clients: "tuple[redis.Redis, redis.Redis]", inbox: Inbox, listener: socket.socket
) -> None:
    reading = client_of(redis.asyncio.Redis, settings.address, socket_timeout=TIMEOUT, health_check_interval=10)
    async with reading:
        feed = Feed(reading, f"{settings.prefix}:articles")
        desk = Desk(settings, *clients, feed, inbox)
        app = make_app(desk)
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # anybody could write them
            limit_concurrency=CONNECTIONS,
            backlog=BACKLOG,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        server = _Server(config)

        def stop() -> None:
            server.should_exit = True
            desk.close()  # its streams have no other end

        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, stop)
        host, port = listener.getsockname()[:2]
        log.info("serving", address=f"http://{f'[{host}]' if ':' in host else host}:{port}")
        await server.serve([listener])


class _Server(uvicorn.Server):
    """A server that leaves signals to us, and so ends with status 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def _listening(settings: Settings) -> socket.socket:
    host, port = settings.listens_on
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise Misconfigured(f"COPYDESK_LISTEN={settings.listen} cannot be listened on: {error.strerror}") from error
