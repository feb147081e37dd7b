"""What ``stages`` runs under callgrind: each article's way through the pipeline, with a mark at each stage's ends.

``python -m benchmarks.counted FOLDER``. Callgrind is told to begin at zero where ``getpgid`` is called, and to write
down what it counted where ``getsid`` is: two functions of the C library that nothing else here calls. It counts only
from when everything is loaded and warm.
"""

import contextlib
import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from schemas.article import Article
from schemas.event import to_entry
from schemas.rejection import Stage
from worker.classify import load_classifier
from worker.models import Document
from worker.pipeline import process
from worker.publish import Output, event_of

BEGIN, END = "getpgid", "getsid"
STAGES = ("parse", "clean", "enrich", "classify", "validate", "serialise")  # in the order of their marks
PATIENCE = 60.0  # seconds; to look whether they are over keeps callgrind at work where it cannot be woken
WARM_UP = 8  # articles: by then the interpreter has specialised what it runs, and what is remembered is
NOW = datetime(2026, 1, 1, tzinfo=UTC)
TRACEPARENT = f"00-{'1' * 32}-{'1' * 16}-01"


@contextlib.contextmanager
def between_marks(_stage: Stage | None = None) -> Iterator[None]:
    """Have callgrind count what is done meanwhile."""
    os.getpgid(0)
    yield
    os.getsid(0)


def serialise(article: Article) -> None:
    """Make the stream entry of a record."""
    to_entry(event_of(Output("claim", "inbox", "inbox", TRACEPARENT, article), version=1, now=NOW))


def main(folder: Path) -> None:
    """Process the articles in the folder, by name; the first few only warm up."""
    classify = load_classifier()
    documents = [Document(path.name, path.read_bytes(), NOW) for path in sorted(folder.glob("*.txt"))]
    for document in documents[:WARM_UP]:
        serialise(process(document, classify))
    gc.collect()
    gc.disable()  # when it runs depends on everything else
    control = shutil.which("callgrind_control") or sys.exit("Error: callgrind_control, a part of valgrind, is missing")
    subprocess.run([control, "-i", "on", str(os.getpid())], check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE)
    for document in documents[WARM_UP:]:
        article = process(document, classify, between_marks)
        with between_marks():
            serialise(article)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
