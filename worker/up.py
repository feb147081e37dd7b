"""``copydesk up``: the embedded Redis, the watcher and the workers in one terminal, kept running."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import IO

import redis
from rich.console import Console
from rich.live import Live
from rich.text import Text

from worker import alive
from worker.celery import stuck_after
from worker.classify import load_classifier, refuse_unknown
from worker.connection import connect, public, translated
from worker.embedded import lock_state, log_of_server, start_server
from worker.errors import Unavailable
from worker.inbox import Inbox
from worker.keys import Keys
from worker.lifetime import bound
from worker.logs import get_logger
from worker.server import ServerCheck
from worker.settings import Settings
from worker.status import Status, take_snapshot
from worker.webhooks.webhook_file import load_webhooks

log = get_logger(__name__)

START_SECONDS = 30.0  # for Redis to answer; a long append-only file takes a while to load
STOP_SECONDS = 25.0  # for a part to end by itself: a worker finishes what it has in hand
LOOK_EVERY = 1.0  # seconds
RESTART_PAUSES = (0.0, 0.5, 1.0, 2.0)  # seconds before the nth restart in a row
STEADY_SECONDS = 30.0  # a part that ran for so long starts its restarts anew
SILENT_SECONDS = 40.0  # Celery may take 30 to come back after Redis was away
REPORTS_AS = {
    "worker": "worker",
    "watch": "watcher",
    "webhooks": "webhooks",
}  # a part's name where it says that it is alive
COUNT_LIMIT = 10_000  # waiting files are counted up to here


class Part:
    """A child process that is started again when it ends."""

    def __init__(self, name: str, start: Callable[[], "subprocess.Popen[bytes]"]) -> None:
        self.name = name
        self._start = start
        self._restarts = 0
        self._process = start()
        self._started_at = self._heard_at = time.monotonic()
        self._word: float | None = None

    def look(self, now: float) -> None:
        """Start it again if it has ended, after a pause that grows with the failures in a row."""
        code = self._process.poll()
        if code is None:
            return
        if now - self._started_at > STEADY_SECONDS:
            self._restarts = 0
        pause = RESTART_PAUSES[min(self._restarts, len(RESTART_PAUSES) - 1)]
        if now - self._started_at >= pause:
            log.warning("restarting", part=self.name, exit_status=code)
            self._restarts += 1
            self._started_at = now
            self._process = self._start()

    @property
    def pid(self) -> int:
        """The id of its process, which stays the same from start to end."""
        return self._process.pid

    def silent_for(self, word: float | None, now: float) -> float:
        """Seconds, by our own clock, since its last word changed, it was started, or it was excused."""
        if word != self._word:
            self._word, self._heard_at = word, now
        return now - max(self._heard_at, self._started_at)

    def excuse(self, now: float) -> None:
        """It could not have said anything until now."""
        self._heard_at = now

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, by force if it takes too long."""
        if self._process.poll() is not None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            log.warning("killed", part=self.name, after_seconds=STOP_SECONDS)
            self._process.kill()
            self._process.wait()


def run_all(settings: Settings, console: Console, stop: threading.Event) -> None:
    """Run everything until told to stop.

    Raises:
        Misconfigured: There is no Redis server to run, another ``copydesk up`` has the state folder, the server
            is a cluster and the prefix has no hash tag, or rules, model or webhooks are broken.
        Unavailable: The inbox or the state folder cannot be used, or Redis does not answer.
    """
    refuse_unknown(settings.topics, settings.rules, settings.model)
    load_classifier(settings.rules, settings.model)  # what a worker would stumble over, again and again
    if settings.webhooks:
        load_webhooks(settings.webhooks)
    inbox = Inbox(settings.inbox, settings.ignored)
    inbox.prepare()
    with contextlib.ExitStack() as cleanup:
        parts = []
        if settings.redis_url is None:
            cleanup.enter_context(lock_state(settings.state))
            parts.append(Part("redis", lambda: start_server(settings.state)))
            cleanup.callback(parts[0].stop)
        client = connect(settings.address)
        wait_for_redis(ServerCheck(client, settings.prefix), settings, stop, parts)
        for name in ("worker", "watch", *(["webhooks"] if settings.webhooks else [])):
            part = Part(name, _command(name, settings, console))
            parts.append(part)
            cleanup.callback(part.stop)
        announce(settings, inbox, console)
        with _progress(console) as show:
            _supervise(parts, inbox, client, settings, stop, show)
        console.print("Stopping: what is in hand is finished, the rest goes on at the next start.")


