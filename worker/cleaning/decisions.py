"""What a line can be, and the questions that every part of the cleaner asks of a line."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from schemas.article import Published, RemovedKind
from worker.cleaning.bylines import lone_names, read_byline, says_by, unglued
from worker.cleaning.captions import ends_caption, has_credit, has_verb, is_credit, is_labelled, opens_caption
from worker.cleaning.dates import MAX_LENGTH, FoundDate, choose, find_dates, remainder
from worker.cleaning.folding import CACHED, folded
from worker.cleaning.notices import notice_kind
from worker.cleaning.phrases import label_kind, opening_kind
from worker.cleaning.shape import Line

Part = Literal["headline", "standfirst", "byline", "dateline", "caption", "paragraph", "heading", "list_item", "quote"]
Role = Part | RemovedKind
_PARTS = frozenset(get_args(Part))

_PART_END = re.compile(r"\s*[|•·,;–—]\s*|\s{2,}")
MAX_CREDITED = 700  # characters of a line that a credit can make a caption
_LONGEST_CREDITED = 60  # words of a caption whose credit stands in the next line
_TELLING = 5  # words from which a line that repeats a caption is no coincidence
_LONGEST_CAPTION = 14  # words of one that no credit gives away


@dataclass(frozen=True, slots=True)
class Decision:
    """A line and what it is.

    Attributes:
        line: The line.
        role: A part of the article, or the kind of boilerplate.
        published: What a line with a date says.
        names: What a line with a byline says.
        updated: Whether the date is that of a change.
        month_first: The date, were the month written before the day; None where the line leaves no doubt.
    """

    line: Line
    role: Role
    published: Published | None = None
    names: tuple[str, ...] = ()
    updated: bool = False
    month_first: Published | None = None


def is_kept(decision: Decision) -> bool:
    """Whether a line is a part of the article."""
    return decision.role in _PARTS


def boilerplate(line: Line) -> RemovedKind | None:
    """The kind of boilerplate that a line is by what it says."""
    if line.kind == "heading" and line.words > 6:
        return None
    if kind := label_kind(line.text) or opening_kind(line.text):
        return kind
    if line.text.startswith(("“", '"', "„", "«")):
        return None  # someone says it
    return notice_kind(line.text)


def credits_line(line: Line) -> Decision | None:
    """The decision for a line that states when or by whom, and nothing else."""
    if len(line.text) > MAX_LENGTH or (found := _credits(line.text, line.bullet, line.sentence)) is None:
        return None
    date, names = found
    return Decision(
        line,
        "byline" if names else "dateline",
        published=date.published if date else None,
        names=names,
        updated=date.updated if date else False,
        month_first=date.month_first if date else None,
    )


@functools.lru_cache(maxsize=CACHED)
def _credits(line: str, bullet: bool, sentence: bool) -> tuple[FoundDate | None, tuple[str, ...]] | None:
    """The date and the names in a line that holds nothing else; None where it holds more or neither."""
    text = unglued(line)
    dates = find_dates(text)
    rest = remainder(text, dates) if dates else text
    if dates and not rest:
        return choose(dates), ()
    if bullet and not (dates or says_by(text)):
        return None
    names = read_byline(rest)
    if dates and not names and (says_by(text) or not bullet):
        names = _names_beside_date(text, rest)
    if names or (dates and not bullet and not sentence and _is_mostly_date(line, rest)):
        return choose(dates) if dates else None, names
    return None


def _names_beside_date(text: str, rest: str) -> tuple[str, ...]:
    """The names in what is left of "By Jane Doe | 17 May 2024", "17 May by Jane Doe" or "Jane Doe | 17 May 2024"."""
    if says_by(text) and (names := read_byline(f"By {rest}")):
        return names
    first = _PART_END.split(rest, maxsplit=1)[0].strip()
    return lone_names(first) if len(rest) <= 2 * len(first) + 20 else ()


def _is_mostly_date(line: str, rest: str) -> bool:
    left = len(rest.split())
    return left <= 5 and len(line.split()) - left >= 2


def is_credited_caption(line: Line) -> bool:
    """Whether a line says that it is a caption, or names the source of a picture."""
    if line.bullet or line.words > 80 or len(line.text) > MAX_CREDITED:
        return False
    return is_labelled(line.text) or has_credit(line.text)


def is_bare_caption(line: Line) -> bool:
    """Whether a line could be what stands below a picture: short, with names, and without a verb."""
    if line.bullet or line.words > _LONGEST_CAPTION or line.words < 2 or line.text.endswith(("?", "!", ":")):
        return False
    capitals = sum(1 for word in line.text.split()[1:] if word[:1].isupper())
    return capitals >= 2 and not has_verb(line.text)


def mark_captions(lines: Sequence[Line]) -> list[Line]:
    """Lines, of which those are captions that a credit or a control tells, and those that repeat a caption."""
    marked = [
        replace(line, kind="caption") if _credit_follows(line, after) or _controlled(before, line, after) else line
        for before, line, after in zip((None, *lines), lines, (*lines[1:], None), strict=False)
    ]
    captions = {folded(line.text) for line in marked if line.kind == "caption" and line.words >= _TELLING}
    if not captions:
        return marked
    return [replace(line, kind="caption") if folded(line.text) in captions else line for line in marked]


def _controlled(before: Line | None, line: Line, after: Line | None) -> bool:
    """Whether a picture's controls stand around a line of a pasted page."""
    if line.kind != "line" or line.words > _LONGEST_CREDITED or opens_caption(line.text) or ends_caption(line.text):
        return False
    return (before is not None and opens_caption(before.text)) or (after is not None and ends_caption(after.text))


def _credit_follows(line: Line, after: Line | None) -> bool:
    if after is None or line.kind != "line" or after.kind != "line" or after.gap or not line.gap:
        return False
    if line.bullet or line.words > _LONGEST_CREDITED or not is_credit(after.text):
        return False
    return credits_line(line) is None and boilerplate(line) is None


def meta_follows(lines: Sequence[Line], index: int, headline: str) -> bool:
    """Whether a date, a byline or the headline again stands below a line, before any running text."""
    for line in lines[index + 1 : index + 6]:
        if credits_line(line) or folded(line.text) == headline:
            return True
        if line.prose:
            return False
    return False
