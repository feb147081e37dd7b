"""What a second worker process brings, beside what a second process brings on this machine at all."""

from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks import corpus, floor
from benchmarks.burst import burst
from benchmarks.corpus import Files
from benchmarks.measure import FAILED, Goal, Options, Row, median_and_spread, number, table
from benchmarks.ours import OURS, PARTS, start_parts
from benchmarks.subject import Running, Setup, Subject

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "workers"
TITLE = "More workers"
MINUTES = 4

ROUNDS, FILES, QUICK_FILES = 3, 4000, 40  # so many that the time a file rests is little of what is measured
LEAST = 1.85  # times the throughput of one process
FLOOR, SERVICE, SERVICES = "process() alone", "copydesk, one worker service", "copydesk, two worker services"
WAYS = ((FLOOR, 1), (FLOOR, 2), (SERVICE, 1), (SERVICE, 2), (SERVICES, 2))  # with how many processes in all
HOW = (
    "`process()` alone shows what this machine allows: its cores may share an execution unit or a clock. Watcher and "
    "Redis need a processor too, so with as many workers as cores these two limit what a further worker brings."
)
QUICK_WAYS = ((FLOOR, 1), (FLOOR, 2), (SERVICES, 2))


def two_services(setup: Setup) -> AbstractContextManager[Running]:
    """Start copydesk with two worker services that share its processes."""
    parts = {**PARTS, "worker-2": PARTS["worker"]}
    return start_parts(replace(setup, processes=setup.processes // 2), parts)


def measure(options: Options) -> list[Row]:
    """Every way in turn, round by round, each on the same burst of articles of ordinary length."""
    files = corpus.articles("ordinary", QUICK_FILES if options.quick else FILES)
    rows: list[Row] = []
    for turn in range(1 if options.quick else ROUNDS):
        for way, processes in QUICK_WAYS if options.quick else WAYS:
            options.say(f"round {turn + 1}: {way}, {processes} processes in all")
            told: Row = {"way": way, "processes": processes, "round": turn, "files": len(files)}
            rows.append({**told, **observe(way, processes, files, options)})
    return rows


def observe(way: str, processes: int, files: Files, options: Options) -> Row:
    """One burst: seconds, and processor seconds by part."""
    if way == FLOOR:
        timing = floor.run(files, processes)
        return {"wall_seconds": timing.wall_seconds, "cpu_seconds": timing.cpu_seconds}
    subject = OURS if way == SERVICE else Subject(way, two_services)
    return burst(subject, files, processes, options.folder / "burst")


def gains(rows: list[Row], way: str) -> list[float]:
    """By round, the throughput of two processes divided by that of one, in the same way or of one service."""
    found = {
        (row["way"], row["processes"], row["round"]): float(row["wall_seconds"]) for row in rows if FAILED not in row
    }
    one = FLOOR if way == FLOOR else SERVICE
    return [
        found[one, 1, turn] / found[way, 2, turn]
        for turn in sorted({turn for _, _, turn in found})
        if {(one, 1, turn), (way, 2, turn)} <= found.keys()
    ]


def busy(rows: list[Row], way: str, processes: int) -> str:
    """How many processors each part kept busy, in the median."""
    inside = [row for row in rows if (row["way"], row["processes"]) == (way, processes) and FAILED not in row]
    parts = [key for key in (inside[0] if inside else {}) if key.startswith("cpu_") and key != "cpu_seconds"]
    shares = {
        part.removeprefix("cpu_"): median_and_spread(float(row[part]) / float(row["wall_seconds"]) for row in inside)
        for part in parts or (["cpu_seconds"] if inside else [])
    }
    return ", ".join(f"{'all' if part == 'seconds' else part} {share.median:.2f}" for part, share in shares.items())


def describe(rows: list[Row]) -> str:
    """A table: the gain of a second process, and how busy each part was."""
    lines = []
    for way, processes in WAYS:
        if shares := busy(rows, way, processes):
            ratios = gains(rows, way) if processes == 2 else []
            lines.append((way, str(processes), str(median_and_spread(ratios)) if ratios else "", shares))
    failures = [f"Not measured: {row['way']}, {row[FAILED]}" for row in rows if FAILED in row]
    return "\n\n".join(
        [
            f"A burst of {rows[0]['files']} articles of ordinary length. {HOW}",
            table(("", "processes", "throughput, one process = 1", "processors kept busy"), lines),
            *dict.fromkeys(failures),
        ]
    )


def plot(rows: list[Row], figure: "Figure") -> None:
    """The gain of a second process, each way."""
    found = {way: ratios for way in (SERVICES, SERVICE, FLOOR) if (ratios := gains(rows, way))}
    if not found:
        return
    axes = figure.subplots()
    axes.barh(list(found), [median_and_spread(ratios).median for ratios in found.values()])
    for way, ratios in found.items():
        axes.plot(ratios, [way] * len(ratios), "k.")
    axes.set_xlabel("throughput with two processes, with one = 1")


def goals(rows: list[Row]) -> list[Goal]:
    """Two processes bring nearly twice the throughput of one."""
    ratios, floors = gains(rows, SERVICE), gains(rows, FLOOR)
    if not ratios or not floors:
        return []
    spread = median_and_spread(ratios)
    told = f"{spread}; process() alone {median_and_spread(floors)}"
    return [Goal("throughput, two worker processes / one", f"≥ {number(LEAST)}", told, spread.median >= LEAST)]
