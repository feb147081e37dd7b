"""XML as a stream of events: no tree is built, nothing is expanded and nothing fetched."""

import re
from collections.abc import Mapping

# A document type is refused before any entity can be declared, which is all that makes expat a danger.
from xml.parsers import expat

from worker.errors import Rejected

MAX_MARKS = 800_000  # "<" or ">" in a document: about twice its elements; an article of a million characters has a half
MAX_NAMESPACES = 10_000  # declared; expat takes ever longer for each
MAX_TAG = 2**20  # bytes between two ">"; a tag that long is none that a program wrote
MAX_DEPTH = 256  # as the usual parsers have it
_BETWEEN = re.compile(rb"[^>]+")

# By what they are known in the standards; each is followed by the name that an element is given here.
_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
    "http://purl.org/dc/elements/1.1/": "dc",
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
    "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0": "svg",
    "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0": "manifest",
    "urn:oasis:names:tc:opendocument:xmlns:container": "container",
    "http://www.idpf.org/2007/opf": "opf",
    "http://www.w3.org/2001/04/xmlenc#": "enc",
}


class Handler:
    """What is done with the elements of a document; those named in ``skipped`` are passed over with all in them.

    Names are ``prefix:name``, with the prefixes that the standards use, whatever the document calls them; ``?`` where
    the namespace is another. Attributes go without prefixes.
    """

    skipped: frozenset[str] = frozenset()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text within the innermost open element; may come in pieces."""


class TextOf(Handler):
    """The text of all elements of one name.

    Attributes:
        found: Of those before, joined by a space.
    """

    def __init__(self, name: str) -> None:
        self.found = ""
        self._name = name
        self._inside = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002, D102 - its parent's
        if name == self._name:
            self._inside = True
            self.found += " " if self.found else ""

    def end(self, name: str) -> None:  # noqa: D102
        if name == self._name:
            self._inside = False

    def text(self, text: str) -> None:  # noqa: D102
        if self._inside:
            self.found += text


def parse(data: bytes, what: str, handler: Handler) -> None:
    """Call a handler for all that a document holds, in its order.

    Args:
        data: The document.
        what: To call it before people.
        handler: Its ``Rejected`` passes through.

    Raises:
        Rejected: ``damaged``, or ``too_complex`` for a document of too many or too deep elements or with a DTD.
    """
    many = max(data.count(b"<"), data.count(b">")) > MAX_MARKS or data.count(b"xmlns") > MAX_NAMESPACES
    if many or any(match.end() - match.start() > MAX_TAG for match in _BETWEEN.finditer(data)):
        raise Rejected("parse", "too_complex", f"{what} holds too many elements, or too large ones")
    try:
        _Parser(what, handler).expat.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the latter two for unknown encodings
        raise Rejected("parse", "damaged", f"{what} is no well-formed XML: {error}") from error


class _Parser:
    """Expat, with names as the standards write them, and without what is skipped."""

    def __init__(self, what: str, handler: Handler) -> None:
        self.expat = expat.ParserCreate(namespace_separator=" ")
        self.expat.buffer_text = True
        self.expat.StartElementHandler = self._start
        self.expat.EndElementHandler = self._end
        self.expat.CharacterDataHandler = self._text
        self.expat.StartDoctypeDeclHandler = self._doctype
        self._what = what
        self._handler = handler
        self._depth = 0
        self._skipped_at = 0  # the depth of the element that is passed over; 0: none

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            detail = f"{self._what} has more than {MAX_DEPTH} elements within each other"
            raise Rejected("parse", "too_complex", detail)
        if self._skipped_at:
            return
        name = _short(tag)
        if name in self._handler.skipped:
            self._skipped_at = self._depth
        else:
            self._handler.start(name, {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if not self._skipped_at:
            self._handler.end(_short(tag))
        elif self._depth < self._skipped_at:
            self._skipped_at = 0

    def _text(self, text: str) -> None:
        if not self._skipped_at:
            self._handler.text(text)

    def _doctype(self, *_: object) -> None:
        raise Rejected("parse", "too_complex", f"{self._what} has a document type of its own, which is not read")


def _short(tag: str) -> str:
    space, _, name = tag.rpartition(" ")
    return f"{_PREFIXES.get(space, '?')}:{name}"
