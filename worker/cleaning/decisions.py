"""What a line can be, and the questions that every part of the cleaner asks of a line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from schemas.article import Published, RemovedKind
from worker.cleaning.bylines import lone_names, read_byline, says_by, unglued
from worker.cleaning.dates import MAX_LENGTH, FoundDate, choose, find_dates, remainder
from worker.cleaning.notices import notice_kind
from worker.cleaning.phrases import label_kind, opening_kind
from worker.cleaning.shape import Line

Part = Literal["headline", "standfirst", "byline", "dateline", "caption", "paragraph", "heading", "list_item", "quote"]
Role = Part | RemovedKind

_WORDS = re.compile(r"\w+")
_SOURCES = "afp|epa|efe|epa-efe|reuters|ap|dpa|getty|shutterstock|istock|imago|anadolu|unsplash|pixabay"
_CREDIT = re.compile(
    r"\b(?:photos?|pictures?|images?|illustration|graphic|video)(?: credit)?(?: by\b|\s?[:/|]|\s?©)|\bcredit:"
    r"|\bfile (?:photo|picture|image)\b|\bgetty images\b|\bvia getty\b|\(ap\b|\bap photo\b|\bcourtesy of\b"
    rf"|\b(?:{_SOURCES})\s?/|/\s?(?:{_SOURCES})\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|must|should|shall|do|does|did|says?|said"
    r"|told|asks?|tells?|gives?|gave|takes?|took|comes?|came|goes|went|makes?|made|gets?|got|knows?|knew|thinks?|wants?"
    r"|needs?|won|lost|held|left|met|rose|fell|began|became|isn|aren|wasn|don|didn|won't|it|we|they|you|i|he|she|[a-z]{3,}ed)\b"
)
_PART_END = re.compile(r"\s*[|•·,;–—]\s*|\s{2,}")
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
    """

    line: Line
    role: Role
    published: Published | None = None
    names: tuple[str, ...] = ()
    updated: bool = False


def folded(text: str) -> str:
    """A text for comparing: letters and digits only, case aside."""
    return " ".join(_WORDS.findall(text.casefold()))


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
    if len(line.text) > MAX_LENGTH:
        return None
    text = unglued(line.text)
    dates = find_dates(text)
    rest = remainder(text, dates) if dates else text
    if dates and not rest:
        return _credits(line, dates, ())
    if line.bullet and not (dates or says_by(text)):
        return None
    names = read_byline(rest)
    if dates and not names and (says_by(text) or not line.bullet):
        names = _names_beside_date(text, rest)
    if names or (dates and not line.bullet and _is_mostly_date(line, rest)):
        return _credits(line, dates, names)
    return None


def _credits(line: Line, dates: list[FoundDate], names: tuple[str, ...]) -> Decision:
    date = choose(dates) if dates else None
    return Decision(
        line,
        "byline" if names else "dateline",
        published=date.published if date else None,
        names=names,
        updated=date.updated if date else False,
    )


def _names_beside_date(text: str, rest: str) -> tuple[str, ...]:
    """The names in what is left of "By Jane Doe | 17 May 2024", "17 May by Jane Doe" or "Jane Doe | 17 May 2024"."""
    if says_by(text) and (names := read_byline(f"By {rest}")):
        return names
    first = _PART_END.split(rest, maxsplit=1)[0].strip()
    return lone_names(first) if len(rest) <= 2 * len(first) + 20 else ()


def _is_mostly_date(line: Line, rest: str) -> bool:
    left = len(rest.split())
    return left <= 5 and line.words - left >= 2 and not line.sentence


def is_credited_caption(line: Line) -> bool:
    """Whether a line names the source of a picture."""
    return not line.bullet and line.words <= 80 and len(line.text) <= 700 and _CREDIT.search(line.text) is not None


def is_bare_caption(line: Line) -> bool:
    """Whether a line could be what stands below a picture: short, with names, and without a verb."""
    if line.bullet or line.words > _LONGEST_CAPTION or line.words < 2 or line.text.endswith(("?", "!", ":")):
        return False
    capitals = sum(1 for word in line.text.split()[1:] if word[:1].isupper())
    return capitals >= 2 and _VERB.search(line.text) is None


def meta_follows(lines: Sequence[Line], index: int, headline: str) -> bool:
    """Whether a date, a byline or the headline again stands below a line, before any running text."""
    for line in lines[index + 1 : index + 6]:
        if credits_line(line) or folded(line.text) == headline:
            return True
        if line.prose:
            return False
    return False
