"""Boxes in the midst of a text: a newsletter's form, a plea or an advertisement between two paragraphs."""

from collections.abc import Iterator, Sequence

from schemas.article import RemovedKind
from worker.cleaning.decisions import boilerplate
from worker.cleaning.phrases import label_kind
from worker.cleaning.shape import Line

_KINDS: frozenset[RemovedKind] = frozenset({"newsletter", "advertisement", "donation"})
_PROSE_KINDS: frozenset[RemovedKind] = frozenset({"newsletter", "donation"})  # of boxes that may hold running text
_ENDS: frozenset[RemovedKind] = frozenset({"comments", "copyright", "navigation"})  # what tells that the text is over
_LONGEST = 8  # lines of a box
_REACH = 9  # blocks above and below in which there must be running text
_ENOUGH = 2  # blocks of it on either side
_SPACED = 0.6  # of the paragraphs of a text whose blank lines tell what belongs together


def is_spaced(lines: Sequence[Line]) -> bool:
    """Whether blank lines stand between the paragraphs of a text."""
    gaps = [line.gap for line in lines if line.prose]
    return sum(gaps) >= _SPACED * len(gaps)


def blocks(lines: Sequence[Line]) -> Iterator[range]:
    """The indices of lines that no blank line parts."""
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or lines[index].gap:
            yield range(start, index)
            start = index


def find_boxes(lines: Sequence[Line]) -> frozenset[int]:
    """The indices of the lines of boxes: what surrounds them goes on as if they were not there."""
    parts = list(blocks(lines)) if is_spaced(lines) else [range(index, index + 1) for index in range(len(lines))]
    told = [boilerplate(line) for line in lines]
    kinds = [frozenset(kind for index in part if (kind := told[index])) for part in parts]
    text = [any(_is_text(lines[index]) and told[index] is None for index in part) for part in parts]
    found: set[int] = set()
    for place, part in enumerate(parts):
        if (is_box(lines, part) or list_kind(lines, part) == "related") and _goes_on(kinds, text, place):
            found.update(part)
    return frozenset(found)


def list_kind(lines: Sequence[Line], part: range) -> RemovedKind | None:
    """The kind of a block that is a label of the page and links below it; None for any other."""
    links = not any(_is_running(lines[index]) or lines[index].bullet for index in part)
    return label_kind(lines[part.start].text) if links and 1 < len(part) <= _LONGEST else None


def is_box(lines: Sequence[Line], part: range) -> bool:
    """Whether a block is a form, a plea or an advertisement, with what belongs to it."""
    told = [boilerplate(lines[index]) for index in part]
    kinds = {kind for kind in told if kind}
    if not kinds or not kinds <= _KINDS or len(part) > _LONGEST:
        return False
    loose = any(_is_running(lines[index]) and kind is None for index, kind in zip(part, told, strict=True))
    return not loose or kinds <= _PROSE_KINDS


def _goes_on(kinds: Sequence[frozenset[RemovedKind]], text: Sequence[bool], place: int) -> bool:
    """Whether running text stands above a block and below it, before anything that would end it."""
    below = 0
    for after in range(place + 1, min(len(text), place + 1 + _REACH)):
        if kinds[after] & _ENDS:
            break
        below += text[after]
    return below >= _ENOUGH and sum(text[max(0, place - _REACH) : place]) >= _ENOUGH


def _is_running(line: Line) -> bool:
    """Whether a line is no link; links often ask."""
    return line.prose and not line.text.endswith("?")


def _is_text(line: Line) -> bool:
    return line.prose or (line.bullet and line.sentence)
