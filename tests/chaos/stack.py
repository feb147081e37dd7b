"""The system under test: ``copydesk up`` with a proxy before its Redis, kept running whatever is killed."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.chaos.clock import Clock
from tests.chaos.schedule import ROLES, Role
from worker.embedded import find_server
from worker.keys import Keys
from worker.lifetime import bound

ROOT = Path(__file__).parents[2]
FRESH = 0.04  # seconds for which a look at the processes is believed
RESTART_AFTER = 0.3  # seconds from the end of a part that the harness started to its next start
SETTINGS = {
    "COPYDESK_PREFIX": "chaos",
    "COPYDESK_LOG_FORMAT": "json",
    "COPYDESK_LOG_LEVEL": "debug",
    "COPYDESK_SETTLE": "0.1",
    "COPYDESK_POLL": "1",
    "COPYDESK_TIME_LIMIT": "1",
    "COPYDESK_RESUBMIT_AFTER": "5",
    "COPYDESK_MAX_FILE_BYTES": "65536",
    "COPYDESK_MAX_IN_FLIGHT": "200",
    "COPYDESK_CONCURRENCY": "2",
}
SCRIPT = """#!{python}
import sys
sys.path.insert(0, {root!r})
from tests.chaos.redis_server import main
main({real!r}, {orders!r})
"""


@dataclass(slots=True)
class Kept:
    """A process that the harness keeps running, as a service manager would."""

    part: str
    process: "subprocess.Popen[bytes] | None" = None
    ended_at: float = float("-inf")


class Stack:
    """The processes of one round.

    Args:
        folder: The round's.
        product: Where ``worker`` and ``schemas`` are imported from.
        second_watcher: Whether a second watcher runs on the same inbox.
        clock: What its processes take for the time.
    """

    def __init__(
        self, folder: Path, product: Path = ROOT, *, second_watcher: bool = False, clock: Clock | None = None
    ) -> None:
        self.folder = folder
        self.inbox = folder / "inbox"
        self.state = folder / "state"
        self.orders = folder / "orders"
        self.keys = Keys(SETTINGS["COPYDESK_PREFIX"])
        self.orders.mkdir()
        self._socket = self.state.resolve() / "redis.sock"
        self.client = self.connect()
        self.environment = self._environment(product)
        if clock:
            self.environment |= clock.environment
        self._kept = [Kept("up")]
        self._cast: dict[Role, list[psutil.Process]] = {}
        self._looked_at = float("-inf")
        if second_watcher:
            self._kept.append(Kept("watch"))
            self._second_watcher_environment = {"COPYDESK_REDIS_URL": f"unix://{self._socket}"}

    def connect(self) -> "redis.Redis":
        """A connection past the proxy, which gives up soon: the server may be stopped."""
        return redis.Redis(unix_socket_path=f"{self._socket}.server", socket_timeout=1, retry=Retry(NoBackoff(), 0))

    def _environment(self, product: Path) -> dict[str, str]:
        scripts = self.folder / "bin"
        scripts.mkdir()
        script = scripts / "redis-server"
        real, orders = find_server(), str(self.orders)
        script.write_text(SCRIPT.format(python=sys.executable, root=str(ROOT), real=real, orders=orders))
        script.chmod(0o755)
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("COPYDESK_")},
            **SETTINGS,
            "COPYDESK_INBOX": str(self.inbox),
            "COPYDESK_STATE": str(self.state),
            "PATH": f"{scripts}:{os.environ['PATH']}",
            "PYTHONPATH": str(product),
        }

    def keep_running(self) -> None:
        """Start what does not run."""
        for kept in self._kept:
            if kept.process is not None and kept.process.poll() is None:
                continue
            if kept.process is not None:
                kept.process, kept.ended_at = None, time.monotonic()
            if time.monotonic() - kept.ended_at >= RESTART_AFTER:
                kept.process = self._start(kept.part)

    def _start(self, part: str) -> "subprocess.Popen[bytes]":
        more = self._second_watcher_environment if part == "watch" else {}
        with (self.folder / f"{part}.log").open("ab") as log:
            return subprocess.Popen(
                bound(signal.SIGKILL, [sys.executable, "-m", "worker.cli", part]),
                cwd=self.folder,
                env=self.environment | more,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def processes(self, role: Role) -> list[psutil.Process]:
        """Who plays a role now, or did so an instant ago; of Redis, the real server and its proxy."""
        if time.monotonic() - self._looked_at > FRESH:
            self._cast = {}
            for kept in self._kept:
                if kept.process is not None and kept.process.poll() is None:
                    self._look_at(kept)
            self._looked_at = time.monotonic()
        return [process for process in self._cast.get(role, []) if process.is_running()]

    def _look_at(self, kept: Kept) -> None:
        assert kept.process is not None
        with contextlib.suppress(psutil.NoSuchProcess):
            top = psutil.Process(kept.process.pid)
            self._cast.setdefault("watcher" if kept.part == "watch" else "up", []).append(top)
            for child in top.children(recursive=True) if kept.part == "up" else []:
                with contextlib.suppress(psutil.NoSuchProcess):
                    self._cast.setdefault(_role(child, top.pid), []).append(child)

    def command(self, *command: str) -> tuple[int, str]:
        """Run a command of the service to its end: its exit status and what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "worker.cli", *command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def close(self) -> None:
        """Kill everything."""
        found = [process for role in ROLES for process in self.processes(role)]
        for process in found:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        for kept in self._kept:
            if kept.process is not None:
                kept.process.kill()
                kept.process.wait()
        psutil.wait_procs(found, timeout=10)
        self.client.close()


def _role(process: psutil.Process, up: int) -> Role:
    """What a process below ``up`` is for: the pool's processes are the worker's children."""
    last = (process.cmdline() or [""])[-1]
    if last == "worker":
        return "worker" if process.ppid() == up else "pool"
    return "watcher" if last == "watch" else "redis"
