"""What a backlog costs: up to a million files that wait at once, their time and the memory of every part."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import redis

from benchmarks import corpus
from benchmarks.measure import SKIPPED, Goal, Options, Row, median_and_spread, number, table
from benchmarks.ours import OURS
from benchmarks.place import await_records, place
from benchmarks.processes import cpu_by_part, peak_rss_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "growth"
TITLE = "A backlog"
MINUTES = 7

PROCESSES = 2
SIZES = ((1_000, 1_000), (10_000, 10_000), (100_000, 20_000), (1_000_000, 20_000))  # waiting, and worked off of them
QUICK_SIZES = ((300, 300),)
COMPARED = (1_000, 100_000)  # waiting files, whose first few cost as much with few behind them as with many
FIRST = 900  # files
ROUNDS = 5
LEFT_OUT = 0.1  # of what is worked off, before time and processor time are taken
BLOCK, SPARE = 4096, 1.25  # bytes of disk that a small file takes; times what is needed that must be free
MOST_GROWTH, MOST_WATCHER_MB = 1.1, 200
PARTS = ("watcher", "worker", "redis")
HOW = (
    "So many short articles wait in the inbox when copydesk starts, with two worker processes. Time and processor time "
    "are those of a file, divided by those of the first line. Memory is the most that one process of a part has held, "
    "MiB; of Redis also what its data took at most, and after the last record."
)


@dataclass(frozen=True)
class Moment:
    """How many records there are, and what the clock and each part's processor seconds show."""

    records: int
    at: float
    cpu: dict[str, float]


def measure(options: Options) -> list[Row]:
    """Each size once; then the few and the many in turn, round by round."""
    runs = [("size", waiting, worked, 0) for waiting, worked in (QUICK_SIZES if options.quick else SIZES)]
    if not options.quick:
        runs += [("first", waiting, FIRST, turn) for turn in range(ROUNDS) for waiting in COMPARED]
    rows: list[Row] = []
    for what, waiting, worked, turn in runs:
        options.say(f"{waiting:,} files wait, {worked:,} are worked off")
        told: Row = {"what": what, "waiting": waiting, "worked": worked, "round": turn}
        if why := lack(os.statvfs(options.folder), waiting):
            rows.append({**told, SKIPPED: why})
        else:
            rows.append({**told, **observe(waiting, worked, options.folder / "place")})
    return rows


def lack(disk: os.statvfs_result, files: int) -> str:
    """Why so many small files have no place on a disk; empty where they have."""
    if disk.f_files and disk.f_favail < SPARE * files:
        return f"the disk of TMPDIR has {disk.f_favail:,} inodes left, and {files:,} files need some more than one each"
    free = disk.f_bavail * disk.f_frsize
    if free < (needed := SPARE * BLOCK * files):
        return f"the disk of TMPDIR has {free / 2**30:.1f} GiB left, and {needed / 2**30:.1f} GiB are needed"
    return ""


def observe(waiting: int, worked: int, folder: Path) -> Row:
    """Have copydesk start on so many files and work off some; time and processor time are those of the later ones.

    Raises:
        TimeoutError: Records cease to come.
    """
    with place(folder, PROCESSES) as (setup, client):
        fill(setup.inbox, waiting)
        with OURS.start(setup) as running:
            pids = {**running.pids, "redis": int(client.info("server")["process_id"])}
            first, last = (moment(client, round(share * worked), pids) for share in (LEFT_OUT, 1))
            memory: dict[str, Any] = client.info("memory")
            peaks = {f"rss_{part}": peak_rss_bytes(pid) for part, pid in pids.items()}
    files = last.records - first.records
    cpu = {part: (last.cpu[part] - first.cpu[part]) / files for part in pids}
    return {
        "wall_seconds_a_file": (last.at - first.at) / files,
        "cpu_seconds_a_file": sum(cpu.values()),
        **{f"cpu_{part}_a_file": seconds for part, seconds in cpu.items()},
        **peaks,
        "redis_peak": int(memory["used_memory_peak"]),
        "redis_after": int(memory["used_memory"]),
    }


def fill(inbox: Path, count: int) -> None:
    """Write so many short articles into the inbox, as fast as it goes."""
    folder = os.open(inbox, os.O_RDONLY)
    try:
        for each in range(count):
            file = os.open(f"{each:07}.txt", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=folder)
            os.write(file, corpus.article("short", each).encode())
            os.close(file)
    finally:
        os.close(folder)


