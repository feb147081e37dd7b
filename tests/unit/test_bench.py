"""What worker processes share: loaded before they are forked, so that none loads it again."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

PROGRAM = """
import gc, sys
from datetime import UTC, datetime
from pathlib import Path

from worker.bench import Bench
from worker.models import Document
from worker.pipeline import process
from worker.settings import load_settings

bench = Bench(load_settings())
bench.share()
shared = set(sys.modules)
for path in map(Path, sys.argv[1:]):
    process(Document(path.name, path.read_bytes(), datetime.now(UTC)), bench.classify)
print(*sorted(sys.modules.keys() - shared))
print(gc.get_freeze_count())
"""


def test_a_forked_process_loads_nothing_more_for_text_and_web_pages() -> None:
    samples = [str(ROOT / "tests" / "samples" / name) for name in ("nato-talks.txt", "flood.html")]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *samples], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded, frozen = done.stdout.splitlines()
    assert loaded == ""
    assert int(frozen) > 10_000
