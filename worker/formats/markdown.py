"""Markdown: the blocks that its mark-up names, and the fields of its front matter."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from schemas.article import Link
from worker.cleaning.bylines import clean_names
from worker.errors import Rejected
from worker.formats import front_matter
from worker.formats.bounds import bounded, check_length
from worker.formats.fragments import flat, read_fragment
from worker.formats.links import absolute
from worker.formats.mojibake import read_text
from worker.formats.moments import read_internet_date
from worker.models import Document, RawArticle, RawBlock, RawKind

MAX_CHARACTERS = 400_000  # the parser takes a second for so many of prose
MAX_MARKS = 20_000  # and time that grows faster than their number
_MARKS = "[*_`|<~"
MAX_NESTING = 20
MAX_INDENT = 200  # characters before a line; nobody writes lists as deep as that
_INDENT = re.compile(rf"^[ \t]{{{MAX_INDENT},}}", re.MULTILINE)
_KINDS: dict[str, RawKind] = {"blockquote": "quote", "list_item": "list_item", "heading": "heading"}
_SUMMARIES, _AUTHORS = ("description", "summary", "abstract", "subtitle", "standfirst"), ("author", "authors", "byline")
_DATES, _URLS = ("date", "published", "publishdate"), ("url", "link", "canonical_url", "canonicalurl")


def read(document: Document) -> RawArticle:
    """Read Markdown (CommonMark with tables). HTML in it is read as an article's is, and never run.

    Raises:
        Rejected: ``undecodable``, ``binary``, ``too_long``, ``too_many_lines``, ``too_complex`` or ``no_body``.
    """
    decoded = read_text(document.data)
    check_length(len(decoded.text), decoded.text.count("\n"))
    fields, text = front_matter.split(decoded.text.replace("\r\n", "\n").replace("\r", "\n"))
    _check(text)
    # No references from the text are kept or followed: the tokens are all that is made of it.
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING}).enable("table")
    tokens = parser.parse(_INDENT.sub("", text))
    title, named = _title(tokens), _first(fields, ("title", "headline"))
    titled = title is not None and (named is None or named.startswith(title))  # that above may name the site as well
    blocks = bounded(_blocks(tokens[3:] if titled else tokens))
    if not any(block.kind != "heading" for block in blocks):
        raise Rejected("parse", "no_body", "there is no text below its front matter and headings", "body")
    source = _first(fields, ("source", "publisher", "site"))
    return RawArticle(
        media_type="text/markdown",
        encoding=decoded.encoding,
        blocks=blocks,
        headline=title if titled else named,
        standfirst=_first(fields, _SUMMARIES),
        byline=clean_names([name for key in _AUTHORS for name in fields.get(key, ())], source),
        published=next(
            (date for key in _DATES for text in fields.get(key, ()) if (date := read_internet_date(text))), None
        ),
        source_name=source,
        url=absolute(_first(fields, _URLS)),
        links=tuple(_links(tokens)),
        warnings=decoded.warnings,
    )


def _check(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        detail = f"{len(text)} characters of Markdown; at most {MAX_CHARACTERS} are read"
        raise Rejected("parse", "too_long", detail, "body")
    if (marks := sum(map(text.count, _MARKS))) > MAX_MARKS:
        raise Rejected("parse", "too_complex", f"{marks} marks of Markdown; at most {MAX_MARKS} are read")


def _first(fields: front_matter.Fields, names: Sequence[str]) -> str | None:
    return next((text for name in names for value in fields.get(name, ())[:1] if (text := flat(value))), None)


def _title(tokens: Sequence[Token]) -> str | None:
    """The heading that the text begins with, if no other is as high."""
    if not tokens or tokens[0].type != "heading_open":
        return None
    high = [token for token in tokens if token.type == "heading_open" and token.tag <= tokens[0].tag]
    return _text(tokens[1]) or None if len(high) == 1 else None


def _blocks(tokens: Sequence[Token]) -> Iterator[RawBlock]:
    open_: list[str] = []
    row: list[str] = []
    for token in tokens:
        if token.nesting > 0:
            open_.append(token.type.removesuffix("_open"))
        elif token.nesting < 0:
            if open_.pop() == "tr":
                yield from _paragraph(" | ".join(filter(None, row)))
                row = []
        elif open_ and open_[-1] in {"td", "th"}:
            row.append(_text(token))
        else:
            yield from _leaf(token, next((_KINDS[name] for name in reversed(open_) if name in _KINDS), "paragraph"))


def _leaf(token: Token, kind: RawKind) -> Iterator[RawBlock]:
    """The blocks of a token that holds no others, within an element of a kind."""
    if token.type in {"fence", "code_block"}:
        yield from _paragraph(" ".join(token.content.split()))
    elif token.type == "html_block":
        yield from read_fragment(token.content).blocks
    elif token.type == "inline":
        yield from (RawBlock("caption", text) for text in _captions(token))
        yield from _paragraph(_text(token), kind)


def _paragraph(text: str, kind: RawKind = "paragraph") -> Iterator[RawBlock]:
    if text:
        yield RawBlock(kind, text)


def _text(token: Token) -> str:
    """The text of a block's content, without pictures and tags."""
    parts = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"} or (child.type == "html_inline" and child.content[:3] == "<br"):
            parts.append(" ")
        elif child.type not in {"image", "html_inline"}:
            parts.append(child.content)
    return " ".join("".join(parts).split())


def _captions(token: Token) -> Iterator[str]:
    """The titles of images, which is where Markdown has captions; the alternative text is none."""
    for child in token.children or ():
        if child.type == "image" and (title := str(child.attrGet("title") or "").strip()):
            yield title


def _links(tokens: Sequence[Token]) -> Iterator[Link]:
    for token in tokens:
        if token.type == "html_block":
            yield from read_fragment(token.content).links
        text: list[str] = []
        url: str | None = None
        for child in token.children or ():
            if child.type == "link_open":
                text, url = [], absolute(str(child.attrGet("href") or ""))
            elif child.type == "link_close":
                if url and (words := " ".join("".join(text).split())):
                    yield Link(text=words, url=url)
                url = None
            elif child.type not in {"image", "html_inline"}:
                text.append(child.content)
