"""The elements of a page that hold its blocks, as arrays: each by its place in document order."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worker.formats.html_elements import Element, PageBlock

Column = NDArray[Any]  # shape (blocks,) or (elements,): numbers of any type


class Outline:
    """What a page's blocks stand in.

    Attributes:
        blocks: Of the page.
        elements: All that hold a block, not only next to it; the root first, and each after what it stands in.
        parents: For each element the place of what it stands in; the root stands in itself.
        depths: For each element; of the root 0.
    """

    def __init__(self, blocks: Sequence[PageBlock]) -> None:
        """Gather the elements of at least one block."""
        known: dict[int, Element] = {}
        for block in blocks:
            at: Element | None = block.element
            while at is not None and at.number not in known:
                known[at.number] = at
                at = at.parent
        self.blocks = blocks
        self.elements = [known[number] for number in sorted(known)]
        self._places = {element.number: place for place, element in enumerate(self.elements)}
        self.parents = [self._places[element.parent.number] if element.parent else 0 for element in self.elements]
        self.depths = np.array([element.depth for element in self.elements])
        self._parents = np.array(self.parents)
        self._outwards = [np.array([self._places[block.element.number] for block in blocks])]

    def outwards(self, steps: int) -> Column:
        """For each block the place of the element so many steps outwards from its own, or of the root."""
        while len(self._outwards) <= steps:
            self._outwards.append(self._parents[self._outwards[-1]])
        return self._outwards[steps]

    def chain(self, element: Element) -> set[int]:
        """The places of an element and of all that it stands in."""
        return {self._places[at.number] for at in element.outwards()}

    def steps(self, holders: Collection[int]) -> Column:
        """For each element the steps outwards until one of these places, among which is the root."""
        steps: list[int] = []
        for place, parent in enumerate(self.parents):
            steps.append(0 if place in holders else steps[parent] + 1)
        return np.array(steps)

    def totals(self, own: Column) -> Column:
        """For each element the sum of what all its blocks have, of whole numbers."""
        totals = self.gathered(self.outwards(0), own).tolist()
        for place in range(len(totals) - 1, 0, -1):
            totals[self.parents[place]] += totals[place]
        return np.array(totals)

    def gathered(self, places: Column, amounts: Column) -> Column:
        """For each element the sum of the amounts of the blocks that name its place."""
        return np.bincount(places, amounts, minlength=len(self.elements))
