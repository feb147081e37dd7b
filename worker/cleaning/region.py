"""Finding the article in a page that was pasted whole: which of its lines are the article's."""

from collections.abc import Sequence

from worker.cleaning.notices import notice_kind
from worker.cleaning.phrases import label_kind, opening_kind
from worker.cleaning.shape import Line

_FEWEST_LINKS = 8  # link-like lines, below which nothing looks like a page
_LINK_SHARE = 0.3
_LONGEST_COUNTED = 40  # words of a line that speak for it: one huge line must not outweigh an article
_PROSE_BONUS = 2.0
_LINK = -9.0
_BULLETED_LINK = -6.0  # less, for articles have lists too
_LABEL = -50.0
_NOTICE = -40.0
_BARRIER = -300.0  # a heading below which only others' words follow


def is_page(lines: Sequence[Line]) -> bool:
    """Whether a text holds so many link-like lines that it must be a whole page, with its menus."""
    links = sum(1 for line in lines if line.kind == "line" and line.short and not line.sentence)
    return links >= _FEWEST_LINKS and links >= _LINK_SHARE * len(lines)


def find_region(lines: Sequence[Line]) -> tuple[int, int]:
    """Where the running text of an article begins and ends: the stretch with the best sum of scores.

    Words of prose count for a line, the look of a link or a label against it.

    Returns:
        The index of its first line, and that after its last; equal where there is none.
    """
    best, best_start, best_end = 0.0, 0, 0
    total, start = 0.0, 0
    for index, line in enumerate(lines):
        if total <= 0:
            total, start = 0.0, index
        total += score(line)
        if total > best:
            best, best_start, best_end = total, start, index + 1
    return best_start, best_end


def score(line: Line) -> float:
    """How much a line speaks for being in an article."""
    kind = label_kind(line.text)
    if kind == "comments":
        return _BARRIER
    if kind is not None:
        return _LABEL
    if opening_kind(line.text) or notice_kind(line.text):
        return _NOTICE
    if line.prose:
        return min(line.words, _LONGEST_COUNTED) * _PROSE_BONUS
    if line.sentence or line.words > 14:
        return float(line.words)
    return _BULLETED_LINK if line.bullet else _LINK
