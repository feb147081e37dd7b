"""What each stage of the pipeline costs for an article of 500 words: instructions counted, and milliseconds.

Callgrind counts the instructions of this program alone, so the counts are the same however busy the machine is: they
show a change of half a percent where a clock shows none of five.
"""

import gc
import itertools
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.corpus import articles_of
from benchmarks.counted import BEGIN, END, NOW, STAGES, WARM_UP
from benchmarks.machine import ROOT
from benchmarks.measure import SKIPPED, Goal, Options, Row, median_and_spread, number, percentile, table
from worker.classify import load_classifier
from worker.models import Document
from worker.pipeline import process

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAME = "stages"
TITLE = "Stages of the pipeline"
MINUTES = 1

WORDS = 500
COUNTED, QUICK_COUNTED = 12, 2  # articles
BATCHES, QUICK_BATCHES, BATCH = 25, 2, 40  # times, times, articles
MOST_MS = 1.5
COMMITTED = ROOT / "docs" / "performance.json"
TOOLS = ("valgrind", "callgrind_control")
_TOTALS = re.compile(r"^(?:totals|summary): (\d+)", re.MULTILINE)


def measure(options: Options) -> list[Row]:
    """Count the instructions of each stage of each article; time whole articles, batch by batch, on one core."""
    options.say("timing whole articles")
    rows = timed(QUICK_BATCHES if options.quick else BATCHES)
    if why := lack():
        return [*rows, {"what": "instructions", SKIPPED: why}]
    options.say("counting instructions")
    return [*rows, *counted(options.folder, QUICK_COUNTED if options.quick else COUNTED), *committed()]


def lack() -> str:
    """Why this machine counts no instructions; empty where it does."""
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        return f"{', '.join(missing)} not found; valgrind counts the instructions"
    command = ["valgrind", "--quiet", "--tool=none", "true"]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"valgrind runs nothing here: {' '.join(tried.stderr.split())[:300]}" if tried.returncode else ""


def timed(batches: int) -> list[Row]:
    """Milliseconds an article, by batch; no two batches hold the same article."""
    classify, found = load_classifier(), articles_of(WORDS)
    rows: list[Row] = []
    for batch in range(batches + 1):  # the first warms up
        documents = [Document("article.txt", data, NOW) for data in itertools.islice(found, BATCH)]
        gc.collect()
        began = time.perf_counter()
        for document in documents:
            process(document, classify)
        took = time.perf_counter() - began
        if batch:
            rows.append({"what": "time", "batch": batch, "milliseconds": 1000 * took / BATCH})
    return rows


def counted(folder: Path, count: int) -> list[Row]:
    """Instructions of each stage, by article.

    Raises:
        RuntimeError: They could not be counted.
    """
    texts, profiles = folder / "texts", folder / "profiles"
    texts.mkdir()
    profiles.mkdir()
    for each, data in enumerate(itertools.islice(articles_of(WORDS), WARM_UP + count)):
        (texts / f"{each:03}.txt").write_bytes(data)
    command = [
        *(
            "valgrind",
            "--quiet",
            "--tool=callgrind",
            "--instr-atstart=no",
            f"--zero-before={BEGIN}",
            f"--dump-before={END}",
        ),
        *(f"--callgrind-out-file={profiles.resolve()}/out", sys.executable, "-m", "benchmarks.counted", str(texts)),
    ]
    environment = {**os.environ, "PYTHONHASHSEED": "0", "TMPDIR": str(folder.resolve())}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    marks = count * len(STAGES)
    dumps = [profiles / f"out.{mark + 1}" for mark in range(marks)]
    if done.returncode or not all(dump.exists() for dump in dumps):
        why = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise RuntimeError(f"counting instructions ended with status {done.returncode}: {why}")
    return [
        {
            "what": "instructions",
            "article": mark // len(STAGES),
            "stage": STAGES[mark % len(STAGES)],
            "instructions": total(dump),
        }
        for mark, dump in enumerate(dumps)
    ]


def total(dump: Path) -> int:
    """The instructions that callgrind wrote down.

    Raises:
        ValueError: It wrote down none.
    """
    found = _TOTALS.search(dump.read_text())
    if found is None:
        raise ValueError(f"{dump}: no line with totals")
    return int(found[1])


def by_stage(rows: list[Row], what: str) -> dict[str, float]:
    """Instructions an article, by stage: the median over the articles; empty where none were counted.

    Args:
        rows: All.
        what: ``instructions``, or ``before``: those of the results before.
    """
    found: dict[str, list[float]] = {}
    for row in rows:
        if row["what"] == what and "instructions" in row:
            found.setdefault(str(row["stage"]), []).append(float(row["instructions"]))
    return {stage: statistics.median(values) for stage, values in found.items()}


def milliseconds(rows: list[Row]) -> list[float]:
    """Of an article, by batch."""
    return [float(row["milliseconds"]) for row in rows if row["what"] == "time"]


def committed() -> list[Row]:
    """Instructions by stage as the committed results have them; none where there are none."""
    try:
        told = json.loads(COMMITTED.read_text(encoding="utf-8"))
        return [{**row, "what": "before"} for row in told[NAME]["rows"] if row["what"] == "instructions"]
    except (FileNotFoundError, KeyError):
        return []


def describe(rows: list[Row]) -> str:
    """Instructions and share of each stage, with the change since the last results; milliseconds of the whole."""
    stages, before = by_stage(rows, "instructions"), by_stage(rows, "before")
    batches = milliseconds(rows)
    whole = (
        f"An article of {WORDS} words takes `process()` {number(min(batches))} ms here at its best, and "
        f"{number(statistics.median(batches))} ms in the median of {len(batches)} batches of {BATCH}, on one core."
    )
    if not stages:
        why = next(str(row[SKIPPED]) for row in rows if SKIPPED in row)
        return f"{whole} Instructions were not counted: {why}."
    everything, earlier = sum(stages.values()), sum(before.values())
    lines = [
        (stage, number(count / 1e6), f"{count / everything:.1%}", change(count, before.get(stage, 0)))
        for stage, count in stages.items()
    ]
    lines.append(("all", number(everything / 1e6), "", change(everything, earlier)))
    return f"{table(('stage', 'million instructions', 'share', 'since the results before'), lines)}\n\n{whole}"


def change(now: float, before: float) -> str:
    """How much more it is than before, in percent."""
    return f"{now / before - 1:+.1%}" if before else "–"


def plot(rows: list[Row], figure: "Figure") -> None:
    """The instructions of each stage."""
    stages = by_stage(rows, "instructions")
    if not stages:
        return
    axes = figure.subplots()
    names = list(reversed(stages))
    axes.barh(names, [stages[name] / 1e6 for name in names])
    axes.set_xlabel(f"million instructions, article of {WORDS} words")


def goals(rows: list[Row]) -> list[Goal]:
    """A whole article is quick enough."""
    batches = milliseconds(rows)
    best, spread = min(batches), median_and_spread(batches)
    measured = f"{number(best)}; all batches {spread}, a tenth of them below {number(percentile(batches, 0.1))}"
    return [Goal(f"process() of {WORDS} words on one core, ms, best batch", f"≤ {MOST_MS}", measured, best <= MOST_MS)]
