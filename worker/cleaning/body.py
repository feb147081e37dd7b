"""The body of an article: its paragraphs, headings and lists, and the boilerplate among them."""

from collections.abc import Sequence

from schemas.article import RemovedKind
from worker.cleaning.decisions import Decision, Role, boilerplate, credits_line, is_credited_caption
from worker.cleaning.folding import folded
from worker.cleaning.phrases import label_kind
from worker.cleaning.shape import Line

_SECTIONS: frozenset[RemovedKind] = frozenset({"related", "comments"})
_LONGEST_HEADING = 14  # words
_TOP = 6  # lines of the body, in which a line with a date is the article's own
_DUPLICATE = 8  # words from which a line that comes again is no coincidence


def read_body(lines: Sequence[Line], headline: str, *, page: bool) -> list[Decision]:
    """Decide the lines of the body and of what follows it.

    Args:
        lines: In reading order.
        headline: The article's; it does not belong to the body.
        page: Whether the lines are from a page, where a stray scrap is more likely a link than text.
    """
    decisions: list[Decision] = []
    section: RemovedKind | None = None
    seen = {folded(headline)}
    comments = comments_start(lines)
    for index, line in enumerate(lines):
        role = "comments" if index >= comments else _told_by_words(line, seen, headline)
        if role is None and section is not None and _is_link(line):
            role = section
        elif role is None:
            section = None
            role = _told_by_neighbours(lines, index, page=page)
        elif role in _SECTIONS and line.words <= 6:
            section = role
        decisions.append(_decision(line, role))
        if line.words >= _DUPLICATE:
            seen.add(folded(line.text))
    return decisions


def comments_start(lines: Sequence[Line]) -> int:
    """The index of the heading below which readers speak; past the end where there is none."""
    above, total = 0, sum(line.words for line in lines)
    for index, line in enumerate(lines):
        if 2 * above > total and label_kind(line.text) == "comments":
            return index
        above += line.words
    return len(lines)


def _told_by_words(line: Line, seen: set[str], headline: str) -> Role | None:
    text = folded(line.text)
    if text == folded(headline):
        return "repeated_headline"
    if line.words >= _DUPLICATE and text in seen:
        return "duplicate"
    if kind := boilerplate(line):
        return kind
    return "caption" if line.kind in {"line", "caption"} and is_credited_caption(line) else None


def _told_by_neighbours(lines: Sequence[Line], index: int, *, page: bool) -> Role:
    line = lines[index]
    if line.kind != "line":
        return _marked_up(lines, index)
    if line.bullet:
        return "navigation" if page and _is_menu(lines, index) else "list_item"
    if line.prose or line.sentence:
        return "paragraph"
    if (credit := credits_line(line)) and (page or credit.role == "byline" or index < _TOP or index == len(lines) - 1):
        return credit.role
    if is_heading(lines, index):
        return "heading"
    return "navigation" if page and line.short and not line.text.endswith(":") else "paragraph"


def _marked_up(lines: Sequence[Line], index: int) -> Role:
    line = lines[index]
    if line.kind == "heading":
        return "heading" if any(_is_text(after) for after in lines[index + 1 : index + 4]) else "navigation"
    if line.kind == "paragraph" and (index < 3 or index >= len(lines) - 2) and (credit := credits_line(line)):
        return credit.role
    if line.bullet:
        return "list_item"
    return line.kind if line.kind in {"quote", "caption"} else "paragraph"


def _is_text(line: Line) -> bool:
    return line.prose or line.bullet or line.kind == "heading" or (line.sentence and label_kind(line.text) is None)


def is_heading(lines: Sequence[Line], index: int) -> bool:
    """Whether a line stands above running text as its title: short, alone, and no sentence."""
    line = lines[index]
    if line.words > _LONGEST_HEADING or line.text.endswith((".", ",", ";", ":", "—", "–")) or not line.gap:
        return False
    if not line.text[0].isupper() and not line.text[0].isdigit() and line.text[0] not in "“\"'‘„«‹»¿¡(":
        return False
    after = lines[index + 1] if index + 1 < len(lines) else None
    if after is None or (after.bullet and after.text[0].islower()):  # which goes on with the line's sentence
        return False
    introduces = after.text.endswith(":") and after.words > 3
    return after.prose or after.sentence or introduces or (after.bullet and after.words > 6)


def _is_link(line: Line) -> bool:
    return not line.prose and not line.sentence and line.words <= 25


def _is_menu(lines: Sequence[Line], index: int) -> bool:
    """Whether a bulleted line belongs to a list of links rather than of points."""
    first = index
    while first > 0 and lines[first - 1].bullet and index - first < 50:
        first -= 1
    last = index
    while last + 1 < len(lines) and lines[last + 1].bullet and last - index < 50:
        last += 1
    group = lines[first : last + 1]
    if any(line.prose or line.sentence for line in group):
        return False
    introduced = first > 0 and lines[first - 1].text.endswith(":") and lines[first - 1].words > 3
    return not introduced and sum(line.words for line in group) < 6 * len(group)


def _decision(line: Line, role: Role) -> Decision:
    credit = credits_line(line) if role in {"byline", "dateline"} else None
    return credit or Decision(line, role)
