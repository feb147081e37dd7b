"""The shape of a line: what can be told of it without its neighbours and without a dictionary."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from worker.cleaning.whitespace import repair
from worker.models import RawBlock, RawKind

_BULLET = re.compile(r"(?:[•·▪▫◦‣●○■□►▸➤➢✓✔∙⁃*+]|-(?=\s)|o(?=\s))\s*")
_DASH = re.compile(r"–\s+")
SENTENCE_END = re.compile(r"(?:[.!?…।。！？]|\.\.\.)[\s\"'”’“‘»«›‹)\]]*(?:\[\d{1,3}\])?\Z")
_STOPS = frozenset(".!?…。।！？")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, or one block of a page, repaired.

    Attributes:
        text: Without its bullet sign.
        kind: What the format knows of it.
        gap: Whether a blank line stands before it.
        bullet: Whether it had a bullet sign.
        indent: White space before it, in characters.
        words: How many.
        sentence: Whether it ends as a sentence does and is long enough to be one.
        prose: Whether it reads as running text.
        in_body: Whether it belongs to the body, as its format tells; None where only the text can.
    """

    text: str
    kind: RawKind
    gap: bool
    bullet: bool
    indent: int
    words: int
    sentence: bool
    prose: bool
    in_body: bool | None = None

    @property
    def short(self) -> bool:
        """Whether it could be a link, a label or a heading by its length."""
        return self.words <= 14 and not self.prose


def shape(block: RawBlock) -> Line | None:
    """The line of a block; None where nothing of it can be seen."""
    bare = block.text.lstrip()
    indent = len(block.text) - len(bare)
    text = repair(block.text)
    bullet = block.kind == "list_item"
    sign = _BULLET.match(text)
    if sign and block.kind in {"line", "list_item", "paragraph"} and _is_bullet(text, sign, indent):
        text, bullet = text[sign.end() :], True
    if not text:
        return None
    return measured(text, block, bullet=bullet, indent=indent)


def measured(text: str, block: RawBlock | Line, *, bullet: bool, indent: int) -> Line:
    """A line of this text, measured; kind and gap are those of the block."""
    words = len(text.split())
    if words < 4 and len(text) > 40:
        words = len(text) // 5  # scripts without spaces
    sentence = words >= 4 and SENTENCE_END.search(text[-12:]) is not None
    prose = (sentence and words >= 8) or words >= 30 or (words >= 15 and _stops(text) >= 1)
    return Line(text, block.kind, block.gap, bullet, indent, words, sentence, prose, block.in_body)


def mark_dashes(lines: Sequence[Line]) -> list[Line]:
    """Take an en dash for a bullet where neighbours begin with it too: alone it may open direct speech."""
    dashed = [line.kind == "line" and _DASH.match(line.text) is not None for line in lines]
    marked = []
    for index, line in enumerate(lines):
        beside = dashed[max(0, index - 1) : index] + dashed[index + 1 : index + 2]
        if dashed[index] and any(beside):
            marked.append(replace(line, text=_DASH.sub("", line.text, count=1), bullet=True))
        else:
            marked.append(line)
    return marked


def _stops(text: str) -> int:
    return sum(1 for char, after in pairwise(text) if char in _STOPS and after == " ")


def _is_bullet(text: str, sign: re.Match[str], indent: int) -> bool:
    mark, rest = text[0], text[sign.end() :]
    if mark == "o":
        return indent > 0 and bool(rest)
    if mark in "*+":  # also a footnote, or a phone number
        return sign.end() > 1 or not rest
    return True
