"""What the model of the body looks at on a page besides the words: where a block stands among the others."""

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from worker.formats import html_cards
from worker.formats.html_blocks import ROLES, PageBlock
from worker.formats.html_metadata import Metadata
from worker.formats.html_names import HINTS
from worker.formats.html_outline import Column, Outline

Rows = NDArray[np.float32]  # shape (blocks, features)

_TAGS = ("h1", "h2", "h3", "li", "p", "div", "td")
_PLACE_OF_TAG = {tag: place for place, tag in enumerate(_TAGS)}
_LONGEST_NAMES = 100  # characters of classes and id that are compared
_FAR = 12  # steps outwards: what is further away is as good as nowhere
_UNKNOWN = -1.0
_HEADINGS = ("h1", "h2", "h3")
_MOST = 50
_BLOCKS_FAR = 60
_WORD = re.compile(r"\w+")
_LEVELS = 3  # outwards of which the shares of running text are told
_SCORED = 5  # likewise that a block adds to the scores of
_PATH = 6  # elements

NAMES = (
    *(f"tag_{tag}" for tag in _TAGS),
    *(f"in_{role}" for role in ROLES),
    *(f"near_{hint}" for hint in HINTS),  # steps outwards to the nearest element whose names give the hint
    "depth",
    "link_share",  # of its characters
    "slanted_share",
    "parent_share",  # of the page's running text, what stands in the same parent; then grandparent, and one further
    "grand_share",
    "great_share",
    "to_best",  # how much running text its parent gathers, against the element that gathers most
    "best_distance",  # steps outwards until an element that holds that one
    "under_best",
    "siblings",  # blocks in the same parent
    "signature_share",  # of the running text, that of blocks in elements with the same tag and classes
    "signature_count",  # blocks in such elements
    "path_share",  # of the running text, that of blocks below the same tags
    "from_headline",  # blocks since the headline
    "prose_since_headline",  # share of the running text
    "up_to_headline",  # steps outwards until an element that holds the headline
    "up_to_first_prose",  # likewise the first running text below it
    "same_article",  # 1: in the same article element as that
    "h1s_above",
    "title_words",  # share of the headline's words that it has
    "in_claimed_body",  # share of its words, by threes, in the text that the metadata claim; -1: they claim none
    "in_description",  # likewise the description
    *html_cards.NAMES,
)


def markup_features(blocks: Sequence[PageBlock], prose: Column, metadata: Metadata) -> Rows:
    """The rows of all blocks, their columns in the order of ``NAMES``.

    Args:
        blocks: Of a page.
        prose: The number of words of running text in each.
        metadata: Of the page.
    """
    rows = np.zeros((len(blocks), len(NAMES)), dtype=np.float32)
    if not blocks:
        return rows
    found = [_WORD.findall(block.text.casefold()) for block in blocks]
    outline = Outline(blocks)
    columns = chain(
        _own(blocks),
        _containers(outline, prose),
        _alike(outline, prose),
        _since_headline(outline, prose, _headline(blocks, found, metadata.headline)),
        _told(found, metadata),
        html_cards.card_features(outline),
    )
    for index, column in enumerate(columns):
        rows[:, index] = column
    return rows


def _own(blocks: Sequence[PageBlock]) -> Iterator[Column]:
    tags = np.array([_PLACE_OF_TAG.get(block.element.tag, -1) for block in blocks])
    yield from (tags == place for place in range(len(_TAGS)))
    roles = np.array([block.element.roles for block in blocks])
    yield from ((roles >> bit) & 1 for bit in range(len(ROLES)))
    depths = np.array([block.element.depth for block in blocks])
    hints = np.fromiter(chain.from_iterable(block.element.hints for block in blocks), int).reshape(-1, len(HINTS))
    yield from np.minimum(depths[:, None] - hints, _FAR).T
    yield depths
    size = np.array([len(block.text) for block in blocks])
    yield np.minimum(1.0, np.array([block.linked for block in blocks]) / size)
    yield np.minimum(1.0, np.array([block.slanted for block in blocks]) / size)


