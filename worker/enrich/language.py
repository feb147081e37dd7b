"""The language of a text."""

import math
from itertools import accumulate

from schemas.article import Language

MAX_CHARS = 2_000  # of the text that are looked at: more makes no language surer
_FEWEST_LETTERS = 12  # below which any answer is a guess
_LEAST_CONFIDENCE = 0.5  # below which it is likelier another language
_SYLLABLES, _LETTERS_IN_ONE = "\u3040", 4  # Kana, ideographs, Hangul: from here on one says as much as so many letters
_NO_LANGUAGE = "zxx"  # the detector's answer for text in no language at all
_UNKNOWN = Language(code="und", confidence=0.0)


def detect_language(text: str) -> Language:
    """The language of a text and how sure that is; ``und`` where it cannot be told."""
    sample = text[:MAX_CHARS]
    if not _has_letters(sample):
        return _UNKNOWN
    from worker.enrich.language_model import language_model  # takes a while to load

    model = language_model()
    found = model.scores(sample)
    if found is None:
        return _UNKNOWN
    scores: list[float] = found.tolist()
    best = max(scores)
    # Log probabilities: their shares are taken relative to the best, so that none of them underflows.
    confidence = 1 / math.fsum([math.exp(score - best) for score in scores])
    code = model.labels[scores.index(best)]
    if confidence < _LEAST_CONFIDENCE or code == _NO_LANGUAGE:
        return _UNKNOWN
    return Language(code=code, confidence=round(confidence, 4))


def _has_letters(text: str) -> bool:
    """Whether a text has enough of them; most have at their very beginning, and are read no further."""
    letters = accumulate(_LETTERS_IN_ONE if char >= _SYLLABLES else 1 for char in text if char.isalpha())
    return any(count >= _FEWEST_LETTERS for count in letters)
