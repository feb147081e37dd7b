"""Word documents: their paragraphs by the names of their styles. Nothing in them is run, and no link is followed."""

import posixpath
from collections.abc import Mapping

from worker.errors import Rejected
from worker.formats.claims import article
from worker.formats.flow import Flow, Role, role_of_style
from worker.formats.links import absolute
from worker.formats.xml_events import Handler, parse
from worker.formats.zipped import Zipped
from worker.models import Document, RawArticle

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LIMIT = 32 * 2**20  # bytes of all the parts that are read, unpacked; the text of a novel takes a third
_INHERITED = 10  # styles that a style may be based on, one on the other
_TEXT_LEVEL = 9  # the outline level of running text
_OFF = {"0", "false", "off"}


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
    properties = _Properties()
    if (core := "docProps/core.xml") in archive:
        parse(archive.read(core), "its properties", properties)
    return article(MEDIA_TYPE, "utf-8", text.flow, properties.title)


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

    # Deleted or moved away, the second form of what a program may not understand, formulas, a content control's own
    # texts, comments' and notes' marks; notes, comments, headers and footers lie in parts of their own.
    skipped = frozenset({"w:del", "w:moveFrom", "w:instrText", "w:delText", "mc:Fallback", "w:sdtPr", "w:rubyPr", "w:rt"})  # fmt: skip

    def __init__(self, styles: _Styles, links: Mapping[str, str]) -> None:
        self.flow = Flow()
        self._styles = styles
        self._links = links
        self._open: list[str] = []
        self._hidden = False
        self._role: Role | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._open.append(name)
        value = attributes.get("val", "")
        match name:
            case "w:p":
                self.flow.begin()
                self._role = None
            case "w:pStyle":
                self._say(self._styles.role(value) or role_of_style(value) or self._role)
            case "w:outlineLvl" if _is_heading(value):
                self._say(self._role or "heading")
            case "w:numId" if value != "0":
                self._say(self._role or "list_item")
            case "w:r":
                self._hidden = False
            case "w:vanish":
                self._hidden = value not in _OFF and "w:r" in self._open[-3:]
            case "w:br" | "w:cr":
                self._add("\n")
            case "w:tab" if self._open[-2:-1] == ["w:r"]:
                self._add(" ")
            case "w:noBreakHyphen":
                self._add("-")
            case "w:hyperlink":
                self.flow.begin_link(self._links.get(attributes.get("id", "")))
            case "w:tr":
                self.flow.begin_row()
            case "w:tc":
                self.flow.begin_cell()

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

    def _say(self, role: Role | None) -> None:
        self._role = role
        self.flow.be(role)


class _Properties(Handler):
    """The title in the document's properties."""

    def __init__(self) -> None:
        self.title = ""
        self._in_title = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - the same as its parent's
        self._in_title = name == "dc:title"

    def end(self, name: str) -> None:  # noqa: ARG002 - the same as its parent's
        self._in_title = False

    def text(self, text: str) -> None:
        if self._in_title:
            self.title += text


def _is_heading(level: str) -> bool:
    return level.isdecimal() and int(level[:3]) < _TEXT_LEVEL
