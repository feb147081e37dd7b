"""Tables of words, phrases and patterns, written as text."""

import re
from collections.abc import Iterable
from itertools import groupby

from schemas.article import RemovedKind

Labels = tuple[tuple[RemovedKind, re.Pattern[str]], ...]
Notices = tuple[tuple[RemovedKind, int, re.Pattern[str]], ...]
OneOf = tuple[re.Pattern[str], tuple[RemovedKind, ...]]
Signs = dict[RemovedKind, tuple[str, ...]]


def words(text: str) -> tuple[str, ...]:
    """The words of a text, in its order."""
    return tuple(text.split())


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a text, which commas part."""
    return tuple(" ".join(phrase.split()) for phrase in text.split(","))


def any_word_with(beginnings: Iterable[str]) -> re.Pattern[str]:
    """A pattern for a space and a word that begins so; those that begin alike stand together: then it is found fast."""
    groups = groupby(sorted(set(beginnings)), key=lambda beginning: beginning[0])
    return re.compile(" (?:" + "|".join(f"{re.escape(first)}(?:{_tails(group)})" for first, group in groups) + ")")


def _tails(group: Iterable[str]) -> str:
    return "|".join(re.escape(beginning[1:]) for beginning in group)


def in_one(labels: Labels) -> OneOf:
    """The patterns of a table as one, of which the first that matches counts, and the kinds of its groups."""
    whole = "|".join(f"({pattern.pattern})" for _, pattern in labels)
    return re.compile(whole), tuple(kind for kind, _ in labels)


def first_kind(one_of: OneOf, text: str) -> RemovedKind | None:
    """The kind whose pattern matches at the beginning of a text; None where none does."""
    pattern, kinds = one_of
    match = pattern.match(text)
    return kinds[(match.lastindex or 0) - 1] if match else None


def exactly(*alternatives: str) -> re.Pattern[str]:
    """A pattern for a line that is one of these and nothing else, marks aside."""
    return re.compile(r"\W*+(?:" + "|".join(alternatives) + r")\W*+$")


def begins(*alternatives: str) -> re.Pattern[str]:
    """A pattern for a line that begins with one of these, marks aside."""
    return re.compile(r"\W*(?:" + "|".join(alternatives) + r")\b")


def somewhere(*alternatives: str) -> re.Pattern[str]:
    """A pattern for one of these, as whole words, anywhere in a text."""
    return re.compile(r"\b(?:" + "|".join(alternatives) + r")\b")
