"""Reading: one module per input format.

A module of a single article has ``read(document) -> RawArticle``; one of a container has
``unpack(document) -> Iterator[Document]``, the documents in it, each of which is told and read like a file.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from typing import cast

from worker.errors import Rejected
from worker.formats.recognise import Format, recognise
from worker.models import Document, RawArticle

__all__ = ["MAX_PARTS", "MAX_UNPACKED", "Format", "read_document", "unpack_document"]

MAX_PARTS = 1_000  # articles in one file
MAX_DEPTH = 3  # containers within containers
MAX_UNPACKED = 64 * 2**20  # bytes of all that a file holds


def unpack_document(document: Document, depth: int = 0) -> Iterator[Document]:
    """The documents of single articles in a file: itself, or what it contains, in its order.

    A part that cannot be unpacked any further is given as it is: reading it says why, and the others go on.

    Raises:
        Rejected: ``empty``, ``binary``, ``unknown_type``, ``too_complex`` (containers too deep within each other),
            or why a container cannot be read. May be raised after some documents were given.
    """
    found = recognise(document)
    if not found.container:
        yield document
        return
    if depth == MAX_DEPTH:
        raise Rejected("parse", "too_complex", f"more than {MAX_DEPTH} archives within each other")
    unpack = cast("Callable[[Document], Iterator[Document]]", _module(found).unpack)
    for part in unpack(replace(document, file=document.facts)):
        try:
            yield from unpack_document(part, depth + 1)
        except Rejected:
            yield part


def read_document(document: Document) -> RawArticle:
    """Read a file of one article in any known format, told by its content first and its name second.

    Raises:
        Rejected: ``empty``, ``binary``, ``unknown_type``, ``undecodable``, ``too_complex``, ``too_long``,
            ``too_many_lines``, ``no_body`` or ``not_installed``.
    """
    found = recognise(document)
    if found.container:
        for _ in unpack_document(document):
            pass  # to where it breaks off
        raise Rejected("parse", "too_complex", f"{found.name} within others, too deep to be unpacked")
    read = cast("Callable[[Document], RawArticle]", _module(found).read)
    return read(document)


def _module(found: Format):  # type: ignore[no-untyped-def]  # a module has no type of its own
    try:
        return import_module(f"worker.formats.{found.module}")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("worker"):
            raise
        detail = f"looks like {found.name}, for which the package {error.name!r} is missing"
        raise Rejected("parse", "not_installed", detail) from error