def wait_for_redis(check: Callable[[], None], settings: Settings, stop: threading.Event, parts: list[Part]) -> None:
    """Wait until Redis answers; our own server is started again when it ends meanwhile.

    Args:
        check: Asks it whether it will do; see ``ServerCheck``.
        settings: Where it is.
        stop: Ends the waiting.
        parts: Our own server; none where it is somebody else's, which must answer at once.

    Raises:
        Misconfigured: It refuses the login, or will not do.
        Unavailable: It did not answer in ``START_SECONDS``.
    """
    deadline = time.monotonic() + START_SECONDS
    while not stop.is_set():
        for part in parts:
            part.look(time.monotonic())
        try:
            with translated(settings.address):
                check()
                return
        except Unavailable as error:
            if not parts:
                raise
            if time.monotonic() > deadline:
                raise Unavailable(f"{error}; {log_of_server(settings.state)} says why") from error
            stop.wait(0.02)


def announce(settings: Settings, inbox: Inbox, console: Console) -> None:
    """Say where to drop files and where the records come out."""
    console.print("[bold]copydesk is up.[/bold]", highlight=False)
    console.print(f"  drop files into  {inbox.root.resolve()}", highlight=False, soft_wrap=True)
    where = f"{settings.prefix}:articles at {public(settings.address)}"
    console.print(f"  records come on  {where}", highlight=False, soft_wrap=True, markup=False)
    console.print("  follow them with `copydesk tail`; Ctrl-C ends everything", highlight=False)


def _command(name: str, settings: Settings, console: Console) -> Callable[[], "subprocess.Popen[bytes]"]:
    environment = {**os.environ, "COPYDESK_REDIS_URL": settings.address}
    if console.is_terminal and settings.log_format == "auto":
        environment["COPYDESK_LOG_FORMAT"] = "pretty"

    def start() -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            bound(signal.SIGKILL, [sys.executable, "-m", "worker.cli", name]),
            env=environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE if console.is_terminal else None,
            start_new_session=True,  # Ctrl-C is ours to handle, in order
        )
        if process.stderr is not None:
            threading.Thread(target=_print_lines, args=(process.stderr, console), daemon=True).start()
        return process

    return start


def _print_lines(lines: IO[bytes], console: Console) -> None:
    """Print a part's log above the progress line."""
    for line in lines:
        console.print(Text.from_ansi(line.decode("utf-8", "replace").rstrip()), soft_wrap=True)


def _supervise(
    parts: list[Part],
    inbox: Inbox,
    client: "redis.Redis",
    settings: Settings,
    stop: threading.Event,
    show: Callable[[Status], None],
) -> None:
    keys = Keys(settings.prefix)
    while not stop.wait(LOOK_EVERY):
        now = time.monotonic()
        for part in parts:
            part.look(now)
        try:
            show(take_snapshot(inbox, client, keys, count_limit=COUNT_LIMIT))
            alive.report(client, keys, "up", {})
            said = alive.parts(client, keys)
        except (redis.RedisError, Unavailable):  # it is away or takes no writes, so nobody can report
            for part in parts:
                part.excuse(now)
            continue
        for part in parts:
            _restart_if_stuck(part, said, stuck_after(settings), now)


def _restart_if_stuck(part: Part, said: Mapping[str, Mapping[str, float]], limit: float, now: float) -> None:
    """A part may live and do nothing: a worker that is connected and no longer consumes, a watcher that hangs."""
    if part.name not in REPORTS_AS:
        return
    word = said.get(f"{alive.here(REPORTS_AS[part.name])}:{part.pid}", {})
    silent, stalled = part.silent_for(word.get("at"), now), word.get("stalled", 0.0)
    if silent > SILENT_SECONDS or stalled > limit:
        log.warning("stuck", part=part.name, silent_seconds=round(silent), stalled_seconds=round(stalled))
        part.stop(signal.SIGKILL)


@contextlib.contextmanager
def _progress(console: Console) -> Iterator[Callable[[Status], None]]:
    """A line that is kept up to date on a terminal; elsewhere a line for each change."""
    if console.is_terminal:
        with Live(console=console, auto_refresh=False, transient=True) as live:
            yield lambda status: live.update(Text(describe(status)), refresh=True)
        return
    last = ""

    def show(status: Status) -> None:
        nonlocal last
        if (line := describe(status)) != last:
            console.print(line, highlight=False)
            last = line

    yield show


def describe(status: Status) -> str:
    """The state of things in one line."""
    return (
        f"{status.waiting} waiting · {status.in_flight} in flight · "
        f"{status.articles} on the stream · {status.rejected} rejected"
    )
