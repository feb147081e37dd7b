"""Which blocks of a page are captions, by what they stand in, below and beside."""

import functools
import re
from collections.abc import Sequence
from itertools import islice

from worker.cleaning.captions import MAX_CAPTION, has_credit, is_label
from worker.cleaning.decisions import boilerplate, credits_line, is_bare_caption
from worker.cleaning.phrases import label_kind
from worker.cleaning.shape import shape
from worker.formats.html_elements import Element, PageBlock
from worker.formats.html_names import grouped
from worker.models import RawBlock

# What the elements of captions are called, in the languages of the world's press.
_CAPTION, _ = grouped(
    r"caption|bild-?_?(?:unterschrift|text|nachweis)|l[eé]gende|didascalia|pie-?_?(?:de-?_?)?foto|onderschrift|kuvateksti"
    r"|billed-?_?tekst|bilde-?_?tekst|(?:photo|image|img|picture|media|figure)-?_{0,2}(?:credit|copyright)"
    r"|(?:photo|image|img|picture|figure|foto)-?_{0,2}(?:author|legend|signature|source)"
)
# Likewise, but of other things too: these count below a picture only.
_CREDIT, _ = grouped(r"credit|copyright|source|quelle|legend|signature|podpis|\bpie\b|photographer|fotograf|autor")
# What the frames of pictures are called; with the others, they frame text too.
_PICTURE = re.compile(
    r"(?<![a-z])(?:image|img|photo|picture|media|figure|foto|bild|imagen|imagem|gallery|slide|slideshow|carousel)s?(?![a-z])"
)
_TEXT = re.compile(
    r"text|content|body|copy|article|story|post|section|row|col|grid|block|card|with|has-|item|list|page"
)
# What pictures of people and of other articles stand in.
_OTHERS, _ = grouped(
    r"author|\bbio|byline|avatar|profile|contributor|head-?shot|relat|recommend|newsletter|promo|teaser|share|comment"
)
_REACH = 5  # elements outwards in which a caption may stand
_HEADLINES = frozenset(("h1", "h2"))
_QUOTES = frozenset(("blockquote", "pre"))  # in a figure, they are what it shows
_ENDS = frozenset(("article", "main", "body", "html"))
_MOST_BLOCKS = 3  # of a caption; an element that was never closed holds all that follows
_LONGEST_OF_MANY = 400  # characters of one with more
_MOST_FRAMED = 2  # blocks in what is but a frame around a picture
_LONGEST_FRAMED = 200  # characters in it
_MOST_STYLED = 0.8  # of a caption's characters
_SPOKEN = "“\"„«'‘"
_LONGEST_SMALL = 30  # words of small print
_LONGEST_BESIDE = 20  # words of text in the same paragraph
_LONGEST_BELOW = 400  # characters of what only a picture above makes a caption


@functools.lru_cache(maxsize=4096)
def names_caption(names: str) -> bool:
    """Whether classes are those of a caption."""
    return _CAPTION.search(names.lower()) is not None


@functools.lru_cache(maxsize=4096)
def names_credit(names: str) -> bool:
    """Whether classes are those of a credit or a source, of a picture or of anything else."""
    return _CREDIT.search(names.lower()) is not None


@functools.lru_cache(maxsize=4096)
def names_picture(names: str) -> bool:
    """Whether classes are those of a picture, and not of text beside one."""
    low = names.lower()
    return _PICTURE.search(low) is not None and _TEXT.search(low) is None


@functools.lru_cache(maxsize=4096)
def _names_other(names: str) -> bool:
    return _OTHERS.search(names.lower()) is not None


def mark_captions(blocks: Sequence[PageBlock]) -> None:
    """Give the captions among the blocks of a page their kind.

    A ``figcaption``, an element that is named for captions, and the text in a figure with a picture are captions as a
    whole, unless they hold more than a caption can, or the heading and links of a teaser. Elsewhere the text right
    below a picture is one where its print, its element's name, a credit or its shape speaks for it.
    """
    holders = [_holder(block) for block in blocks]
    refused = _refused(blocks, holders)
    near: Element | None = None  # where a picture or its caption stands right above
    for block, holder in zip(blocks, holders, strict=True):
        is_near = block.below_picture or (near is not None and near.is_close(block.element))
        told = (holder is not None and holder.number not in refused) or _is_styled(block, block.captioned)
        told = told or (is_near and (holder is None or _is_frame(holder)) and _is_below_picture(block))
        near = block.element if is_near and told else None
        if told and block.element.tag not in _HEADLINES and label_kind(block.text) is None and not is_label(block.text):
            block.kind = "caption"


