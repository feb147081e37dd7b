"""The words of a text, as rules and model compare them."""

import re
import unicodedata
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

MAX_WORDS = 5_000
"""Words of a field that are read: what stands further down says little about what an article is about."""

_MAX_LETTERS = 64  # longer runs of letters are noise, and would fill the memo
_MAX_MEMO = 50_000  # distinct words remembered; news reuses the same few thousand

# A word is a run of letters and digits, or an abbreviation with dots ("U.S."), with its possessive ’s aside.
# The repetition is bounded, so a hostile "A.A.A.A…" costs no more than any other text.
_WORD = re.compile(r"([A-Z](?:\.[A-Z]){1,5}(?![^\W_])\.?|[^\W_]+)(?:['’]s(?![^\W_]))?")

Forms = tuple[str, ...]
"""Of a word: folded, and as it stands where that differs; of a run of letters that is too long, an empty word."""


class Words(NamedTuple):
    """The words of a text, up to ``MAX_WORDS``.

    Attributes:
        text: The text.
        spans: Where each word stands, in code points from the start of the text.
        forms: How each is compared.
    """

    text: str
    spans: list[tuple[int, int]]
    forms: list[Forms]


def words_of(text: str) -> Words:
    """The words of a text."""
    # In a text that shouts, capitals tell no abbreviation from a word: WHO may be anybody.
    shouts = not any(map(str.islower, text))
    spans = [match.span(1) for match in islice(_WORD.finditer(text), MAX_WORDS)]
    words = [text[start:end] for start, end in spans]
    return Words(text, spans, [_forms(word.lower() if shouts else word) for word in words])


def fold(word: str) -> str:
    """A word without the differences that do not matter: case, and the accents that agencies drop."""
    if word.isascii():
        return word.lower()
    bare = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


@lru_cache(maxsize=_MAX_MEMO)
def _forms(word: str) -> Forms:
    bare = word.replace(".", "")
    return tuple(dict.fromkeys((fold(bare), bare))) if len(bare) <= _MAX_LETTERS else ("",)
