"""What a file costs: processor time of each part, memory and disk of what is kept of it. The numbers of docs/scale.md.

    python -m benchmarks.costs --files 6000 --processes 1
    python -m benchmarks.costs --names 1000000        # what looking at so many names costs the watcher

It runs a Redis, a watcher and a worker of its own in a temporary folder, and prints one JSON object.
"""

import itertools
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import click
import redis

from benchmarks.corpus import articles_of, drop, write_files
from benchmarks.growth import moment
from benchmarks.ours import OURS
from benchmarks.place import place
from benchmarks.subject import Setup
from worker.inbox import Inbox
from worker.keys import Keys

WORDS = 400  # of an article, about


def measure(folder: Path, files: int, processes: int) -> dict[str, float]:
    """Drop so many files at once, and tell what each cost from the time a tenth was done to when nine tenths were."""
    texts = [(f"{number}.txt", text) for number, text in enumerate(itertools.islice(articles_of(WORDS), files))]
    with place(folder / "place", processes) as (setup, client):
        staged = setup.state.parent / "staged"
        staged.mkdir()
        write_files(staged, texts)
        with OURS.start(setup) as running:
            pids = {**running.pids, "redis": int(client.info("server")["process_id"])}
            drop(staged, setup.inbox)
            first, last = (moment(client, round(share * files), pids) for share in (0.1, 0.9))
            inbox = Inbox(setup.inbox, ())
            while any(inbox.waiting()) or any((setup.inbox / "_claimed").iterdir()):
                time.sleep(0.1)
            kept = held(setup, client, files)
    done = last.records - first.records
    return {
        "files_per_second": done / (last.at - first.at),
        **{f"{part}_ms": 1000 * (last.cpu[part] - first.cpu[part]) / done for part in pids},
        "file_bytes": sum(len(text) for _, text in texts) / files,
        **kept,
    }


def held(setup: Setup, client: "redis.Redis", files: int) -> dict[str, float]:
    """Bytes that are kept of each file: in Redis, in its append-only file, in the inbox's journal."""
    keys = Keys(setup.stream.removesuffix(":articles"))

    def mean(pattern: str) -> float:
        found = list(itertools.islice(client.scan_iter(pattern, count=1000), 2000))
        return sum(int(client.memory_usage(key) or 0) for key in found) / len(found)

    def size(folder: Path, pattern: str) -> int:
        return sum(path.stat().st_size for path in folder.rglob(pattern) if path.is_file())

    memory: Any = client.info("memory")
    return {
        "entry_bytes": int(client.memory_usage(keys.articles, samples=0) or 0) / files,
        "ledger_bytes": mean(keys.ledger("*")),
        "outcome_bytes": mean(keys.outcome("*")),
        "redis_peak_mb": memory["used_memory_peak"] / 2**20,
        "redis_end_mb": memory["used_memory"] / 2**20,
        "log_bytes": size(setup.state.parent / "redis", "*appendonly*") / files,
        "journal_bytes": size(setup.inbox / ".journal", "*") / files,
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
