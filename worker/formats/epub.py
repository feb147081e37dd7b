"""EPUB books: one document for each chapter that holds text, in the order in which they are read."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from worker.cleaning.tables import words
from worker.errors import Rejected
from worker.formats.encoding import peek
from worker.formats.html_tree import parse as parse_html
from worker.formats.xml_events import Handler, parse
from worker.formats.zipped import Zipped
from worker.models import Document

_FEWEST_WORDS = 20  # of a chapter; a title page has less
_PAGES = {"application/xhtml+xml", "text/html"}
# What a part of a book calls itself that is no chapter: in its landmarks, its guide or its own mark-up.
_NO_CHAPTERS = frozenset(
    words(
        """
    cover titlepage title-page halftitlepage toc landmarks page-list copyright-page copyright colophon dedication
    loi lot index glossary bibliography acknowledgements imprint contributors other-credits
        """
    )
)
_DIVISIONS = frozenset({"frontmatter", "bodymatter", "backmatter"})
_HIDDEN_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_TYPE = re.compile(
    r"<(?:body|section|nav|div|article)\b[^>]{0,500}?\bepub:type\s*=\s*[\"']([^\"']{1,200})", re.IGNORECASE
)
_TITLE = re.compile(rb"<title[^<>]{0,200}>[^<]{0,500}</title>")  # of a chapter: it names the book, or a file
_HEAD = 20_000  # characters in which a part says what it is


def unpack(document: Document) -> Iterator[Document]:
    """The chapters of a book, each a page named by its place in the archive; its cover, contents and imprint are none.

    Raises:
        Rejected: ``damaged``, ``encrypted`` (as by a shop's copy protection), ``too_complex``, or ``no_body`` where
            none of its chapters holds text.
    """
    archive = Zipped(document.data)
    book = _book(archive)
    locked = _locked(archive)
    found = False
    for path in book.chapters:
        if path in locked:
            raise Rejected("parse", "encrypted", f"its chapter {path!r} is protected against copying")
        data = archive.read(path)
        if _is_chapter(data):
            found = True
            yield document.contained(path, _TITLE.sub(b"", data, count=1))
    if not found:
        raise Rejected("parse", "no_body", "none of its chapters holds text", "body")


def _book(archive: Zipped) -> "_Package":
    container = _Container()
    parse(archive.read("META-INF/container.xml"), "its list of books", container)
    if not container.path:
        raise Rejected("parse", "damaged", "its list of books names none")
    package = _Package(posixpath.dirname(container.path))
    parse(archive.read(container.path), "its list of chapters", package)
    return package


def _locked(archive: Zipped) -> frozenset[str]:
    """The parts that are encrypted; fonts that are merely hidden matter to nobody here."""
    if (path := "META-INF/encryption.xml") not in archive:
        return frozenset()
    locks = _Locks()
    parse(archive.read(path), "its list of what is encrypted", locks)
    return frozenset(locks.locked)


def _is_chapter(data: bytes) -> bool:
    """Whether a part of a book is none that calls itself another, nor holds too little text."""
    kinds = (kind for kinds in _TYPE.findall(peek(data, _HEAD)) for kind in kinds.lower().split())
    if next((kind for kind in kinds if kind not in _DIVISIONS), "chapter") in _NO_CHAPTERS:
        return False
    try:
        tree = parse_html(peek(data, len(data)))
    except Rejected:
        return True  # whoever reads it says why it cannot be read
    return tree is not None and _count_words(tree) >= _FEWEST_WORDS


def _count_words(tree: Any) -> int:
    return sum(len(text.split()) for text in tree.xpath("//body//text()[not(ancestor::script or ancestor::style)]"))


class _Container(Handler):
    """Where the list of a book's parts is."""

    path = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "container:rootfile" and not self.path:
            self.path = attributes.get("full-path", "")


class _Locks(Handler):
    """The parts that are encrypted."""

    def __init__(self) -> None:
        self.locked: list[str] = []
        self._method = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "enc:EncryptedData":
            self._method = ""
        elif name == "enc:EncryptionMethod":
            self._method = attributes.get("Algorithm", "")
        elif name == "enc:CipherReference" and self._method not in _HIDDEN_FONTS:
            self.locked.append(unquote(attributes.get("URI", "")))


@dataclass(slots=True)
class _Package(Handler):
    """The parts of a book, as its package document lists them.

    Attributes:
        folder: That the addresses of the parts are relative to.
    """

    folder: str
    _items: dict[str, tuple[str, str]] = field(default_factory=dict)  # address and media type, by id
    _spine: list[str] = field(default_factory=list)
    _others: set[str] = field(default_factory=set)  # what is no chapter

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "opf:item":
                path = self._path(attributes.get("href", ""))
                self._items[attributes.get("id", "")] = path, attributes.get("media-type", "")
                if "nav" in attributes.get("properties", "").split():
                    self._others.add(path)
            case "opf:itemref":
                self._spine.append(attributes.get("idref", ""))
            case "opf:reference" if attributes.get("type", "").lower() in _NO_CHAPTERS:
                self._others.add(self._path(attributes.get("href", "")))

    def _path(self, address: str) -> str:
        """The name that a part has in the archive."""
        return posixpath.normpath(posixpath.join("/", self.folder, unquote(address.partition("#")[0]))).lstrip("/")

    @property
    def chapters(self) -> Iterator[str]:
        """The names of the parts that may be chapters, in reading order, each once."""
        named = (self._items[part] for part in self._spine if part in self._items)
        return iter(dict.fromkeys(path for path, kind in named if kind in _PAGES and path not in self._others))