def _containers(outline: Outline, prose: Column) -> Iterator[Column]:
    """How the running text gathers in elements; the weights halve outwards, as readability's do."""
    total = max(1.0, float(prose.sum()))
    parent = outline.outwards(1)
    around = np.column_stack([outline.outwards(up) for up in range(1, _SCORED + 1)])
    levels = np.maximum(1, outline.depths[outline.outwards(0)])  # that there are outwards of each block
    amounts = np.where(np.arange(_SCORED) < levels[:, None], prose[:, None].astype(float), 0.0)
    for level in range(_LEVELS):
        places = around[:, level]
        yield outline.gathered(places, amounts[:, level])[places] / total
    scores = outline.gathered(around.ravel(), (amounts / 2.0 ** np.arange(_SCORED)).ravel())
    best = around.flat[np.argmax(np.where(amounts > 0, scores[around], 0.0))] if amounts.any() else 0
    steps = outline.steps(outline.chain(outline.elements[best]))
    yield scores[parent] / max(1.0, scores[best])
    yield steps[outline.outwards(0)]
    yield (outline.depths - steps == outline.depths[best])[parent]
    yield np.minimum(_MOST, np.bincount(parent)[parent])


def _alike(outline: Outline, prose: Column) -> Iterator[Column]:
    total = max(1.0, float(prose.sum()))
    names = _numbered((element.tag, element.names[:_LONGEST_NAMES]) for element in outline.elements)
    tags = _numbered(element.tag for element in outline.elements)
    signatures = _numbered(zip(*(names[outline.outwards(up)].tolist() for up in range(2)), strict=True))
    paths = _numbered(zip(*(tags[outline.outwards(up)].tolist() for up in range(_PATH)), strict=True))
    yield np.bincount(signatures, prose)[signatures] / total
    yield np.minimum(_MOST, np.bincount(signatures)[signatures])
    yield np.bincount(paths, prose)[paths] / total


def _since_headline(outline: Outline, prose: Column, anchor: int) -> Iterator[Column]:
    blocks, own = outline.blocks, outline.outwards(0)
    places = np.arange(len(blocks))
    total = max(1.0, float(prose.sum()))
    above = np.cumsum(prose) - prose
    known = anchor >= 0
    yield np.clip(places - anchor, -_BLOCKS_FAR, _BLOCKS_FAR) if known else np.full(len(blocks), -99.0)
    yield np.where(places > anchor, above - (above[anchor] if known else 0.0), 0.0) / total
    below = np.flatnonzero(prose[anchor + 1 :])
    first = int(below[0]) + anchor + 1 if below.size else -1
    for place in (anchor, first):
        yield outline.steps(outline.chain(blocks[place].element))[own] if place >= 0 else np.full(len(own), 2 * _FAR)
    articles = _articles(outline)[own]
    yield articles == (articles[first] if first >= 0 else -1)
    yield np.cumsum([block.element.tag == "h1" for block in blocks])


def _articles(outline: Outline) -> Column:
    """For each element the place of the article element that it is or stands in; -1: none."""
    articles: list[int] = []
    for place, (element, parent) in enumerate(zip(outline.elements, outline.parents, strict=True)):
        articles.append(place if element.tag == "article" else articles[parent] if place else -1)
    return np.array(articles)


def _told(found: Sequence[Sequence[str]], metadata: Metadata) -> Iterator[Column]:
    title = set(_WORD.findall((metadata.headline or "").casefold()))
    yield np.array([len(title.intersection(words)) / max(1, len(title)) for words in found])
    claims = [_threes(_WORD.findall((claim or "").casefold())) for claim in (metadata.body, metadata.description)]
    own = [_threes(words) for words in found] if any(claims) else []
    for claimed in claims:
        if claimed:
            yield np.array([len(threes & claimed) / max(1, len(threes)) for threes in own])
        else:
            yield np.full(len(found), _UNKNOWN)


def _headline(blocks: Sequence[PageBlock], found: Sequence[Sequence[str]], headline: str | None) -> int:
    """Where the headline stands: the heading, or else the first block, that says the same; -1: nowhere."""
    wanted = _WORD.findall((headline or "").casefold())
    longest = 2 * len(headline or "") + 20
    same = [
        index
        for index, (block, words) in enumerate(zip(blocks, found, strict=True))
        if wanted and words == wanted and len(block.text) < longest
    ]
    headings = [index for index in same if blocks[index].element.tag in _HEADINGS]
    if headings:
        return min(headings, key=lambda index: blocks[index].element.tag)
    h1s = (index for index, block in enumerate(blocks) if block.element.tag == "h1")
    return same[0] if same else next(h1s, -1)


def _numbered(keys: Iterable[Hashable]) -> Column:
    """A number for each key, the same for equal ones."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys])


def _threes(words: Sequence[str]) -> set[tuple[str, ...]]:
    return set(zip(words, words[1:], words[2:], strict=False)) if len(words) > 2 else {tuple(words)} if words else set()
