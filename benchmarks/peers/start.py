"""Starting a peer: its workers by the framework's own command, its watching process, and the end of both."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import psutil

from benchmarks.peers.work import Place
from benchmarks.subject import Running, Setup, Start
from worker.lifetime import bound

ROOT = Path(__file__).parents[2]
READY_SECONDS = 60.0  # for all processes to take work
LOOK_EVERY = 0.02  # seconds


class NotStarted(Exception):
    """A part of a peer ended, or did not get ready."""


class Part:
    """A process of a peer in a session of its own; its output goes to a log in the state folder."""

    def __init__(self, name: str, command: list[str], setup: Setup) -> None:
        self._name = name
        self._log = setup.state.resolve() / f"{name}.log"
        environment = {**os.environ, **Place.of(setup).environment(), "BENCH_PROCESSES": str(setup.processes)}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                bound(signal.SIGTERM, [sys.executable, "-m", *command]),
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.pid = self._process.pid

    def refuse_end(self) -> None:
        """See that it runs.

        Raises:
            NotStarted: It has ended.
        """
        if (status := self._process.poll()) is not None:
            said = [line.strip(" |") for line in self._log.read_text("utf-8", "replace").splitlines()]
            last = next((line for line in reversed(said) if any(c.isalpha() for c in line)), "it said nothing")
            raise NotStarted(
                f"the {self._name} ended with status {status} ({last}); see {self._log}, "
                "and whether the peer's package is installed: pip install '.[bench]'"
            )

    def stop(self) -> None:
        """Kill it with all that it started, which may be in process groups of their own."""
        for pid in psutil.pids():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if os.getsid(pid) == self.pid:
                    os.kill(pid, signal.SIGKILL)
        self._process.wait()


def starter(module: str, workers: str = "", reports: Callable[[int], int] = lambda processes: processes) -> Start:
    """How to start the peer of a module.

    Args:
        module: Its name in this package; its ``feed`` runs in the watching process.
        workers: The framework's command after ``python -m``, with ``{processes}`` and ``{redis_url}``.
        reports: How many processes besides the watching one report that they take work, of how many there are.
    """

    def start(setup: Setup) -> AbstractContextManager[Running]:
        commands = {"watcher": ["benchmarks.peers.watch", module]}
        if workers:
            values = {"processes": setup.processes, "redis_url": setup.redis_url}
            commands["worker"] = [word.format_map(values) for word in workers.split()]
        return running(setup, commands, 1 + reports(setup.processes))

    return start


@contextlib.contextmanager
def running(setup: Setup, commands: dict[str, list[str]], reports: int) -> Iterator[Running]:
    """The parts of a peer at work, from when all of its processes take work until the context is left.

    Raises:
        NotStarted: One of them ended, or did not get ready in time; where its log is.
    """
    ready = Place.of(setup).ready
    ready.mkdir()
    with contextlib.ExitStack() as cleanup:
        parts = {}
        for name, command in commands.items():
            parts[name] = Part(name, command, setup)
            cleanup.callback(parts[name].stop)
        deadline = time.monotonic() + READY_SECONDS
        while len(os.listdir(ready)) < reports:
            for part in parts.values():
                part.refuse_end()
            if time.monotonic() > deadline:
                raise NotStarted(
                    f"only {len(os.listdir(ready))} of {reports} processes take work after {READY_SECONDS:g} s; "
                    f"the logs are in {setup.state.resolve()}"
                )
            time.sleep(LOOK_EVERY)
        yield Running({name: part.pid for name, part in parts.items()})
