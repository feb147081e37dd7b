"""The language model: py3langid's, naive Bayes on sequences of bytes, in a form that is loaded fast.

``training/language.py`` makes the file of the model that comes with py3langid, and what is told stays the same to the
last bit. The original takes long to unpack; but the table of its automaton follows from the sequences alone, and most
of what it says of a sequence is only that a language does not have it. The file is a NumPy archive that holds no
Python objects.
"""

import functools
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGED = "languages.npz"
BYTES = 256  # values of a byte

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Automaton:
    """Finds sequences of bytes in a text, in one pass (Aho and Corasick).

    A state is the longest end of what was read that a sequence begins with. The views are read one by one faster than
    arrays of NumPy, and hold no objects, whose counters would have each process that is forked copy them.

    Attributes:
        follow: The states that follow, in rows of one for each byte.
        rows: Of each state, where its row begins; those that no sequence is longer than share that of a shorter one.
        found: Of each state, the number of the longest sequence that ends there; -1 for none.
    """

    follow: "memoryview[int]"
    rows: "memoryview[int]"
    found: "memoryview[int]"

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
        begin, end = 0, 1  # of the states of one length
        while begin < end:
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
        return cls(follow.reshape(-1).data, (rows * BYTES).astype(np.uintc).data, found.astype(np.intc).data)

    def count(self, data: bytes) -> Counter[int]:
        """How often each sequence is the longest that ends at a byte of a text, in the order of their first places."""
        follow, rows, found = self.follow, self.rows, self.found
        state, ended = 0, []
        for byte in data:
            state = follow[rows[state] + byte]
            sequence = found[state]
            if sequence >= 0:
                ended.append(sequence)
        return Counter(ended)


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Ranks languages.

    Attributes:
        codes: ISO 639 codes; one comes again where its language is written in two scripts.
        prior: Of each, the logarithm of its likelihood before anything is read.
        automaton: Finds the sequences.
        weights: Of each sequence, the logarithm of its likelihood in each language.
    """

    codes: list[str]
    prior: NDArray[np.float32]
    automaton: Automaton
    weights: NDArray[np.float16]

    def rank(self, text: str) -> list[tuple[str, float]]:
        """The languages, the likeliest first, with the logarithms of their likelihoods but for a common summand."""
        text = text.lower() if text.isupper() else text
        found = self.automaton.count(unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass"))
        if found:
            sequences = np.fromiter(found.keys(), np.intp, len(found))
            times = np.fromiter(found.values(), np.float32, len(found))
            scores = np.log1p(times) @ self.weights[sequences] + self.prior
        else:
            scores = np.zeros_like(self.prior)  # nothing can be told
        best: dict[str, float] = {}
        for code, score in zip(self.codes, scores.tolist(), strict=True):
            best[code] = max(score, best.get(code, score))
        return sorted(best.items(), key=lambda ranked: -ranked[1])


@functools.cache
def packaged() -> LanguageModel:
    """The model that is shipped."""
    file = resources.files(__package__).joinpath(PACKAGED)
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        automaton = Automaton.of(arrays["children"], arrays["letters"], arrays["counts"])
        return LanguageModel(arrays["codes"].tolist(), arrays["prior"], automaton, _weights(arrays))


def _weights(arrays: Arrays) -> NDArray[np.float16]:
    """The table: what is usual in each language, but for the values of each sequence that are not."""
    usual, unusual = arrays["usual"], arrays["unusual"]
    weights = np.tile(usual, (len(unusual), 1))
    places = np.repeat(np.arange(0, weights.size, len(usual), dtype=np.uint32), unusual) + arrays["columns"]
    weights.reshape(-1)[places] = (arrays["high"].astype(np.uint16) << 8 | arrays["low"]).view(np.float16)
    return weights
