"""What tells teasers from an article: containers that repeat, and how much of what they hold is links."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from worker.formats.html_outline import Column, Outline

_LINKED_LEVELS = 4
_COUNTED_LEVELS = 3
_LIKE_LEVELS = 5
_REPEATED = 3  # siblings that are alike make a list of cards
_OUTWARDS = 7  # steps: what repeats further out is columns of the page
_MOST = 50
_LONGEST = 5_000  # characters

NAMES = (
    *(f"linked_{level}_out" for level in range(1, _LINKED_LEVELS + 1)),  # share of the container's characters
    *(f"blocks_{level}_out" for level in range(1, _COUNTED_LEVELS + 1)),
    *(f"alike_{level}_out" for level in range(1, _LIKE_LEVELS + 1)),  # siblings with the same tag and first class
    "card_level",  # steps outwards to the nearest container with two siblings like it; -1: there is none
    "cards",  # how many of them
    "card_blocks",  # in this one; likewise the next two
    "card_linked",
    "card_size",  # characters
)


def card_features(outline: Outline) -> Iterator[Column]:
    """The columns of ``NAMES`` for the blocks of a page."""
    sizes = np.array([len(block.text) for block in outline.blocks])
    linked = np.array([block.linked for block in outline.blocks])
    size = outline.totals(sizes)
    share = outline.totals(np.minimum(linked, sizes)) / np.maximum(1, size)
    count = np.minimum(_MOST, outline.totals(np.ones(len(sizes))))
    alike = _alike(outline)
    yield from (share[outline.outwards(level)] for level in range(1, _LINKED_LEVELS + 1))
    yield from (count[outline.outwards(level)] for level in range(1, _COUNTED_LEVELS + 1))
    yield from (np.minimum(_MOST, alike[outline.outwards(level)]) for level in range(1, _LIKE_LEVELS + 1))
    around = np.column_stack([outline.outwards(level) for level in range(1, _OUTWARDS)])
    repeated = alike[around] >= _REPEATED
    is_card, nearest = repeated.any(axis=1), repeated.argmax(axis=1)
    card = around[np.arange(len(around)), nearest]
    yield np.where(is_card, nearest + 1, -1)
    for column in (np.minimum(_MOST, alike), count, share, np.minimum(_LONGEST, size)):
        yield np.where(is_card, column[card], 0)


def _alike(outline: Outline) -> Column:
    """For each element how many children of its parent have its tag and first class, itself included."""
    kinds = [
        (parent, element.tag, element.names.partition(" ")[0])
        for element, parent in zip(outline.elements, outline.parents, strict=True)
    ]
    counts = Counter(kinds[1:])
    return np.array([0, *(counts[kind] for kind in kinds[1:])])
