"""Markdown: the blocks that its mark-up names, and the fields of its front matter."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from schemas.article import Link
from worker.cleaning.bylines import clean_names
from worker.cleaning.dates import read_moment
from worker.errors import Rejected
from worker.formats.bounds import bounded, check_length
from worker.formats.encoding import decode
from worker.formats.links import absolute
from worker.models import Document, RawArticle, RawBlock, RawKind

MAX_INDENT = 200  # characters before a line; deeper nesting than that is none that a person wrote
_FRONT = re.compile(
    r"\A\s*(?:---|\+\+\+)[ \t]*\n(?P<fields>(?:.{0,1000}\n){0,50}?)(?:---|\+\+\+|\.\.\.)[ \t]*(?:\n|\Z)"
)
_FIELD = re.compile(r"(?P<name>[A-Za-z_]{1,30})[ \t]*[:=][ \t]*(?P<value>.{0,500})")
_QUOTES = "\"'[] \t"
_SIGNS = re.compile(
    r"^(?:\#{1,6}[ \t]+\S|(?:---|\+\+\+)\n\w+[ \t]*[:=]|>[ \t]+\S|!?\[[^\]\n]{1,200}\]\([^)\s]{1,500}\))", re.MULTILINE
)


def looks_like(head: str) -> bool:
    """Whether a text uses Markdown's marks: a heading, a quotation, a link or front matter."""
    return _SIGNS.search(head) is not None


def read(document: Document) -> RawArticle:
    """Read Markdown (CommonMark with tables); HTML in it is not interpreted.

    Raises:
        Rejected: ``undecodable``, ``binary``, ``too_long``, ``too_many_lines`` or ``no_body``.
    """
    decoded = decode(document.data)
    check_length(len(decoded.text), decoded.text.count("\n"))
    front = _FRONT.match(decoded.text)
    fields = dict(_fields(front["fields"])) if front else {}
    text = decoded.text[front.end() :] if front else decoded.text
    tokens = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table").parse(text)
    blocks = bounded(_blocks(tokens))
    if not blocks:
        raise Rejected("parse", "no_body", "there is no text below its front matter", "body")
    first = next((i for i, t in enumerate(tokens) if t.type == "heading_open"), None)
    headline = fields.get("title") or _first_heading(tokens, first)
    return RawArticle(
        media_type="text/markdown",
        encoding=decoded.encoding,
        blocks=blocks,
        headline=headline,
        standfirst=fields.get("description") or fields.get("summary"),
        byline=clean_names([fields.get("author") or fields.get("authors") or fields.get("byline") or ""]),
        published=read_moment(fields["date"]) if "date" in fields else None,
        source_name=fields.get("source"),
        url=absolute(fields.get("url") or fields.get("link")),
        links=tuple(_links(tokens)),
        warnings=decoded.warnings,
    )


def _fields(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if (match := _FIELD.fullmatch(line)) and (value := match["value"].strip(_QUOTES)):
            yield match["name"].lower(), value


def _first_heading(tokens: Sequence[Token], at: int | None) -> str | None:
    """The text's title: its first heading, where nothing but it is of that level and little stands above it."""
    if at is None or tokens[at].tag != "h1":
        return None
    return _text(tokens[at + 1]) or None


def _blocks(tokens: Sequence[Token]) -> Iterator[RawBlock]:
    open_: list[str] = []
    kinds: dict[str, RawKind] = {"blockquote": "quote", "list_item": "list_item", "heading": "heading"}
    row: list[str] = []
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        if token.type.endswith("_open"):
            open_.append(name)
        elif token.type.endswith("_close"):
            open_.pop()
            if name == "tr" and (text := " | ".join(filter(None, row))):
                yield RawBlock("paragraph", text)
                row = []
        elif token.type in {"fence", "code_block"} and token.content.strip():
            yield RawBlock("paragraph", " ".join(token.content.split()))
        elif token.type == "inline" and open_[-1] in {"td", "th"}:
            row.append(_text(token))
        elif token.type == "inline":
            kind = next((kinds[name] for name in reversed(open_) if name in kinds), "paragraph")
            yield from (RawBlock("caption", text) for text in _captions(token))
            if text := _text(token):
                yield RawBlock(kind, text)


def _text(token: Token) -> str:
    parts = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif child.type != "image":
            parts.append(child.content)
    return " ".join("".join(parts).split())


def _captions(token: Token) -> Iterator[str]:
    """The titles of images, which is where Markdown has captions; the alternative text is none."""
    for child in token.children or ():
        if child.type == "image" and (title := str(child.attrGet("title") or "").strip()):
            yield title


def _links(tokens: Sequence[Token]) -> Iterator[Link]:
    for token in tokens:
        text: list[str] = []
        url: Any = None
        for child in token.children or ():
            if child.type == "link_open":
                text, url = [], absolute(str(child.attrGet("href") or ""))
            elif child.type == "link_close":
                if url:
                    yield Link(text=" ".join("".join(text).split()), url=url)
                url = None
            else:
                text.append(child.content)
