"""The language model: py3langid's, naive Bayes on sequences of bytes, in a form that is loaded fast.

``training/language.py`` makes the file of the model that comes with py3langid, and what is told stays the same to the
last bit. The original takes long to unpack; but the table of its automaton follows from the sequences alone, and most
of what it says of a sequence is only that a language does not have it. The file is a NumPy archive that holds no
Python objects.
"""

import functools
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGED = "languages.npz"
BYTES = 256  # values of a byte

Arrays = Mapping[str, NDArray[Any]]
Floats = NDArray[np.float32]
_SMALLEST = np.finfo(np.float32).min


@dataclass(frozen=True, slots=True)
class Automaton:
    """Finds sequences of bytes in a text, in one pass (Aho and Corasick).

    A state is the longest end of what was read that a sequence begins with. So it depends on the last few bytes alone,
    and those at all places of a text are found at once, by as many steps as the longest sequence has bytes.

    Attributes:
        follow: The states that follow, in rows of one for each byte.
        rows: Of each state, where its row begins; those that no sequence is longer than share that of a shorter one.
        found: Of each state, the number of the longest sequence that ends there; -1 for none.
        longest: The length of the longest sequence, bytes.
    """

    follow: NDArray[np.uintc]
    rows: NDArray[np.intp]
    found: NDArray[np.intp]
    longest: int

    @classmethod
    def of(cls, children: NDArray[np.uint8], letters: NDArray[np.uint8], counts: NDArray[np.bool_]) -> "Automaton":
        """The automaton of a tree: its states by length, those of a parent together; the first has read nothing.

        Args:
            children: Of each state, how many are longer by one byte.
            letters: Of each state, the byte that it ends with; of the first, any.
            counts: Of each state, whether it is itself a sequence to be found.
        """
        size, branches = len(children), children > 0
        parents = np.concatenate([[0], np.repeat(np.arange(size), children)])
        ends = np.cumsum(children, dtype=np.intp) + 1  # where the children of each state end
        rows, found = np.cumsum(branches) - 1, np.where(counts, np.cumsum(counts) - 1, -1)
        shorter = np.zeros(size, np.intp)  # the longest other state that each ends with
        follow = np.empty((int(branches.sum()), BYTES), np.uintc)
        follow[0] = 0
        begin, end, longest = 0, 1, -1  # of the states of one length; that length
        while begin < end:
            longest += 1
            states, longer = np.arange(begin, end), np.arange(end, ends[end - 1])
            if begin:
                if begin > 1:
                    shorter[states] = follow[rows[shorter[parents[states]]], letters[states]]
                rows[states] = np.where(branches[states], rows[states], rows[shorter[states]])
                found[states] = np.where(counts[states], found[states], found[shorter[states]])
                inner = states[branches[states]]
                follow[rows[inner]] = follow[rows[shorter[inner]]]
            follow[rows[parents[longer]], letters[longer]] = longer
            begin, end = end, ends[end - 1]
        return cls(follow.reshape(-1), rows * BYTES, found, longest)

    def states(self, data: NDArray[np.uint8]) -> NDArray[np.intp]:
        """The state after each byte of a text."""
        states = np.zeros(len(data), np.intp)
        for back in reversed(range(min(self.longest, len(data)))):
            places = self.rows.take(states[back:])
            places += data[: len(data) - back]
            states[back:] = self.follow.take(places)
        return states

    def sequences(self, data: NDArray[np.uint8]) -> NDArray[np.intp]:
        """The longest sequence that ends at each byte of a text, where there is one."""
        found = self.found.take(self.states(data))
        return found[found >= 0]


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Ranks languages.

    Attributes:
        codes: ISO 639 codes; one comes again where its language is written in two scripts.
        scripts: The places of such a code: the first, and another.
        prior: Of each, the logarithm of its likelihood before anything is read.
        automaton: Finds the sequences.
        weights: Of each sequence, the logarithm of its likelihood in each language.
    """

    codes: list[str]
    scripts: list[tuple[int, int]]
    prior: Floats
    automaton: Automaton
    weights: Floats

    def scores(self, text: str) -> Floats | None:
        """The logarithm of how likely each code is, but for a summand; None where nothing in the text tells.

        Of a code that comes again, the first has the score of its likelier script, and the other as good as none.
        """
        text = text.lower() if text.isupper() else text
        data = unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
        sequences = self.automaton.sequences(np.frombuffer(data, np.uint8))
        if not len(sequences):
            return None
        found, counts = _counted(sequences, len(self.weights))
        scores: Floats = np.log1p(counts) @ self.weights.take(found, axis=0) + self.prior
        for first, other in self.scripts:
            scores[first], scores[other] = max(scores[first], scores[other]), _SMALLEST
        return scores


def _counted(numbers: NDArray[np.intp], most: int) -> tuple[NDArray[np.intp], Floats]:
    """Distinct numbers and how often each occurs, by their first places: in that order their weights are added up."""
    count = len(numbers)
    place = np.empty(most, np.intp)
    place[numbers[::-1]] = np.arange(count - 1, -1, -1)  # of places that are given to one number, the last one stays
    found = numbers[place.take(numbers) == np.arange(count)]
    place[found] = np.arange(len(found))
    return found, np.bincount(place.take(numbers)).astype(np.float32)


@functools.cache
def packaged() -> LanguageModel:
    """The model that is shipped."""
    file = resources.files(__package__).joinpath(PACKAGED)
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        automaton = Automaton.of(arrays["children"], arrays["letters"], arrays["counts"])
        codes: list[str] = arrays["codes"].tolist()
        scripts = [(first, place) for place, code in enumerate(codes) if (first := codes.index(code)) != place]
        return LanguageModel(codes, scripts, arrays["prior"], automaton, _weights(arrays))


def _weights(arrays: Arrays) -> Floats:
    """The table: what is usual in each language, but for the values of each sequence that are not.

    It is not kept in half the bytes, as it is stored: its rows would be converted anew for every text.
    """
    usual, unusual = arrays["usual"].astype(np.float32), arrays["unusual"]
    weights = np.tile(usual, (len(unusual), 1))
    places = np.repeat(np.arange(0, weights.size, len(usual), dtype=np.uint32), unusual) + arrays["columns"]
    weights.reshape(-1)[places] = (arrays["high"].astype(np.uint16) << 8 | arrays["low"]).view(np.float16)
    return weights