def moment(client: "redis.Redis", count: int, pids: dict[str, int]) -> Moment:
    """When there are at least so many records.

    Raises:
        TimeoutError: They cease to come.
    """
    return Moment(await_records(client, count), time.monotonic(), cpu_by_part(pids))


def growth(rows: list[Row], key: str) -> list[float]:
    """By round, what a file costs with many behind it, divided by its cost with few."""
    found = {(row["round"], row["waiting"]): float(row[key]) for row in rows if row["what"] == "first" and key in row}
    few, many = COMPARED
    rounds = sorted({turn for turn, _ in found})
    return [found[turn, many] / found[turn, few] for turn in rounds if {(turn, many), (turn, few)} <= found.keys()]


def describe(rows: list[Row]) -> str:
    """A table of the sizes, and the growth of the cost of a file."""
    sizes = [row for row in rows if row["what"] == "size"]
    done = [row for row in sizes if SKIPPED not in row]
    parts = [HOW]
    if done:
        head = ("waiting", "worked off", "time", "processor time", *(f"{part} MiB" for part in PARTS), "data in Redis")
        parts.append(table(head, [_line(row, done[0]) for row in done]))
    if ratios := growth(rows, "wall_seconds_a_file"):
        few, many = COMPARED
        cpu = median_and_spread(growth(rows, "cpu_seconds_a_file"))
        parts.append(
            f"The first {FIRST} files with {many:,} waiting, divided by the same with {few:,}, {len(ratios)} times in "
            f"turn: {median_and_spread(ratios)} times the time, {cpu} times the processor time a file."
        )
    return "\n\n".join([*parts, *dict.fromkeys(f"Not measured: {row[SKIPPED]}." for row in rows if SKIPPED in row)])


def _line(row: Row, base: Row) -> tuple[str, ...]:
    ratios = (float(row[key]) / float(base[key]) for key in ("wall_seconds_a_file", "cpu_seconds_a_file"))
    memory = (f"{_mib(row, f'rss_{part}'):.0f}" for part in PARTS)
    data = f"{_mib(row, 'redis_peak'):.0f}, {_mib(row, 'redis_after'):.0f}"
    return f"{row['waiting']:,}", f"{row['worked']:,}", *map(number, ratios), *memory, data


def _mib(row: Row, key: str) -> float:
    return float(row[key]) / 2**20


def plot(rows: list[Row], figure: "Figure") -> None:
    """Memory and processor time of the parts by the number of files that wait."""
    done = [row for row in rows if row["what"] == "size" and SKIPPED not in row]
    if not done:
        return
    memory, time_axes = figure.subplots(1, 2)
    waiting = [int(row["waiting"]) for row in done]
    for part in PARTS:
        memory.plot(waiting, [_mib(row, f"rss_{part}") for row in done], "o-", label=part)
        time_axes.plot(waiting, [1000 * float(row[f"cpu_{part}_a_file"]) for row in done], "o-", label=part)
    for axes, label in ((memory, "MiB of its largest process at most"), (time_axes, "processor ms a file, here")):
        axes.set_xscale("log")
        axes.set_xlabel("files waiting at once")
        axes.set_ylabel(label)
        axes.set_ylim(bottom=0)
        axes.legend()


def goals(rows: list[Row]) -> list[Goal]:
    """A file costs no more for those behind it; the watcher's memory is bounded."""
    found = []
    few, many = COMPARED
    for key, what in (("wall_seconds_a_file", "time"), ("cpu_seconds_a_file", "processor time")):
        if ratios := growth(rows, key):
            spread = median_and_spread(ratios)
            measure = f"{what} a file with {many:,} waiting, with {few:,} = 1"
            found.append(Goal(measure, f"≤ {MOST_GROWTH}", str(spread), spread.median <= MOST_GROWTH))
    done = [row for row in rows if "rss_watcher" in row]
    if done:
        largest = max(done, key=lambda row: int(row["waiting"]))
        held = _mib(largest, "rss_watcher")
        measure = f"memory of the watcher with {largest['waiting']:,} waiting, MiB"
        found.append(Goal(measure, f"≤ {MOST_WATCHER_MB}", f"{held:.0f}", held <= MOST_WATCHER_MB))
    return found
