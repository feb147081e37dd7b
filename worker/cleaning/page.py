"""A page, of which it is known which lines belong to the body: what each of them is, and what the rest is."""

import re
from collections.abc import Sequence

from schemas.article import RemovedKind
from worker.cleaning.body import comments_start, is_heading
from worker.cleaning.boxes import blocks
from worker.cleaning.decisions import Decision, Role, boilerplate, credits_line, is_credited_caption
from worker.cleaning.folding import folded
from worker.cleaning.front import scrap
from worker.cleaning.phrases import label_kind
from worker.cleaning.shape import Line

_CLOSE = 4  # lines above a headline whose date or name may be its own
_LINKS = frozenset({"navigation", "share", "advertisement", "related"})  # what does not end a list of links
_FORMS = frozenset({"newsletter", "donation", "cookie_notice"})
_LONGEST_FORM = 8  # lines
_FEWEST = 3  # paragraphs of a body whose last one may portray the author
_LONGEST_QUESTION = 10  # words of a heading or a question
_INTERVIEW = 3  # questions from which they are those of an interview
_QUOTES = ("“", '"', "„", "«", "»", "‘", "'")
_NUMBER = re.compile(r"(\d{1,3})[.)]\s")
_TOP = 6  # lines of the body, in which a line with a date is the article's own


def body_span(lines: Sequence[Line]) -> tuple[int, int]:
    """The index of the first line of the body, and that after its last; equal where there is none."""
    places = [index for index, line in enumerate(lines) if line.in_body]
    return (places[0], places[-1] + 1) if places else (0, 0)


def read_around(lines: Sequence[Line], title: str, *, below: bool = False) -> list[Decision]:
    """Decide the lines above the headline or below the body: a date or a name close by may be the article's own."""
    decisions = [scrap(line, title) or Decision(line, boilerplate(line) or "navigation") for line in lines]
    near = _near(decisions if below else decisions[::-1])
    near = near if below else {len(lines) - 1 - index for index in near}
    far = [
        Decision(decision.line, "navigation")
        if decision.role in {"byline", "dateline", "caption"} and index not in near
        else decision
        for index, decision in enumerate(decisions)
    ]
    return _sections(far, comments_start(lines) if below else len(lines))


def _near(decisions: Sequence[Decision]) -> set[int]:
    """The indices of the first few decisions; captions, of which a gallery has many, do not count."""
    near, passed = set(), 0
    for index, decision in enumerate(decisions):
        if passed >= _CLOSE:
            break
        near.add(index)
        passed += decision.role != "caption"
    return near


def read_body_of_page(lines: Sequence[Line], headline: str) -> list[Decision]:
    """Decide the lines from the first of the body to its last."""
    title = folded(headline)
    decisions = []
    interview = sum(map(_asks, lines)) >= _INTERVIEW
    for index, line in enumerate(lines):
        if folded(line.text) == title:
            role: Role = "repeated_headline"
        elif line.kind == "caption" or (line.kind == "line" and is_credited_caption(line)):
            role = "caption"
        elif line.in_body:
            role = _part(lines, index, interview=interview)
        elif (credit := credits_line(line)) and (index < _TOP or index >= len(lines) - 2):
            decisions.append(credit)
            continue
        else:
            role = boilerplate(line) or "navigation"
        decisions.append(Decision(line, role))
    return _sections(decisions, len(lines))


def _part(lines: Sequence[Line], index: int, *, interview: bool) -> Role:
    line = lines[index]
    if line.kind in {"heading", "quote"}:
        return line.kind
    if line.bullet or _is_numbered(lines, index):
        return "list_item"
    if line.kind == "line" and _is_title(lines, index, interview=interview):
        return "heading"
    return "paragraph"


def _asks(line: Line) -> bool:
    return line.gap and line.text.endswith("?") and line.words <= _LONGEST_QUESTION


def _is_title(lines: Sequence[Line], index: int, *, interview: bool) -> bool:
    """Whether a line is a heading: one that asks is none among the questions of an interview, nor if it is answered."""
    line = lines[index]
    if not line.text.endswith("?"):
        return not line.prose and not line.sentence and is_heading(lines, index)
    after = lines[index + 1] if index + 1 < len(lines) else None
    if after is None or not after.prose or after.text.startswith(_QUOTES):
        return False
    return not interview and _asks(line) and is_heading(lines, index)


def _is_numbered(lines: Sequence[Line], index: int) -> bool:
    """Whether a line is a point of a numbered list, which has at least two."""
    number = _NUMBER.match(lines[index].text)
    if number is None:
        return False
    beside = (*lines[max(0, index - 1) : index], *lines[index + 1 : index + 2])
    near = {int(number[1]) - 1, int(number[1]) + 1}
    return any((other := _NUMBER.match(line.text)) and int(other[1]) in near for line in beside)


def without_portrait(decisions: list[Decision], names: Sequence[str]) -> list[Decision]:
    """The decisions for a body, whose last paragraph is none of it where it portrays its author."""
    places = [index for index, decision in enumerate(decisions) if decision.role == "paragraph"]
    if len(places) < _FEWEST or not names:
        return decisions
    last = decisions[places[-1]].line
    if not folded(last.text).startswith(tuple(folded(name) for name in names)):
        return decisions
    told = Decision(last, "navigation")
    return [told if index == places[-1] else decision for index, decision in enumerate(decisions)]


def with_forms(decisions: list[Decision]) -> list[Decision]:
    """The decisions, those for the fields and buttons of a form with the kind of the form."""
    told = list(decisions)
    for block in blocks([decision.line for decision in decisions]):
        kind = next((told[index].role for index in block if told[index].role in _FORMS), None)
        loose = [i for i in block if told[i].role == "navigation" and boilerplate(told[i].line) is None]
        if kind and 2 * len(loose) <= len(block) <= _LONGEST_FORM:
            for index in loose:
                told[index] = Decision(told[index].line, kind)
    return told


def _sections(decisions: list[Decision], comments: int) -> list[Decision]:
    """What stands below a heading of links or of readers' words is of its kind, until there is something else."""
    section: RemovedKind | None = None
    told = []
    for index, decision in enumerate(decisions):
        role = decision.role
        heads = (role in {"related", "comments"}) and label_kind(decision.line.text) == role
        if heads:
            section = label_kind(decision.line.text)
        elif role not in _LINKS:
            section = None
        follows = "comments" if index >= comments else section if not decision.line.prose else None
        told.append(Decision(decision.line, follows) if follows and role == "navigation" else decision)
    return told
