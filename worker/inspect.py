"""``copydesk inspect``: the pipeline on files, without Redis."""

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from schemas.article import Article
from schemas.rejection import Rejection, Stage
from worker.attempt import Failed, attempt, attempt_part, parts_of
from worker.classify import Classify, load_classifier
from worker.errors import Misconfigured, Rejected
from worker.models import Document
from worker.names import display
from worker.pipeline import Watch
from worker.rejections import explain
from worker.settings import Settings

Timings = dict[Stage, float]  # milliseconds
Show = Callable[[Article | Rejection, Timings], None]


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
    show = _write_line if as_json else _page_printer()
    all_good = True
    for path, folder in files(paths):
        for result, timings in inspect_file(path, folder, name, settings, classify):
            all_good = all_good and isinstance(result, Article)
            show(result, timings)
    return all_good


def _write_line(result: Article | Rejection, _timings: Timings) -> None:
    sys.stdout.write(as_line(result) + "\n")


def _page_printer() -> Show:
    from rich.console import Console  # as long to load as a file takes, and --json needs none of it

    from worker.show import print_record, print_rejection

    console = Console()

    def show(result: Article | Rejection, timings: Timings) -> None:
        if isinstance(result, Article):
            print_record(console, result, timings)
        else:
            print_rejection(console, result)

    return show


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
        result = explained(error, document)
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
                yield explained(error, part), timings
    except (Rejected, Failed) as error:
        yield explained(error, document), {}


def _stopwatch(timings: Timings) -> Watch:
    @contextlib.contextmanager
    def watch(stage: Stage) -> Iterator[None]:
        start = time.perf_counter()
        yield
        timings[stage] = (time.perf_counter() - start) * 1000

    return watch


def explained(error: Rejected | Failed, document: Document) -> Rejection:
    """The rejection of a document whose run gave no record."""
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
