"""A page as blocks of text in reading order, each with the element that it stands in."""

import functools
import operator
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from worker.cleaning.tables import words
from worker.formats.bounds import check_length
from worker.formats.html_tree import parse
from worker.models import RawBlock, RawKind

MAX_LINKS = 1_000  # of a page

SKIPPED = frozenset(
    words("audio canvas datalist head iframe math noscript object option script select style svg template video")
)
INLINE = frozenset(
    words(
        """
    a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark picture q ruby rt s samp small
    source span strike strong sub sup time tt u var wbr
    """
    )
)
_KINDS: dict[str, RawKind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "list_item"),
    "blockquote": "quote",
    "figcaption": "caption",
}
_TRANSPARENT = frozenset(("div", "p", "section"))  # a paragraph in a list item is the item
ROLES = words("nav header footer aside form article main figure table list button")
_ROLE_OF = {
    **{role: role for role in ROLES},
    "figcaption": "figure",
    "ul": "list",
    "ol": "list",
    "dl": "list",
    "navigation": "nav",
    "complementary": "aside",
    "contentinfo": "footer",
    "banner": "header",
}
_BIT = {name: 1 << ROLES.index(role) for name, role in _ROLE_OF.items()}
# What classes and ids are called the world over.
_HINTS = {
    "body": r"(?:article|story|post|entry|page|main|single)-?_?(?:body|content|text|copy)"
    r"|(?:body|rich)-?_?(?:text|copy|content)|prose|paragraph|wysiwyg",
    "headline": r"headline|title|heading",
    "standfirst": r"standfirst|sub-?_?(?:title|head)|\bdek\b|\bdeck\b|lede?\b|intro|summary|excerpt|descript|abstract",
    "caption": r"caption|credit|photo|image|gallery|figure|media|video|slide",
    "bio": r"\bbio|(?:about|author)-?_?(?:the-?_?)?(?:author|bio|box|info|desc)|profile|contributor",
    "byline": r"byline|author|date|time|meta|publish|kicker|breadcrumb|eyebrow",
    "related": r"relat|recommend|more-|read-?_?(?:more|next|also)|trending|popular|latest|most-|outbrain|taboola|recirc"
    r"|card|teaser|promo|feed\b|list-?_?item|carousel|archive",
    "share": r"share|social|follow|tweet|facebook|whatsapp",
    "comment": r"comment|disqus|repl(?:y|ies)|discuss|livefyre",
    "newsletter": r"newsletter|subscri|sign-?up|paywall|register|donat|support-us|membership|piano",
    "ad": r"\bads?\b|\bads?[-_]|[-_]ads?\b|advert|sponsor|dfp|affiliate",
    "consent": r"cookie|consent|gdpr|onetrust|privacy|modal|popup|overlay|login",
    "frame": r"foot|nav|menu|side-?_?bar|widget|search|toolbar|masthead|skip|header|banner|topbar|rail|aside",
    "tags": r"\btags?\b|tags?-|topics?|keyword|categor",
    "hidden": r"hidden|visually|sr-only|screen-reader|d-none|collaps|tooltip|noprint",
    "box": r"info-?_?box|fact|quote|embed|table|correction|note|disclaimer|editor|copyright|source",
    "article": r"article|story|post\b|entry|news|blog|content|text|copy",
}
HINTS = tuple(_HINTS)
_HINT = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _HINTS.items()))
_HINT_BIT = {name: 1 << bit for bit, name in enumerate(HINTS)}
_LONGEST_NAMES = 300  # characters of classes and ids
_NOWHERE = -99
_CAPTION = re.compile(r"caption", re.IGNORECASE)
_LONGEST_CAPTION = 1_000  # characters; what is longer is text that a page calls a caption
_SPACES = re.compile(r"\s+")
_SENTENCE_END = (".", "!", "?", "…", ":", '"', "”", "’", "»")


@dataclass(slots=True)
class Element:
    """An element that can hold blocks.

    Attributes:
        tag: Its name.
        number: In document order; the root has 0.
        depth: Of the root 0.
        parent: What it stands in.
        roles: A bit for each of ``ROLES`` that it has or stands in.
        hints: For each of ``HINTS`` the depth of the nearest element, itself or outwards, whose names give it.
        names: Its classes and id.
    """

    tag: str
    number: int
    depth: int
    parent: "Element | None"
    roles: int
    hints: tuple[int, ...]
    names: str

    def outwards(self) -> Iterator["Element"]:
        """Itself, what it stands in, and so on."""
        at: Element | None = self
        while at is not None:
            yield at
            at = at.parent


@dataclass(slots=True)
class PageBlock:
    """One paragraph, heading, item and so on.

    Attributes:
        text: Without line breaks, white space collapsed.
        kind: What the mark-up says.
        element: In which it stands.
        linked: Characters in links; likewise ``slanted``.
        links: Their texts and addresses, as they are written.
    """

    text: str
    kind: RawKind
    element: Element
    linked: int = 0
    slanted: int = 0
    links: list[tuple[str, str]] = field(default_factory=list)


def page_blocks(tree: Any) -> list[PageBlock]:
    """The blocks of a page, menus and all.

    Args:
        tree: As ``html_tree.parse`` gives it.

    Raises:
        Rejected: ``too_long`` or ``too_many_lines``.
    """
    blocks: list[PageBlock] = []
    characters = 0
    for block in _Walk().blocks(tree):
        blocks.append(block)
        characters += len(block.text)
        check_length(characters, len(blocks))
    return blocks


