"""What the commands have in common: settings, a connection, an end on signals."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING

from worker.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import redis

    from worker.settings import Settings


def load() -> Settings:
    """The settings of this process."""
    from worker.settings import load_settings

    return load_settings()


def start() -> Settings:
    """The settings, with logging set up: how a part of the service begins."""
    from worker.logs import configure

    settings = load()
    configure(settings.log_format, settings.log_level)
    return settings


@contextlib.contextmanager
def connected(settings: Settings) -> Iterator[redis.Redis]:
    """A client for one command, with its errors as one line that says what to do.

    Raises:
        Unavailable: It cannot be reached.
    """
    from worker.connection import connect, translated

    with connect(settings.address) as client:
        try:
            with translated(settings.address):
                client.ping()
                yield client
        except Unavailable as error:
            hint = "" if settings.redis_url else "; is `copydesk up` running? Else set COPYDESK_REDIS_URL"
            raise Unavailable(f"{error}{hint}") from error


def stop_on_signal(*wake: Callable[[], None]) -> threading.Event:
    """An event that Ctrl-C and SIGTERM set; what must then wake up is called."""
    stop = threading.Event()

    def set_all() -> None:
        stop.set()
        for wake_up in wake:
            wake_up()

    def on_signal(_signal: int, _frame: object) -> None:
        # Not here: the interrupted code may hold the event's own lock.
        threading.Thread(target=set_all).start()

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    return stop
