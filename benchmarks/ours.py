"""copydesk as a subject: ``copydesk watch`` and ``copydesk worker`` with their default settings."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager

import redis

from benchmarks.processes import family
from benchmarks.subject import Running, Setup, Subject
from worker import alive
from worker.keys import Keys

SECONDS_TO_START = 60.0
COPYDESK = (sys.executable, "-m", "worker.cli")
PARTS = {"watcher": (*COPYDESK, "watch"), "worker": (*COPYDESK, "worker")}  # their command lines


def environment(setup: Setup) -> dict[str, str]:
    """Where copydesk works; what is not about that keeps its default.

    Raises:
        ValueError: The stream is none that copydesk could write to.
    """
    if not setup.stream.endswith(":articles"):
        raise ValueError(f"{setup.stream}: the stream must end in ':articles', for its beginning is the prefix")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("COPYDESK_")},
        "COPYDESK_INBOX": str(setup.inbox),
        "COPYDESK_REDIS_URL": setup.redis_url,
        "COPYDESK_PREFIX": setup.stream.removesuffix(":articles"),
        "COPYDESK_STATE": str(setup.state),
        "COPYDESK_CONCURRENCY": str(setup.processes),
    }


def start(setup: Setup) -> AbstractContextManager[Running]:
    """Start both parts; both are at work when the context is entered, and ended when it is left.

    Raises:
        RuntimeError: A part does not start; with the end of what it said.
    """
    return start_parts(setup, PARTS)


@contextlib.contextmanager
def start_parts(setup: Setup, parts: Mapping[str, Sequence[str]]) -> Iterator[Running]:
    """The same with these parts, each a command line by its name.

    Raises:
        RuntimeError: A part does not start; with the end of what it said.
    """
    with contextlib.ExitStack() as cleanup:
        started = {}
        for part, command in parts.items():
            log = cleanup.enter_context((setup.state / f"{part}.log").open("wb"))
            started[part] = subprocess.Popen(command, env=environment(setup), stdout=log, stderr=log)
            cleanup.callback(_end, started[part])
        _wait_until_all_report(setup, started)
        yield Running({part: process.pid for part, process in started.items()})


def _wait_until_all_report(setup: Setup, started: dict[str, "subprocess.Popen[bytes]"]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    keys = Keys(setup.stream.removesuffix(":articles"))
    with redis.Redis.from_url(setup.redis_url) as client:
        while len(alive.parts(client, keys)) < len(started):
            ended = [part for part, process in started.items() if process.poll() is not None]
            if ended or time.monotonic() > deadline:
                part = (ended or list(started))[0]
                said = (setup.state / f"{part}.log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"copydesk does not start; the {part} said:\n{said}")
            time.sleep(0.05)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a part with its children at once: what it has in hand is of no interest."""
    for member in list(family(process.pid)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(member.pid, 9)
    process.wait()


OURS = Subject("copydesk", start)
