"""Paragraphs from lines: by gaps, indents, sizes, and whether the next word would have fitted."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from worker.cleaning.tables import words
from worker.formats.pdf_layout import Column, Line

_INDENT = 0.7  # sizes of the font
_GAP = 1.35  # usual distances between lines
_SAME_SIZE = 0.07
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’»)\]]*\Z")
_BULLET = re.compile(r"[•·▪▫◦‣●○■□►▸➤➢✓✔∙⁃\uf0b7]|[–-]\s")
_WORD = re.compile(r"[^\W\d_]+")
_BROKEN = re.compile(r"([^\W\d_]{1,60})[-\u2010\u00ad]\Z")
_COMPOUNDS = frozenset(
    words(
        """
    cross eight eighty ex far fifty five forty four full half high long low mid multi nine ninety non one part post
    self semi seven seventy short six sixty ten thirty three twenty two ultra vice well year
    """
    )
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or a heading.

    Attributes:
        text: With the words whole again that a line's end broke.
        page: Where it begins, from 0; likewise ``base``, the height of its first line in points.
        base: See ``page``.
        size: Of its font, in points.
        bold: Whether all of it is.
    """

    text: str
    page: int
    base: float
    size: float
    bold: bool


def paragraphs(columns: Sequence[Column]) -> list[Paragraph]:
    """The paragraphs of a document's columns, which may go on from one column to the next."""
    reader = _Reader(columns)
    groups: list[list[Line]] = []
    for column in columns:
        edges = _edges(column)
        for index, line in enumerate(column):
            above = column[index - 1] if index else None
            if groups and not reader.begins(line, above, groups[-1], edges):
                groups[-1].append(line)
            else:
                groups.append([line])
        reader.last_edges = edges
    return [reader.joined(group) for group in groups]


def _edges(column: Column) -> tuple[float, float]:
    """Where the lines of a column begin, and where the longest ends."""
    lefts = Counter(round(line.left) for line in column)
    usual = [left for left, count in lefts.items() if count >= 0.2 * len(column)]
    return float(min(usual or lefts)), max(line.right for line in column)


class _Reader:
    """What is known of a document while its paragraphs are made.

    Attributes:
        last_edges: Those of the column before.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        distances: dict[float, list[float]] = defaultdict(list)
        ends: list[str] = []
        self._known: Counter[str] = Counter()
        for column in columns:
            for line, after in pairwise(column):
                if _alike(line, after) and 0 < line.base - after.base < 3 * line.size:
                    distances[round(line.size)].append(line.base - after.base)
            for line in column:
                found = line.text.lower().split()
                self._known.update(word.strip(".,;:!?()“”\"'’") for word in found[1:-1])
                self._known.update(_WORD.findall(line.text.lower())[1:-1])
                ends += found[-1:]
        self._distance = {size: median(found) for size, found in distances.items()}
        broken = sum(1 for end in ends if _BROKEN.search(end))
        self._breaks_words = broken >= max(3, 0.02 * len(ends))
        self.last_edges = (0.0, 0.0)

    def begins(self, line: Line, above: Line | None, group: Sequence[Line], edges: tuple[float, float]) -> bool:
        """Whether a line begins a paragraph.

        Args:
            line: The line.
            above: That above it in its column.
            group: The paragraph so far.
            edges: Of the line's column.
        """
        last = group[-1]
        if not _alike(last, line) or _BULLET.match(line.text) or line.bold != last.bold:
            return True
        if " | " in line.text or " | " in last.text:
            return True
        if above is None:
            if line.text[:1].islower() or _BROKEN.search(last.text):
                return False
            indented = line.left - edges[0] > _INDENT * line.size
            return indented or not _of_a_width(edges, self.last_edges) or self._fits(line, last, self.last_edges)
        distance = self._distance.get(round(line.size), 1.3 * line.size)
        if not 0 < last.base - line.base <= _GAP * distance:
            return True
        return self._steps(line, group, edges) or self._fits(line, last, edges)

    def _steps(self, line: Line, group: Sequence[Line], edges: tuple[float, float]) -> bool:
        """Whether a line's indent begins or ends something."""
        step = (line.left - group[-1].left) / line.size
        if _BULLET.match(group[0].text):
            return (len(group) > 1 and step < -_INDENT) or line.left < group[0].left + 0.3 * line.size
        if step > _INDENT:
            return not _is_centred(line, edges)
        return step < -_INDENT and len(group) > 1 and not _is_centred(line, edges)

    def _fits(self, line: Line, last: Line, edges: tuple[float, float]) -> bool:
        """Whether the line before ends its paragraph: the next word would have fitted on it."""
        word = line.text.partition(" ")[0]
        width = (line.right - line.left) / len(line.text) * (len(word) + 1)
        left = edges[1] - last.right - width
        ended = _SENTENCE_END.search(last.text) is not None
        return left > (0.5 * line.size if ended else 0.35 * (edges[1] - edges[0]))

    def joined(self, group: Sequence[Line]) -> Paragraph:
        """The paragraph of some lines."""
        first = group[0]
        text = first.text
        for line in group[1:]:
            text = self._continued(text, line.text)
        text = " ".join(text.replace("\u00ad", "").split())
        return Paragraph(text, first.page, first.base, first.size, all(line.bold for line in group))

    def _continued(self, text: str, after: str) -> str:
        broken = _BROKEN.search(text)
        rest = _WORD.match(after)
        if broken is None or rest is None or not rest[0].islower():
            return f"{text}{'' if text.endswith('-') and text[-2:-1].isalpha() else ' '}{after}"
        if text[-1] == "\u00ad" or self._is_one_word(broken[1].lower(), rest[0]):
            return f"{text[:-1]}{after}"
        return f"{text[:-1]}-{after}"

    def _is_one_word(self, start: str, end: str) -> bool:
        """Whether a hyphen at a line's end was put there by the typesetting, and is none of the word's own."""
        if self._known[start + end] or self._known[f"{start}-{end}"]:
            return self._known[start + end] >= self._known[f"{start}-{end}"]
        if start in _COMPOUNDS or (self._known[start] and self._known[end]):
            return False
        return self._breaks_words


def _alike(line: Line, after: Line) -> bool:
    return abs(line.size - after.size) <= _SAME_SIZE * max(line.size, after.size)


def _is_centred(line: Line, edges: tuple[float, float]) -> bool:
    before, behind = line.left - edges[0], edges[1] - line.right
    return before > line.size and abs(before - behind) < 0.5 * line.size


def _of_a_width(edges: tuple[float, float], others: tuple[float, float]) -> bool:
    width, other = edges[1] - edges[0], others[1] - others[0]
    return abs(width - other) <= 0.25 * max(width, other)
