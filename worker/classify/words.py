"""The words of a text, as rules and model compare them."""

import re
import unicodedata
from itertools import accumulate
from typing import NamedTuple

from worker.classify.memo import Memo

MAX_WORDS = 5_000
"""Words of a field that are read: what stands further down says little about what an article is about."""

MAX_MEMO = 50_000
"""Distinct words of which something is remembered: news reuses the same few thousand."""

_MAX_LETTERS = 64  # longer runs of letters are noise

# A word is a run of letters and digits, or an abbreviation with dots ("U.S."), with its possessive ’s.
# The repetition is bounded, so a hostile "A.A.A.A…" costs no more than any other text.
_WORD = re.compile(r"((?:[A-Z](?:\.[A-Z]){1,5}(?![^\W_])\.?|[^\W_]++)(?:['’]s(?![^\W_]))?+)")
_POSSESSIVES = ("'s", "’s")

Forms = tuple[str, ...]
"""Of a word: folded, and as it stands where that differs; of a run of letters that is too long, an empty word."""


class Words(NamedTuple):
    """The words of a text, up to ``MAX_WORDS``.

    Attributes:
        text: The text.
        words: As they stand, with a possessive ’s; small where the text shouts.
        pieces: The text in pieces: what stands before a word and the word in turn, and the rest.
        ends: Of each piece, in code points from the start of the text.
    """

    text: str
    words: list[str]
    pieces: list[str]
    ends: list[int]

    @property
    def forms(self) -> list[Forms]:
        """How each word is compared."""
        return FORMS.of(self.words)

    def span(self, number: int) -> tuple[int, int]:
        """Where a word stands, in code points from the start of the text: without its possessive ’s."""
        start, end = self.ends[2 * number : 2 * number + 2]
        return start, end - 2 if self.pieces[2 * number + 1].endswith(_POSSESSIVES) else end


def words_of(text: str) -> Words:
    """The words of a text."""
    pieces = _WORD.split(text, MAX_WORDS)
    words = pieces[1::2]
    # In a text that shouts, capitals tell no abbreviation from a word: WHO may be anybody.
    if not any(map(str.islower, text)):
        words = list(map(str.lower, words))
    return Words(text, words, pieces, list(accumulate(map(len, pieces))))


def fold(word: str) -> str:
    """A word without the differences that do not matter: case, and the accents that agencies drop."""
    if word.isascii():
        return word.lower()
    bare = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def _forms(word: str) -> Forms:
    bare = word.removesuffix("'s").removesuffix("’s").replace(".", "")
    return tuple(dict.fromkeys((fold(bare), bare))) if len(bare) <= _MAX_LETTERS else ("",)


FORMS = Memo(_forms, MAX_MEMO)
"""How words are compared, with a possessive ’s or without."""
