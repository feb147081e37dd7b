"""``copydesk inspect``: the pipeline on files, without Redis."""

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from schemas.article import Article
from schemas.rejection import Rejection, Stage
from worker.attempt import Failed, attempt, attempt_part, parts_of, wall
from worker.classify import Classify, load_classifier
from worker.cleaning import decisions_of, is_kept
from worker.errors import Misconfigured, Rejected
from worker.formats import read_document
from worker.models import Document
from worker.names import display
from worker.pipeline import Watch, explain
from worker.settings import Settings
from worker.show import print_decisions, print_record, print_rejection

Timings = dict[Stage, float]  # milliseconds


def inspect_all(paths: Sequence[str], name: str, settings: Settings, *, as_json: bool) -> bool:
    """Print the record or the rejection of each article, in input order.

    Args:
        paths: Files, folders (their files by name, recursively) or ``-`` for standard input.
        name: What standard input is called.
        settings: Limits and rules.
        as_json: One JSON object a line instead of a readable page.

    Returns:
        Whether every article gave a record.

    Raises:
        Misconfigured: A path is not there, or the rules are broken.
    """
    classify = load_classifier(settings.rules, settings.model)
    console = Console()
    all_good = True
    for path, folder in files(paths):
        for result, timings in inspect_file(path, folder, name, settings, classify):
            all_good = all_good and isinstance(result, Article)
            if as_json:
                sys.stdout.write(as_line(result) + "\n")
            elif isinstance(result, Article):
                print_record(console, result, timings)
            else:
                print_rejection(console, result)
    return all_good


def compare_all(paths: Sequence[str], name: str, settings: Settings) -> bool:
    """Print each line of each article, kept or cut, and what it is; arguments and result as in ``inspect_all``.

    Raises:
        Misconfigured: A path is not there.
    """
    console = Console()
    all_good = True
    for path, folder in files(paths):
        document = Document(shown_name(path, folder, name), b"", datetime.now(UTC))
        try:
            document = replace(document, data=read(path, settings.max_file_bytes))
            for _, part in parts_of(document, settings):
                all_good = _compare(console, part, settings) and all_good
        except (Rejected, Failed) as error:
            print_rejection(console, _explained(error, document))
            all_good = False
    return all_good


def _compare(console: Console, part: Document, settings: Settings) -> bool:
    try:
        with wall(part, settings, settings.time_limit):
            decisions = decisions_of(read_document(part))
    except (Rejected, Failed) as error:
        print_rejection(console, _explained(error, part))
        return False
    print_decisions(console, part.label, [(is_kept(line), line.role, line.line.text) for line in decisions])
    return True


def shown_name(path: str, folder: str, name: str) -> str:
    """What the record of a file calls it; standard input is called ``name``."""
    return display(name if path == "-" else os.path.relpath(path, folder or "."))


def files(paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each file with the folder that its record's path is relative to.

    Raises:
        Misconfigured: A path is not there.
    """
    for path in paths:
        if path == "-" or Path(path).is_file():
            yield path, os.path.dirname(path)
        elif Path(path).is_dir():
            for here, folders, names in os.walk(path):
                folders.sort()
                for name in sorted(names):
                    yield os.path.join(here, name), path
        else:
            raise Misconfigured(f"{display(path)}: no such file or folder")


def inspect_file(
    path: str, folder: str, name: str, settings: Settings, classify: Classify
) -> Iterator[tuple[Article | Rejection, Timings]]:
    """Run the articles of one file through the pipeline, within the service's own limits, with the time per stage."""
    document = Document(shown_name(path, folder, name), b"", datetime.now(UTC))
    timings: Timings = {}
    try:
        document = replace(document, data=read(path, settings.max_file_bytes))
        result: Article | Rejection | None = attempt(document, classify, settings, _stopwatch(timings))
    except (Rejected, Failed) as error:
        result = _explained(error, document)
    if result is None:
        yield from _inspect_parts(document, settings, classify)
    else:
        yield result, timings


def _inspect_parts(
    document: Document, settings: Settings, classify: Classify
) -> Iterator[tuple[Article | Rejection, Timings]]:
    """The articles of a file of several; where it breaks off, that is the last."""
    try:
        for _, part in parts_of(document, settings):
            timings: Timings = {}
            try:
                yield attempt_part(part, classify, settings, _stopwatch(timings)), timings
            except (Rejected, Failed) as error:
                yield _explained(error, part), timings
    except (Rejected, Failed) as error:
        yield _explained(error, document), {}


def _stopwatch(timings: Timings) -> Watch:
    @contextlib.contextmanager
    def watch(stage: Stage) -> Iterator[None]:
        start = time.perf_counter()
        yield
        timings[stage] = (time.perf_counter() - start) * 1000

    return watch


def _explained(error: Rejected | Failed, document: Document) -> Rejection:
    return explain(Rejected("process", error.reason, error.detail) if isinstance(error, Failed) else error, document)


def read(path: str, limit: int) -> bytes:
    """The bytes of a file, or of standard input (``-``).

    Raises:
        Rejected: It is too large, no file, or may not be read.
    """
    try:
        if path == "-":
            data = sys.stdin.buffer.read(limit + 1)
        elif not Path(path).is_file():
            raise Rejected("read", "not_a_file", "it is no regular file")
        else:
            with Path(path).open("rb") as file:
                data = file.read(limit + 1)
    except OSError as error:
        raise Rejected("read", "unreadable", str(error.strerror)) from error
    if len(data) > limit:
        raise Rejected("read", "too_large", f"more than {limit:,} bytes")
    return data


def as_line(result: Article | Rejection) -> str:
    """The record as one line of JSON, or the rejection in the form that outside checks rely on."""
    if isinstance(result, Article):
        return result.model_dump_json()
    why = {key: getattr(result, key) for key in ("stage", "reason", "field", "detail", "hint")}
    return json.dumps({"path": result.path, "rejected": why})
