"""From the rename that drops a file to the moment in which a client that waits has its record.

Idle: one file after the other, each a moment after the one before is done. Under half load: files come at random
moments, half as many a second as a burst has just given records a second.
"""

import itertools
import os
import random
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import corpus
from benchmarks.measure import FAILED, Goal, Options, Row, Spread, failure, median_and_spread, number, percentile, table
from benchmarks.ours import OURS
from benchmarks.peers import SUBJECTS as PEERS
from benchmarks.place import Follower, place
from benchmarks.subject import Setup, Subject
from worker.settings import Settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "latency"
TITLE = "From drop to record"
MINUTES = 10

PROCESSES = 2
SETTLE_MS = 1000 * float(Settings.model_fields["settle"].default)  # that ours lets a file rest before it is taken
PAUSE = (0.05, 0.2)  # seconds from a record to the next file
PATIENCE = 30.0  # seconds without any record after which the rest is taken for lost
MOST_P50, MOST_P99 = 15, 50  # ms, idle, beyond the settle time
SITUATIONS = ("idle", "half load")
HOW = (
    "Two worker processes, articles of ordinary length. Half load is half of what a subject itself gets done, measured "
    f"just before. copydesk lets a file rest for {SETTLE_MS:.0f} ms before it "
    "takes it (`COPYDESK_SETTLE`), so that no half-written file is read; the peers take it at once. Its second line is "
    "without that time. Medians over the rounds, the least and the greatest of them in brackets."
)


@dataclass(frozen=True)
class Size:
    """How much to measure: rounds; files to warm up, one by one, in the burst; seconds of load."""

    rounds: int
    warm_up: int
    idle: int
    burst: int
    load_seconds: float


FULL, QUICK = Size(2, 10, 100, 300, 6.0), Size(1, 4, 4, 40, 0.5)


