"""A burst of files from disk to stream: the floor, copydesk and its peers, one after the other, several times."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from benchmarks import floor
from benchmarks.burst import burst
from benchmarks.corpus import Files, articles, pages
from benchmarks.measure import FAILED, SKIPPED, Goal, Options, Row, Spread, median_and_spread, number, table
from benchmarks.ours import OURS
from benchmarks.peers import SUBJECTS as PEERS
from benchmarks.subject import Subject

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "throughput"
TITLE = "Throughput"
MINUTES = 18

ABOUT = """A burst of files is moved into the inbox of a subject that waits, with two worker processes; the clock runs
from the first rename to the last record on the stream. The floor is `process()` in a loop in two processes, with
everything in memory. Ratios are of the time a file, and taken within a repeat. Floor and copydesk get the whole of a
corpus, so that the moment for which copydesk lets a file rest is little of what is measured; the peers, which wait for
nothing, get the first part of it, for some need half a minute for that."""
Group = tuple[Subject | None, ...]
"""Subjects; None is the floor."""
PROCESSES = 2
FLOOR = "floor"
NO_QUEUE = "bare"  # the peer that has none, and keeps no promise
REPEATS, QUICK_REPEATS = 3, 1
FILES = {"short": (4000, 1000), "ordinary": (6000, 1000), "pages": (300, 300)}  # for floor and copydesk; for a peer
QUICK_FILES = {"short": (30, 30), "ordinary": (10, 10), "pages": (5, 5)}
CORPORA = {
    "short": "short texts of 60 to 120 words",
    "ordinary": "articles of ordinary length, 470 words in the middle",
    "pages": "saved web pages",
}
NO_PAGES = "there are no saved pages: COPYDESK_DATA names no folder with pages/*.jsonl.xz"
FLOOR_GOAL = ("ordinary", 0.85)  # least throughput of ours by the floor's
PEER_GOALS = {"celery_per_file": 2.0, "celery_chain": 4.0}  # least throughput of ours by theirs, on short texts


def measure(options: Options) -> list[Row]:
    """Each corpus through each subject; who is first changes with each repeat."""
    rows: list[Row] = []
    for corpus, (whole, part) in (QUICK_FILES if options.quick else FILES).items():
        files = _files(corpus, whole, options)
        groups: list[Group] = [(None, OURS), *((peer,) for peer in PEERS)]
        if options.quick and corpus != "short":
            groups = [(None,)]
        if not files:
            rows.append({"corpus": corpus, SKIPPED: NO_PAGES})
            continue
        repeats = QUICK_REPEATS if options.quick else REPEATS
        for repeat in range(repeats):
            for subject in _in_turn(groups, repeat):
                given = files[:part] if subject in PEERS else files
                told: Row = {"corpus": corpus, "files": len(given), "repeat": repeat, **_about(subject)}
                rows.append({**told, **_observe(subject, given, options)})
                options.say(_progress(rows[-1], repeats))
    return rows


def _in_turn(groups: list[Group], repeat: int) -> list[Subject | None]:
    """The subjects, another group first in each repeat; those of a group stay neighbours, as they are compared most."""
    first = repeat % len(groups)
    return [subject for group in (*groups[first:], *groups[:first]) for subject in group]


def _files(corpus: str, count: int, options: Options) -> Files:
    if corpus == "pages":
        return pages(options.data, count) if options.data else []
    return articles("short" if corpus == "short" else "ordinary", count)


def _about(subject: Subject | None) -> Row:
    if subject is None:
        return {"subject": FLOOR, "lacks": ""}
    return {
        "subject": subject.name,
        "lacks": "\n".join(f"{name}: {why}" for name, why in sorted(subject.lacks.items())),
    }


def _observe(subject: Subject | None, files: Files, options: Options) -> Row:
    if subject:
        return burst(subject, files, PROCESSES, options.folder / "burst")
    timing = floor.run(files, PROCESSES)
    return {"wall_seconds": timing.wall_seconds, "cpu_seconds": timing.cpu_seconds}


def _progress(row: Row, repeats: int) -> str:
    what = f"{row['corpus']} {int(row['repeat']) + 1}/{repeats}, {row['subject']}"
    if FAILED in row:
        return f"{what}: {row[FAILED]}"
    return f"{what}: {row['wall_seconds']:.2f} s, {row['cpu_seconds']:.2f} s of processors"


def ratios(rows: list[Row], corpus: str, one: str, other: str, key: str) -> list[float]:
    """What a file took one subject divided by what it took another, for each repeat that has both."""
    found: dict[tuple[str, int], float] = {
        (str(row["subject"]), int(row["repeat"])): float(row[key]) / float(row["files"])
        for row in rows
        if row["corpus"] == corpus and FAILED not in row
    }
    repeats = sorted({repeat for _, repeat in found})
    return [
        found[one, repeat] / found[other, repeat]
        for repeat in repeats
        if (one, repeat) in found and (other, repeat) in found
    ]


def describe(rows: list[Row]) -> str:
    """A table for each corpus, and which promises the peers do not keep."""
    parts, skipped = [ABOUT], [row for row in rows if SKIPPED in row]
    rows = _made(rows)
    for corpus in _named(rows, "corpus"):
        inside = [row for row in rows if row["corpus"] == corpus]
        repeats = len({row["repeat"] for row in inside})
        files = sorted({int(row["files"]) for row in inside}, reverse=True)
        told = " files, each peer the first ".join(f"{count:,}" for count in files)
        parts.append(f"**{CORPORA[corpus].capitalize()}**: {told}; {repeats} times.{_shares(inside)}")
        parts.append(_table(inside, corpus))
    parts.append(_lacking({str(row["subject"]): str(row["lacks"]) for row in rows}))
    parts += [f"Not measured: {CORPORA[str(row['corpus'])]}, for {row[SKIPPED]}." for row in skipped]
    return "\n\n".join(part for part in parts if part)


def _made(rows: list[Row]) -> list[Row]:
    return [row for row in rows if SKIPPED not in row]


def _table(rows: list[Row], corpus: str) -> str:
    head = (
        "",
        "throughput, floor = 1",
        "processor time a file, floor = 1",
        "copydesk is so many times as fast",
        "does not keep",
    )
    lines = []
    for subject in _named(rows, "subject"):
        lacks = str(next(row["lacks"] for row in rows if row["subject"] == subject))
        promises = ", ".join(part.partition(":")[0] for part in lacks.splitlines())
        cells = [
            _cell(ratios(rows, corpus, FLOOR, subject, "wall_seconds")),
            _cell(ratios(rows, corpus, subject, FLOOR, "cpu_seconds")),
            _cell(ratios(rows, corpus, subject, OURS.name, "wall_seconds")),
        ]
        lines.append((subject, *cells, promises or "–"))
    failures = [f"{row['subject']}: {row[FAILED]}" for row in rows if FAILED in row]
    return "\n\n".join([table(head, lines), *(f"Not measured: {failure}" for failure in dict.fromkeys(failures))])


def _lacking(lacks: dict[str, str]) -> str:
    """A list of why promises are not kept, and by whom, from ``PROMISE: why; why`` in lines, by subject."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for subject, lines in lacks.items():
        for promise, _, whys in (line.partition(": ") for line in lines.splitlines()):
            for why in whys.split("; "):
                reasons.setdefault((promise, why), []).append(subject)
    peers = [subject for subject, lines in lacks.items() if lines]
    told = [
        f"- {promise}: {why} ({'all' if len(who) == len(peers) > 1 else ', '.join(who)})."
        for (promise, why), who in sorted(reasons.items(), key=lambda reason: (reason[0][0], -len(reason[1])))
    ]
    return "\n".join(["Why peers do not keep a promise, and which:\n", *told]) if told else ""


