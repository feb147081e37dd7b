"""Texts for comparing and for looking words up: letters and digits only, case aside."""

import functools
import re

CACHED = 2048  # texts that are remembered: each is asked for several times, and the menus of a site come again
_REMEMBERED = 1_500  # characters of a text that is kept for when it is asked for again

_WORDS = re.compile(r"\w+")
_ASCII = "".join(char if _WORDS.match(char) else " " for char in map(chr, range(128)))


def folded(text: str) -> str:
    """The words of a text in lower case, with a space between any two."""
    return _folded(text) if len(text) <= _REMEMBERED else _folded.__wrapped__(text)


@functools.lru_cache(maxsize=CACHED)
def _folded(text: str) -> str:
    if text.isascii():  # the same in half the time
        return " ".join(text.lower().translate(_ASCII).split())
    return " ".join(_WORDS.findall(text.casefold()))
