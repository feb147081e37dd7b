"""Which lines of a pasted page belong to the body: what the model says, and what rules know better."""

import re
from collections.abc import Sequence
from dataclasses import replace

from worker.cleaning.boxes import blocks, find_boxes, is_box, is_spaced, list_kind
from worker.cleaning.decisions import boilerplate, credits_line, is_credited_caption
from worker.cleaning.likelihood import in_body
from worker.cleaning.shape import SENTENCE_END, Line

_ENGLISH = re.compile(r"\b(?:the|of|and|to|in|that|is|was|for)\b", re.IGNORECASE)
_ENGLISH_SHARE = 0.1  # of the words of running text, from which it is taken for English
_LONGEST_GAP = 3  # sentences that the model may have missed between two paragraphs
_SIGN_OFF = re.compile(r"\((?:additional )?(?:reporting|writing|editing) (?:and \w+ )?by\b.{0,300}\)$", re.IGNORECASE)


def judge(lines: Sequence[Line]) -> list[Line]:
    """The lines of a pasted page, each with whether it belongs to the body."""
    boxed = find_boxes(lines)
    rest = iter(in_body([line for index, line in enumerate(lines) if index not in boxed]))
    likely = [index not in boxed and next(rest) for index in range(len(lines))]
    if any(likely):
        make_lists_whole(lines, likely)
        _fill_gaps(lines, likely, boxed)
        _go_on(lines, likely, boxed)
    return [replace(line, in_body=inside) for line, inside in zip(lines, likely, strict=True)]


def make_lists_whole(lines: Sequence[Line], likely: list[bool]) -> None:
    """Take the rest of a list of which most belongs to the body."""
    start = 0
    for index in range(len(lines) + 1):
        if index < len(lines) and lines[index].bullet:
            continue
        if 2 * sum(likely[start:index]) > index - start:
            likely[start:index] = [boilerplate(line) is None for line in lines[start:index]]
        start = index + 1


def _fill_gaps(lines: Sequence[Line], likely: list[bool], boxed: frozenset[int]) -> None:
    """Take sentences, of which each stands by itself, between two paragraphs of the body."""
    shown = [index for index in range(len(lines)) if index not in boxed]
    missed: list[int] = []
    begun = False
    for index in shown:
        if likely[index]:
            if missed and begun and len(missed) <= _LONGEST_GAP and lines[index].gap:
                _take(likely, missed)
            begun, missed = True, []
        elif _may_be_text(lines[index]) and _is_said(lines[index]) and lines[index].gap:
            missed.append(index)
        else:
            begun, missed = False, []


def _go_on(lines: Sequence[Line], likely: list[bool], boxed: frozenset[int]) -> None:
    """Take what the model may have missed below the last line of the body.

    The model has learned from English pages. In other languages running text goes on, in paragraphs of their own,
    until something else begins.
    """
    last = max(index for index, in_body in enumerate(likely) if in_body)
    if last + 1 < len(lines) and _SIGN_OFF.match(lines[last + 1].text):
        likely[last + 1] = True
    if not is_spaced(lines) or _is_english([line for line, in_body in zip(lines, likely, strict=True) if in_body]):
        return
    waiting: list[int] = []
    for block in blocks(lines):
        if block.start <= last or boxed.intersection(block) or _is_beside(lines, block):
            continue
        if not _is_part(lines, block) or len(waiting) > 1:
            return
        waiting.extend(block)
        if any(_is_said(lines[index]) or _introduces(lines[index]) or lines[index].bullet for index in block):
            _take(likely, waiting)
            waiting = []


def _is_beside(lines: Sequence[Line], block: range) -> bool:
    """Whether a block may stand in the midst of a text and is none of it."""
    return (
        is_box(lines, block)
        or list_kind(lines, block) == "navigation"
        or all(is_credited_caption(lines[index]) for index in block)
    )


def _is_part(lines: Sequence[Line], block: range) -> bool:
    """Whether a block could be a paragraph, a heading or a list."""
    single = len(block) == 1 or all(lines[index].bullet for index in block)
    return single and all(_may_be_text(lines[index]) for index in block)


def _take(likely: list[bool], indices: Sequence[int]) -> None:
    for index in indices:
        likely[index] = True


def _is_said(line: Line) -> bool:
    """Whether a line ends as a sentence does, however short."""
    return line.sentence or (not line.bullet and SENTENCE_END.search(line.text[-12:]) is not None)


def _introduces(line: Line) -> bool:
    return line.text.endswith(":") and line.words > 3


def _may_be_text(line: Line) -> bool:
    return boilerplate(line) is None and credits_line(line) is None and not is_credited_caption(line)


def _is_english(lines: Sequence[Line]) -> bool:
    text = " ".join(line.text for line in lines if line.prose)
    return sum(1 for _ in _ENGLISH.finditer(text)) >= _ENGLISH_SHARE * len(text.split())
