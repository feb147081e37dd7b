"""Try the hostile corpus: ``python -m tests.hostile [--sample] [WORD …]`` runs the cases whose names hold a word."""

import sys

from tests.hostile.bounded import fault, run_all
from tests.hostile.corpus import CASES
from worker.logs import configure
from worker.settings import Settings

SAMPLE = 3  # of so many cases, one


def main() -> None:
    """Print each result, those at fault again at the end; exit with 1 where there are any."""
    sample = "--sample" in sys.argv
    words = [word for word in sys.argv[1:] if word != "--sample"]
    wanted = [case for case in CASES if not words or any(word in case.name for word in words)]
    configure("json", "error")
    faults = []
    for case, result in run_all(wanted[:: SAMPLE if sample else 1], Settings()):
        print(result, flush=True)  # noqa: T201 - a command
        if wrong := fault(case, result):
            faults.append(f"{wrong}: {result}")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
