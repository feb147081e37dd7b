"""Everything that is measured, in one command."""

import argparse
import contextlib
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import report
from benchmarks.machine import ROOT, commit, describe_machine
from benchmarks.measure import FAILED, SKIPPED, Measurement, Options, Row, failure
from benchmarks.measurements import ALL
from benchmarks.results import Result, Results, load, save
from worker.errors import Misconfigured

USUAL = ROOT / "docs" / "performance.json"
LIMIT = 600.0  # seconds a quick measurement takes at most, and for each of its minutes one that is not
LIMIT_AGAIN = 60.0  # seconds more for each thing that it goes on to
EXAMPLES = """examples:
  python -m benchmarks                               everything: an hour; writes docs/performance.json, .md and plots
  python -m benchmarks --only latency                this alone, the other results stay
  python -m benchmarks --quick                       whether it works, within two minutes; nothing is kept
  python -m benchmarks --quick --out build/try.json  the same, kept there
  python -m benchmarks --render                      measures nothing, writes the page and plots anew

TMPDIR names the folder that is measured in; COPYDESK_DATA the one with pages/*.jsonl.xz, if there is one."""


class Overdue(Exception):
    """A measurement takes longer than anything that works."""


def main() -> None:
    """Measure, tell; exit status 1 where something could not be measured."""
    options = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Error: ended by SIGTERM"))  # so that no process is left behind
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as scratch:
        out = options.out or (Path(scratch) / "kept" / USUAL.name if options.quick else USUAL)
        try:
            results, notes = load(out), report.read_notes()
        except (ValueError, Misconfigured) as error:
            sys.exit(f"Error: {error}")
        wrong: list[str] = []
        chosen = [] if options.render else [one for one in ALL if one.NAME in options.only]
        began = time.monotonic()
        for place, measurement in enumerate(chosen):
            left = "" if options.quick else f", about {sum(one.MINUTES for one in chosen[place:])} min left"
            passed = (time.monotonic() - began) / 60
            _say(f"{measurement.NAME}: {place + 1} of {len(chosen)}, {passed:.0f} min passed{left}")
            wrong += _measure(measurement, options.quick, Path(scratch), results)
            save(results, out)
        for line in wrong:
            _say(f"failed: {line}")
        if not results:
            sys.exit(f"Error: there is nothing in {out} to make a page of; measure something first")
        page = report.write(results, ALL, out, notes)
        _say(f"written: {page}" if out in (options.out, USUAL) else "the page can be made; nothing is kept")
    sys.exit(bool(wrong))


def _arguments() -> argparse.Namespace:
    names = [one.NAME for one in ALL]
    parser = argparse.ArgumentParser(
        "python -m benchmarks",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="only show that everything works; no figures")
    parser.add_argument(
        "--only", nargs="+", choices=names, default=names, metavar="NAME", help=f"of {', '.join(names)}"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="the results; page and plots are written beside it")
    parser.add_argument("--render", action="store_true", help="measure nothing; write the page and plots anew")
    return parser.parse_args()


def _measure(measurement: Measurement, quick: bool, scratch: Path, results: Results) -> list[str]:
    """Add the result of a measurement to the others; returns what went wrong."""
    name, began = measurement.NAME, time.monotonic()
    data = os.environ.get("COPYDESK_DATA") or "-"
    limit = LIMIT * (1 if quick else measurement.MINUTES)
    with tempfile.TemporaryDirectory(prefix=f"{name[:4]}-", dir=scratch, ignore_cleanup_errors=True) as folder:
        options = Options(
            quick,
            Path(folder),
            Path(data) if os.path.isdir(os.path.join(data, "pages")) else None,
            lambda line: _say(f"{name}: {line}"),
        )
        try:
            with _limited(limit):
                rows = measurement.measure(options)
            result = Result(f"{datetime.now(UTC):%Y-%m-%d}", commit(), quick, describe_machine(scratch), rows)
        except Exception as error:  # the others are measured all the same
            return [f"{name}: {failure(error)}"]
    _say(f"{name}: {len(rows)} observations in {time.monotonic() - began:.0f} s")
    for why in dict.fromkeys(row[SKIPPED] for row in rows if SKIPPED in row):
        _say(f"{name}: not measured: {why}")
    if not rows:
        return [f"{name}: nothing was observed"]
    results[name] = result
    return [f"{name}, {_which(row)}: {row[FAILED]}" for row in rows if FAILED in row]


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """End whatever is waited for by then: its subject has failed, and the others have their turn."""

    def end(*_: object) -> None:
        raise Overdue(f"not done {seconds:g} s after the measurement began")

    handler, timer = signal.signal(signal.SIGALRM, end), signal.setitimer(signal.ITIMER_REAL, seconds, LIMIT_AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)


def _which(row: Row) -> str:
    """What an observation is of, in one line: a text of several is none of it."""
    return ", ".join(f"{key} {value}" for key, value in row.items() if key != FAILED and "\n" not in str(value))


def _say(line: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {line}", flush=True)  # noqa: T201 - what a command says


if __name__ == "__main__":
    main()
