"""What tells teasers from an article: containers that repeat, and how much of what they hold is links."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worker.formats.html_blocks import Element, PageBlock

Column = NDArray[Any]  # shape (blocks,): numbers of any type

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

Kind = tuple[str, str]


class _Sums:
    """What each container holds: characters, those in links, blocks, and its children by tag and first class."""

    def __init__(self, blocks: Sequence[PageBlock]) -> None:
        self.size: Counter[int] = Counter()
        self.linked: Counter[int] = Counter()
        self.blocks: Counter[int] = Counter()
        self._children: Counter[tuple[int, Kind]] = Counter()
        seen = set[int]()
        for block in blocks:
            size, linked = len(block.text), min(block.linked, len(block.text))
            for element in block.element.outwards():
                self.size[element.number] += size
                self.linked[element.number] += linked
                self.blocks[element.number] += 1
                if element.number not in seen and element.parent:
                    seen.add(element.number)
                    self._children[element.parent.number, _kind(element)] += 1

    def share(self, number: int) -> float:
        """Of a container's characters, how many are in links."""
        return self.linked[number] / max(1, self.size[number])

    def alike(self, element: Element) -> int:
        """How many children of its parent are like it, itself included."""
        return self._children[element.parent.number, _kind(element)] if element.parent else 0


def card_features(blocks: Sequence[PageBlock]) -> Iterator[Column]:
    """The columns of ``NAMES`` for the blocks of a page."""
    sums = _Sums(blocks)
    known: dict[int, list[float]] = {}  # blocks of one element have the same numbers
    for block in blocks:
        if block.element.number not in known:
            known[block.element.number] = _row(block.element, sums)
    yield from np.array([known[block.element.number] for block in blocks]).T


def _row(element: Element, sums: _Sums) -> list[float]:
    chain = [at for at, _ in zip(element.outwards(), range(_OUTWARDS + 1), strict=False)]
    outer = [chain[min(level, len(chain) - 1)].number for level in range(1, _LINKED_LEVELS + 1)]
    alike = [sums.alike(at) for at in chain[:_OUTWARDS]]
    return [
        *map(sums.share, outer),
        *(min(_MOST, sums.blocks[number]) for number in outer[:_COUNTED_LEVELS]),
        *(min(_MOST, alike[level]) if level < len(alike) else 0 for level in range(1, _LIKE_LEVELS + 1)),
        *_card(chain, alike, sums),
    ]


def _card(chain: Sequence[Element], alike: Sequence[int], sums: _Sums) -> tuple[float, ...]:
    for level in range(1, len(alike)):
        if alike[level] >= _REPEATED:
            number = chain[level].number
            size = min(_LONGEST, sums.size[number])
            return level, min(_MOST, alike[level]), min(_MOST, sums.blocks[number]), sums.share(number), size
    return -1, 0, 0, 0, 0


def _kind(element: Element) -> Kind:
    return element.tag, element.names.partition(" ")[0]
