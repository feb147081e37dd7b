"""The order of a page's lines as people read them: across the page, then column by column."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

_MOST_LINES = 1_000  # of a page whose columns are looked for
_FEWEST = 4  # lines of a column
_GUTTER = 4.0  # points
_FILLED = 0.6  # of a column's width, by its usual line; cells of a table fill less
_CROSSING = 0.6  # of the base lines may run across the gutter: a headline, a table, what stands above the columns
_CANDIDATES = 12
_CELL = 2.5  # sizes of the font; between the cells of a table is more white


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or a part of one.

    Attributes:
        page: Its number, from 0.
        text: Without white space around it.
        left: Where it begins, in points; likewise ``right``, where it ends.
        base: The height of its base line above the page's lower edge, in points.
        size: Of its font, in points.
        bold: Whether it is from one end to the other.
    """

    page: int
    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool


Column = list[Line]  # from its top down


def columns(lines: Sequence[Line], depth: int = 0) -> list[Column]:
    """The columns of a page in reading order, and what stands across them between them."""
    gutter = _gutter(lines) if 2 * _FEWEST <= len(lines) <= _MOST_LINES and depth < _CANDIDATES else None
    if gutter is None:
        return [_rows(lines)] if lines else []
    left = [line for line in lines if line.right <= gutter]
    right = [line for line in lines if line.left >= gutter]
    across = _rows([line for line in lines if line.right > gutter > line.left])
    found: list[Column] = []
    wide: Column = []
    top = float("inf")
    for line in [*across, None]:
        bottom = line.base if line else float("-inf")
        beside = [[other for other in side if bottom < other.base <= top] for side in (left, right)]
        if any(beside):
            found += [wide] if wide else []
            wide = []
            for side in beside:
                found += columns(side, depth + 1)
        wide += [line] if line else []
        top = bottom
    return [*found, wide] if wide else found


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where the white between two columns ends, which the fewest lines cross; None on a page of one column."""
    edges = Counter(round(line.left) for line in lines)
    outer = min(line.left for line in lines), max(line.right for line in lines)
    best, fewest = None, _CROSSING * len(_widths(lines))
    for edge, _ in edges.most_common(_CANDIDATES):
        x = edge - 1.0
        left = [line for line in lines if line.right <= x]
        right = [line for line in lines if line.left >= x]
        crossing = len(_widths(line for line in lines if line.right > x > line.left))
        if crossing < fewest and _are_columns(left, right, x, outer):
            best, fewest = x, crossing
    return best


def _are_columns(left: Sequence[Line], right: Sequence[Line], gutter: float, outer: tuple[float, float]) -> bool:
    """Whether lines stand beside each other in two columns and fill them, as the cells of a table do not."""
    if not left or not right or gutter - max(line.right for line in left) < _GUTTER:
        return False
    low = max(min(line.base for line in side) for side in (left, right))
    high = min(max(line.base for line in side) for side in (left, right))
    beside = [_widths(line for line in side if low <= line.base <= high) for side in (left, right)]
    room = (gutter - outer[0], outer[1] - gutter)
    return all(
        len(widths) >= _FEWEST and median(widths) >= _FILLED * width for widths, width in zip(beside, room, strict=True)
    )


def _widths(lines: Iterable[Line]) -> list[float]:
    """How wide the lines are, whose parts are taken together."""
    ends: dict[int, tuple[float, float]] = {}
    for line in lines:
        left, right = ends.get(round(line.base), (line.left, line.right))
        ends[round(line.base)] = min(left, line.left), max(right, line.right)
    return [right - left for left, right in ends.values()]


def _rows(lines: Sequence[Line]) -> Column:
    """The lines from the top down; parts on one base line become one, the cells of a table with a bar between them."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (-line.base, line.left)):
        if rows and abs(rows[-1][0].base - line.base) < 0.3 * min(line.size, rows[-1][0].size):
            rows[-1].append(line)
        else:
            rows.append([line])
    ends = Counter(round(row[0].right) for row in rows if len(row) == 1)
    return [_joined(sorted(row, key=lambda line: line.left), ends) for row in rows]


def _joined(row: Sequence[Line], ends: Counter[int]) -> Line:
    if len(row) == 1:
        return row[0]
    end = round(row[-1].right)
    justified = sum(ends[x] for x in (end - 1, end, end + 1)) >= _FEWEST  # with whatever white between its words
    text = row[0].text
    for line, after in pairwise(row):
        is_cell = not justified and after.left - line.right > _CELL * line.size and len(line.text) > 2
        text += f" | {after.text}" if is_cell else f" {after.text}"
    widest = max(row, key=lambda line: len(line.text))
    return Line(row[0].page, text, row[0].left, row[-1].right, row[0].base, widest.size, all(line.bold for line in row))
