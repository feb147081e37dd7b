"""Accuracy floors of reading and cleaning, on real pages that are not part of the project.

Each floor is a little below what was measured when it was set: a change that falls below one made the product
worse and needs a reason.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DATA = Path(os.environ.get("COPYDESK_DATA", Path(__file__).parents[3] / "shared" / "data"))
PAGES = DATA / "pages" / "naeb.jsonl.xz"
SCORER = DATA.parent / "tools" / "score_pages.py"
LIMIT = 200
FLOORS = {
    "html": {"body_f1": 0.925, "title_exact": 0.90, "author_f1": 0.83, "date_exact": 0.81},
    "txt": {"body_f1": 0.88, "title_exact": 0.79, "author_f1": 0.67, "date_exact": 0.71},
}
AUTHORS_INVENTED = 0.15  # at most: a share of very few pages


def score(kind: str) -> dict[str, Any]:
    if not PAGES.exists() or not SCORER.exists():
        pytest.fail(f"the development data are not at {DATA}: set COPYDESK_DATA to where they are", pytrace=False)
    command = [sys.executable, str(SCORER), str(PAGES), "--as", kind, "--limit", str(LIMIT)]
    done = subprocess.run(
        [*command, "--copydesk", f"{sys.executable} -m worker.cli"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["html", "txt"])
def test_reading_and_cleaning_are_as_good_as_they_were(kind: str):
    result = score(kind)
    below = {name: result[name] for name, floor in FLOORS[kind].items() if result[name] < floor}
    assert not below, f"below the floors {FLOORS[kind]}: {below}; all: {result}"
    assert result["missing"] == 0
    assert result["authors_invented"] <= AUTHORS_INVENTED
    assert result["rejected"] <= LIMIT // 100
