"""Cleaning: a raw article in, its parts told apart and its boilerplate cut out."""

from collections.abc import Iterable, Sequence

from schemas.article import Block, BlockKind, Removed, RemovedKind
from worker.cleaning.captions import distinct
from worker.cleaning.decisions import Decision, is_kept, mark_captions
from worker.cleaning.folding import folded
from worker.cleaning.lines import decide
from worker.cleaning.publication import publication
from worker.cleaning.shape import mark_dashes, shape
from worker.cleaning.whitespace import repair
from worker.cleaning.wrapping import unwrap
from worker.errors import Rejected
from worker.models import CleanArticle, RawArticle

__all__ = ["Decision", "clean", "decisions_of", "is_kept"]

_BODY: dict[str, BlockKind] = {
    "paragraph": "paragraph",
    "heading": "heading",
    "list_item": "list_item",
    "quote": "quote",
}
_NEXT_BYLINE = 2  # lines below a byline in which another may stand


def clean(raw: RawArticle) -> CleanArticle:
    """Tell the parts of an article apart and cut what is none; what metadata say is believed.

    Raises:
        Rejected: ``no_headline``, or ``no_body`` where nothing but a headline is left.
    """
    decisions = decisions_of(raw)
    known = repair(raw.headline) if raw.headline else None
    headline = known or next(decision.line.text for decision in decisions if decision.role == "headline")
    body = tuple(
        Block(kind=_BODY[decision.role], text=decision.line.text) for decision in decisions if decision.role in _BODY
    )
    if not body:
        raise Rejected("clean", "no_body", f"nothing but the headline {headline[:80]!r} was found", "body")
    date = publication(raw, decisions)
    return CleanArticle(
        headline=headline,
        standfirst=_standfirst(raw, decisions, body),
        byline=_byline(raw, decisions),
        published=date.published,
        month_first=date.month_first,
        body=body,
        captions=distinct(decision.line.text for decision in decisions if decision.role == "caption"),
        links=raw.links,
        removed=_removed(decisions),
        warnings=(*raw.warnings, *date.warnings),
    )


def decisions_of(raw: RawArticle) -> list[Decision]:
    """What each line of an article is: a part of it, or a kind of boilerplate.

    Raises:
        Rejected: ``no_headline``.
    """
    lines = mark_captions(unwrap(mark_dashes([line for block in raw.blocks if (line := shape(block))])))
    known = repair(raw.headline) if raw.headline else None
    return decide(lines, known or None)


def _standfirst(raw: RawArticle, decisions: Sequence[Decision], body: Sequence[Block]) -> str | None:
    """That of the text, or the page's description where it does not merely repeat the text."""
    found = next((decision.line.text for decision in decisions if decision.role == "standfirst"), None)
    claimed = repair(raw.standfirst) if raw.standfirst else ""
    if found or not claimed:
        return found
    start = folded(claimed)
    return None if any(folded(block.text).startswith(start) for block in body[:3]) else claimed


def _byline(raw: RawArticle, decisions: Sequence[Decision]) -> tuple[str, ...]:
    """The metadata's; else the first byline's, and those of bylines that stand close below it, above the body.

    The name of the source itself is nobody's.
    """
    source = folded(raw.source_name or "")
    names: dict[str, None] = {}
    last = len(decisions)
    for index, decision in enumerate(decisions):
        if names and (decision.role in _BODY or index > last + _NEXT_BYLINE):
            break
        if own := [name for name in decision.names if folded(name) != source]:
            names.update(dict.fromkeys(own))
            last = index
    return raw.byline or tuple(names)


def _removed(decisions: Iterable[Decision]) -> tuple[Removed, ...]:
    """What was cut, in reading order; neighbours of one kind together."""
    groups: list[tuple[RemovedKind, list[str]]] = []
    previous = None
    for decision in decisions:
        role = decision.role
        if is_kept(decision):
            previous = None
            continue
        if role != previous:
            groups.append((role, []))  # type: ignore[arg-type]  # what is no part of an article is a kind of boilerplate
        groups[-1][1].append(decision.line.text)
        previous = role
    return tuple(Removed(kind=kind, text="\n".join(texts)) for kind, texts in groups)
