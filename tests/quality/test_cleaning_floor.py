"""Accuracy floors of reading and cleaning, on real pages that are not part of the project.

Each floor is a little below what was measured when it was set: a change that falls below one made the product
worse and needs a reason. The models were trained on these pages, so what they reach on others is told by their
cross-validation, which has floors of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DATA = Path(os.environ.get("COPYDESK_DATA", Path(__file__).parents[3] / "shared" / "data"))
SCORER = DATA.parent / "tools" / "score_pages.py"
ROOT = Path(__file__).parents[2]
FLOORS = {
    ("naeb", "html"): {"body_f1": 0.947, "title_exact": 0.94, "author_f1": 0.92, "date_exact": 0.87},
    ("wcxb_dev", "html"): {"body_f1": 0.957, "title_exact": 0.87, "author_f1": 0.72, "date_exact": 0.865},
    ("naeb", "txt"): {"body_f1": 0.922, "title_exact": 0.85, "author_f1": 0.84, "date_exact": 0.75},
    ("wcxb_dev", "txt"): {"body_f1": 0.939, "title_exact": 0.75, "author_f1": 0.59, "date_exact": 0.68},
}
AUTHORS_INVENTED = {"naeb": 0.10, "wcxb_dev": 0.04}  # at most
REJECTED = 0.01
CROSS_VALIDATED = {
    ("worker/formats/page_body.json", "naeb"): 0.936,
    ("worker/formats/page_body.json", "wcxb_dev"): 0.950,
    ("worker/cleaning/text_body.json", "naeb"): 0.918,
    ("worker/cleaning/text_body.json", "wcxb_dev"): 0.934,
}


def score(data: str, kind: str) -> dict[str, Any]:
    pages = DATA / "pages" / f"{data}.jsonl.xz"
    if not pages.exists() or not SCORER.exists():
        pytest.fail(f"the development data are not at {DATA}: set COPYDESK_DATA to where they are", pytrace=False)
    done = subprocess.run(
        [sys.executable, str(SCORER), str(pages), "--as", kind, "--copydesk", f"{sys.executable} -m worker.cli"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("data", "kind"), FLOORS)
def test_reading_and_cleaning_are_as_good_as_they_were(data: str, kind: str):
    result = score(data, kind)
    floors = FLOORS[data, kind]
    below = {name: result[name] for name, floor in floors.items() if result[name] < floor}
    assert not below, f"below the floors {floors}: {below}; all: {result}"
    assert result["missing"] == 0
    assert result["authors_invented"] <= AUTHORS_INVENTED[data]
    assert result["rejected"] <= REJECTED * result["pages"]


@pytest.mark.parametrize(("model", "data"), CROSS_VALIDATED)
def test_the_models_that_are_shipped_were_as_good_on_pages_that_they_had_not_seen(model: str, data: str):
    """``make train`` measures it, and writes it into the model that it makes."""
    manifest = json.loads((ROOT / model).read_text(encoding="utf-8"))
    assert manifest["cross_validation"][data]["f1"] >= CROSS_VALIDATED[model, data]
