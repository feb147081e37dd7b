"""Which lines of a page belong to the article's body, by a model of its words, their place and their neighbours."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from worker.cleaning.features import NAMES, features
from worker.cleaning.shape import Line
from worker.cleaning.trees import load_trees

CUT = 0.55  # likelihood from which a line is taken for one of the body: found by cross-validation
LOWEST_CUT = 0.3  # where a page has little that is likely, as a very short one


def in_body(lines: Sequence[Line]) -> list[bool]:
    """Of each line of a pasted page, whether it belongs to the body."""
    trees = load_trees("worker.cleaning", "text_body.json")
    if trees.names != NAMES:
        raise ValueError("text_body.json was trained on other features: run make train")
    chosen: list[bool] = choose(trees.probabilities(features(lines)), [line.words for line in lines]).tolist()
    return chosen


def choose(likelihoods: NDArray[np.float64], words: Sequence[int]) -> NDArray[np.bool_]:
    """Which lines to take for the body: those above the cut at which the expected F1 over words is best.

    Maximising the expected F-measure directly is the plug-in rule of Ye, Chai, Lee and Chieu (2012), here between
    ``LOWEST_CUT`` and ``CUT``.

    Args:
        likelihoods: Shape (lines,).
        words: Their numbers, likewise.
    """
    if not len(likelihoods):
        return np.zeros(0, dtype=np.bool_)
    weights = np.asarray(words, dtype=np.float64)
    order = np.argsort(-likelihoods, kind="stable")
    right = np.cumsum((likelihoods * weights)[order])
    expected = 2 * right / (np.cumsum(weights[order]) + right[-1] + 1e-9)
    cut = likelihoods[order][int(np.argmax(expected))]
    return np.asarray(likelihoods >= min(max(cut, LOWEST_CUT), CUT))
