"""Reading: one module per input format.

A module of a single article has ``read(document) -> RawArticle``; one of a container has
``unpack(document) -> Iterator[Document]``, the documents in it, each of which is told and read like a file. A format
that may hold one article or several has both, and unpacks a file of one into the document itself. An archive, which
holds files of any format, has ``unpack(document, spend)`` and calls ``spend`` with every number of bytes it unpacks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, cast

from worker.errors import Rejected
from worker.formats.recognise import Format, recognise
from worker.models import Document, RawArticle

__all__ = ["MAX_PARTS", "MAX_UNPACKED", "Format", "read_document", "unpack_document"]

MAX_PARTS = 1_000  # articles in one file
MAX_DEPTH = 3  # archives within each other
MAX_UNPACKED = 64 * 2**20  # bytes of all that a file's archives hold


class Exhausted(Rejected):
    """What a file holds is too much in sum: none of it is published."""


@dataclass(slots=True)
class Budget:
    """What a file's archives may still unpack to, all together."""

    left: int = MAX_UNPACKED

    def spend(self, size: int) -> None:
        """Count bytes that were unpacked.

        Raises:
            Exhausted: ``too_large``.
        """
        self.left -= size
        if self.left < 0:
            raise Exhausted("parse", "too_large", f"unpacks to more than {MAX_UNPACKED} bytes")


def unpack_document(document: Document) -> Iterator[Document]:
    """The documents of single articles in a file: itself, or what it contains, in its order.

    What is wrong with one of several is raised when that one is read, so that the others are not lost with it.

    Raises:
        Rejected: ``empty``, ``binary``, ``unknown_type``, ``not_installed``, ``too_large``, or
            why a container cannot be read. May be raised after some documents were given.
    """
    yield from _unpacked(document, Budget())


def _unpacked(document: Document, budget: Budget, depth: int = 0) -> Iterator[Document]:
    found = recognise(document)
    if not found.container:
        yield document
    elif not found.nests:
        yield from _module(found).unpack(replace(document, file=document.facts))
    elif depth == MAX_DEPTH:
        raise Rejected("parse", "too_complex", f"more than {MAX_DEPTH} archives within each other")
    else:
        for part in _module(found).unpack(replace(document, file=document.facts), budget.spend):
            yield from _each(part, budget, depth + 1)


def _each(part: Document, budget: Budget, depth: int) -> Iterator[Document]:
    """The documents in a part of an archive; where it cannot be unpacked, or no further, that is its own fault."""
    if part.fault:
        yield part
        return
    try:
        yield from _unpacked(part, budget, depth)
    except Exhausted:
        raise
    except Rejected as error:
        yield replace(part, data=b"", fault=error)


def read_document(document: Document) -> RawArticle:
    """Read a document of one article in any known format, told by its content first and its name second.

    Raises:
        Rejected: ``empty``, ``binary``, ``unknown_type``, ``undecodable``, ``damaged``, ``encrypted``,
            ``too_complex``, ``too_long``, ``too_large``, ``too_many_lines``, ``no_body`` or ``not_installed``.
    """
    if document.fault:
        raise document.fault
    found = recognise(document)
    read = cast("Callable[[Document], RawArticle] | None", getattr(_module(found), "read", None))
    if read is None:
        raise Rejected("parse", "unknown_type", f"looks like {found.name}, which holds articles and is none")
    return read(document)


def _module(found: Format) -> Any:
    try:
        return import_module(f"worker.formats.{found.module}")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("worker"):
            raise
        detail = f"looks like {found.name}, for which the package {error.name!r} is missing"
        raise Rejected("parse", "not_installed", detail) from error
