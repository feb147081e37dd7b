"""Plain text: one block a line."""

import re

from worker.errors import Rejected
from worker.formats.bounds import check_length
from worker.formats.encoding import decode
from worker.models import Document, RawArticle, RawBlock

# Not str.splitlines: U+0085 is more often a broken ellipsis than a line break.
_BREAK = re.compile("\r\n|[\r\n\v\f\u2028\u2029]")


def read(document: Document) -> RawArticle:
    """Read plain text in whatever encoding.

    Raises:
        Rejected: ``undecodable``, ``binary``, ``empty``, ``too_long`` or ``too_many_lines``.
    """
    decoded = decode(document.data)
    blocks = line_blocks(decoded.text)
    if not blocks:
        raise Rejected("parse", "empty", "it holds only white space")
    return RawArticle(media_type="text/plain", encoding=decoded.encoding, blocks=blocks, warnings=decoded.warnings)


def line_blocks(text: str) -> tuple[RawBlock, ...]:
    """One block for each line that is not blank.

    Raises:
        Rejected: ``too_long`` or ``too_many_lines``.
    """
    check_length(len(text))
    lines = _BREAK.split(text)
    check_length(len(text), len(lines))
    blocks = []
    gap = True
    for line in lines:
        if line.strip():
            blocks.append(RawBlock("line", line, gap))
            gap = False
        else:
            gap = True
    return tuple(blocks)
