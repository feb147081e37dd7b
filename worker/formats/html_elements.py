"""The elements and the blocks of text of a page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from worker.models import RawKind

_CLOSE = 3  # elements, itself among them


@dataclass(slots=True)
class Element:
    """An element that can hold blocks.

    Attributes:
        tag: Its name.
        number: In document order; the root has 0.
        depth: Of the root 0.
        parent: What it stands in.
        roles: A bit for each of ``html_blocks.ROLES`` that it has or stands in.
        hints: For each of ``html_names.HINTS`` the depth of the nearest element, itself or outwards, that has it in
            its names.
        names: Its classes and id.
        pictured: Whether a picture stands in it, not far inside.
    """

    tag: str
    number: int
    depth: int
    parent: "Element | None"
    roles: int
    hints: tuple[int, ...]
    names: str
    pictured: bool = False

    def outwards(self) -> Iterator["Element"]:
        """Itself, what it stands in, and so on."""
        at: Element | None = self
        while at is not None:
            yield at
            at = at.parent

    def is_close(self, other: "Element") -> bool:
        """Whether it and another stand in one that is not far outwards from either."""
        around = {element.number for element in islice(self.outwards(), _CLOSE)}
        return any(element.number in around for element in islice(other.outwards(), _CLOSE))


@dataclass(slots=True)
class PageBlock:
    """One paragraph, heading, item and so on.

    Attributes:
        text: Without line breaks, white space collapsed.
        kind: What the mark-up says.
        element: In which it stands.
        linked: Characters in links; likewise ``slanted``.
        links: Their texts, white space collapsed, and their addresses as they are written.
        captioned: Characters in inline elements that are named for captions; likewise ``hinted``, for credits.
        small: Characters in small or slanted print.
        leading: Characters in links that lead elsewhere, and not to a larger picture.
        below_picture: Whether a picture stands before it, and no text in between.
        beside_picture: Whether that is in the same element.
    """

    text: str
    kind: RawKind
    element: Element
    linked: int = 0
    slanted: int = 0
    links: list[tuple[str, str]] = field(default_factory=list)
    captioned: int = 0
    hinted: int = 0
    small: int = 0
    leading: int = 0
    below_picture: bool = False
    beside_picture: bool = False
