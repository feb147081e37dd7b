"""The pattern language: reading phrases, and finding all of them in a text in one pass.

Patterns never become regular expressions. They become a tree of words that is walked from every word of a text,
for eight words at most: so a pattern may be useless, but never slow.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from worker.classify.memo import Memo
from worker.classify.words import FORMS, MAX_MEMO, Forms, Words, fold

MAX_PHRASE_WORDS = 8
MAX_PHRASE_BRANCHES = 200

# What may stand between two words of one phrase. A spaced dash, a comma or a line break ends the phrase.
_GAP = re.compile(r"[ \u00a0\u202f\t]{1,3}|[-\u2010-\u2013'’/&]|['’] | ?[/&] ?")
_JOINT = re.compile(r"(?:['’] |[\s\u2010-\u2013'’/&-])")
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])(?![^\W_])")
_SLOT = re.compile(r"\(([^()]*)\)|([^\s()]+)")


class Found(NamedTuple):
    """A phrase in a text.

    Attributes:
        tag: What the phrase was entered with.
        first: Its first word, counted from 0; likewise ``last``.
    """

    tag: int
    first: int
    last: int


@lru_cache(maxsize=10_000)  # checked when a rule is read, used when the tree is built
def parse(phrase: str) -> list[list[list[str]]]:
    """The places of a pattern, each as its alternatives, each of them one word or more.

    Raises:
        ValueError: The pattern cannot be understood; says what is wrong with it.
    """
    if _SLOT.sub("", phrase).strip():
        raise ValueError(f"pattern {phrase!r}: a bracket is not closed, or stands inside another")
    slots = []
    for group, plain in _SLOT.findall(phrase):
        options = [plain] if plain else group.split("|")
        slots.append([_words(phrase, option) for option in options])
    length = sum(max(map(len, options)) for options in slots)
    if not 0 < length <= MAX_PHRASE_WORDS:
        raise ValueError(f"pattern {phrase!r}: must have 1 to {MAX_PHRASE_WORDS} words, has {length}")
    if math.prod(map(len, slots)) > MAX_PHRASE_BRANCHES:
        raise ValueError(f"pattern {phrase!r}: stands for more than {MAX_PHRASE_BRANCHES} phrases; split it")
    if any(words[0] == "*" for words in slots[0]):
        raise ValueError(f"pattern {phrase!r}: the first word must have letters")
    return slots


def _words(phrase: str, text: str) -> list[str]:
    """The words of a piece of a pattern, as they are compared: hyphens and apostrophes separate here too."""
    if text.isascii() and text.isalpha():  # as most are: nothing separates, and nothing needs folding but case
        return [text if len(text) > 1 and text.isupper() else text.lower()]
    words = []
    for piece in _JOINT.split(_POSSESSIVE.sub("", text.strip())):
        stem, star = (piece[:-1], "*") if piece.endswith("*") else (piece, "")
        stem = stem.replace(".", "")
        if not (stem.isalnum() or (star and not stem)):
            raise ValueError(f"pattern {phrase!r}: {piece!r} is not a word: letters, digits and a * at its end")
        capitals = len(stem) > 1 and stem.isupper()
        words.append((stem if capitals else fold(stem)) + star)
    return words


@dataclass(slots=True)
class _Node:
    """A state of the phrase tree: where the words read so far lead to."""

    words: dict[str, "_Node"] = field(default_factory=dict)
    prefixes: dict[str, "_Node"] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()  # of the prefixes
    anything: "_Node | None" = None
    tags: list[int] = field(default_factory=list)  # of the phrases that end here
    goes_on: bool = False  # whether any word can follow

    def descend(self, words: Iterable[str]) -> "_Node":
        """The state that several words of a pattern lead to, made where there is none yet."""
        state = self
        for word in words:
            state = state._child(word)
        return state

    def follow(self, forms: Forms, states: list["_Node"]) -> None:
        """Add the states that a word of a text leads to."""
        # Loops, where comprehensions would read better: this runs for every second word of every text.
        for form in forms:
            state = self.words.get(form)
            if state is not None:
                states.append(state)
            for length in self.lengths:
                state = self.prefixes.get(form[:length])
                if state is not None:
                    states.append(state)
        if self.anything is not None:
            states.append(self.anything)

    def _child(self, word: str) -> "_Node":
        self.goes_on = True
        if word == "*":
            self.anything = self.anything or _Node()
            return self.anything
        among, key = (self.prefixes, word[:-1]) if word.endswith("*") else (self.words, word)
        child = among.get(key)
        if child is None:
            child = among[key] = _Node()
            if among is self.prefixes and len(key) not in self.lengths:
                self.lengths = (*self.lengths, len(key))
        return child


class _Start(NamedTuple):
    """What a word of a text can begin.

    Attributes:
        tags: Of the phrases that it is by itself.
        states: Where it leads to.
        words: Those that can follow.
        prefixes: How others can begin.
        anything: Whether every word can.
    """

    tags: tuple[int, ...]
    states: list[_Node]
    words: frozenset[str]
    prefixes: tuple[str, ...]
    anything: bool

    @classmethod
    def of(cls, states: list[_Node]) -> "_Start | None":
        """Where a word leads to these states; None where there are none."""
        if not states:
            return None
        return cls(
            tags=tuple(tag for state in states for tag in state.tags),
            states=states,
            words=frozenset(word for state in states for word in state.words),
            prefixes=tuple(prefix for state in states for prefix in state.prefixes),
            anything=any(state.anything is not None for state in states),
        )


@dataclass(frozen=True, slots=True)
class PhraseTree:
    """Phrases, each with a tag, ready to be found in texts."""

    _root: _Node = field(default_factory=_Node)
    _memo: Memo[tuple[Forms, _Start | None]] = field(init=False)  # of words: their forms, and what they begin

    def __post_init__(self) -> None:
        object.__setattr__(self, "_memo", Memo(self._begin, MAX_MEMO))

    @classmethod
    def of(cls, tagged: Iterable[tuple[int, str]]) -> "PhraseTree":
        """The tree of some patterns; raises ``ValueError`` as ``parse`` does."""
        tree = cls()
        for tag, phrase in tagged:
            states = [tree._root]
            for options in parse(phrase):
                states = [state.descend(words) for state in states for words in options]
            for state in states:
                state.tags.append(tag)
        return tree

    def find(self, words: Words) -> Iterator[Found]:
        """Every place of every phrase, by first word, shorter before longer."""
        known = self._memo.of(words.words)
        end = len(known) - 1
        for first, (_, start) in enumerate(known):
            if start is None:
                continue
            tags, states, exact, prefixes, anything = start
            for tag in tags:
                yield Found(tag, first, first)
            if first == end:
                return
            # Most words that could go on do not, as the next word tells.
            forms = known[first + 1][0]
            if (
                not exact.isdisjoint(forms)
                or (prefixes and (forms[0].startswith(prefixes) or forms[-1].startswith(prefixes)))
                or anything
            ):
                yield from _go_on(words, first, states)

    def _begin(self, word: str) -> tuple[Forms, _Start | None]:
        forms = FORMS[word]
        states: list[_Node] = []
        self._root.follow(forms, states)
        return forms, _Start.of(states)


def _go_on(words: Words, first: int, states: list[_Node]) -> list[Found]:
    """The phrases of more than one word that begin with a word, which leads to these states."""
    found: list[Found] = []
    last = first
    while states and last + 1 < len(words.words):
        last += 1
        forms = FORMS[words.words[last]]
        reached: list[_Node] = []
        for state in states:
            if state.goes_on:
                state.follow(forms, reached)
        if not reached or not _GAP.fullmatch(words.pieces[2 * last]):
            break
        for state in reached:
            if state.tags:
                found += [Found(tag, first, last) for tag in state.tags]
        states = reached
    return found
