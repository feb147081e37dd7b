"""Try the hostile corpus: ``python -m tests.hostile [--json] [WORD …]`` runs the cases whose names hold a word."""

import dataclasses
import json
import sys

from tests.hostile.bounded import run_all
from tests.hostile.corpus import CASES
from worker.logs import configure
from worker.settings import Settings


def main() -> None:
    """Print each result; the most expensive ones again at the end."""
    as_json = sys.argv[1:2] == ["--json"]
    wanted = sys.argv[2:] if as_json else sys.argv[1:]
    configure("json", "error")
    results = []
    for result in run_all([c for c in CASES if not wanted or any(word in c.name for word in wanted)], Settings()):
        results.append(result)
        line = json.dumps(dataclasses.asdict(result)) if as_json else str(result)
        print(line, flush=True)  # noqa: T201 - a command


if __name__ == "__main__":
    main()
