"""Workers on another machine: in a network of their own, without the inbox; and what a longer way to Redis costs.

Two network namespaces with a virtual wire between them are the machines. Redis and the watcher are in one, the workers
in the other, where an empty file system covers the folder in which everything lies.
"""

import contextlib
import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import redis

from benchmarks import corpus
from benchmarks.burst import WARM_UP, burst, measured
from benchmarks.corpus import Files
from benchmarks.machine import ROOT
from benchmarks.measure import FAILED, SKIPPED, Goal, Options, Row, failure, median_and_spread, table
from benchmarks.ours import OURS, PARTS, start_parts
from benchmarks.place import folders, recorded_paths
from benchmarks.server import server_on_path, wait_until_it_answers
from benchmarks.subject import Running, Setup, Subject
from worker.embedded import find_server

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "namespaces"
TITLE = "Workers on another machine"
MINUTES = 3

PROCESSES = 2
ROUNDS, FILES, QUICK_FILES = 3, 2400, 20
ONE = "one machine"
DELAYS_MS = (0, 1, 5)  # by which a relay makes a round trip longer
ADDRESS, OTHER_ADDRESS, PORT = "10.203.0.1", "10.203.0.2", 6379
COVER = 'mount -t tmpfs none "$0" && exec "$@"'
HOW = (
    "Two network namespaces are the machines: Redis and the watcher are in one, the workers in the other, where an "
    "empty file system covers the inbox. A relay before the workers makes the way to Redis longer; it is there also "
    "where it adds nothing, and takes its share of the processors."
)
TOOLS = ("ip", "unshare", "mount")


@dataclass(frozen=True)
class Wire:
    """The names of the two network namespaces."""

    here: str
    there: str

    def on(self, namespace: str, *command: str) -> list[str]:
        """A command line that runs a command in one of them."""
        return ["ip", "netns", "exec", namespace, *command]

    def covered(self, folder: Path, *command: str) -> list[str]:
        """One that runs it there, with nothing in this folder."""
        return self.on(self.there, "unshare", "--mount", "sh", "-c", COVER, str(folder.resolve()), *command)


def measure(options: Options) -> list[Row]:
    """Each way in turn, round by round, each on the same burst; or why this machine does not allow it."""
    if why := lack(options.folder):
        return [{"way": "two machines", SKIPPED: why}]
    files = corpus.articles("ordinary", QUICK_FILES if options.quick else FILES)
    delays = DELAYS_MS[1:2] if options.quick else DELAYS_MS
    rows: list[Row] = []
    for turn in range(1 if options.quick else ROUNDS):
        if not options.quick:
            options.say(f"round {turn + 1}: {ONE}")
            rows.append({"way": ONE, "round": turn, **burst(OURS, files, PROCESSES, options.folder / "burst")})
        for delay in delays:
            options.say(f"round {turn + 1}: two machines, {delay} ms")
            rows.append({"way": way(delay), "round": turn, **observe(files, delay, options.folder / "place")})
    return rows


def way(delay: int) -> str:
    """What a table calls two machines with such a delay."""
    return f"two machines, round trips {delay} ms longer" if delay else "two machines"


def lack(folder: Path) -> str:
    """Why there can be no two machines here; empty where there can."""
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        return f"{', '.join(missing)} not found"
    if os.geteuid() != 0:
        return "network namespaces need root"
    try:
        with wire() as between:
            run(between.covered(folder, "true"))
    except subprocess.CalledProcessError as error:
        return f"this machine allows no namespaces: {error.stderr.strip() or error}"
    return ""


def run(command: list[str]) -> str:
    """What a command prints.

    Raises:
        subprocess.CalledProcessError: It ended with another status than 0.
    """
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextlib.contextmanager
def wire() -> Iterator[Wire]:
    """Two network namespaces with a wire between them, for as long as the context lasts.

    Raises:
        subprocess.CalledProcessError: They cannot be made.
    """
    own = os.getpid()
    between = Wire(f"bench-{own}-a", f"bench-{own}-b")
    ends = (between.here, f"bench{own}a", ADDRESS), (between.there, f"bench{own}b", OTHER_ADDRESS)
    with contextlib.ExitStack() as cleanup:
        for namespace, _, _ in ends:
            run(["ip", "netns", "add", namespace])
            cleanup.callback(run, ["ip", "netns", "delete", namespace])
        (_, end, _), (_, other_end, _) = ends
        run(["ip", "link", "add", end, "type", "veth", "peer", "name", other_end])
        for namespace, device, address in ends:
            run(["ip", "link", "set", device, "netns", namespace])
            for command in (("addr", "add", f"{address}/30", "dev", device), ("link", "set", device, "up")):
                run(between.on(namespace, "ip", *command))
            run(between.on(namespace, "ip", "link", "set", "lo", "up"))
        yield between


