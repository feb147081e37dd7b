"""Saved web pages: the article's blocks by trafilatura, the rest by lxml. Nothing is ever fetched."""

import logging
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml import etree
from trafilatura.settings import Document as TrafilaturaDocument

from schemas.article import Link
from worker.cleaning.tables import words
from worker.errors import Rejected
from worker.formats.bounds import bounded
from worker.formats.encoding import decode, peek
from worker.formats.html_metadata import read_metadata, short_text
from worker.formats.html_tree import parse
from worker.formats.text import line_blocks
from worker.models import Document, RawArticle, RawBlock, RawKind

MAX_ELEMENTS = 15_000  # of a page that is given to the libraries; a page of news has some 1,000, rarely 5,000
MAX_TEXTS = 2_000  # likewise, of its pieces of text between the edges of blocks; some 200, rarely 1,500
MAX_WORK = (
    400_000  # depths of all of a page's elements, taken twice each; a page of news has some 20,000, rarely 150,000
)
MAX_CHARACTERS = 1_000_000  # of a page's text, scripts and attributes
MAX_LINKS = 1_000
MAX_CAPTIONS = 500
_MAX_URL = 2_000  # characters
_LITTLE = 800  # characters of an article
_CLEARLY_MORE = 1.3  # times
_MAX_CAPTION = 1_000  # characters; what is longer is text that a page calls a caption

_CHARSET = re.compile(r"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-z0-9_.:-]{2,40})", re.IGNORECASE)
_SENTENCE_END = (".", "!", "?", "…", ":", '"', "”", "’", "»")
_KINDS: dict[str, RawKind] = {"head": "heading", "quote": "quote", "item": "list_item"}
_SKIPPED = frozenset(
    words(
        """
    script style noscript template head svg nav footer button select iframe object
    """
    )
)
_SPACED = frozenset(
    words(
        """
    p h1 h2 h3 h4 h5 h6 li blockquote table tr figure section article br
    """
    )
)
_SPACES = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n *\n[ \n]*")
_INLINE = frozenset(
    words(
        """
    a abbr b bdi bdo cite code data del dfn em font i img ins kbd label mark q s samp small span strong sub sup time
    tt u var wbr
    """
    )
)

for _noisy in ("trafilatura", "htmldate", "courlan", "charset_normalizer"):
    logging.getLogger(_noisy).setLevel(logging.CRITICAL)  # what they call an error is a page like any other


def read(document: Document) -> RawArticle:
    """Read an HTML page.

    Raises:
        Rejected: ``undecodable``, ``binary``, ``too_complex``, ``too_long``, ``too_many_lines``, or ``no_body`` where
            nothing on it can be read.
    """
    declared = _CHARSET.search(peek(document.data))
    decoded = decode(document.data, declared[1] if declared else None)
    tree = parse(decoded.text)
    if tree is None:
        raise Rejected("parse", "no_body", "there is no readable text on the page", "body")
    heavy = _is_heavy(tree)
    metadata = read_metadata(tree, None if heavy else document.received_at)
    body = None if heavy else _extract(tree)
    blocks = bounded(_blocks(body)) if body is not None else ()
    warnings = decoded.warnings
    if not blocks:
        blocks = line_blocks(_rendered(tree))
        warnings = (*warnings, "no article was recognised on the page: its text was read line by line")
    if not blocks:
        raise Rejected("parse", "no_body", "there is no readable text on the page", "body")
    return RawArticle(
        media_type="text/html",
        encoding=decoded.encoding,
        blocks=(*_captions(tree), *blocks),
        headline=metadata.headline,
        standfirst=metadata.description,
        byline=metadata.authors,
        published=metadata.published,
        source_name=metadata.site_name,
        url=metadata.url,
        links=tuple(_links(body, metadata.url)) if body is not None else (),
        warnings=warnings,
    )


def _is_heavy(tree: Any) -> bool:
    """Whether a page would keep the libraries busy for too long: some of their steps are quadratic."""
    depth = work = elements = texts = characters = 0
    in_text = False
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        text = (node.text if event == "start" else node.tail) or ""
        if in_text and node.tag not in _INLINE:  # the edge of a block
            texts += 1
            in_text = False
        in_text = in_text or not (text == "" or text.isspace())
        if event == "start":
            depth += 1
            elements += 1
            characters += sum(len(name) + len(value) for name, value in node.items())
        else:
            depth -= 1
        work += depth
        characters += len(text)
        if work > MAX_WORK or elements > MAX_ELEMENTS or texts > MAX_TEXTS or characters > MAX_CHARACTERS:
            return True
    return False


def _extract(tree: Any) -> Any | None:
    """The article's body in trafilatura's tags; None where it finds none.

    Its precise mode reads news best; where that finds little, its default mode may find an article of another kind.
    """
    precise = _extracted(tree, precise=True)
    found = _size(precise)
    if found >= _LITTLE:
        return precise
    default = _extracted(tree, precise=False)
    return default if _size(default) > _CLEARLY_MORE * found else precise


