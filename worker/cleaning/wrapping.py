"""Hard-wrapped text, as in e-mails: the lines of a paragraph are joined again."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from worker.cleaning.shape import Line, measured

NARROWEST, WIDEST = 40, 100  # characters of a line in text that someone wrapped
_ENOUGH = 0.6  # of the breaks must stand where the next word no longer fitted
_SLACK = 4  # characters: not every program counts alike


def unwrap(lines: Sequence[Line]) -> list[Line]:
    """The paragraphs of a hard-wrapped text; the lines of any other text as they are.

    A break is a wrap where the first word of the next line would not have fitted. A shorter line ends its
    paragraph, as do a blank line, a bullet and an indentation.
    """
    width = _width(lines)
    return list(lines) if width is None else [_joined(group) for group in _groups(lines, width)]


def _width(lines: Sequence[Line]) -> int | None:
    """The width that a text was wrapped at; None where it was not."""
    if any(line.kind != "line" for line in lines):
        return None
    inner = [(line, after) for line, after in pairwise(lines) if _continues(line, after, begun=line.bullet)]
    lengths = sorted(_length(line) for line, _ in inner)
    if len(lengths) < 3 or len(lengths) < 0.3 * len(lines):
        return None
    width = lengths[int(0.95 * (len(lengths) - 1))]
    long = sum(1 for line in lines if _length(line) > width + 20)
    if not NARROWEST <= width <= WIDEST or long > 0.05 * len(lines):
        return None
    wraps = sum(1 for line, after in inner if _is_full(line, after, width))
    return width if wraps >= _ENOUGH * len(inner) else None


def _groups(lines: Sequence[Line], width: int) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        wrapped = group and _continues(group[-1], line, begun=group[0].bullet) and _is_full(group[-1], line, width)
        if group and not wrapped:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _continues(line: Line, after: Line, *, begun: bool) -> bool:
    """Whether a line may go on in the next; below a bullet it may be indented."""
    return not after.gap and not after.bullet and (begun or after.indent <= line.indent)


def _is_full(line: Line, after: Line, width: int) -> bool:
    word = after.text.partition(" ")[0]
    return _length(line) + 1 + len(word) > width - _SLACK


def _length(line: Line) -> int:
    return line.indent + len(line.text)


def _joined(group: list[Line]) -> Line:
    if len(group) == 1:
        return group[0]
    text = group[0].text
    for line in group[1:]:
        # A word is broken only at a hyphen of its own ("long-term"), which stays.
        glue = "" if text.endswith("-") and text[-2:-1].isalpha() else " "
        text += glue + line.text
    first = group[0]
    return measured(text, first, bullet=first.bullet, indent=first.indent)