@contextlib.contextmanager
def server(folder: Path, between: Wire) -> Iterator[str]:
    """A Redis server as ``copydesk up`` starts it, on the wire too; its URL for who shares the disk."""
    folder.mkdir()
    socket = folder / "s"
    options = ["--bind", ADDRESS, "--port", str(PORT), "--protected-mode", "no", "--unixsocket", str(socket)]
    options += ["--dir", str(folder), "--appendonly", "yes", "--appendfsync", "always", "--save", ""]
    with server_on_path(), (folder / "log").open("wb") as log:
        process = subprocess.Popen(between.on(between.here, find_server(), *options), stdout=log, stderr=log)
    try:
        with redis.Redis.from_url(f"unix://{socket}") as client:
            wait_until_it_answers(client)
        yield f"unix://{socket}"
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def start(between: Wire, delay: int, setup: Setup) -> Iterator[Running]:
    """Start copydesk on both machines, with a relay on the workers' side of the wire."""
    relay = [sys.executable, "-m", "benchmarks.relay", str(PORT), f"{ADDRESS}:{PORT}", str(delay / 1000)]
    here, there = (("env", f"COPYDESK_REDIS_URL=redis://{host}:{PORT}") for host in (ADDRESS, "127.0.0.1"))
    parts = {
        "watcher": between.on(between.here, *here, *PARTS["watcher"]),
        "worker": between.covered(setup.inbox.parent, *there, *PARTS["worker"]),
    }
    process = subprocess.Popen(between.on(between.there, *relay), cwd=ROOT, stdout=subprocess.PIPE)
    try:
        if process.stdout and process.stdout.readline():
            with start_parts(setup, parts) as running:
                yield Running({**running.pids, "relay": process.pid})
        else:
            raise RuntimeError("the relay does not start")
    finally:
        process.kill()
        process.communicate()


def observe(files: Files, delay: int, folder: Path) -> Row:
    """One burst from one machine to the other and back."""
    try:
        with wire() as between, folders(folder, PROCESSES) as bare, server(folder / "redis", between) as url:
            setup = replace(bare, redis_url=url)
            with redis.Redis.from_url(url) as client:
                subject = Subject("two machines", functools.partial(start, between, delay))
                told = measured(subject, setup, client, files)
                records, seen = len(set(recorded_paths(client))), files_seen(between, setup)
                return {**told, "files": WARM_UP + len(files), "records": records, "seen": seen}
    except Exception as error:
        return {FAILED: failure(error)}


def files_seen(between: Wire, setup: Setup) -> int:
    """How many files the workers can see."""
    return len(run(between.covered(setup.inbox.parent, "find", str(setup.inbox.parent), "-type", "f")).splitlines())


def seconds(rows: list[Row], name: str) -> dict[int, float]:
    """Of one way, by round."""
    return {
        int(row["round"]): float(row["wall_seconds"]) for row in rows if row["way"] == name and "wall_seconds" in row
    }


def describe(rows: list[Row]) -> str:
    """A table of the ways; or why there is none."""
    if why := next((str(row[SKIPPED]) for row in rows if SKIPPED in row), ""):
        return f"Not measured: {why}."
    base, lines = seconds(rows, ONE), []
    for name in dict.fromkeys(str(row["way"]) for row in rows):
        took = seconds(rows, name)
        ratios = [base[turn] / took[turn] for turn in took if turn in base]
        inside = [row for row in rows if row["way"] == name and "records" in row]
        seen, records = ([int(row[key]) for row in inside] for key in ("seen", "records"))
        told = (str(max(seen)), f"{min(records):,}") if inside else ("all", "all")
        lines.append((name, str(median_and_spread(ratios)) if ratios else "–", *told))
    failures = [f"Not measured: {row['way']}, {row[FAILED]}" for row in rows if FAILED in row]
    head = ("", "throughput, one machine = 1", "files the workers can see", "files with a record")
    return "\n\n".join([HOW, table(head, lines), *dict.fromkeys(failures)])


def plot(rows: list[Row], figure: "Figure") -> None:
    """Throughput by delay."""
    base = seconds(rows, ONE)
    found = {delay: seconds(rows, way(delay)) for delay in DELAYS_MS}
    points = [(delay, base[turn] / took[turn]) for delay, took in found.items() for turn in took if turn in base]
    if not points:
        return
    axes = figure.subplots()
    axes.plot(*zip(*points, strict=True), "o")
    axes.set_xlabel("ms that a round trip from the workers to Redis takes longer")
    axes.set_ylabel("throughput, one machine = 1")
    axes.set_ylim(0, 1.1 * max(1.0, *(ratio for _, ratio in points)))


def goals(rows: list[Row]) -> list[Goal]:
    """Workers that see no file give the record of every file."""
    found = [row for row in rows if "records" in row]
    if not found:
        return []
    missing = sum(int(row["files"]) - int(row["records"]) for row in found)
    seen = sum(int(row["seen"]) for row in found)
    told = f"{missing} missing, {seen} seen"
    return [Goal("records of workers on another machine, which sees no file", "all", told, missing == seen == 0)]
