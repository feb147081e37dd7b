"""The command line: ``python -m tests.chaos``."""

import argparse
import os
import sys

from rich.console import Console

from tests.chaos.breaks import BREAKS
from tests.chaos.disk import enter_namespace
from tests.chaos.report import complain, report
from tests.chaos.rounds import Plan, Round


def main() -> None:
    """Run the rounds; exit status 1 when anything is lost, doubled, misplaced or not finished."""
    parser = argparse.ArgumentParser("python -m tests.chaos", description="Seeded faults against the real service.")
    parser.add_argument("--seed", type=int, default=1, help="of the first round; the next has the next")
    parser.add_argument("--rounds", type=int, default=1, help="how many, each on its own")
    parser.add_argument("--files", type=int, default=2000, help="dropped in a round")
    parser.add_argument("--kills", type=int, default=50, help="SIGKILLs in a round; 0: no faults at all")
    parser.add_argument("--without", action="append", default=[], metavar="KIND", help="leave out a kind of fault")
    parser.add_argument("--break", dest="broken", choices=sorted(BREAKS), help="run against a broken copy")
    parser.add_argument("--keep", action="store_true", help="keep the folder of a round also when all is well")
    options = parser.parse_args()
    enter_namespace()
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    plan = Plan(options.files, options.kills, frozenset(options.without), options.broken, options.keep)
    results = []
    for seed in range(options.seed, options.seed + options.rounds):
        results.append(Round(seed, plan, lambda line: console.print(line, markup=False, soft_wrap=True)).run())
        if not results[-1].is_well:
            complain(console, results[-1])
    report(console, results)
    sys.exit(not all(result.is_well for result in results))


if __name__ == "__main__":
    os.umask(0o022)
    main()
