"""How soon a command answers: ``copydesk --help``, and ``copydesk inspect`` of one file, beside a bare interpreter."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import corpus
from benchmarks.measure import Goal, Options, Row, median_and_spread, number, table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "startup"
TITLE = "Starting a command"
MINUTES = 1

ROUNDS, QUICK_ROUNDS = 15, 1
BARE = "python -c pass"
MOST_SECONDS = {"copydesk --help": 0.25, "copydesk inspect": 0.6}
ENTRY = "from worker.cli import main; main()"  # what the installed script does
COUNTED = f"import atexit, sys; atexit.register(lambda: print(len(sys.modules), file=sys.stderr)); {ENTRY}"


def measure(options: Options) -> list[Row]:
    """Start each in turn, a round after the other; then count the modules that each has imported at its end."""
    file = options.folder / "article.txt"
    file.write_text(corpus.article("short", 0), encoding="utf-8")
    arguments = {"copydesk --help": ["--help"], "copydesk inspect": ["inspect", str(file)]}
    commands = {BARE: ["-c", "pass"], **{name: ["-c", ENTRY, *words] for name, words in arguments.items()}}
    rows: list[Row] = []
    rounds = QUICK_ROUNDS if options.quick else ROUNDS
    for turn in range(rounds + 1):  # the first fills the disk cache
        options.say(f"round {turn} of {rounds}")
        for name, command in commands.items():
            seconds, _ = run(command, options.folder)
            if turn:
                rows.append({"command": name, "round": turn, "seconds": seconds})
    for name, words in arguments.items():
        rows.append({"command": name, "modules": modules(words, options.folder)})
    return rows


def run(command: Sequence[str], folder: Path) -> tuple[float, str]:
    """Seconds that the interpreter takes with these arguments, and what it wrote to standard error.

    Raises:
        subprocess.CalledProcessError: It ended with another status than 0.
    """
    began = time.perf_counter()
    done = subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, text=True, check=True)
    return time.perf_counter() - began, done.stderr


def modules(words: Sequence[str], folder: Path) -> int:
    """How many modules ``copydesk`` has imported when it ends: the same on every machine, however busy."""
    _, told = run(["-c", COUNTED, *words], folder)
    return int(told.split()[-1])


def times(rows: list[Row], command: str) -> list[float]:
    """The seconds that a command took, by round."""
    return [float(row["seconds"]) for row in rows if row["command"] == command and "seconds" in row]


def describe(rows: list[Row]) -> str:
    """A table: seconds, times a bare interpreter's, modules."""
    bare = times(rows, BARE)
    imported = {row["command"]: str(row["modules"]) for row in rows if "modules" in row}
    lines = []
    for command in (BARE, *MOST_SECONDS):
        took = times(rows, command)
        ratios = [one / other for one, other in zip(took, bare, strict=True)]
        lines.append(
            (f"`{command}`", str(median_and_spread(ratios)), f"{median_and_spread(took)}", imported.get(command, ""))
        )
    return (
        table(("command", "times a bare interpreter", "seconds here", "modules imported"), lines)
        + f"\n\n{len(bare)} rounds, each command once in each; `inspect` reads one short text file."
    )


def plot(rows: list[Row], figure: "Figure") -> None:
    """The seconds of every start."""
    axes = figure.subplots()
    names = [BARE, *MOST_SECONDS]
    axes.boxplot([times(rows, name) for name in names], vert=False)
    axes.set_yticks(range(1, len(names) + 1), names)
    axes.set_xlim(left=0)
    axes.set_xlabel("seconds")


def goals(rows: list[Row]) -> list[Goal]:
    """Both commands answer soon enough."""
    return [
        Goal(
            f"`{command}`, seconds",
            f"≤ {number(most)}",
            str(spread := median_and_spread(times(rows, command))),
            spread.median <= most,
        )
        for command, most in MOST_SECONDS.items()
    ]
