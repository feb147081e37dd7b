"""Whether the peers work: ``python -m benchmarks.peers [NAME…]``, for example ``python -m benchmarks.peers rq huey``.

Each takes 30 files that are dropped before and after its start, written in place or moved in, with two processes, on a
Redis of its own. Prints its name and the seconds per file; ends with status 1 if one gives anything but one record of
each file, the same as the pipeline gives.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import redis

from benchmarks.peers import SUBJECTS
from benchmarks.peers.start import NotStarted
from benchmarks.subject import Setup, Subject
from worker.classify import load_classifier
from worker.embedded import start_server
from worker.models import Document
from worker.pipeline import process
from worker.settings import socket_path

FILES = 30
BEFORE = 10  # of them lie there at the start
WAIT_SECONDS = 60.0
STREAM = "records"
BAD = "empty.txt"

Record = dict[str, Any]


def article(number: int) -> bytes:
    """An article that differs from the others."""
    return f"""Harbour town number {number} opens its rebuilt ferry terminal

By Ilse Brandvold

The port authority of harbour town number {number} opened its rebuilt ferry terminal on Tuesday, {number} weeks late.

Passengers will board through two covered bridges, and lorries will queue behind the old fish market.

"We had hoped for spring," said the harbour master, Tomas Eik. "The sea had other plans."
""".encode()


def comparable(record: str) -> Record:
    """A record without the time at which it was received."""
    found: Record = json.loads(record)
    del found["provenance"]["received_at"]
    return found


def expected() -> dict[str, Record]:
    """What the pipeline gives, by path."""
    classify, now = load_classifier(), datetime.now(UTC)
    documents = [Document(f"{number}.txt", article(number), now) for number in range(FILES)]
    return {d.path: comparable(process(d, classify).model_dump_json()) for d in documents}


def drop(setup: Setup, number: int) -> None:
    """Drop an article: every other one is written elsewhere and moved in."""
    target, elsewhere = setup.inbox / f"{number}.txt", setup.state.parent / "next"
    if number % 2:
        target.write_bytes(article(number))
    else:
        elsewhere.write_bytes(article(number))
        elsewhere.rename(target)


def records(client: "redis.Redis", count: int) -> list[Record]:
    """What is on the stream once there are so many entries, or after a while."""
    deadline = time.monotonic() + WAIT_SECONDS
    while client.xlen(STREAM) < count and time.monotonic() < deadline:
        time.sleep(0.01)
    entries: Any = client.xrange(STREAM)
    return [comparable(fields[b"data"].decode()) for _, fields in entries]


def measure(subject: Subject, setup: Setup, client: "redis.Redis") -> tuple[float, list[Record]]:
    """Seconds per file of those that were dropped after the start, and all records."""
    (setup.inbox / BAD).touch()
    for number in range(BEFORE):
        drop(setup, number)
    with subject.start(setup):
        records(client, BEFORE)
        began = time.monotonic()
        for number in range(BEFORE, FILES):
            drop(setup, number)
        found = records(client, FILES)
        return (time.monotonic() - began) / (FILES - BEFORE), found


def check(subject: Subject, folder: Path, wanted: dict[str, Record]) -> str:
    """What came of one peer, in words that begin with "wrong" where it is not as wanted.

    Raises:
        NotStarted: It did not start.
    """
    setup = Setup(folder / "inbox", f"unix://{socket_path(folder)}", STREAM, 2, folder / "state")
    setup.inbox.mkdir()
    setup.state.mkdir()
    server = start_server(folder)
    try:
        with redis.Redis.from_url(setup.redis_url) as client:
            wait_for(client)
            seconds, found = measure(subject, setup, client)
    finally:
        server.kill()
        server.wait()
    if len(found) != FILES:
        return f"wrong: {len(found)} entries of {FILES} files"
    if {record["provenance"]["path"]: record for record in found} != wanted:
        return "wrong: the records are not those of the pipeline"
    return f"{seconds:.4f} s per file"


def wait_for(client: "redis.Redis") -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            client.ping()
            return
        except redis.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def main() -> None:
    """Run them, print, end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [subject.name for subject in SUBJECTS]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names)}; all by default")
    chosen = parser.parse_args().names or names
    if unknown := sorted(set(chosen) - set(names)):
        parser.error(f"no peer is called {', '.join(unknown)}; there are {', '.join(names)}")
    wanted, failed = expected(), False
    for subject in SUBJECTS:
        if subject.name not in chosen:
            continue
        folder = Path(tempfile.mkdtemp(prefix="peers-"))
        try:
            outcome = check(subject, folder, wanted)
        except NotStarted as error:
            outcome = f"wrong: {error}"
        print(f"{subject.name:16}{outcome}", flush=True)  # noqa: T201
        if outcome.startswith("wrong"):
            failed = True
            print(f"{'':16}its files and logs are left in {folder}", flush=True)  # noqa: T201
        else:
            shutil.rmtree(folder)
    sys.exit(failed)


if __name__ == "__main__":
    main()
