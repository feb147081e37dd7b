"""Bounded runs of the pipeline over one file: the wall between a hostile file and everything else."""

import contextlib
import logging
import time
from collections.abc import Container, Iterator

from schemas.article import Article
from schemas.rejection import Reason
from worker.classify import Classify
from worker.errors import CopydeskError, Rejected
from worker.formats import MAX_PARTS, MAX_UNPACKED, unpack_document
from worker.limits import TimeLimitReached, time_limit
from worker.models import Document
from worker.pipeline import Watch, process, unwatched
from worker.settings import Settings

# Not structlog's, which takes a while to load and where it is not set up prints among the records of `inspect --json`.
log = logging.getLogger(__name__)

NO_TIME = 1e-3  # seconds: an alarm after none would be none


class Failed(CopydeskError):
    """A run ended without a result that can be believed: it was cut short, or met a bug of ours."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason: Reason = reason
        self.detail = detail


def attempt(document: Document, classify: Classify, settings: Settings, watch: Watch = unwatched) -> Article | None:
    """Process a file within its limits.

    Returns:
        The record of its article; None where it holds several, for ``parts_of``.

    Raises:
        Rejected: The file is at fault.
        Failed: The run says nothing certain of the file; it may be tried again, a bounded number of times.
    """
    with wall(document, settings, settings.time_limit):
        only = _only_article(document)
        return process(only, classify, watch) if only else None


def attempt_part(part: Document, classify: Classify, settings: Settings, watch: Watch = unwatched) -> Article:
    """Process one of the articles of a file within its limits; raises as ``attempt`` does."""
    with wall(part, settings, settings.time_limit):
        return process(part, classify, watch)


def parts_of(document: Document, settings: Settings, done: Container[str] = ()) -> Iterator[tuple[str, Document]]:
    """The articles of a file with their numbers (from 1), made one by one; unpacking them all has one time limit.

    Args:
        document: The file.
        settings: Limits.
        done: Numbers that are passed over.

    Raises:
        Rejected: The rest of the file cannot be read, or is too much, and why.
        Failed: As in ``attempt``, of the rest.
    """
    documents = enumerate(unpack_document(document), start=1)
    spent, size = 0.0, 0
    while True:
        began = time.monotonic()
        with wall(document, settings, max(NO_TIME, settings.time_limit - spent)):
            for number, part in documents:
                size += len(part.data)
                _check_bounds(number, size)
                if str(number) not in done:
                    break
            else:
                return
        spent += time.monotonic() - began
        yield str(number), part


def _only_article(document: Document) -> Document | None:
    """The document of the only article in a file, which may be the file itself; None where there are several."""
    documents = unpack_document(document)
    first = next(documents, None)
    if first is None:
        raise Rejected("parse", "empty", "it holds no article")
    if first is document:
        return document
    try:
        return first if next(documents, None) is None else None
    except Rejected:
        return None  # it breaks off behind its first article


def _check_bounds(number: int, size: int) -> None:
    if number > MAX_PARTS:
        raise Rejected("parse", "too_many_articles", f"more than {MAX_PARTS:,} articles; those were read")
    if size > MAX_UNPACKED:
        detail = f"unpacked, more than {MAX_UNPACKED:,} bytes; article {number} and what follows were not read"
        raise Rejected("parse", "too_large", detail)


@contextlib.contextmanager
def wall(document: Document, settings: Settings, seconds: float) -> Iterator[None]:
    """Nothing but ``Rejected`` and ``Failed`` comes out of the block, and nothing keeps it busy for longer.

    Args:
        document: What is worked on.
        settings: Limits.
        seconds: For the block.
    """
    try:
        with time_limit(seconds):
            yield
    except Rejected:
        raise
    except TimeLimitReached as error:
        raise Failed("timed_out", f"still busy after {settings.time_limit:g} s") from error
    except MemoryError as error:
        raise Failed("out_of_memory", f"needs more than {settings.memory_limit_mb} MiB") from error
    except (Exception, SystemExit) as error:  # hostile input meets a bug: its companions go on, and it stays loud
        log.exception("bug", extra={"path": document.label})
        raise Failed("crashed", f"{type(error).__name__}: {error}"[:500]) from error
