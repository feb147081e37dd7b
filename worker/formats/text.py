"""Plain text: one block a line."""

import re
from collections.abc import Iterator

from worker.errors import Rejected
from worker.formats.bounds import bounded, check_length
from worker.formats.mojibake import read_text
from worker.models import Document, RawArticle, RawBlock

# Not str.splitlines: U+0085 is more often a broken ellipsis than a line break.
_BREAK = re.compile("\r\n|[\r\n\v\f\u2028\u2029]")


def read(document: Document) -> RawArticle:
    """Read plain text in whatever encoding.

    Raises:
        Rejected: ``undecodable``, ``binary``, ``empty``, ``too_long`` or ``too_many_lines``.
    """
    decoded = read_text(document.data)
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
    return bounded(_lines(text))


def _lines(text: str) -> Iterator[RawBlock]:
    gap = True
    for line in _BREAK.split(text):
        blank = line == "" or line.isspace()
        if not blank:
            yield RawBlock("line", line, gap)
        gap = blank
