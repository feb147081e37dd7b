"""Reading archived files once more, in a process of its own with a worker's limits, and classifying them twice.

A file may be read by another version than the one that published it, so it may also hang or crash that: then the
process is replaced, and the file is reported.
"""

import contextlib
import multiprocessing
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from schemas.article import Article, Topic
from schemas.rejection import Reason
from worker.attempt import Failed, attempt, attempt_part, parts_of
from worker.classify import Classify, Verdict
from worker.errors import Rejected
from worker.limits import limit_memory
from worker.models import CleanArticle, Document
from worker.settings import Settings

STOP_SECONDS = 5.0  # that the process gets to end by itself
WATCHDOG_EXIT = 1  # how a process ends that limits.py's watchdog ends

_context = multiprocessing.get_context("fork")  # what was loaded, the rules above all, is there at once


@dataclass(frozen=True, slots=True)
class Changed:
    """An article that has other topics by the new rules.

    Attributes:
        number: Which of its file, as in ``Settled``.
        article: Its record, with its topics by the new rules.
        previous: Its topics by the old rules.
    """

    number: str | None
    article: Article
    previous: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """An article, or (number None) what is left of a file, that gave no record this time, and why."""

    number: str | None
    reason: Reason
    detail: str


Answer = Changed | Unread
Wanted = frozenset[str | None]  # the numbers of the articles that are meant; None: the only one of its file


class Rereader:
    """Reads files within the limits of a worker; to be closed after use.

    Args:
        old: Gives the topics by the old rules.
        new: By the new ones.
        settings: Limits.
    """

    def __init__(self, old: Classify, new: Classify, settings: Settings) -> None:
        self._twice = _Twice(old, new)
        self._settings = settings
        self._process: BaseProcess | None = None
        self._connection: Connection

    def read(self, document: Document, wanted: Wanted) -> Iterator[Answer]:
        """What changes in a file, article by article; and what of it could not be read."""
        if self._process is None or not self._process.is_alive():
            self.close()
            self._start()
        began = time.monotonic()
        try:
            self._connection.send((document, wanted))
            while (answer := self._connection.recv()) is not None:
                yield answer
                began = time.monotonic()
        except (EOFError, OSError):
            yield self._post_mortem(time.monotonic() - began)

    def close(self) -> None:
        """End the process."""
        if self._process is None:
            return
        self._connection.close()  # what it waits for will not come
        self._process.join(STOP_SECONDS)
        self._process.kill()
        self._process.join()
        self._process = None

    def _start(self) -> None:
        self._connection, theirs = _context.Pipe()
        work = (self._connection, theirs, self._twice, self._settings)
        self._process = _context.Process(target=_serve, args=work, daemon=True)
        self._process.start()
        theirs.close()  # else its end would not be noticed

    def _post_mortem(self, seconds: float) -> Unread:
        """Why the process ended, which is gone then, so long after it began on the article."""
        process, self._process = self._process, None
        self._connection.close()
        if process is None:
            return Unread(None, "crashed", "it was closed")
        process.join(STOP_SECONDS)
        process.kill()
        if process.exitcode == WATCHDOG_EXIT and seconds >= self._settings.time_limit:
            return Unread(None, "timed_out", f"still busy after {self._settings.time_limit:g} s")
        return Unread(None, "crashed", f"the process that read it ended with status {process.exitcode}")


class _Twice:
    """Classifies by the new rules, and remembers what the old ones say of the same article."""

    def __init__(self, old: Classify, new: Classify) -> None:
        self._old = old
        self._new = new
        self._previous = Verdict(())

    def __call__(self, article: CleanArticle, language: str) -> Verdict:
        self._previous = self._old(article, language)
        return self._new(article, language)

    def compared(self, number: str | None, article: Article) -> Iterator[Changed]:
        """What the last article's change is, if there is one: other topics, or another primary one."""
        now, before = ({topic.id for topic in topics} for topics in (article.topics, self._previous.topics))
        if now != before or article.primary_topic != self._previous.primary:
            yield Changed(number, article, self._previous.topics)


class _Others:
    """The numbers of the articles that are not wanted."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted

    def __contains__(self, number: object) -> bool:
        return number not in self._wanted


def _serve(ours: Connection, theirs: Connection, twice: _Twice, settings: Settings) -> None:
    """Answer until nobody asks any more: what the process does."""
    ours.close()  # that of the process which asks
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for that one, which then closes the connection
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    limit_memory(settings.memory_limit_mb)
    with contextlib.suppress(EOFError, OSError):
        while True:
            document, wanted = theirs.recv()
            for answer in answers(document, wanted, twice, settings):
                theirs.send(answer)
            theirs.send(None)


def answers(document: Document, wanted: Wanted, twice: _Twice, settings: Settings) -> Iterator[Answer]:
    """What changes in a file, and what of it could not be read."""
    try:
        if wanted == {None}:
            article = attempt(document, twice, settings)
            yield from twice.compared(None, article) if article else (_several(),)
            return
        missing = set(wanted)
        for number, part in parts_of(document, settings, _Others(wanted)):
            yield from _of_part(number, part, twice, settings)
            missing.discard(number)
            if not missing:  # what comes behind may be broken, and was when the file was published
                return
        for number in sorted(filter(None, missing)):
            yield Unread(number, "empty", "the file holds fewer articles now")
    except (Rejected, Failed) as error:
        yield Unread(None, error.reason, error.detail)


def _of_part(number: str, part: Document, twice: _Twice, settings: Settings) -> Iterator[Answer]:
    try:
        yield from twice.compared(number, attempt_part(part, twice, settings))
    except (Rejected, Failed) as error:
        yield Unread(number, error.reason, error.detail)


def _several() -> Unread:
    return Unread(None, "invalid", "it held one article, and is read as several now")
