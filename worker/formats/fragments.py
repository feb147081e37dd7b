"""HTML within other formats, known to be an article's: its blocks and its links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice

from schemas.article import Link
from worker.cleaning.whitespace import repair
from worker.formats.html_blocks import fragment_blocks
from worker.formats.html_tree import parse
from worker.formats.links import absolute
from worker.formats.text import line_blocks
from worker.models import RawBlock

MAX_LINKS = 1_000
_BLOCK = "p|br|div|section|article|h[1-6]|ul|ol|li|blockquote|table|tr|figure"
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCK})(?:\s[^<>]{{0,500}})?/?>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_BLOCK}|span|img|a|em|i|strong|b|sup|sub)(?:\s[^<>]{{0,500}})?/?>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:[a-z]{2,8}|#\d{1,6}|#x[\da-f]{1,6});", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of HTML, read: its blocks in reading order, and the links in it."""

    blocks: tuple[RawBlock, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def text(self) -> str:
        """Its text in one line."""
        return " ".join(block.text for block in self.blocks)


def read_fragment(markup: str, base: str | None = None) -> Fragment:
    """Read a piece of HTML.

    Args:
        markup: The piece.
        base: The address that relative links start from.

    Raises:
        Rejected: ``too_complex``, ``too_long`` or ``too_many_lines``.
    """
    return Fragment(fragment_blocks(markup), tuple(islice(_links(markup, base), MAX_LINKS)))


def read_text(text: str, base: str | None = None) -> Fragment:
    """Read a text that may be HTML, or plain, or plain with a few tags in it.

    Raises:
        Rejected: ``too_complex``, ``too_long`` or ``too_many_lines``.
    """
    if _BLOCK_TAG.search(text):
        return read_fragment(text, base)
    if _TAG.search(text):
        return read_fragment(text.replace("\n", "<br>"), base)  # its lines are all that parts its paragraphs
    return Fragment(line_blocks(unescape(text) if _REFERENCE.search(text) else text))


def flat(text: str) -> str:
    """A text without mark-up, in one line.

    Raises:
        Rejected: As ``read_text``.
    """
    return repair(read_text(text).text)


def _links(markup: str, base: str | None) -> Iterator[Link]:
    if "<a" not in markup and "<A" not in markup:
        return
    tree = parse(markup)
    for anchor in () if tree is None else tree.iter("a"):
        text = " ".join("".join(anchor.itertext()).split())
        if text and (url := absolute(anchor.get("href"), base)):
            yield Link(text=text[:1_000], url=url)