def fragment_blocks(markup: str) -> tuple[RawBlock, ...]:
    """The blocks of HTML that is known to be an article's, as feeds, e-mails and JSON hold it.

    Raises:
        Rejected: ``too_complex``, ``too_long`` or ``too_many_lines``.
    """
    tree = parse(markup)
    return tuple(RawBlock(block.kind, block.text) for block in page_blocks(tree)) if tree is not None else ()


class _Walk:
    """One walk over a tree, with what was gathered since the last block ended."""

    def __init__(self) -> None:
        self._at = Element("", 0, 0, None, 0, (_NOWHERE,) * len(HINTS), "")
        self._count = 0
        self._links_left = MAX_LINKS
        self._parts: list[str] = []
        self._linked = self._slanted = self._in_slanted = 0
        self._links: list[tuple[str, str]] = []
        self._link: tuple[int, str] | None = None  # where in the parts it began, and its address

    def blocks(self, tree: Any) -> Iterator[PageBlock]:
        skipped = None
        for event, node in etree.iterwalk(tree, events=("start", "end")):
            if skipped is not None:
                if event == "end" and node is skipped:
                    skipped = None
                    self._add(node.tail)
            elif event == "start":
                if node.tag in SKIPPED:
                    skipped = node
                    continue
                yield from self._enter(node)
                self._add(node.text)
            else:
                yield from self._leave(node)
                self._add(node.tail)
        yield from self._flush()

    def _enter(self, node: Any) -> Iterator[PageBlock]:
        tag = node.tag
        if tag == "br":
            self._parts.append("\n")
        elif tag not in INLINE:
            yield from self._flush()
            self._at = self._element(node)
        elif tag == "a":
            self._link = (len(self._parts), node.get("href") or "")
        elif tag in {"i", "em"}:
            self._in_slanted += 1

    def _leave(self, node: Any) -> Iterator[PageBlock]:
        tag = node.tag
        if tag == "a":
            if self._link and self._link[1] and self._links_left > 0:
                self._links.append(("".join(self._parts[self._link[0] :]), self._link[1]))
                self._links_left -= 1
            self._link = None
        elif tag in {"i", "em"}:
            self._in_slanted -= 1
        elif tag not in INLINE and tag != "br":
            yield from self._flush()
            self._at = self._at.parent or self._at

    def _add(self, text: str | None) -> None:
        if text:
            self._parts.append(_SPACES.sub(" ", text))
            if self._link or self._in_slanted:
                size = len(text.strip())
                self._linked += size if self._link else 0
                self._slanted += size if self._in_slanted else 0

    def _flush(self) -> Iterator[PageBlock]:
        """End a block; what breaks part is several."""
        if not self._parts:
            return
        texts = list(_paragraphs("".join(self._parts)))
        total = max(1, sum(map(len, texts)))
        for index, text in enumerate(texts):
            share = len(text) / total
            links = self._links if index == 0 else []
            kind = _kind(self._at, text)
            yield PageBlock(text, kind, self._at, round(self._linked * share), round(self._slanted * share), links)
        self._parts, self._links = [], []
        self._linked = self._slanted = 0
        if self._link:
            self._link = (0, self._link[1])

    def _element(self, node: Any) -> Element:
        above = self._at
        self._count += 1
        names = f"{node.get('class') or ''} {node.get('id') or ''}"[:_LONGEST_NAMES].strip()
        depth, hints = above.depth + 1, above.hints
        if names and (found := _hints(names)):
            hints = tuple(depth if found >> bit & 1 else known for bit, known in enumerate(hints))
        roles = above.roles | _BIT.get(node.tag, 0) | _BIT.get(node.get("role") or "", 0)
        return Element(node.tag, self._count, depth, above, roles, hints, names)


def _hints(names: str) -> int:
    """A bit for each hint that classes and ids give."""
    found = 0
    for name in names.lower().split():
        found |= _hints_of(name)
    return found


@functools.lru_cache(maxsize=8192)  # the names on a site's pages are the same few hundred
def _hints_of(name: str) -> int:
    return functools.reduce(operator.or_, (_HINT_BIT[str(match.lastgroup)] for match in _HINT.finditer(name)), 0)


def _kind(element: Element, text: str) -> RawKind:
    at: Element | None = element
    if _CAPTION.search(element.names) and len(text) <= _LONGEST_CAPTION:
        return "caption"
    while at is not None and at.tag in _TRANSPARENT:
        at = at.parent
    kind = _KINDS.get(at.tag, "paragraph") if at is not None else "paragraph"
    return "paragraph" if kind == "heading" and at is not element else kind


def _paragraphs(whole: str) -> Iterator[str]:
    """The paragraphs in a block's text: an empty line parts two, and a break where a sentence ends before it."""
    current, blank = "", False
    for part in whole.split("\n"):
        line = " ".join(part.split())
        if not line:
            blank = True
            continue
        if current and (blank or current.endswith(_SENTENCE_END)):
            yield current
            current = line
        else:
            current = f"{current} {line}" if current else line
        blank = False
    if current:
        yield current
