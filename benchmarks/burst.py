"""One burst of files through one subject: how long it takes, and what it costs each part."""

import time
from pathlib import Path

import redis

from benchmarks.corpus import Files, article, drop, write_files
from benchmarks.measure import FAILED, Row, failure
from benchmarks.place import await_records, place, recorded_paths
from benchmarks.processes import cpu_by_part
from benchmarks.subject import Setup, Subject

WARM_UP = 8  # files before the clock starts, so that every process has worked once
QUIET_CPU = 0.1  # processors that all parts together use at most while idle
QUIET_LOOKS = (20, 0.3)  # how often to look for that, and for how many seconds each time


def burst(subject: Subject, files: Files, processes: int, folder: Path) -> Row:
    """Start the subject on an empty inbox and an empty Redis, move all files into the inbox at once, await the records.

    Args:
        subject: What to measure.
        files: Each a name and its bytes; each gives a record.
        processes: How many workers it has.
        folder: Does not exist, and is removed again.

    Returns:
        ``wall_seconds`` from the first rename to the last record, ``cpu_seconds`` of all parts within them, and of
        each part as ``cpu_PART``; or why there is none of them as ``failed``.
    """
    try:
        with place(folder, processes) as (setup, client):
            return measured(subject, setup, client, files)
    except Exception as error:  # a peer may fail in any way; the others are measured all the same
        return {FAILED: failure(error)}


def measured(subject: Subject, setup: Setup, client: "redis.Redis", files: Files) -> Row:
    """The same in a place that is there.

    Raises:
        TimeoutError: Records cease to come.
        ValueError: A file has two records.
        Exception: Whatever else the subject fails with.
    """
    staged = setup.state.parent / "staged"
    staged.mkdir()
    with subject.start(setup) as running:
        pids = {**running.pids, "redis": int(client.info("server")["process_id"])}
        write_files(
            staged, [(f"warm-up-{number}.txt", article("short", -1 - number).encode()) for number in range(WARM_UP)]
        )
        drop(staged, setup.inbox)
        await_records(client, WARM_UP)
        write_files(staged, files)
        _await_quiet(pids)
        before, began = cpu_by_part(pids), time.monotonic()
        drop(staged, setup.inbox)
        await_records(client, WARM_UP + len(files))
        wall, after = time.monotonic() - began, cpu_by_part(pids)
        if missing := {name for name, _ in files} - set(recorded_paths(client)):
            raise ValueError(f"{len(missing)} files had no record yet, and others had two")
    spent = {f"cpu_{part}": after[part] - before[part] for part in pids}
    return {"wall_seconds": wall, "cpu_seconds": sum(spent.values()), **spent}


def _await_quiet(pids: dict[str, int]) -> None:
    """Wait until the parts rest, a few seconds at most: some never do."""
    looks, seconds = QUIET_LOOKS
    for _ in range(looks):
        before = sum(cpu_by_part(pids).values())
        time.sleep(seconds)
        if sum(cpu_by_part(pids).values()) - before < QUIET_CPU * seconds:
            return
