"""What the formats of word processors have in common: paragraphs, rows of tables, links, and names of styles."""

import re
from dataclasses import dataclass, field
from typing import Literal

from schemas.article import Link
from worker.formats.bounds import check_length
from worker.models import RawBlock, RawKind

Role = Literal["title", "subtitle", "heading", "list_item", "quote", "caption", "contents"]

_STYLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("contents", re.compile(r"toc\b.*|table of contents.*|contents \d+|contents heading|index.*")),
    ("title", re.compile(r"title|headline")),
    ("subtitle", re.compile(r"subtitle|standfirst|deck")),
    ("heading", re.compile(r"heading(?: \d+)?|sub-?head(?:ing)?")),
    ("quote", re.compile(r"(?:intense )?quote|quotations|block text")),
    ("list_item", re.compile(r"list(?: .*)?|numbering \d.*")),
    ("caption", re.compile(r"(?:.{0,100} )?caption|illustration|figure|drawing")),
)
_KINDS: dict[Role | None, RawKind] = {
    None: "line", "title": "heading", "subtitle": "line", "contents": "line",
    "heading": "heading", "list_item": "list_item", "quote": "quote", "caption": "caption",
}  # fmt: skip
_SENTENCE_END = (".", "!", "?", "…", ":", '"', "”", "’", "»")


def role_of_style(name: str) -> Role | None:
    """What a paragraph style says of its paragraphs; None for one of running text, or of one's own making."""
    name = " ".join(name.replace("_20_", " ").casefold().split())
    return next((role for role, pattern in _STYLES if pattern.fullmatch(name)), None)


@dataclass(slots=True)
class _Paragraph:
    role: Role | None = None
    parts: list[str] = field(default_factory=list)
    inner: list[RawBlock] = field(default_factory=list)  # of text boxes that are anchored in it
    link: tuple[str, int] | None = None  # its address, and the part at which it begins


@dataclass(slots=True)
class _Row:
    cells: list[list[RawBlock]] = field(default_factory=list)


class Flow:
    """The blocks of a document, as its parts come in reading order.

    A paragraph whose style says nothing is a ``line``: whether it is a byline or running text only its words tell.

    Attributes:
        blocks: What is complete.
        links: Likewise.
        title: The first paragraph in the style of a title, and where it stands among the blocks.
        subtitle: The first in that of a subtitle.
    """

    def __init__(self) -> None:
        self.blocks: list[RawBlock] = []
        self.links: list[Link] = []
        self.title: str | None = None
        self.subtitle: str | None = None
        self._paragraphs: list[_Paragraph] = []
        self._rows: list[_Row] = []
        self._characters = self._count = 0

    def begin(self, role: Role | None = None) -> None:
        """A paragraph begins; one within another is that of a text box, and follows it."""
        self._paragraphs.append(_Paragraph(role))

    def be(self, role: Role | None) -> None:
        """Say what the open paragraph is."""
        if self._paragraphs:
            self._paragraphs[-1].role = role

    def add(self, text: str) -> None:
        """Text of the open paragraph; a line break is a newline character."""
        if self._paragraphs:
            self._paragraphs[-1].parts.append(text)

    def begin_link(self, url: str | None) -> None:
        """A link begins, if it has an address that is kept."""
        if url and self._paragraphs:
            self._paragraphs[-1].link = (url, len(self._paragraphs[-1].parts))

    def end_link(self) -> None:
        """The open link ends."""
        if self._paragraphs and (link := self._paragraphs[-1].link):
            url, start = link
            self.links.append(Link(text=_flat("".join(self._paragraphs[-1].parts[start:])), url=url))
            self._paragraphs[-1].link = None

    def end(self) -> None:
        """The open paragraph ends.

        Raises:
            Rejected: ``too_long`` or ``too_many_lines``.
        """
        if not self._paragraphs:
            return
        paragraph = self._paragraphs.pop()
        role = paragraph.role
        texts = pieces("".join(paragraph.parts)) if role != "contents" else []
        if role == "title" and self.title is None and texts:
            self.title = " ".join(texts)
            texts = [self.title]
        elif role == "subtitle" and self.subtitle is None and texts:
            self.subtitle = " ".join(texts)
            texts = [self.subtitle]
        blocks = [*(RawBlock(_KINDS[role], text) for text in texts), *paragraph.inner]
        self._count += len(texts)
        self._characters += sum(map(len, texts))
        check_length(self._characters, self._count)
        (self._paragraphs[-1].inner if self._paragraphs else self._place()).extend(blocks)

    def begin_row(self) -> None:
        """A row of a table begins; it may lie in a cell of another."""
        self._rows.append(_Row())

    def begin_cell(self) -> None:
        """A cell of the open row begins."""
        if self._rows:
            self._rows[-1].cells.append([])

    def end_row(self) -> None:
        """The open row ends: one paragraph, or what is in its only cell with text, as it is."""
        if not self._rows:
            return
        cells = [cell for cell in self._rows.pop().cells if cell]
        if len(cells) > 1:
            text = " | ".join(" ".join(block.text for block in cell) for cell in cells)
            self._place().append(RawBlock("paragraph", text))
        elif cells:
            self._place().extend(cells[0])

    def _place(self) -> list[RawBlock]:
        if not self._rows:
            return self.blocks
        if not self._rows[-1].cells:
            self._rows[-1].cells.append([])
        return self._rows[-1].cells[-1]


def pieces(text: str) -> list[str]:
    """The paragraphs in one: an empty line parts two, and a break where a sentence ends before it."""
    found: list[str] = []
    begun = False
    for line in text.split("\n"):
        flat = _flat(line)
        if not flat:
            begun = False
        elif begun and not found[-1].endswith(_SENTENCE_END):
            found[-1] += f" {flat}"
        else:
            found.append(flat)
            begun = True
    return found


def _flat(text: str) -> str:
    return " ".join(text.split())