def _extracted(tree: Any, *, precise: bool) -> Any | None:
    try:
        found = trafilatura.bare_extraction(
            tree, include_comments=False, include_formatting=True, include_links=True, favor_precision=precise
        )
    except MemoryError:
        raise
    except Exception:  # a parser of hostile input may fail in any way; the page is then read line by line
        return None
    return found.body if isinstance(found, TrafilaturaDocument) else None


def _size(body: Any | None) -> int:
    return sum(len(part) for part in body.itertext()) if body is not None else 0


def _blocks(body: Any) -> Iterator[RawBlock]:
    if body.text and body.text.strip():
        yield RawBlock("paragraph", _flat(body.text))
    for element in body:
        yield from _element_blocks(element)
        if element.tail and element.tail.strip():
            yield RawBlock("paragraph", _flat(element.tail))


def _element_blocks(element: Any) -> Iterator[RawBlock]:
    if element.tag == "table":
        for row in element.iter("row"):
            cells = (_flat(" ".join(cell.itertext())) for cell in row.iter("cell"))
            if text := " | ".join(cell for cell in cells if cell):
                yield RawBlock("paragraph", text)
    elif element.tag in {"list", "quote"} and len(element):
        yield from _nested(element, _KINDS["item" if element.tag == "list" else "quote"])
    else:
        kind = _KINDS.get(element.tag, "paragraph")
        for text in _split_at_breaks(element):
            yield RawBlock(kind, text)


def _nested(element: Any, kind: RawKind) -> Iterator[RawBlock]:
    """The parts of a list or a quotation, each a block; what lies deeper belongs to its part."""
    if element.text and element.text.strip():
        yield RawBlock(kind, _flat(element.text))
    parts = [part for part in element if part.tag in {"item", "p", "list", "quote", "head"}]
    if len(parts) < len(element):  # running text with mark-up in it
        yield from (RawBlock(kind, text) for text in _split_at_breaks(element, skip_head=True))
        return
    for part in parts:
        if part.tag == "list":
            yield from _nested(part, "list_item")
        else:
            yield from (RawBlock(kind, text) for text in _split_at_breaks(part))
        if part.tail and part.tail.strip():
            yield RawBlock(kind, _flat(part.tail))


def _split_at_breaks(element: Any, *, skip_head: bool = False) -> list[str]:
    """The text of an element; a line break in it parts two paragraphs where a sentence ends before it."""
    texts: list[list[str]] = [[]]
    ended = False  # whether the last words ended a sentence
    for event, node in etree.iterwalk(element, events=("start", "end")):
        part = node.text if event == "start" else node.tail
        if event == "start":
            if node.tag == "lb" and ended:
                texts.append([])
                ended = False
            elif node.tag in {"lb", "p", "item", "row", "cell"}:
                texts[-1].append(" ")
        if part and not (node is element and (skip_head or event == "end")):
            texts[-1].append(part)
            ended = part.rstrip().endswith(_SENTENCE_END) if not part.isspace() else ended
    return [flat for parts in texts if (flat := _flat("".join(parts)))]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _captions(tree: Any) -> Iterator[RawBlock]:
    seen = set()
    found = tree.xpath("//*[self::figcaption or contains(@class, 'wp-caption-text')]")
    for element in found[:MAX_CAPTIONS]:
        text = _flat(short_text(element))
        if not text or text in seen or len(text) > _MAX_CAPTION or _is_a_card(element, text):
            continue
        seen.add(text)
        yield RawBlock("caption", text)


def _is_a_card(element: Any, text: str) -> bool:
    """Whether a caption is that of a link to another page."""
    if any(parent.tag in {"a", "nav", "aside", "footer"} for parent in element.iterancestors()):
        return True
    linked = _flat(" ".join(part for link in element.iter("a") for part in link.itertext()))
    return len(linked) > 0.8 * len(text)


def _links(body: Any, base: str | None) -> Iterator[Link]:
    for ref in islice(body.iter("ref"), MAX_LINKS):
        try:
            url = urljoin(base or "", (ref.get("target") or "").strip()[: _MAX_URL + 1])
            if len(url) > _MAX_URL or urlsplit(url).scheme not in {"http", "https"}:
                continue
        except ValueError:  # no address at all
            continue
        yield Link(text=_flat("".join(ref.itertext())), url=url)


def _rendered(tree: Any) -> str:
    """The text of a page, line by line, as a browser would copy it; without what is surely no article."""
    parts: list[str] = []
    skipped = None
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        if skipped is None:
            edge = "" if node.tag in _INLINE else "\n"
            if event == "start" and node.tag in _SKIPPED:
                skipped = node
            elif event == "start":
                gap = "\n" if node.tag in _SPACED else ""
                parts += (edge, gap, _flat_part(node.text))
            else:
                parts += (edge, _flat_part(node.tail))
        elif event == "end" and node is skipped:
            skipped = None
            parts += ("\n", _flat_part(node.tail))
    return _BLANK_LINES.sub("\n\n", "".join(parts))


def _flat_part(text: str | None) -> str:
    return _SPACES.sub(" ", text) if text else ""
