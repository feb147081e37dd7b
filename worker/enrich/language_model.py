"""py3langid's model of languages, run in numpy: the same scores as the package's own, at a small part of their time.

The package reads a text byte by byte in Python. Its automaton looks for sequences of a few bytes, so the state after
a byte depends on the last few bytes only: those of all places in a text are found at once, by so many steps.
"""

import functools
import unicodedata
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MEMORY = 6
"""Bytes that decide the automaton's state, whatever stood before them."""

Floats = NDArray[np.float32]
_SMALLEST = np.finfo(np.float32).min


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """An automaton that finds features in a text, and a naive Bayes model of them.

    Attributes:
        moves: The state after a byte, at the sum of the byte and the present state's row.
        rows: Of each state.
        features: The feature that is found at each state; below 0 where none is.
        weights: Log probabilities of features, shape (features, labels).
        priors: Log probabilities of labels.
        labels: Codes of languages; one may stand for several scripts, each with a label.
        aliases: The places of two labels of one language, the first of it and another.
    """

    moves: NDArray[Any]
    rows: NDArray[np.intp]
    features: NDArray[np.intp]
    weights: Floats
    priors: Floats
    labels: tuple[str, ...]
    aliases: tuple[tuple[int, int], ...]

    def scores(self, text: str) -> Floats | None:
        """The logarithm of how likely each label is, but for a summand; None where nothing in the text tells."""
        data = unicodedata.normalize("NFC", text.lower() if text.isupper() else text).encode("utf-8", "surrogatepass")
        features = self.features.take(self.states(np.frombuffer(data, np.uint8)))
        features = features[features >= 0]
        if not len(features):
            return None
        found, counts = _counted(features, len(self.weights))
        scores: Floats = np.log1p(counts) @ self.weights.take(found, axis=0) + self.priors
        for first, other in self.aliases:
            scores[first], scores[other] = max(scores[first], scores[other]), _SMALLEST
        return scores

    def states(self, data: NDArray[np.uint8]) -> NDArray[np.intp]:
        """The automaton's state after each byte."""
        states = np.zeros(len(data), np.intp)
        for back in reversed(range(min(MEMORY, len(data)))):
            places = self.rows.take(states[back:])
            places += data[: len(data) - back]
            states[back:] = self.moves.take(places)
        return states


def _counted(features: NDArray[np.intp], most: int) -> tuple[NDArray[np.intp], Floats]:
    """Features and how often each occurs, in the order of their first places, in which their weights are added up."""
    count = len(features)
    place = np.empty(most, np.intp)
    place[features[::-1]] = np.arange(count - 1, -1, -1)  # of places that are given to one feature, the last one stays
    found = features[place.take(features) == np.arange(count)]
    place[found] = np.arange(len(found))
    return found, np.bincount(place.take(features)).astype(np.float32)


@functools.cache
def language_model() -> LanguageModel:
    """The model that comes with py3langid; it takes a while to load."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE
    from py3langid.modelio import load_model

    weights, priors, labels, moves, rows, features = load_model(MODEL_DIR / MODEL_FILE)
    first = {label: labels.index(label) for label in labels}
    return LanguageModel(
        moves=np.frombuffer(moves, moves.typecode),
        rows=np.array(rows, np.intp) << 8,
        features=np.array(features, np.intp),
        weights=weights.astype(
            np.float32
        ),  # as it is stored, in half the bytes, its rows would be converted for every text
        priors=priors,
        labels=tuple(labels),
        aliases=tuple((first[label], place) for place, label in enumerate(labels) if place != first[label]),
    )