@dataclass
class Drops:
    """Drops files that were written elsewhere, and notes when.

    Attributes:
        at: When each was dropped, seconds of the performance counter, by its name.
    """

    inbox: Path
    staged: Path
    numbers: Iterator[int]
    at: dict[str, float] = field(default_factory=dict)

    def stage(self, count: int) -> list[str]:
        """Write so many files elsewhere; returns their names."""
        numbers = list(itertools.islice(self.numbers, count))
        corpus.write_articles(self.staged, "ordinary", numbers)
        return [f"ordinary-{each}.txt" for each in numbers]

    def drop(self, name: str) -> None:
        """Move one of them into the inbox."""
        self.at[name] = time.perf_counter()
        os.rename(self.staged / name, self.inbox / name)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record: seconds since its file was dropped, and when the server took it, milliseconds since the epoch."""

    waited: float
    at_ms: int


def measure(options: Options) -> list[Row]:
    """Every subject in turn, round by round; one row for each round, subject and situation."""
    size, subjects = (QUICK, (OURS, PEERS[0])) if options.quick else (FULL, (OURS, *PEERS))
    rows: list[Row] = []
    for turn in range(size.rounds):
        for subject in (*subjects[turn:], *subjects[:turn]):
            options.say(f"round {turn + 1} of {size.rounds}: {subject.name}")
            told: Row = {"subject": subject.name, "round": turn}
            try:
                rows += [{**told, **row} for row in observe(subject, options.folder / "place", size, turn)]
            except Exception as error:  # a peer may fail in any way; the others are measured all the same
                rows.append({**told, FAILED: failure(error)})
    return rows


def observe(subject: Subject, folder: Path, size: Size, seed: int) -> list[Row]:
    """One round of one subject, in a folder that does not exist.

    Raises:
        TimeoutError: A file gave no record.
    """
    chance = random.Random(seed)  # noqa: S311 - to be the same for every subject
    with place(folder, PROCESSES) as (setup, client):
        drops = _drops(setup)
        with subject.start(setup):
            follower = Follower(client)
            burst(drops, follower, size.warm_up)
            idle = one_by_one(drops, follower, size.idle, chance)
            rate = burst(drops, follower, size.burst) / 2
            loaded = steadily(drops, follower, rate, size.load_seconds, chance)
    return [
        {"situation": "idle", **_summed_up(idle)},
        {"situation": "half load", "files_per_second": rate, **_summed_up(loaded)},
    ]


def _drops(setup: Setup) -> Drops:
    staged = setup.state.parent / "staged"
    staged.mkdir()
    return Drops(setup.inbox, staged, itertools.count())


def _summed_up(latencies: Sequence[float]) -> Row:
    """Of seconds: the percentiles in milliseconds."""
    shares = {"p50_ms": 0.5, "p99_ms": 0.99, "max_ms": 1.0}
    return {"files": len(latencies), **{key: 1000 * percentile(latencies, share) for key, share in shares.items()}}


def one_by_one(drops: Drops, follower: Follower, count: int, chance: random.Random) -> list[float]:
    """Seconds from the drop of each file to its record, with nothing else to do."""
    latencies: list[float] = []
    for name in drops.stage(count):
        time.sleep(chance.uniform(*PAUSE))
        drops.drop(name)
        latencies.append(arrivals(follower, [name], drops.at)[name].waited)
    return latencies


def burst(drops: Drops, follower: Follower, count: int) -> float:
    """Drop files at once; returns how many records came a second, from the first record to the last.

    The records' times are the server's: while files are dropped, nobody reads. Before the first, copydesk lets its file
    rest: the rate of what follows is the one that it can keep.

    Raises:
        TimeoutError: A file gave no record.
    """
    names = drops.stage(count)
    for name in names:
        drops.drop(name)
    times = [arrival.at_ms for arrival in arrivals(follower, names, drops.at).values()]
    return 1000 * (count - 1) / max(1, max(times) - min(times))


def steadily(drops: Drops, follower: Follower, rate: float, seconds: float, chance: random.Random) -> list[float]:
    """Seconds from the drop of each file to its record, while so many come a second, each at a random moment."""
    names = drops.stage(max(2, round(rate * seconds)))

    def feed() -> None:
        due = time.perf_counter()
        for name in names:
            due += chance.expovariate(rate)
            time.sleep(max(0.0, due - time.perf_counter()))
            drops.drop(name)

    feeder = threading.Thread(target=feed)
    feeder.start()
    try:
        return [arrival.waited for arrival in arrivals(follower, names, drops.at).values()]
    finally:
        feeder.join()


def arrivals(follower: Follower, names: Sequence[str], dropped: Mapping[str, float]) -> dict[str, Arrival]:
    """Await the record of each file.

    Args:
        follower: Of the stream.
        names: The files.
        dropped: When each was dropped, by its name; filled meanwhile.

    Raises:
        TimeoutError: None came for a while, and some are missing.
    """
    found: dict[str, Arrival] = {}
    wanted, heard = set(names), time.perf_counter()
    while len(found) < len(wanted):
        came, now = follower.next(), time.perf_counter()
        for name, at_ms in came:
            if name in wanted:
                found.setdefault(name, Arrival(now - dropped[name], at_ms))
        if came:
            heard = now
        elif now - heard > PATIENCE:
            raise TimeoutError(f"no record of {len(wanted) - len(found)} of {len(wanted)} files")
    return found


def spread(rows: list[Row], subject: str, situation: str, key: str) -> Spread | None:
    """Over the rounds; None where nothing was measured."""
    found = [float(row[key]) for row in rows if row["subject"] == subject and row.get("situation") == situation]
    return median_and_spread(found) if found else None


def beyond(found: Spread) -> Spread:
    """What is left of ours without the settle time."""
    return Spread(found.median - SETTLE_MS, found.low - SETTLE_MS, found.high - SETTLE_MS)


def describe(rows: list[Row]) -> str:
    """For each situation the latencies of each subject, and how many times ours beyond the settle time they are."""
    parts = [HOW]
    for situation in SITUATIONS:
        inside = [row for row in rows if row.get("situation") == situation]
        if inside:
            files = median_and_spread(float(row["files"]) for row in inside)
            parts.append(f"**{situation.capitalize()}**: {files} files a round.")
            parts.append(table(("", "p50, copydesk's = 1", "p50 ms", "p99 ms"), _lines(inside, situation)))
    failures = dict.fromkeys(f"Not measured: {row['subject']}, {row[FAILED]}" for row in rows if FAILED in row)
    return "\n\n".join([*parts, *failures])


def _lines(rows: list[Row], situation: str) -> Iterator[tuple[str, ...]]:
    ours = spread(rows, OURS.name, situation, "p50_ms")
    base = beyond(ours).median if ours else float("nan")
    for subject in dict.fromkeys(
        str(row["subject"]) for row in sorted(rows, key=lambda row: row["subject"] != OURS.name)
    ):
        half, most = (spread(rows, subject, situation, key) for key in ("p50_ms", "p99_ms"))
        if half and most:
            yield subject, number(half.median / base), str(half), str(most)
            if subject == OURS.name:
                yield f"{subject}, beyond the settle time", "1", str(beyond(half)), str(beyond(most))


def plot(rows: list[Row], figure: "Figure") -> None:
    """For each situation p50 and p99 of every subject, ours beyond the settle time."""
    names = list(dict.fromkeys(str(row["subject"]) for row in rows if FAILED not in row))
    for situation, axes in zip(SITUATIONS, figure.subplots(1, len(SITUATIONS), sharey=True), strict=True):
        for key, marker in (("p50_ms", "o"), ("p99_ms", "|")):
            for name in names:
                if found := spread(rows, name, situation, key):
                    value = beyond(found).median if name == OURS.name else found.median
                    axes.plot(max(value, 1.0), name, marker, color="C1" if name == OURS.name else "C0", markersize=10)
        axes.set_xscale("log")
        axes.set_xlim(1, 10_000)
        axes.set_title(situation)
        axes.set_xlabel("ms; dot: p50, line: p99; copydesk beyond its settle time")


def goals(rows: list[Row]) -> list[Goal]:
    """Ours, idle, beyond the settle time: soon enough, and sooner than every peer."""
    found = []
    peers = {str(row["subject"]) for row in rows if FAILED not in row} - {OURS.name}
    for key, most in (("p50_ms", MOST_P50), ("p99_ms", MOST_P99)):
        total = spread(rows, OURS.name, "idle", key)
        if total is None:
            continue
        ours, what = beyond(total), f"drop to record beyond the settle time, idle, {key[:3]}"
        found.append(Goal(f"{what}, ms", f"≤ {most}", str(ours), ours.median <= most))
        others = {peer: other.median for peer in peers if (other := spread(rows, peer, "idle", key))}
        if others:
            best = min(others, key=lambda peer: others[peer])
            ratio = ours.median / others[best]
            found.append(Goal(f"{what}, copydesk / the quickest peer", "< 1", f"{number(ratio)}, {best}", ratio < 1))
    return found
