"""Whole records of saved pages, against trafilatura with metadata: ``python -m benchmarks.pages DATA``.

DATA holds ``pages/*.jsonl.xz``. Both read the same pages on one core, page by page in turn, the first of the two
changing with each page; no page comes twice, for both remember what they saw. Prints seconds a round, and trafilatura's
time divided by ours: above 1, a whole record (decoded, cleaned, classified, validated) takes less than trafilatura
needs for its JSON with text and metadata.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import trafilatura

from benchmarks.corpus import page_sources
from worker.classify import load_classifier
from worker.errors import Rejected
from worker.models import Document
from worker.pipeline import process

ROUNDS = 5
WARM_UP = 10  # pages


def ours() -> Callable[[bytes], object]:
    """A whole record of a page."""
    classify = load_classifier()
    now = datetime.now(UTC)

    def record(page: bytes) -> None:
        with suppress(Rejected):
            process(Document("page.html", page, now), classify).model_dump_json()

    return record


def theirs(page: bytes) -> None:
    """Text and metadata of a page, as JSON."""
    trafilatura.extract(page, output_format="json", with_metadata=True)


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    found = list(page_sources(parser.parse_args().data))
    if not found:
        parser.error("there are no pages/*.jsonl.xz in it; it is the folder that `make quality` reads")
    ways = {"copydesk": ours(), "trafilatura": theirs}
    for page in found[:WARM_UP]:
        for way in ways.values():
            way(page)
    ratios = []
    for number in range(ROUNDS):
        spent = dict.fromkeys(ways, 0.0)
        for index, page in enumerate(found[WARM_UP + number :: ROUNDS]):
            for name in sorted(ways, reverse=index % 2 == 0):
                began = time.process_time()
                ways[name](page)
                spent[name] += time.process_time() - began
        ratios.append(spent["trafilatura"] / spent["copydesk"])
        times = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in spent.items())
        print(f"round {number + 1}: {times}; ratio {ratios[-1]:.2f}", flush=True)  # noqa: T201
    low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
    print(f"{len(found)} pages, trafilatura {trafilatura.__version__}: {middle:.2f} ({low:.2f} to {high:.2f})")  # noqa: T201


if __name__ == "__main__":
    main()
