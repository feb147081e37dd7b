"""What a file costs: processor time of each part, memory and disk of what is kept of it. The numbers of docs/scale.md.

    python -m benchmarks.costs --files 6000 --processes 1
    python -m benchmarks.costs --names 1000000        # what looking at so many names costs the watcher

It runs a Redis, a watcher and a worker of its own in a temporary folder, and prints one JSON object.
"""

import contextlib
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import psutil
import redis

from worker.connection import connect
from worker.embedded import start_server
from worker.inbox import Inbox
from worker.keys import Keys
from worker.settings import socket_path

WHO = ("ministers", "the port authority", "farmers", "two unions", "the court", "engineers", "the mayor", "nurses")
DID = ("discussed", "rejected", "signed", "postponed", "welcomed", "questioned", "repaired", "measured", "reopened")
WHAT = ("the border treaty", "a new bridge", "the harvest", "the budget", "a rail line", "school meals", "the archive")
WORDS = 400  # of an article, about


def article(number: int) -> str:
    """An article of about ``WORDS`` words; each number gives another one."""
    dice = random.Random(number)  # noqa: S311 - the same each time
    text = [f"Round {number}: {dice.choice(WHO)} and {dice.choice(WHAT)}"]
    for paragraph in range(WORDS // 50):
        sentences = [
            f"In district {dice.randrange(1000)}, {dice.choice(WHO)} {dice.choice(DID)} {dice.choice(WHAT)} "
            f"after {dice.randrange(2, 60)} days of talks with {dice.choice(WHO)}, a spokesman said."
            for _ in range(3)
        ]
        text.append(f"{' '.join(sentences)} That was point {paragraph + 1} of the day.")
    return "\n\n".join(text)


@contextlib.contextmanager
def running(folder: Path, processes: int) -> "Iterator[tuple[redis.Redis, dict[str, psutil.Process]]]":
    """A server as ``copydesk up`` starts it, a watcher and a worker, on the folder's inbox."""
    url = f"unix://{socket_path(folder)}"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("COPYDESK_")},
        "COPYDESK_INBOX": str(folder / "inbox"),
        "COPYDESK_REDIS_URL": url,
        "COPYDESK_CONCURRENCY": str(processes),
        "COPYDESK_LOG_LEVEL": "warning",
    }
    started = [start_server(folder)]
    try:
        commands = ([sys.executable, "-m", "worker.cli", part] for part in ("watch", "worker"))
        started += [
            subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for command in commands
        ]
        with connect(url, retries=20) as client:
            while int(client.hlen(Keys("copydesk").alive)) < 2:
                time.sleep(0.1)
            names = ("redis", "watcher", "worker")
            yield client, {name: psutil.Process(child.pid) for name, child in zip(names, started, strict=True)}
    finally:
        for child in reversed(started):
            child.terminate()
            child.wait()


def busy(process: psutil.Process) -> float:
    """Processor seconds that a process and its present children have used."""
    return float(sum(sum(member.cpu_times()[:2]) for member in [process, *process.children(recursive=True)]))


def measure(folder: Path, files: int, processes: int) -> dict[str, float]:
    """Drop so many files at once, and tell what each cost from the time a tenth was done to when nine tenths were."""
    keys, staged = Keys("copydesk"), folder / "staged"
    staged.mkdir()
    for number in range(files):
        (staged / f"{number}.txt").write_text(article(number), encoding="utf-8")
    with running(folder, processes) as (client, parts):
        os.rename(staged, folder / "inbox" / "wire")
        marks = []
        for share in (0.1, 0.9):
            while int(client.xlen(keys.articles)) < share * files:
                time.sleep(0.01)
            done = int(client.xlen(keys.articles))
            marks.append((done, time.monotonic(), {name: busy(process) for name, process in parts.items()}))
        (first, began, before), (last, ended, after) = marks
        while any((folder / "inbox" / "wire").iterdir()) or any((folder / "inbox" / "_claimed").iterdir()):
            time.sleep(0.1)
        costs = {f"{name}_ms": 1000 * (after[name] - before[name]) / (last - first) for name in parts}
        kept = held(client, keys, folder, files)
    return {"files_per_second": (last - first) / (ended - began), **costs, **kept}


def held(client: "redis.Redis", keys: Keys, folder: Path, files: int) -> dict[str, float]:
    """Bytes that are kept of each file: in Redis, in its append-only file, in the inbox's journal."""

    def mean(pattern: str) -> float:
        found = list(itertools.islice(client.scan_iter(pattern, count=1000), 2000))
        return sum(int(client.memory_usage(key) or 0) for key in found) / len(found)

    memory: Any = client.info("memory")
    journal = sum(path.stat().st_size for path in (folder / "inbox" / ".journal").rglob("*") if path.is_file())
    log = sum(path.stat().st_size for path in (folder / "redis").rglob("*appendonly*") if path.is_file())
    return {
        "file_bytes": sum(len(article(number).encode()) for number in range(files)) / files,
        "entry_bytes": int(client.memory_usage(keys.articles, samples=0) or 0) / files,
        "ledger_bytes": mean(keys.ledger("*")),
        "outcome_bytes": mean(keys.outcome("*")),
        "redis_peak_mb": memory["used_memory_peak"] / 2**20,
        "redis_end_mb": memory["used_memory"] / 2**20,
        "log_bytes": log / files,
        "journal_bytes": journal / files,
    }


def looking(folder: Path, names: int) -> dict[str, float]:
    """What it takes to list so many waiting files, those of a pass and all, and to move one to so many others."""
    inbox = Inbox(folder / "inbox", ())
    inbox.prepare()
    for number in range(names):
        (folder / "inbox" / f"{number}.txt").touch()
    seconds = []
    for count in (1000, names):
        began = time.monotonic()
        found = sum(1 for _ in itertools.islice(inbox.waiting(), count))
        seconds.append(time.monotonic() - began)
    (folder / "few").mkdir()
    for number in range(1000):
        (folder / "few" / f"new-{number}.txt").touch()
    began = time.monotonic()
    for number in range(1000):
        os.rename(folder / "few" / f"new-{number}.txt", folder / "inbox" / f"new-{number}.txt")
    moved = time.monotonic() - began
    return {"names": found, "first_thousand_ms": 1000 * seconds[0], "all_ms": 1000 * seconds[1], "move_ms": moved}


@click.command()
@click.option("--files", default=6000, show_default=True, help="How many are dropped.")
@click.option("--processes", default=1, show_default=True, help="Worker processes.")
@click.option("--names", "names", type=int, help="List a folder of so many names instead.")
def main(files: int, processes: int, names: int | None) -> None:
    """Measure, and print JSON."""
    with tempfile.TemporaryDirectory() as folder:
        found = looking(Path(folder), names) if names else measure(Path(folder), files, processes)
    click.echo(json.dumps({name: round(value, 3) for name, value in found.items()}, indent=1))


if __name__ == "__main__":
    main()
