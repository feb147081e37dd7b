"""What every measurement offers, and what all of them share: options, rows, goals and the statistics.

A measurement is a module of this package that offers what ``Measurement`` lists. It measures things side by side,
interleaved and several times, and gives one row for each single observation: medians are taken when the rows are told
of, so that the rows are all that must be kept.
"""

import math
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Row = dict[str, str | int | float]
"""One observation, as JSON keeps it; a key names its unit, as ``wall_seconds``."""

FAILED = "failed"  # the key in a row of an observation that could not be made: why
SKIPPED = "skipped"  # likewise of one that this machine does not allow: that is no failure
LONGEST = 600  # characters of why something failed


@dataclass(frozen=True)
class Options:
    """How to measure.

    Attributes:
        quick: Few and small observations, that only show that everything works.
        folder: An empty folder on the disk to be measured on, which is removed afterwards; its path is short.
        data: The folder with real pages (``pages/*.jsonl.xz``), if there is one.
        say: Tells a person in one line what is going on.
    """

    quick: bool
    folder: Path
    data: Path | None = None
    say: Callable[[str], None] = lambda _line: None


@dataclass(frozen=True)
class Goal:
    """What was to be reached, and what was.

    Attributes:
        measure: What is measured, as "throughput, ours / floor, ordinary articles"; ``docs/performance-notes.toml``
            calls it so too, so no figure that was measured is in it.
        goal: What it should be, as "≥ 0.85".
        measured: What it is, with its spread where it has one.
        met: Whether that is enough.
    """

    measure: str
    goal: str
    measured: str
    met: bool


class Measurement(Protocol):
    """A module that measures something.

    Attributes:
        NAME: One word, for the command line and file names.
        TITLE: Its heading.
        MINUTES: About how long it takes on two cores that have nothing else to do.
    """

    NAME: str
    TITLE: str
    MINUTES: int

    def measure(self, options: Options) -> list[Row]:
        """Make the observations."""

    def describe(self, rows: list[Row]) -> str:
        """Tell of them in Markdown, without a heading: a table and a few sentences; figures are ratios with spread."""

    def plot(self, rows: list[Row], figure: "Figure") -> None:
        """Draw them into an empty figure; left empty, it is not shown."""

    def goals(self, rows: list[Row]) -> list[Goal]:
        """What was to be reached, as far as the rows tell of it."""


@dataclass(frozen=True)
class Spread:
    """Of several values the one in the middle, the least and the greatest."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        if self.low == self.high:
            return number(self.median)
        return f"{number(self.median)} ({number(self.low)} to {number(self.high)})"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def failure(error: Exception) -> str:
    """Why something failed, in one line, with what a command said; of a long one its beginning and its end."""
    said = getattr(error, "stderr", None) or ""
    told = " ".join(f"{type(error).__name__}: {error} {said}".split())
    return told if len(told) <= LONGEST else f"{told[: LONGEST // 3]} … {told[-LONGEST // 3 * 2 :]}"


def median_and_spread(values: Iterable[float]) -> Spread:
    """The median of at least one value, with the least and the greatest."""
    found = sorted(values)
    return Spread(statistics.median(found), found[0], found[-1])


def percentile(values: Iterable[float], share: float) -> float:
    """The least of at least one value that a share of them (0 to 1) does not exceed."""
    found = sorted(values)
    return found[max(0, math.ceil(share * len(found)) - 1)]


def number(value: float) -> str:
    """A figure for people: three significant digits, and thousands as such."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 1 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def table(head: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    """A table in Markdown; columns but the first are aligned to the right."""
    titles = list(head)
    rule = ["---", *["---:"] * (len(titles) - 1)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (titles, rule, *lines))