def _shares(rows: list[Row]) -> str:
    """Which parts of ours the processors work for."""
    ours = [row for row in rows if row["subject"] == OURS.name and FAILED not in row]
    parts = [key for key in (ours[0] if ours else ()) if key.startswith("cpu_") and key != "cpu_seconds"]
    shares = {part: median_and_spread(float(row[part]) / float(row["cpu_seconds"]) for row in ours) for part in parts}
    told = ", ".join(f"{part.removeprefix('cpu_')} {spread.median:.0%}" for part, spread in shares.items())
    return f" Of copydesk's processor time: {told}." if told else ""


def _cell(values: list[float]) -> str:
    return str(median_and_spread(values)) if values else "–"


def _named(rows: Iterable[Row], key: str) -> list[str]:
    """The values of a column in order of appearance; the floor and ours first."""
    return sorted(dict.fromkeys(str(row[key]) for row in rows), key=lambda name: (name != FLOOR, name != OURS.name))


def plot(rows: list[Row], figure: "Figure") -> None:
    """Bars: throughput by the floor's, each corpus beside the others, with the least and greatest."""
    rows = _made(rows)
    corpora = _named(rows, "corpus")
    for place, axes in enumerate(figure.subplots(1, len(corpora), sharey=True, squeeze=False)[0]):
        inside = [row for row in rows if row["corpus"] == corpora[place]]
        found: dict[str, Spread] = {}
        for subject in _named(rows, "subject"):
            if values := ratios(inside, corpora[place], FLOOR, subject, "wall_seconds"):
                found[subject] = median_and_spread(values)
        middles = [spread.median for spread in found.values()]
        low = [spread.median - spread.low for spread in found.values()]
        high = [spread.high - spread.median for spread in found.values()]
        axes.barh(list(found), middles, xerr=(low, high), color=["C1" if name == OURS.name else "C0" for name in found])
        axes.set_title(corpora[place])
        axes.set_xlabel("throughput, floor = 1")
    figure.axes[0].invert_yaxis()


def goals(rows: list[Row]) -> list[Goal]:
    """Ours by the floor, by two ways to use Celery, and by every other peer."""
    rows = _made(rows)
    corpus, least = FLOOR_GOAL
    wanted = [(corpus, FLOOR, least), *(("short", peer, least) for peer, least in PEER_GOALS.items())]
    found = []
    for corpus, other, least in wanted:
        if values := ratios(rows, corpus, other, OURS.name, "wall_seconds"):
            spread = median_and_spread(values)
            measure = f"throughput, copydesk / {other}, {CORPORA[corpus]}"
            found.append(Goal(measure, f"≥ {number(least)}", str(spread), spread.median >= least))
    return found + _ahead(rows)


def _ahead(rows: list[Row]) -> list[Goal]:
    """Whether ours is ahead of the quickest of the queues, and of the script that has none, on each corpus."""
    found = []
    for corpus in _named(rows, "corpus"):
        others = set(_named(rows, "subject")) - {FLOOR, OURS.name}
        by_peer = {peer: ratios(rows, corpus, peer, OURS.name, "wall_seconds") for peer in sorted(others)}
        spreads = {peer: median_and_spread(values) for peer, values in by_peer.items() if values}
        queues = sorted(spreads.keys() - {NO_QUEUE}, key=lambda peer: spreads[peer].median)
        for peer, what in ((queues[:1], "the quickest queue"), (spreads.keys() & {NO_QUEUE}, "no queue at all")):
            for name in peer:
                measure = f"throughput, copydesk / {what}, {CORPORA[corpus]}"
                found.append(Goal(measure, "> 1", f"{spreads[name]}, {name}", spreads[name].median > 1))
    return found
