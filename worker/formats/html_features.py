"""What the model of the body looks at on a page besides the words: where a block stands among the others."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worker.formats import html_cards
from worker.formats.html_blocks import HINTS, ROLES, Element, PageBlock
from worker.formats.html_metadata import Metadata

Rows = NDArray[np.float32]  # shape (blocks, features)
Column = NDArray[Any]  # shape (blocks,): numbers of any type

_TAGS = ("h1", "h2", "h3", "li", "p", "div", "td")
_FAR = 12  # steps outwards: what is further away is as good as nowhere
_UNKNOWN = -1.0
_HEADINGS = ("h1", "h2", "h3")
_MOST = 50
_BLOCKS_FAR = 60
_WORD = re.compile(r"\w+")
_LEVELS = 3

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
    if not blocks:
        return np.zeros((0, len(NAMES)), dtype=np.float32)
    anchor = _headline(blocks, metadata.headline)
    columns = [
        *_own(blocks),
        *_containers(blocks, prose),
        *_alike(blocks, prose),
        *_since_headline(blocks, prose, anchor),
        *_told(blocks, metadata),
        *html_cards.card_features(blocks),
    ]
    return np.column_stack(columns).astype(np.float32)


def _own(blocks: Sequence[PageBlock]) -> Iterator[Column]:
    for tag in _TAGS:
        yield np.array([block.element.tag == tag for block in blocks])
    roles = np.array([block.element.roles for block in blocks])
    for bit in range(len(ROLES)):
        yield (roles >> bit) & 1
    depths = np.array([block.element.depth for block in blocks])
    hints = np.array([block.element.hints for block in blocks])
    yield from np.minimum(depths[:, None] - hints, _FAR).T
    yield depths
    size = np.array([len(block.text) for block in blocks])
    yield np.minimum(1.0, np.array([block.linked for block in blocks]) / size)
    yield np.minimum(1.0, np.array([block.slanted for block in blocks]) / size)


def _containers(blocks: Sequence[PageBlock], prose: Column) -> Iterator[Column]:
    """How the running text gathers in elements; the weights halve outwards, as readability's do."""
    total = max(1.0, float(prose.sum()))
    chains = [_numbers(block.element)[1:] or [0] for block in blocks]
    gathered: list[Counter[int]] = [Counter() for _ in range(_LEVELS)]
    scores: Counter[int] = Counter()
    siblings = Counter(chain[0] for chain in chains)
    for chain, amount in zip(chains, prose.tolist(), strict=True):
        if amount:
            for level, number in enumerate(chain[:_LEVELS]):
                gathered[level][number] += amount
            for up, number in enumerate(chain[:5]):
                scores[number] += amount / 2**up
    for level in range(_LEVELS):
        yield np.array([gathered[level][chain[min(level, len(chain) - 1)]] / total for chain in chains])
    best = max(scores, key=lambda number: scores[number], default=0)
    most = max(1.0, scores[best])
    holders = next((set(chain[chain.index(best) :]) for chain in chains if best in chain), set())
    yield np.array([scores[chain[0]] / most for chain in chains])
    yield np.array([_steps(block.element, holders) for block in blocks])
    yield np.array([best in chain for chain in chains])
    yield np.array([min(_MOST, siblings[chain[0]]) for chain in chains])


def _alike(blocks: Sequence[PageBlock], prose: Column) -> Iterator[Column]:
    total = max(1.0, float(prose.sum()))
    signatures = [_signature(block.element) for block in blocks]
    paths = [
        "<".join(element.tag for element, _ in zip(block.element.outwards(), range(6), strict=False))
        for block in blocks
    ]
    by_signature: Counter[str] = Counter()
    by_path: Counter[str] = Counter()
    for signature, path, amount in zip(signatures, paths, prose.tolist(), strict=True):
        by_signature[signature] += amount
        by_path[path] += amount
    counts = Counter(signatures)
    yield np.array([by_signature[signature] / total for signature in signatures])
    yield np.array([min(_MOST, counts[signature]) for signature in signatures])
    yield np.array([by_path[path] / total for path in paths])


def _since_headline(blocks: Sequence[PageBlock], prose: Column, anchor: int) -> Iterator[Column]:
    places = np.arange(len(blocks))
    total = max(1.0, float(prose.sum()))
    above = np.cumsum(prose) - prose
    known = anchor >= 0
    yield np.clip(places - anchor, -_BLOCKS_FAR, _BLOCKS_FAR) if known else np.full(len(blocks), -99.0)
    yield np.where(places > anchor, above - (above[anchor] if known else 0.0), 0.0) / total
    holders = set(_numbers(blocks[anchor].element)) if known else set()
    yield np.array([_steps(block.element, holders) for block in blocks])
    first = next(
        (block for block, amount in zip(blocks[anchor + 1 :], prose[anchor + 1 :], strict=True) if amount), None
    )
    holders = set(_numbers(first.element)) if first else set()
    yield np.array([_steps(block.element, holders) for block in blocks])
    article = _article(first.element) if first else None
    yield np.array([_article(block.element) == article for block in blocks])
    yield np.cumsum([block.element.tag == "h1" for block in blocks])


def _told(blocks: Sequence[PageBlock], metadata: Metadata) -> Iterator[Column]:
    found = [_WORD.findall(block.text.casefold()) for block in blocks]
    title = set(_WORD.findall((metadata.headline or "").casefold()))
    yield np.array([len(title.intersection(words)) / max(1, len(title)) for words in found])
    for claim in (metadata.body, metadata.description):
        claimed = _threes(_WORD.findall((claim or "").casefold()))
        yield np.array([_share(words, claimed) if claimed else _UNKNOWN for words in found])


def _headline(blocks: Sequence[PageBlock], headline: str | None) -> int:
    """Where the headline stands: the heading, or else the first block, that says the same; -1: nowhere."""
    wanted = _WORD.findall((headline or "").casefold())
    longest = 2 * len(headline or "") + 20
    same = [
        index
        for index, block in enumerate(blocks)
        if wanted and len(block.text) < longest and _WORD.findall(block.text.casefold()) == wanted
    ]
    headings = [index for index in same if blocks[index].element.tag in _HEADINGS]
    if headings:
        return min(headings, key=lambda index: blocks[index].element.tag)
    h1s = (index for index, block in enumerate(blocks) if block.element.tag == "h1")
    return same[0] if same else next(h1s, -1)


def _numbers(element: Element) -> list[int]:
    return [at.number for at in element.outwards()]


def _steps(element: Element, holders: set[int]) -> int:
    """Steps outwards until an element that is among these."""
    return next((up for up, at in enumerate(element.outwards()) if at.number in holders), 2 * _FAR)


def _article(element: Element) -> int | None:
    return next((at.number for at in element.outwards() if at.tag == "article"), None)


def _signature(element: Element) -> str:
    parent = element.parent
    return f"{element.tag}.{element.names[:100]}<{f'{parent.tag}.{parent.names[:100]}' if parent else ''}"


def _threes(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + 3]) for start in range(max(1, len(words) - 2))} if words else set()


def _share(words: Sequence[str], claimed: set[tuple[str, ...]]) -> float:
    own = _threes(words)
    return len(own & claimed) / max(1, len(own))
