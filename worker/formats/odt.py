"""OpenDocument texts: their paragraphs by the names of their styles."""

import re
from collections.abc import Mapping

from worker.errors import Rejected
from worker.formats.claims import article
from worker.formats.flow import Flow, Role, role_of_style
from worker.formats.links import absolute
from worker.formats.xml_events import Handler, TextOf, parse
from worker.formats.zipped import Zipped
from worker.models import Document, RawArticle

_MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_LIMIT = 32 * 2**20  # bytes of all the parts that are read, unpacked; the text of a novel takes a third
_INHERITED = 10  # styles that a style may be based on, one on the other
_SPACES = re.compile(r"\s+")


def read(document: Document) -> RawArticle:
    """Read an OpenDocument text (.odt); notes, comments, indexes and deleted text are left out.

    Raises:
        Rejected: ``damaged``, ``encrypted``, ``too_complex``, ``too_long``, ``too_many_lines`` or ``no_body``.
    """
    archive = Zipped(document.data, _LIMIT)
    if (manifest := "META-INF/manifest.xml") in archive:
        parse(archive.read(manifest), "its list of parts", _Manifest())
    text = _Text()
    if "styles.xml" in archive:
        parse(archive.read("styles.xml"), "its list of styles", text.styles)
    parse(archive.read("content.xml"), "its text", text)
    if not text.flow.blocks:
        raise Rejected("parse", "no_body", "there is no text in the document", "body")
    title = TextOf("dc:title")
    if "meta.xml" in archive:
        parse(archive.read("meta.xml"), "its properties", title)
    return article(_MEDIA_TYPE, "utf-8", text.flow, title.found)


class _Manifest(Handler):
    """Nothing of it is used; it tells whether the parts are encrypted."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - as its parent's
        if name == "manifest:encryption-data":
            raise Rejected("parse", "encrypted", "it is protected by a password")


class _Styles(Handler):
    """What the styles of paragraphs say of them, by the styles' names."""

    def __init__(self) -> None:
        self._headings: set[str] = set()
        self._parents: dict[str, str] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "style:style" and attributes.get("family") == "paragraph":
            style = attributes.get("name", "")
            self._parents[style] = attributes.get("parent-style-name", "")
            if attributes.get("default-outline-level"):
                self._headings.add(style)

    def role(self, style: str) -> Role | None:
        for _ in range(_INHERITED):
            if (role := role_of_style(style)) or style in self._headings:
                return role or "heading"
            style = self._parents.get(style, "")
        return None


class _Text(Handler):
    """The document's own text, and the styles that belong to its places."""

    skipped = frozenset(
        {
            "text:tracked-changes", "text:note", "office:annotation", "text:ruby-text", "office:forms",
            "office:binary-data", "text:table-of-content", "text:illustration-index", "text:table-index",
            "text:object-index", "text:user-index",
            "text:alphabetical-index", "text:bibliography", "svg:title", "svg:desc", "draw:object",
        }
    )  # fmt: skip

    def __init__(self) -> None:
        self.flow = Flow()
        self.styles = _Styles()
        self._lists = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "style:style":
                self.styles.start(name, attributes)
            case "text:h" | "text:p":
                usual: Role | None = "heading" if name == "text:h" else "list_item" if self._lists else None
                self.flow.begin(self.styles.role(attributes.get("style-name", "")) or usual)
            case "text:list":
                self._lists += 1
            case "text:line-break":
                self.flow.add("\n")
            case "text:tab" | "text:s":
                self.flow.add(" ")
            case "text:a":
                self.flow.begin_link(absolute(attributes.get("href")))
            case "table:table-row":
                self.flow.begin_row()
            case "table:table-cell":
                self.flow.begin_cell()

    def end(self, name: str) -> None:
        match name:
            case "text:h" | "text:p":
                self.flow.end()
            case "text:list":
                self._lists -= 1
            case "text:a":
                self.flow.end_link()
            case "table:table-row":
                self.flow.end_row()

    def text(self, text: str) -> None:
        self.flow.add(_SPACES.sub(" ", text))
