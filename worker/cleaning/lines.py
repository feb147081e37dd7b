"""The decision for each line: which part of the article it is, or which kind of boilerplate."""

from collections.abc import Sequence

from worker.cleaning.body import read_body
from worker.cleaning.decisions import Decision, boilerplate, credits_line, folded
from worker.cleaning.front import find_headline, find_headline_in_page, read_front
from worker.cleaning.region import find_region, is_page
from worker.cleaning.shape import Line
from worker.errors import Rejected

_CLOSE = 4  # lines above a headline whose date or name may be its own


def decide(lines: Sequence[Line], headline: str | None) -> list[Decision]:
    """Decide every line of a text or a page.

    Args:
        lines: In reading order; unwrapped.
        headline: From metadata; None where the lines must tell.

    Raises:
        Rejected: ``no_headline``.
    """
    if any(line.kind == "line" for line in lines):
        return _decide_text(lines, headline)
    if headline is None:
        return _decide_text_without_headline(lines)
    return _decide_blocks(lines, headline)


def _decide_text(lines: Sequence[Line], known: str | None) -> list[Decision]:
    page = is_page(lines)
    start, end = find_region(lines) if page else (0, len(lines))
    if start == end:  # links only: read it as it is, and let the absence of a body speak
        start, end, page = 0, len(lines), False
    at = _headline(lines, start, end, known, page=page)
    if at is None and known is None:
        raise Rejected("clean", "no_headline", _missing(lines), "headline")
    title = known or (lines[at].text if at is not None else "")
    top = 0 if at is None and not page else start if at is None else at + 1
    above = [_scrap(line, title) for line in lines[: top if at is None else top - 1]]
    above = [*map(_as_navigation, above[:-_CLOSE]), *above[-_CLOSE:]]
    if at is not None:
        above.append(Decision(lines[at], "headline" if known is None else "repeated_headline"))
    front, length = read_front(lines[top:end], title, page=page)
    body = read_body(lines[top + length : end], title, page=page)
    return [*above, *front, *body, *(_as_navigation(_scrap(line, title)) for line in lines[end:])]


def _as_navigation(decision: Decision) -> Decision:
    """The decision for a scrap far from the article: its date or name is that of something else."""
    return Decision(decision.line, "navigation") if decision.role in {"byline", "dateline"} else decision


def _headline(lines: Sequence[Line], start: int, end: int, known: str | None, *, page: bool) -> int | None:
    if known is not None:
        wanted = folded(known)
        places = [index for index, line in enumerate(lines[: start + 20]) if folded(line.text) == wanted]
        return places[-1] if page and places else None
    return find_headline_in_page(lines, start, end) if page else find_headline(lines)


def _missing(lines: Sequence[Line]) -> str:
    count = sum(line.words for line in lines)
    return f"none of its {len(lines)} lines ({count} words) can be the headline above the text"


def _decide_text_without_headline(lines: Sequence[Line]) -> list[Decision]:
    at = find_headline(lines)
    if at is None:
        raise Rejected("clean", "no_headline", _missing(lines), "headline")
    title = lines[at].text
    above = [_scrap(line, title) for line in lines[:at]]
    return [*above, Decision(lines[at], "headline"), *_decide_blocks(lines[at + 1 :], title)]


def _decide_blocks(lines: Sequence[Line], headline: str) -> list[Decision]:
    captions = {folded(line.text) for line in lines if line.kind == "caption"}
    first = [Decision(line, "caption") for line in lines if line.kind == "caption"]
    rest = [line for line in lines if line.kind != "caption" and folded(line.text) not in captions]
    return [*first, *read_body(rest, headline, page=True)]


def _scrap(line: Line, headline: str) -> Decision:
    """The decision for a line outside the article."""
    if folded(line.text) == folded(headline):
        return Decision(line, "repeated_headline")
    return credits_line(line) or Decision(line, boilerplate(line) or "navigation")
