"""Which lines of a pasted page belong to the body: what the model says, and what rules know better."""

import re
from collections.abc import Sequence
from dataclasses import replace

from worker.cleaning.boxes import find_boxes, is_spaced
from worker.cleaning.decisions import boilerplate, credits_line, is_credited_caption
from worker.cleaning.likelihood import with_body
from worker.cleaning.shape import Line

_ENGLISH = re.compile(r"\b(?:the|of|and|to|in|that|is|was|for)\b", re.IGNORECASE)
_ENGLISH_SHARE = 0.1  # of the words of running text, from which it is taken for English
_SIGN_OFF = re.compile(r"\((?:additional )?(?:reporting|writing|editing) (?:and \w+ )?by\b.{0,300}\)$", re.IGNORECASE)


def judge(lines: Sequence[Line]) -> list[Line]:
    """The lines of a pasted page, each with whether it belongs to the body."""
    boxed = find_boxes(lines)
    rest = iter(with_body([line for index, line in enumerate(lines) if index not in boxed]))
    likely = [bool(next(rest).in_body) if index not in boxed else False for index in range(len(lines))]
    if any(likely):
        _make_lists_whole(lines, likely)
        _fill_gaps(lines, likely, boxed)
        _go_on(lines, likely, boxed)
    return [replace(line, in_body=in_body) for line, in_body in zip(lines, likely, strict=True)]


def _make_lists_whole(lines: Sequence[Line], likely: list[bool]) -> None:
    """Take the rest of a list of which most belongs to the body."""
    start = 0
    for index in range(len(lines) + 1):
        if index < len(lines) and lines[index].bullet:
            continue
        if 2 * sum(likely[start:index]) > index - start:
            likely[start:index] = [boilerplate(line) is None for line in lines[start:index]]
        start = index + 1


def _fill_gaps(lines: Sequence[Line], likely: list[bool], boxed: frozenset[int]) -> None:
    """Take a sentence that stands by itself between two paragraphs of the body."""
    shown = [index for index in range(len(lines)) if index not in boxed]
    for before, index, after in zip(shown, shown[1:], shown[2:], strict=False):
        alone = lines[index].gap and lines[after].gap
        if likely[before] and likely[after] and alone and lines[index].sentence and _may_be_text(lines[index]):
            likely[index] = True


def _go_on(lines: Sequence[Line], likely: list[bool], boxed: frozenset[int]) -> None:
    """Take what the model may have missed below the last line of the body.

    The model has learned from English pages. In other languages running text goes on, line by line in paragraphs of
    their own, until something else begins.
    """
    last = max(index for index, in_body in enumerate(likely) if in_body)
    if last + 1 < len(lines) and _SIGN_OFF.match(lines[last + 1].text):
        likely[last + 1] = True
    if not is_spaced(lines) or _is_english([line for line, in_body in zip(lines, likely, strict=True) if in_body]):
        return
    waiting: list[int] = []
    for index in range(last + 1, len(lines)):
        line = lines[index]
        if index in boxed or (is_credited_caption(line) and not line.bullet):
            continue
        if not _may_be_text(line) or not (line.gap or line.bullet):
            return
        waiting.append(index)
        if line.sentence or line.bullet:
            for taken in waiting:
                likely[taken] = True
            waiting = []
        elif len(waiting) > 1:
            return


def _may_be_text(line: Line) -> bool:
    return boilerplate(line) is None and credits_line(line) is None and not is_credited_caption(line)


def _is_english(lines: Sequence[Line]) -> bool:
    text = " ".join(line.text for line in lines if line.prose)
    return sum(1 for _ in _ENGLISH.finditer(text)) >= _ENGLISH_SHARE * len(text.split())
