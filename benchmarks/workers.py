"""What a second worker process brings, beside what a second process brings on this machine at all."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks import corpus, floor
from benchmarks.burst import Files, burst
from benchmarks.measure import FAILED, Goal, Options, Row, median_and_spread, number, table
from benchmarks.ours import OURS
from benchmarks.subject import Running, Setup, Subject

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "workers"
TITLE = "More workers"

ROUNDS, FILES, QUICK_FILES = 5, 1200, 40
LEAST = 1.85  # times the throughput of one process
FLOOR, SERVICE, SERVICES = "process() alone", "one worker", "two workers"
WAYS = ((FLOOR, 1), (FLOOR, 2), (SERVICE, 1), (SERVICE, 2), (SERVICES, 2))  # and how many processes in all
