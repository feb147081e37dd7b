"""The top of a text: where its headline is, and what stands between it and the body."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from worker.cleaning.bylines import is_role
from worker.cleaning.decisions import (
    Decision,
    boilerplate,
    credits_line,
    is_bare_caption,
    is_credited_caption,
    meta_follows,
)
from worker.cleaning.folding import folded
from worker.cleaning.shape import Line
from worker.cleaning.signature import CommonWords, common_words, signature

_TOP = 100  # lines in which the headline of a text must be found
_LONGEST_HEADLINE = 30  # words
_LONGEST_HEADLINE_CHARS = 250
_LONGEST_STANDFIRST = 70  # words
_SHORTEST_STANDFIRST = 9  # likewise, of one that no full stop ends
_REACH = 80  # lines above the running text of a page in which its headline may stand
_INTO = 12  # lines of it
_GAP = 14.0  # what a blank line above, or below, speaks for a line: links stand close together
_CONTENT_WORD = re.compile(r"[^\W\d_]{4,}")


def find_headline(lines: Sequence[Line]) -> int | None:
    """The first line of a text that can be a headline; None where running text comes first."""
    for index, line in enumerate(lines[:_TOP]):
        if _can_be_headline(line):
            if _is_kicker(lines, index):
                continue
            return index
        if line.prose and boilerplate(line) is None:
            return None
    return None


def find_headline_in_page(lines: Sequence[Line], start: int, end: int) -> int | None:
    """The headline of a page: the line around the beginning of its running text that looks most like one.

    Args:
        lines: Of the page.
        start: Of the running text.
        end: Likewise; its words speak for a headline that uses them.
    """
    words = Counter(word for line in lines[start:end] if line.prose for word in _content_words(line))
    best, found = float("-inf"), None
    prose = 0
    first: dict[str, int] = {}  # what stands there again is the headline repeated
    for index in range(max(0, start - _REACH), min(end, start + _INTO)):
        line = lines[index]
        if _can_be_headline(line):
            first.setdefault(folded(line.text), index)
            looks = _looks(line, words) + _place(lines, index, start) - 10.0 * min(prose, 3)
            if looks > best:
                best, found = looks, first[folded(line.text)]
        prose += line.prose and index >= start
    return found


def _has_kicker(lines: Sequence[Line], index: int) -> bool:
    """Whether nothing but a few words in a line of their own parts a line from the blank line above."""
    above = lines[index - 1] if index else None
    return above is not None and above.gap and not lines[index].gap and above.words <= 4 and above.text.isupper()


def _looks(line: Line, words: Counter[str]) -> float:
    """How much a line looks like a headline; the weights were found by search over some hundreds of pages."""
    own = _content_words(line)
    shared = sum(1 for word in own if words[word]) / len(own) if own else 0.0
    central = sum(1 for word in own if words[word] >= 3) / len(own) if own else 0.0
    looks = 0.45 * min(line.words, 12) + 5.0 * shared + 10.0 * central + (_GAP if line.gap else 0.0)
    looks += 4.0 if line.text.endswith("?") else 0.0
    looks -= (9.0 if line.sentence else 0.0) + (7.0 if line.words < 4 else 0.0) + 1.8 * max(0, line.words - 16)
    return looks - (12.0 if line.text.endswith(":") or is_credited_caption(line) else 0.0)


def _place(lines: Sequence[Line], index: int, start: int) -> float:
    """How much a line stands where a headline does: close above the text, with its standfirst or byline below it."""
    below = lines[index + 1 : index + 2]
    looks = (_GAP if not below or below[0].gap else 0.0) + (_GAP if _has_kicker(lines, index) else 0.0)
    looks += 2.0 if below and (below[0].sentence or below[0].words >= _SHORTEST_STANDFIRST) else 0.0
    looks += 4.0 if meta_follows(lines, index, folded(lines[index].text)) else 0.0
    looks -= 6.0 if index >= start else 1.5 * math.log1p(start - index)
    above = lines[index - 1] if index else None
    follows = above is not None and above.words >= 4 and not above.sentence and _can_be_headline(above)
    return looks - (1.0 if follows else 0.0)


def _content_words(line: Line) -> list[str]:
    return _CONTENT_WORD.findall(line.text.casefold())


def read_front(lines: Sequence[Line], headline: str, *, page: bool) -> tuple[list[Decision], int]:
    """Decide the lines below the headline, up to the body.

    Args:
        lines: Those below the headline.
        headline: Its text.
        page: Whether the text is a page pasted whole, with scraps between headline and body.

    Returns:
        The decisions, and the index of the body's first line.
    """
    decisions: list[Decision] = []
    title = folded(headline)
    common = common_words(lines)
    standfirst = credited = False
    for index, line in enumerate(lines):
        decision = _author(lines, index, common) or scrap(line, headline)
        if decision and decision.role == "caption" and not line.gap and decisions and decisions[-1].role == "byline":
            decision = Decision(line, "navigation")  # it credits whoever took all of the article's pictures
        if decision:
            credited = credited or decision.role in {"byline", "dateline", "repeated_headline"}
        elif credited and is_bare_caption(line) and any(after.prose for after in lines[index + 1 : index + 3]):
            decision = Decision(line, "caption")
        elif not standfirst and _can_be_standfirst(line) and meta_follows(lines, index, title):
            decision, standfirst = Decision(line, "standfirst"), True
        elif (page and not line.in_body) or (decisions and decisions[-1].role == "byline" and is_role(line.text)):
            decision = Decision(line, "navigation")
        else:
            return decisions, index
        decisions.append(decision)
    return decisions, len(lines)


def _author(lines: Sequence[Line], index: int, common: CommonWords) -> Decision | None:
    names = signature(lines, index, common)
    return Decision(lines[index], "byline", names=names) if names else None


def scrap(line: Line, headline: str) -> Decision | None:
    """The decision for a line that is told without its neighbours; None where it cannot be."""
    if folded(line.text) == folded(headline):
        return Decision(line, "repeated_headline")
    if line.kind == "caption":
        return Decision(line, "caption")
    if decision := credits_line(line):
        return decision
    if kind := boilerplate(line):
        return Decision(line, kind)
    return Decision(line, "caption") if is_credited_caption(line) else None


def _can_be_headline(line: Line) -> bool:
    if (
        line.bullet
        or line.kind == "caption"
        or line.words > _LONGEST_HEADLINE
        or len(line.text) > _LONGEST_HEADLINE_CHARS
    ):
        return False
    if sum(1 for char in line.text if char.isalpha()) < 3 or line.text.startswith(("http://", "https://", "www.")):
        return False
    return boilerplate(line) is None and credits_line(line) is None and not is_credited_caption(line)


def _is_kicker(lines: Sequence[Line], index: int) -> bool:
    """Whether a line is a section's name above a headline ("World", "Politics")."""
    line, after = lines[index], lines[index + 1 : index + 2]
    if line.words > 2 or not after or after[0].words < 5 or after[0].prose or after[0].sentence:
        return False
    again = folded(line.text)
    return _can_be_headline(after[0]) and all(folded(other.text) != again for other in lines[index + 1 : index + 12])


def _can_be_standfirst(line: Line) -> bool:
    return not line.bullet and 5 <= line.words <= _LONGEST_STANDFIRST
