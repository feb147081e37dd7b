"""Everything that is measured, in one command."""

import argparse
import os
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import report
from benchmarks.machine import ROOT, commit, describe_machine
from benchmarks.measure import FAILED, Measurement, Options
from benchmarks.measurements import ALL
from benchmarks.results import Result, Results, load, save
from worker.errors import Misconfigured

USUAL = ROOT / "docs" / "performance.json"
EXAMPLES = """examples:
  python -m benchmarks                               everything: an hour; writes docs/performance.json, .md and plots
  python -m benchmarks --only latency                this alone, the other results stay
  python -m benchmarks --quick                       whether it works, within two minutes; nothing is kept
  python -m benchmarks --quick --out build/try.json  the same, kept there
  python -m benchmarks --render                      measures nothing, writes the page and plots anew

TMPDIR names the folder that is measured in; COPYDESK_DATA the one with pages/*.jsonl.xz, if there is one."""


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
    data = Path(os.environ.get("COPYDESK_DATA") or "-")
    with tempfile.TemporaryDirectory(prefix=f"{name[:4]}-", dir=scratch, ignore_cleanup_errors=True) as folder:
        options = Options(
            quick, Path(folder), data if (data / "pages").is_dir() else None, lambda line: _say(f"{name}: {line}")
        )
        try:
            rows = measurement.measure(options)
        except Exception as error:  # the others are measured all the same
            return [f"{name}: {type(error).__name__}: {error}"]
        result = Result(f"{datetime.now(UTC):%Y-%m-%d}", commit(), quick, describe_machine(scratch), rows)
    _say(f"{name}: {len(rows)} observations in {time.monotonic() - began:.0f} s")
    if not rows:
        return [f"{name}: nothing was observed"]
    results[name] = result
    return [f"{name}: {row[FAILED]}: {row}" for row in rows if FAILED in row]


def _say(line: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {line}", flush=True)  # noqa: T201 - what a command says


if __name__ == "__main__":
    main()
