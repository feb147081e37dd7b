"""What a ``kill -9`` in the middle of a burst costs: until the next record, until the last; what is lost or doubled.

copydesk is killed part by part under ``copydesk up``, which starts again what ends. The peers have nothing that does:
after the kill they are ended and started again at once, in the same way as before.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import redis

from benchmarks import corpus
from benchmarks.measure import FAILED, Goal, Options, Row, failure, median_and_spread, table
from benchmarks.ours import OURS, environment
from benchmarks.peers import SUBJECTS as PEERS
from benchmarks.place import LOOK_EVERY, STREAM, await_records, count_records, folders, milliseconds, path_of, place
from benchmarks.processes import family
from benchmarks.server import redis_server, server_on_path
from benchmarks.subject import Setup, Subject
from worker.settings import socket_path

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "recovery"
TITLE = "Recovery after kill -9"
MINUTES = 14

PROCESSES = 2
NOBODY = "nobody"
OURS_KILLED = (NOBODY, "worker process", "worker", "watcher", "redis")
PEERS_KILLED = ("worker", "redis")

HOW = (
    "A burst of articles of ordinary length; when a quarter of them is done, one process is killed. Times are from "
    "then on, by the server's clock."
)
AGAIN = "ended and started again at once. They leave files where they are, so what was done is done again:"


@dataclass(frozen=True)
class Size:
    """How much to measure.

    Attributes:
        rounds: How often.
        files: In a burst.
        peer_files: In one for a peer: some of them take long, and do everything twice.
        patience: Seconds without a record after which what is missing counts as lost.
        quiet: Seconds without a record after which what came, once everything is there, is all.
    """

    rounds: int
    files: int
    peer_files: int
    patience: float
    quiet: float


FULL, QUICK = Size(3, 1500, 200, 90.0, 3.0), Size(1, 60, 60, 15.0, 0.3)


def measure(options: Options) -> list[Row]:
    """Each kill in turn, round by round, on a burst that is a quarter done."""
    size = QUICK if options.quick else FULL
    ours: list[tuple[Subject | None, str]] = [(None, killed) for killed in OURS_KILLED]
    peers: list[tuple[Subject | None, str]] = [(peer, killed) for peer in PEERS for killed in PEERS_KILLED]
    runs = [ours[1], peers[0]] if options.quick else [*ours, *peers]
    rows: list[Row] = []
    for turn in range(size.rounds):
        for subject, killed in runs:
            name = subject.name if subject else OURS.name
            options.say(f"round {turn + 1} of {size.rounds}: {name}, {killed} is killed")
            told: Row = {"subject": name, "killed": killed, "round": turn}
            folder = options.folder / "place"
            try:
                found = peer(subject, killed, folder, size) if subject else ourselves(killed, folder, size)
            except Exception as error:  # a peer may fail in any way; the others are measured all the same
                found = {FAILED: failure(error)}
            rows.append({**told, **found})
    return rows


def ourselves(killed: str, folder: Path, size: Size) -> Row:
    """One kill under ``copydesk up``, in a folder that does not exist."""
    with folders(folder, PROCESSES) as setup, up(setup) as (process, client):
        return disturbed(setup, client, size, lambda: kill(victims(process, killed)))


@contextlib.contextmanager
def up(setup: Setup) -> Iterator[tuple[psutil.Process, "redis.Redis"]]:
    """``copydesk up`` with a server of its own, at work."""
    with (setup.inbox.parent / "up.log").open("wb") as log, server_on_path():
        settings = {**environment(setup), "COPYDESK_LOG_LEVEL": "error"}
        del settings["COPYDESK_REDIS_URL"]
        process = subprocess.Popen(
            [sys.executable, "-m", "worker.cli", "up"], env=settings, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        with redis.Redis.from_url(f"unix://{socket_path(setup.state)}") as client:
            yield psutil.Process(process.pid), client
    except TimeoutError as error:
        said = Path(log.name).read_text(encoding="utf-8", errors="replace")
        raise TimeoutError(f"{error}; `copydesk up` said: {said[-300:] or 'nothing'}") from error
    finally:
        kill(list(family(process.pid)))
        process.wait()


def victims(process: psutil.Process, killed: str) -> list[psutil.Process]:
    """Who plays a part under ``copydesk up``."""
    children = {child.pid: (child.cmdline() or [""])[-1] for child in process.children()}
    parts = {"worker": "worker", "watch": "watcher"}
    by_part = {parts.get(last, "redis"): psutil.Process(pid) for pid, last in children.items()}
    if killed == NOBODY:
        return []
    return by_part["worker"].children()[:1] if killed == "worker process" else [by_part[killed]]


def peer(subject: Subject, killed: str, folder: Path, size: Size) -> Row:
    """One kill of a peer, which is then started again, in a folder that does not exist."""
    with place(folder, PROCESSES) as (setup, client), contextlib.ExitStack() as cleanup:
        started = cleanup.enter_context(contextlib.ExitStack())
        running = started.enter_context(subject.start(setup))

        def strike() -> float:
            if killed == "redis":
                dead = kill([psutil.Process(int(client.info("server")["process_id"]))])
                cleanup.enter_context(redis_server(folder / "redis"))
            else:
                dead = kill(list(family(running.pids.get("worker", running.pids["watcher"]))))
            started.close()
            again = folder / "again"
            again.mkdir()
            cleanup.enter_context(subject.start(replace(setup, state=again)))
            return dead

        return disturbed(setup, client, replace(size, files=size.peer_files), strike)


def kill(processes: list[psutil.Process]) -> float:
    """Kill them; returns when they were gone, milliseconds since the epoch."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    psutil.wait_procs(processes, timeout=10)
    return 1000 * time.time()


