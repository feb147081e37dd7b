"""Names that stand alone: a line beside a date, above a role or below "By" is a byline without saying so."""

import functools
import re
from collections.abc import Callable, Sequence

from worker.cleaning.bylines import MAX_BYLINE, is_label, is_role, lone_names, read_byline, unglued
from worker.cleaning.decisions import Decision, credits_line
from worker.cleaning.folding import CACHED, folded
from worker.cleaning.shape import Line

_ABOVE, _BELOW = 6, 25  # lines around a headline in which a byline may stand
_LONGEST = 2 * MAX_BYLINE + 1  # characters: a byline that is echoed
_LONGEST_ROLE = 8  # words
_PROSE = 3  # lines of running text below which it does not
_HEADS = frozenset({"headline", "repeated_headline"})
_SMALL_PRINT = re.compile(
    r"@\w{2,30}|\d{1,3}[ -]min(?:ute)?s?(?: read)?|follow|(?:published|updated)\b.{0,40}", re.IGNORECASE
)
_OTHERS = re.compile(
    r"\b(?:review|edit|fact|photo|picture|illustrat|check|translat|featur|guest)[a-z]*\b", re.IGNORECASE
)


CommonWords = Callable[[], frozenset[str]]
"""Gives the words that a text writes small, which no surname is."""


def signature(lines: Sequence[Line], index: int, common: CommonWords) -> tuple[str, ...]:
    """The names in a line that says nothing else, where what is beside it shows that they are the authors'.

    Args:
        lines: In reading order.
        index: Of the line.
        common: The words that the text writes small.
    """
    line = lines[index]
    above, below = _beside(lines, index)
    announced = above is not None and is_label(above.text)
    names = _names(line.text, announced) if len(line.text) <= _LONGEST else ()
    if not names or not (announced or _is_shown(line, above, below)):
        return ()
    return () if any(folded(name).rpartition(" ")[2] in common() for name in names) else names


def _is_shown(line: Line, above: Line | None, below: Sequence[Line]) -> bool:
    """Whether what is beside a line of names shows that they are the authors'."""
    if above is not None and _OTHERS.search(above.text) and above.short:
        return False
    if _is_dated(line, below) or (above is not None and not line.bullet and _is_dateline(above)):
        return True
    if line.bullet or not below:
        return False
    return is_role(below[0].text) or _SMALL_PRINT.fullmatch(below[0].text.strip(" .|•·")) is not None


@functools.lru_cache(maxsize=CACHED)
def _names(line: str, announced: bool) -> tuple[str, ...]:
    text = unglued(line)
    return read_byline(text) or lone_names(text) or (read_byline(f"By {text}") if announced else ())


def _is_dated(line: Line, below: Sequence[Line]) -> bool:
    """Whether a date stands below a line, or below what may be its author's role."""
    if line.bullet:
        return bool(below) and below[0].bullet and _is_dateline(below[0])
    if len(below) > 1 and below[0].words <= _LONGEST_ROLE and not below[0].sentence and not below[0].bullet:
        return _is_dateline(below[0]) or _is_dateline(below[1])
    return bool(below) and _is_dateline(below[0])


def _beside(lines: Sequence[Line], index: int) -> tuple[Line | None, list[Line]]:
    """The line above and the two below, but for signs that stand alone."""
    above = (line for line in reversed(lines[max(0, index - 2) : index]) if any(map(str.isalnum, line.text)))
    below = [line for line in lines[index + 1 : index + 4] if any(map(str.isalnum, line.text))]
    return next(above, None), below[:2]


def common_words(lines: Sequence[Line]) -> CommonWords:
    """The words that a text writes small: gathered when they are first asked for, as few texts need them, and once."""

    @functools.cache
    def gathered() -> frozenset[str]:
        return frozenset(word for line in lines if line.prose for word in filter(str.islower, line.text.split()))

    return gathered


def with_signature(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions, with the first signature around the headline as the byline where there is none yet."""
    decisions = list(decisions)
    at = next((index for index, decision in enumerate(decisions) if decision.role in _HEADS), None)
    if at is None or any(decision.names for decision in decisions):
        return decisions
    lines = [decision.line for decision in decisions]
    common = common_words(lines)
    prose = 0
    for index in range(max(0, at - _ABOVE), min(len(lines), at + _BELOW)):
        prose += index > at and lines[index].prose
        if prose > _PROSE:
            break
        if index != at and (names := signature(lines, index, common)):
            decisions[index] = Decision(lines[index], "byline", names=names)
            break
    return decisions


def _is_dateline(line: Line) -> bool:
    credit = credits_line(line)
    return credit is not None and credit.role == "dateline"
