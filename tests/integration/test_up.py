"""``copydesk up``: everything from one command, with nothing left behind when it ends, however it ends."""

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.articles import article
from tests.integration.conftest import kill_family
from tests.receiver import Receiver

WaitUntil = Callable[..., None]


class Up:
    """A running ``copydesk up`` with the embedded server, in a folder of its own."""

    def __init__(self, folder: Path, wait_until: WaitUntil) -> None:
        self.folder = folder
        self.inbox = folder / "inbox"
        self.wait_until = wait_until
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("COPYDESK_")},
            "COPYDESK_PREFIX": f"test-{uuid.uuid4().hex[:12]}",
            "COPYDESK_CONCURRENCY": "1",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        self.start()

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "worker.cli", "up"],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until(lambda: "copydesk is up" in self.log(), "the service to be up")

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def run(self, *arguments: str, status: int = 0) -> str:
        command = [sys.executable, "-m", "worker.cli", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def part(self, name: str) -> psutil.Process:
        """A child by its command: ``watch``, ``worker``, or else the server."""
        self.wait_until(lambda: self._named(name), f"{name} to run")
        return self._named(name)[0]

    def _named(self, name: str) -> list[psutil.Process]:
        """The children of that command; one that is about to change its program has none for a moment."""
        commands = [(child, child.cmdline()) for child in psutil.Process(self.process.pid).children()]
        known = [(child, command[-1]) for child, command in commands if command]
        return [child for child, last in known if last == name or (name == "redis" and last not in ("watch", "worker"))]

    def done(self) -> int:
        return sum(path.is_file() for path in (self.inbox / "_done").rglob("*"))


@pytest.fixture
def up(short_folder: Path, wait_until: WaitUntil) -> Iterator[Up]:
    folder = short_folder / uuid.uuid4().hex[:8]
    folder.mkdir()
    up = Up(folder, wait_until)
    yield up
    kill_family(up.process.pid)
    up.process.wait()


def gone(processes: list[psutil.Process]) -> bool:
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)


def test_one_command_publishes_what_is_dropped_and_keeps_it_over_a_restart(up: Up) -> None:
    (up.inbox / "a.txt").write_text(article(1))
    (record,) = up.run("tail", "--json", "--from-start", "--count", "1").splitlines()
    assert json.loads(record)["headline"].startswith("Portugal")
    up.wait_until(lambda: up.done() == 1, "the file in _done")

    family = up.family()
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(30) == 0
    up.wait_until(lambda: gone(family), "every process gone")
    assert "Traceback" not in up.log()

    up.start()
    (up.inbox / "b.txt").write_text(article(1))
    up.wait_until(lambda: up.done() == 2, "the second file in _done")
    assert json.loads(up.run("status", "--json"))["articles"] == 1


def test_nothing_outlives_a_killed_parent(up: Up) -> None:
    up.wait_until(lambda: len(up.family()) >= 4, "Redis, the watcher, the worker and its pool")
    family = up.family()
    up.process.kill()
    up.process.wait()
    up.wait_until(lambda: gone(family), "every process gone")


@pytest.mark.parametrize("part", ["redis", "watch", "worker"])
def test_a_killed_part_is_started_again(up: Up, part: str) -> None:
    victim = up.part(part)
    victim.kill()
    (up.inbox / "a.txt").write_text(article(1))
    up.wait_until(lambda: up.done() == 1, "the file in _done", seconds=60)
    assert json.loads(up.run("tail", "--json", "--from-start", "--count", "1"))["version"] == 1


def test_parts_that_live_and_do_nothing_are_started_again(up: Up) -> None:
    (up.inbox / "a.txt").write_text(article(1))
    up.wait_until(lambda: up.done() == 1, "the first file in _done")
    stopped = [up.part(name) for name in ("watch", "worker")]
    for part in stopped:
        part.suspend()
    (up.inbox / "b.txt").write_text(article(2))
    up.wait_until(lambda: up.done() == 2, "the second file in _done", seconds=100)
    assert gone(stopped)
    assert up.log().count('"event": "stuck"') == 2


def test_a_second_one_on_the_same_state_says_why_it_cannot(up: Up) -> None:
    message = up.run("up", status=1)
    assert "already up" in message
    assert "Traceback" not in message


def test_without_it_the_other_commands_say_what_to_do(tmp_path: Path, short_folder: Path) -> None:
    environment = {**os.environ, "COPYDESK_STATE": str(short_folder / "nothing"), "COPYDESK_INBOX": str(tmp_path)}
    environment.pop("COPYDESK_REDIS_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "worker.cli", "tail"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "copydesk up" in done.stderr


def test_webhooks_are_delivered_to_as_well(up: Up) -> None:
    receiver = Receiver()
    up.process.send_signal(signal.SIGTERM)
    up.process.wait(60)
    hooks = f'[[webhook]]\nurl = "{receiver.url}"\nsecret = "whsec_{"QUJD" * 10}"\nallow_private = true\n'
    (up.folder / "hooks.toml").write_text(hooks)
    (up.folder / "log").unlink()
    up.environment["COPYDESK_WEBHOOKS"] = "hooks.toml"
    up.start()
    (up.inbox / "a.txt").write_text(article(1))
    up.wait_until(lambda: receiver.delivered, "the record to arrive", 60)
    assert json.loads(receiver.delivered[0].body)["data"]["provenance"]["path"] == "a.txt"
    up.run("status", "--check", "webhooks")
    receiver.close()
