"""How much is read as one article: what is longer is several, or none."""

from collections.abc import Iterable

from worker.errors import Rejected
from worker.models import RawBlock

MAX_LINES = 10_000  # that are not blank, or blocks of a page; a long article has some hundreds
MAX_CHARACTERS = 1_000_000  # a long novel; the longest articles have a tenth of it


def check_length(characters: int, lines: int = 0) -> None:
    """Refuse what is too long, before anything is done with it.

    Raises:
        Rejected: ``too_long`` or ``too_many_lines``.
    """
    if characters > MAX_CHARACTERS:
        raise Rejected("parse", "too_long", f"{characters} characters; at most {MAX_CHARACTERS} are read", "body")
    if lines > MAX_LINES:
        raise Rejected("parse", "too_many_lines", f"{lines} lines; at most {MAX_LINES} are read", "body")


def bounded(blocks: Iterable[RawBlock]) -> tuple[RawBlock, ...]:
    """The blocks, as long as they are not too many: they are made one by one, and no more than are read.

    Raises:
        Rejected: ``too_long`` or ``too_many_lines``.
    """
    kept: list[RawBlock] = []
    characters = 0
    for block in blocks:
        characters += len(block.text)
        kept.append(block)
        check_length(characters, len(kept))
    return tuple(kept)
