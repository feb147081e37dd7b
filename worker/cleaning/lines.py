"""The decision for each line: which part of the article it is, or which kind of boilerplate."""

from collections.abc import Sequence

from worker.cleaning.body import read_body
from worker.cleaning.decisions import Decision
from worker.cleaning.folding import folded
from worker.cleaning.front import find_headline, find_headline_in_page, read_front, scrap
from worker.cleaning.judge import judge
from worker.cleaning.page import body_span, read_around, read_body_of_page, with_forms, without_portrait
from worker.cleaning.region import is_page
from worker.cleaning.shape import Line
from worker.cleaning.signature import with_signature
from worker.errors import Rejected


def decide(lines: Sequence[Line], headline: str | None) -> list[Decision]:
    """Decide every line of a text or a page.

    Args:
        lines: In reading order; unwrapped.
        headline: From metadata; None where the lines must tell.

    Raises:
        Rejected: ``no_headline``.
    """
    if any(line.in_body is not None for line in lines):
        return _decide_page(lines, headline)
    if any(line.kind == "line" for line in lines):
        page = is_page(lines)
        return with_signature(_decide_page(judge(lines), headline) if page else _decide_text(lines, headline))
    return _decide_blocks(lines, headline)


def _decide_page(lines: Sequence[Line], known: str | None) -> list[Decision]:
    """A page, of which it is known for each line whether it belongs to the body."""
    start, end = body_span(lines)
    if start == end:  # links only: read it as it is, and let the absence of a body speak
        return _decide_text(lines, known)
    at = _headline_in_page(lines, start, end, known)
    if at is None and known is None:
        raise Rejected("clean", "no_headline", _missing(lines), "headline")
    title = known or (lines[at].text if at is not None else "")
    top = start if at is None else at + 1
    above = read_around(lines[: top if at is None else at], title)
    if at is not None:
        above.append(Decision(lines[at], "headline" if known is None else "repeated_headline"))
    front, length = read_front(lines[top:end], title, page=True)
    body = read_body_of_page(lines[top + length : end], title)
    body = without_portrait(body, [name for decision in (*above, *front) for name in decision.names])
    return with_forms([*above, *front, *body, *read_around(lines[end:], title, below=True)])


def _headline_in_page(lines: Sequence[Line], start: int, end: int, known: str | None) -> int | None:
    if known is None:
        return find_headline_in_page(lines, start, end)
    wanted = folded(known)
    above = [index for index, line in enumerate(lines[: start + 1]) if folded(line.text) == wanted]
    return above[-1] if above else None


def _decide_text(lines: Sequence[Line], known: str | None) -> list[Decision]:
    """A text that is an article and little else."""
    at = _headline_in_text(lines, known)
    title = known or lines[at].text
    above = [scrap(line, title) or Decision(line, "navigation") for line in lines[: at if known is None else 0]]
    front, length = read_front(lines[at + 1 if known is None else 0 :], title, page=False)
    top = length + (at + 1 if known is None else 0)
    headline = [Decision(lines[at], "headline")] if known is None else []
    return [*above, *headline, *front, *read_body(lines[top:], title, page=False)]


def _headline_in_text(lines: Sequence[Line], known: str | None) -> int:
    at = 0 if known is not None else find_headline(lines)
    if at is None:
        raise Rejected("clean", "no_headline", _missing(lines), "headline")
    return at


def _missing(lines: Sequence[Line]) -> str:
    count = sum(line.words for line in lines)
    return f"none of its {len(lines)} lines ({count} words) can be the headline above the text"


def _decide_blocks(lines: Sequence[Line], known: str | None) -> list[Decision]:
    """The blocks of an article in a format that marks them."""
    if known is None:
        at = _headline_in_text(lines, known)
        title = lines[at].text
        above = [scrap(line, title) or Decision(line, "navigation") for line in lines[:at]]
        return [*above, Decision(lines[at], "headline"), *_decide_blocks(lines[at + 1 :], title)]
    captions = {folded(line.text) for line in lines if line.kind == "caption"}
    first = [Decision(line, "caption") for line in lines if line.kind == "caption"]
    rest = [line for line in lines if line.kind != "caption" and folded(line.text) not in captions]
    return [*first, *read_body(rest, known, page=True)]
