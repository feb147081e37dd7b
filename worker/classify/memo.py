"""What is worked out again and again for the same few thousand keys, remembered."""

from collections.abc import Callable, Iterable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memo(dict[K, V]):
    """The values of a function; forgets them all when they are too many.

    Faster than ``functools.lru_cache`` where all words of a text are looked up at once.

    Args:
        make: The function.
        most: Values that are remembered.
    """

    def __init__(self, make: Callable[[K], V], most: int) -> None:
        super().__init__()
        self._make = make
        self._most = most

    def __missing__(self, key: K) -> V:
        """Work out a value that is not known."""
        if len(self) >= self._most:
            self.clear()
        value = self[key] = self._make(key)
        return value

    def of(self, keys: Iterable[K]) -> list[V]:
        """The values of some keys."""
        return list(map(self.__getitem__, keys))