def _holder(block: PageBlock) -> Element | None:
    """The nearest element that makes its whole text a caption."""
    quoted = False
    for element in islice(block.element.outwards(), _REACH):
        if element.tag in _ENDS:
            return None
        if element.tag == "figcaption" or (element.names and names_caption(element.names)):
            return element
        if element.pictured and (element.tag in {"figure", "table"} or _is_named_frame(element)):
            return None if quoted else element
        quoted = quoted or element.tag in _QUOTES
    return None


def _is_named_frame(element: Element) -> bool:
    """Whether an element is named for a picture, or is an item of a list that is."""
    if element.tag == "li" and element.parent and names_picture(element.parent.names):
        return True
    return names_picture(element.names)


def _refused(blocks: Sequence[PageBlock], holders: Sequence[Element | None]) -> set[int]:
    """The numbers of the elements that hold a teaser, or more than a caption can be."""
    held: dict[int, list[PageBlock]] = {}
    for block, holder in zip(blocks, holders, strict=True):
        if holder is not None:
            held.setdefault(holder.number, []).append(block)
    frames = {holder.number for holder in holders if holder is not None and _is_frame(holder)}
    return {
        number
        for number, inside in held.items()
        if _are_teaser(inside) or _are_too_much(inside) or (number in frames and _are_more_than_framed(inside))
    }


def _are_teaser(blocks: Sequence[PageBlock]) -> bool:
    """Whether blocks lead to another article: a heading does, or nearly all of the text, and it is no credit."""
    linked = sum(block.leading for block in blocks if not has_credit(block.text))
    headed = any(block.kind == "heading" and 2 * block.leading > len(block.text) for block in blocks)
    return headed or linked >= _MOST_STYLED * _size(blocks)


def _is_frame(element: Element) -> bool:
    """Whether an element is made for captions only if it holds hardly anything but a picture."""
    return element.tag not in {"figcaption", "figure"} and not names_caption(element.names)


def _are_more_than_framed(blocks: Sequence[PageBlock]) -> bool:
    if len(blocks) > _MOST_FRAMED or _size(blocks) > _LONGEST_FRAMED:
        return True
    if any(block.kind not in {"paragraph", "list_item"} or _is_of_others(block) for block in blocks):
        return True
    return not any(has_credit(block.text) or _tells_something(block.text) for block in blocks)


def _are_too_much(blocks: Sequence[PageBlock]) -> bool:
    return _size(blocks) > (MAX_CAPTION if len(blocks) <= _MOST_BLOCKS else _LONGEST_OF_MANY)


def _size(blocks: Sequence[PageBlock]) -> int:
    return sum(len(block.text) for block in blocks)


def _is_styled(block: PageBlock, characters: int) -> bool:
    return len(block.text) <= MAX_CAPTION and characters >= _MOST_STYLED * len(block.text)


def _is_below_picture(block: PageBlock) -> bool:
    """Whether a block right below a picture, in nothing that is made for captions, is its caption."""
    if block.kind != "paragraph" or len(block.text) > _LONGEST_BELOW or _is_teaser(block) or _is_of_others(block):
        return False
    line = shape(RawBlock("paragraph", block.text))
    if line is None or credits_line(line) or boilerplate(line):
        return False
    if _is_styled(block, block.hinted) or names_credit(block.element.names) or has_credit(block.text):
        return True
    if not _tells_something(block.text) or line.words > _LONGEST_SMALL:
        return False
    if line.sentence:
        return _is_styled(block, block.small) or _is_named_or_beside(block)
    return _is_styled(block, block.small) or names_picture(block.element.names) or is_bare_caption(line)


def _is_named_or_beside(block: PageBlock) -> bool:
    """Whether a sentence is short and stands in the paragraph of its picture, or in an element named for pictures."""
    beside = block.beside_picture and len(block.text.split()) <= _LONGEST_BESIDE
    return beside or (len(block.text) <= _LONGEST_FRAMED and names_picture(block.element.names))


def _tells_something(text: str) -> bool:
    """Whether a text is no title, name or label, nor what somebody says."""
    words = text.split()
    small = sum(1 for word in words if word[0].islower())
    return small >= 2 and 3 * small >= len(words) and ":" not in text and text[0] not in _SPOKEN


def _is_of_others(block: PageBlock) -> bool:
    return any(_names_other(element.names) for element in islice(block.element.outwards(), _REACH))


def _is_teaser(block: PageBlock) -> bool:
    return 2 * block.leading > len(block.text) and not has_credit(block.text)