def disturbed(setup: Setup, client: "redis.Redis", size: Size, strike: Callable[[], float]) -> Row:
    """Drop a burst, strike when a quarter of it is done, await the rest; what came of it."""
    staged = setup.inbox.parent / "staged"
    staged.mkdir()
    corpus.write_articles(staged, "ordinary", range(size.files))
    first = corpus.article("ordinary", size.files).encode()  # its record shows that everything is at work
    corpus.write_files(setup.inbox, [("first.txt", first)])
    await_records(client, 1)
    corpus.drop(staged, setup.inbox)
    await_records(client, 1 + size.files // 4)
    struck = strike()
    await_the_rest(client, 1 + size.files, size)
    return outcome(client, struck, 1 + size.files)


def await_the_rest(client: "redis.Redis", count: int, size: Size) -> None:
    """Wait until all records are there and no more come, or none came for long."""
    found, since = count_records(client), time.monotonic()
    while time.monotonic() - since < (size.quiet if found is not None and found >= count else size.patience):
        time.sleep(LOOK_EVERY)
        now = count_records(client)
        if now is not None and now != found:
            found, since = now, time.monotonic()


def outcome(client: "redis.Redis", struck: float, files: int) -> Row:
    """What is on the stream: the times of records by their ids, from the strike on, in milliseconds since the epoch."""
    found: Any = client.xrange(STREAM)
    times = [milliseconds(entry) for entry, _ in found]
    after = [at for at in times if at > struck]
    paths = [path_of(fields) for _, fields in found]
    told: Row = {"files": files, "lost": files - len(set(paths)), "doubled": len(paths) - len(set(paths))}
    if after:
        told |= {"next_seconds": (after[0] - struck) / 1000, "last_seconds": (after[-1] - struck) / 1000}
    return told


def values(rows: list[Row], key: str, subject: str, killed: str) -> list[float]:
    """What was observed of one kill, by round."""
    return [float(row[key]) for row in rows if row["subject"] == subject and row["killed"] == killed and key in row]


def describe(rows: list[Row]) -> str:
    """A table of ours, a table of the peers."""
    undisturbed = values(rows, "last_seconds", OURS.name, NOBODY)
    ours, theirs = [], []
    for subject, killed in dict.fromkeys((str(row["subject"]), str(row["killed"])) for row in rows):
        cells = [cell(values(rows, key, subject, killed)) for key in ("next_seconds", "lost", "doubled")]
        last = values(rows, "last_seconds", subject, killed)
        if subject == OURS.name:
            ratios = [one / other for one, other in zip(last, undisturbed, strict=False)]
            ours.append((killed, cell(ratios), cells[0], cell(last), *cells[1:]))
        else:
            theirs.append((subject, killed, *cells))
    files = {row["subject"] == OURS.name: row["files"] for row in rows if "files" in row}
    failures = [f"Not measured: {row['subject']}, {row['killed']}, {row[FAILED]}" for row in rows if FAILED in row]
    head = ("killed", "time to the last record, undisturbed = 1", "s to the next record", "s to the last")
    return "\n\n".join(
        [
            HOW,
            f"**copydesk**, {files.get(True)} files, by `copydesk up`, which starts again what ends:",
            table((*head, "files lost", "records doubled"), ours),
            f"**The peers**, {files.get(False)} files, {AGAIN}",
            table(("", "killed", "s to the next record", "files lost", "records doubled"), theirs),
            *dict.fromkeys(failures),
        ]
    )


def cell(found: list[float]) -> str:
    """Median and spread, if there is anything."""
    return str(median_and_spread(found)) if found else "–"


def plot(rows: list[Row], figure: "Figure") -> None:
    """Ours: seconds to the next and to the last record, by what was killed."""
    axes = figure.subplots()
    for killed in reversed(OURS_KILLED):
        for key, marker in (("next_seconds", "o"), ("last_seconds", "|")):
            found = values(rows, key, OURS.name, killed)
            axes.plot(found, [killed] * len(found), marker, color="C0" if marker == "o" else "C1", markersize=8)
    axes.set_xlim(left=0)
    axes.set_xlabel("seconds from the kill on; dot: the next record, line: the last; copydesk")


def goals(rows: list[Row]) -> list[Goal]:
    """Nothing of ours is lost or doubled, whatever is killed."""
    found = [row for row in rows if row["subject"] == OURS.name and "lost" in row]
    if not found:
        return []
    wrong = sum(int(row["lost"]) + int(row["doubled"]) for row in found)
    return [Goal("files lost and records doubled after kill -9, copydesk", "0", str(wrong), wrong == 0)]
