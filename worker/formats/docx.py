"""Word documents: their paragraphs by the names of their styles. Nothing in them is run, and no link is followed."""

import posixpath
from collections.abc import Mapping

from worker.errors import Rejected
from worker.formats.claims import article
from worker.formats.flow import Flow, Role, role_of_style
from worker.formats.links import absolute
from worker.formats.xml_events import Handler, TextOf, parse
from worker.formats.zipped import Zipped
from worker.models import Document, RawArticle

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LIMIT = 32 * 2**20  # bytes of all the parts that are read, unpacked; the text of a novel takes a third
_INHERITED = 10  # styles that a style may be based on, one on the other
_TEXT_LEVEL = 9  # the outline level of running text
_OFF = {"0", "false", "off"}
_SIGNS = {"w:br": "\n", "w:cr": "\n", "w:tab": " ", "w:noBreakHyphen": "-"}


def read(document: Document) -> RawArticle:
    """Read a Word document (.docx); deleted, hidden and marginal text is left out.

    Raises:
        Rejected: ``damaged``, ``encrypted``, ``too_complex``, ``too_long``, ``too_many_lines`` or ``no_body``.
    """
    archive = Zipped(document.data, _LIMIT)
    main = _Relations.of(archive, "").first("/officeDocument") or "word/document.xml"
    relations = _Relations.of(archive, main)
    text = _Text(_Styles.of(archive, relations.first("/styles")), relations.links)
    parse(archive.read(main), "its text", text)
    if not text.flow.blocks:
        raise Rejected("parse", "no_body", "there is no text in the document", "body")
    title = TextOf("dc:title")
    if (core := "docProps/core.xml") in archive:
        parse(archive.read(core), "its properties", title)
    return article(_MEDIA_TYPE, "utf-8", text.flow, title.found)


class _Relations(Handler):
    """Where the parts are that a part refers to, and its links."""

    def __init__(self, folder: str) -> None:
        self.links: dict[str, str] = {}
        self._folder = folder
        self._parts: list[tuple[str, str]] = []

    @classmethod
    def of(cls, archive: Zipped, part: str) -> "_Relations":
        folder, name = posixpath.split(part)
        relations = cls(folder)
        if (path := posixpath.join(folder, "_rels", f"{name}.rels")) in archive:
            parse(archive.read(path), "its list of parts", relations)
        return relations

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name != "rel:Relationship":
            return
        kind, target = attributes.get("Type", ""), attributes.get("Target", "")
        if attributes.get("TargetMode") != "External":
            self._parts.append((kind, posixpath.normpath(posixpath.join("/", self._folder, target)).lstrip("/")))
        elif kind.endswith("/hyperlink") and (url := absolute(target)):
            self.links[attributes.get("Id", "")] = url

    def first(self, kind: str) -> str | None:
        return next((part for of, part in self._parts if of.endswith(kind)), None)


class _Styles(Handler):
    """What the styles of paragraphs say of them, by the styles' ids."""

    def __init__(self) -> None:
        self._id = ""
        self._own: dict[str, Role] = {}
        self._based_on: dict[str, str] = {}

    @classmethod
    def of(cls, archive: Zipped, part: str | None) -> "_Styles":
        styles = cls()
        if part and part in archive:
            parse(archive.read(part), "its list of styles", styles)
        return styles

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        value = attributes.get("val", "")
        if name == "w:style":
            self._id = attributes.get("styleId", "")
        elif name == "w:name" and (role := role_of_style(value)):
            self._own[self._id] = role
        elif name == "w:basedOn":
            self._based_on[self._id] = value
        elif name == "w:outlineLvl" and _is_heading(value):
            self._own.setdefault(self._id, "heading")
        elif name == "w:numId" and value != "0":
            self._own.setdefault(self._id, "list_item")

    def role(self, style: str) -> Role | None:
        for _ in range(_INHERITED):
            if style in self._own:
                return self._own[style]
            style = self._based_on.get(style, "")
        return None


class _Text(Handler):
    """The document's own text."""

    # What was deleted or moved away, how a paragraph was formatted before, instructions of fields, the second form of
    # what a program may not understand, what a control says of itself, readings of signs. Notes, comments, headers and
    # footers lie in parts of their own, which are not read.
    skipped = frozenset(
        {
            "w:del", "w:moveFrom", "w:delText", "w:pPrChange", "w:rPrChange", "w:instrText", "mc:Fallback", "w:sdtPr",
            "w:rt",
        }
    )  # fmt: skip

    def __init__(self, styles: _Styles, links: Mapping[str, str]) -> None:
        self.flow = Flow()
        self._styles = styles
        self._links = links
        self._open: list[str] = []
        self._hidden = False
        self._role: Role | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._open.append(name)
        if "val" in attributes:
            self._property(name, attributes["val"])
        match name:
            case "w:p":
                self.flow.begin()
                self._role = None
            case "w:r":
                self._hidden = False
            case "w:vanish" if attributes.get("val") not in _OFF:
                self._hidden = self._open[-3:-1] == ["w:r", "w:rPr"]
            case "w:hyperlink":
                self.flow.begin_link(self._links.get(attributes.get("id", "")))
            case "w:tr":
                self.flow.begin_row()
            case "w:tc":
                self.flow.begin_cell()
            case _ if self._open[-2:-1] == ["w:r"]:
                self._add(_SIGNS.get(name, ""))

    def _property(self, name: str, value: str) -> None:
        """What a paragraph is: its style says it better than its numbers do."""
        role: Role | None = None
        if name == "w:pStyle":
            role = self._styles.role(value) or role_of_style(value) or self._role
        elif name == "w:outlineLvl" and _is_heading(value):
            role = self._role or "heading"
        elif name == "w:numId" and value != "0":
            role = self._role or "list_item"
        if role:
            self._role = role
            self.flow.be(role)

    def end(self, name: str) -> None:
        self._open.pop()
        match name:
            case "w:p":
                self.flow.end()
            case "w:hyperlink":
                self.flow.end_link()
            case "w:tr":
                self.flow.end_row()

    def text(self, text: str) -> None:
        if self._open[-1] == "w:t":
            self._add(text)

    def _add(self, text: str) -> None:
        if not self._hidden:
            self.flow.add(text)


def _is_heading(level: str) -> bool:
    return level.isdecimal() and int(level[:3]) < _TEXT_LEVEL
