"""Plain text: one block a line."""

import re

from worker.errors import Rejected
from worker.formats.encoding import decode
from worker.models import Document, RawArticle, RawBlock

MAX_LINES = 50_000  # a long article has some hundreds

# Not str.splitlines: U+0085 is more often a broken ellipsis than a line break.
_BREAK = re.compile("\r\n|[\r\n\v\f\u2028\u2029]")


def read(document: Document) -> RawArticle:
    """Read plain text in whatever encoding.

    Raises:
        Rejected: ``undecodable``, ``binary``, ``empty`` or ``too_many_lines``.
    """
    decoded = decode(document.data)
    blocks = line_blocks(decoded.text)
    if not blocks:
        raise Rejected("parse", "empty", "it holds only white space")
    return RawArticle(media_type="text/plain", encoding=decoded.encoding, blocks=blocks, warnings=decoded.warnings)


def line_blocks(text: str) -> tuple[RawBlock, ...]:
    """One block for each line that is not blank.

    Raises:
        Rejected: ``too_many_lines``.
    """
    lines = sum(1 for _ in _BREAK.finditer(text))
    if lines >= MAX_LINES:
        raise Rejected("parse", "too_many_lines", f"{lines + 1} lines; at most {MAX_LINES} are read")
    blocks = []
    gap = True
    for line in _BREAK.split(text):
        if line.strip():
            blocks.append(RawBlock("line", line, gap))
            gap = False
        else:
            gap = True
    return tuple(blocks)
