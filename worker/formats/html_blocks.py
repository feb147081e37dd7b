"""A page as blocks of text in reading order, each with the element that it stands in."""

import functools
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from worker.cleaning.tables import words
from worker.formats.bounds import check_length
from worker.formats.html_captions import mark_captions, names_caption, names_credit
from worker.formats.html_elements import Element, PageBlock
from worker.formats.html_names import HINTS, hints_of
from worker.formats.html_tree import parse
from worker.models import RawBlock, RawKind

__all__ = ["INLINE", "MAX_LINKS", "ROLES", "SKIPPED", "Element", "PageBlock", "fragment_blocks", "page_blocks"]

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
_LONGEST_NAMES = 300  # characters of classes and ids
_NOWHERE = -99
_PICTURES = frozenset(words("img video iframe amp-img amp-anim amp-video amp-youtube amp-iframe"))
_TINY = frozenset(("0", "1"))  # width of pictures that count readers
_ENLARGES = re.compile(r"#|javascript:|[^?#]{1,2000}\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|\Z)", re.IGNORECASE)
_PRINT = {**dict.fromkeys(("i", "em"), ("slanted", "small")), **dict.fromkeys(("cite", "small"), ("small",))}
_HOLDERS = 5  # elements outwards that are known to hold a picture
_SENTENCE_END = (".", "!", "?", "…", ":", '"', "”", "’", "»")


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
    mark_captions(blocks)
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
        self._linked = 0
        self._inside: frozenset[str] = frozenset()  # the styles of the text
        self._outside: list[frozenset[str]] = []  # likewise around each inline element that it is in
        self._styled: Counter[str] = Counter()  # for each, characters
        self._begun = self._below_picture = self._beside_picture = False
        self._picture: Element | None = None  # what the last picture stands in, until there is text
        self._links: list[tuple[str, str]] = []
        self._link: tuple[int, str] | None = None  # where in the parts it began, and its address

    def blocks(self, tree: Any) -> Iterator[PageBlock]:
        walk = etree.iterwalk(tree, events=("start", "end"))
        for event, node in walk:
            tag = node.tag
            begins = event == "start"
            if begins and tag in _PICTURES:
                self._see(node)
            if tag in INLINE:
                self._pass(node, tag == "a", begins)
            elif tag in SKIPPED:
                if begins:
                    walk.skip_subtree()
                    continue
            elif tag != "br":
                if self._parts:
                    yield from self._flush()
                self._at = self._element(node) if begins else self._at.parent or self._at
            elif begins:
                self._parts.append("\n")
            if text := node.text if begins else node.tail:
                self._add(text)
        yield from self._flush()

    def _pass(self, node: Any, is_link: bool, begins: bool) -> None:
        """Begin or end an inline element."""
        if begins:
            self._outside.append(self._inside)
            if styles := _styles(node):
                self._inside = self._inside.union(styles)
            if is_link:
                self._link = (len(self._parts), node.get("href") or "")
            return
        self._inside = self._outside.pop()
        if is_link:
            if self._link and self._link[1] and self._links_left > 0:
                text = " ".join("".join(self._parts[self._link[0] :]).split())
                self._links.append((text, self._link[1]))
                self._links_left -= 1
            self._link = None

    def _see(self, node: Any) -> None:
        """Note a picture."""
        if node.get("width") in _TINY:
            return
        self._picture = self._at
        for element in islice(self._at.outwards(), _HOLDERS):
            element.pictured = True

    def _add(self, text: str) -> None:
        if text.isspace():
            self._parts.append(" ")
            return
        self._parts.append(text.replace("\n", " "))  # line breaks are those that the mark-up makes
        size = len(text.strip())
        if not self._begun:
            self._begun = True
            self._below_picture = self._picture is not None and self._picture.is_close(self._at)
            self._beside_picture = self._picture is self._at
            self._picture = None
        if self._link:
            self._linked += size
        for style in self._inside:
            self._styled[style] += size

    def _flush(self) -> Iterator[PageBlock]:
        """The block that ends; what breaks part is several."""
        texts = list(_paragraphs("".join(self._parts))) if self._begun else []
        total = sum(map(len, texts))
        for index, text in enumerate(texts):
            share = len(text) / total
            yield PageBlock(
                text,
                _kind(self._at),
                self._at,
                linked=round(self._linked * share),
                links=self._links if index == 0 else [],
                below_picture=self._below_picture and index == 0,
                beside_picture=self._beside_picture and index == 0,
                **{style: round(size * share) for style, size in self._styled.items()},
            )
        self._parts, self._links, self._linked = [], [], 0
        self._begun = False
        self._styled.clear()
        if self._link:
            self._link = (0, self._link[1])

    def _element(self, node: Any) -> Element:
        above = self._at
        self._count += 1
        names = f"{node.get('class') or ''} {node.get('id') or ''}"[:_LONGEST_NAMES].strip()
        depth, hints, roles = above.depth + 1, above.hints, above.roles | _BIT.get(node.tag, 0)
        if names and (found := hints_of(names)):
            nearest = list(hints)
            for hint in found:
                nearest[hint] = depth
            hints = tuple(nearest)
        if role := node.get("role"):
            roles |= _BIT.get(role, 0)
        return Element(node.tag, self._count, depth, above, roles, hints, names)


def _styles(node: Any) -> tuple[str, ...]:
    """What an inline element makes of its text."""
    found = _PRINT.get(node.tag, ())
    if node.tag == "a" and (address := node.get("href")) and not _ENLARGES.match(address):
        found += ("leading",)
    if names := node.get("class"):
        found += _named_styles(names[:_LONGEST_NAMES])
    return found


@functools.lru_cache(maxsize=4096)
def _named_styles(names: str) -> tuple[str, ...]:
    return ("captioned",) if names_caption(names) else ("hinted",) if names_credit(names) else ()


def _kind(element: Element) -> RawKind:
    at: Element | None = element
    while at is not None and at.tag in _TRANSPARENT:
        at = at.parent
    kind = _KINDS.get(at.tag, "paragraph") if at is not None else "paragraph"
    return "paragraph" if kind == "heading" and at is not element else kind


def _paragraphs(whole: str) -> Iterator[str]:
    """The paragraphs in what is not blank: an empty line parts two, and a break where a sentence ends before it."""
    if "\n" not in whole:
        yield " ".join(whole.split())
        return
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
