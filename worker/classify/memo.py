"""What is worked out again and again for the same few thousand words, remembered."""

from collections.abc import Callable, Iterable
from typing import TypeVar

V = TypeVar("V")

LONGEST = 100  # characters of a word that is remembered: others are noise, and a file of them would fill the memory


class Memo(dict[str, V]):
    """The values of a function of words; forgets them all when they are too many.

    Faster than ``functools.lru_cache`` where all words of a text are looked up at once.

    Args:
        make: The function.
        most: Values that are remembered.
    """

    def __init__(self, make: Callable[[str], V], most: int) -> None:
        super().__init__()
        self._make = make
        self._most = most

    def __missing__(self, word: str) -> V:
        """Work out a value that is not known."""
        value = self._make(word)
        if len(word) <= LONGEST:
            if len(self) >= self._most:
                self.clear()
            self[word] = value
        return value

    def of(self, words: Iterable[str]) -> list[V]:
        """The values of some words."""
        return list(map(self.__getitem__, words))
