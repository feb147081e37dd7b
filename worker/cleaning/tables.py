"""Tables of words, phrases and patterns, written as text."""

import re

from schemas.article import RemovedKind

Labels = tuple[tuple[RemovedKind, re.Pattern[str]], ...]
Notices = tuple[tuple[RemovedKind, int, re.Pattern[str]], ...]
Signs = dict[RemovedKind, tuple[str, ...]]


def words(text: str) -> tuple[str, ...]:
    """The words of a text, in its order."""
    return tuple(text.split())


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a text, which commas part."""
    return tuple(" ".join(phrase.split()) for phrase in text.split(","))


def exactly(*alternatives: str) -> re.Pattern[str]:
    """A pattern for a line that is one of these and nothing else, marks aside."""
    return re.compile(r"\W*+(?:" + "|".join(alternatives) + r")\W*+$")


def begins(*alternatives: str) -> re.Pattern[str]:
    """A pattern for a line that begins with one of these, marks aside."""
    return re.compile(r"\W*(?:" + "|".join(alternatives) + r")\b")


def somewhere(*alternatives: str) -> re.Pattern[str]:
    """A pattern for one of these, as whole words, anywhere in a text."""
    return re.compile(r"\b(?:" + "|".join(alternatives) + r")\b")
