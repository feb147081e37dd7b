"""Learning a topic model from labelled texts; needs the extra ``train``.

A logistic regression for each topic, regularised by the squares of the weights and learned beside the rules: what the
rules say is added to the logits meanwhile, so it learns what they do not say. Platt's scaling, fitted on logits by
cross-validation, calibrates it (J. Platt, "Probabilistic outputs for support vector machines", 1999).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from worker.classify.model import Counted, Floats

STRENGTH = 30.0
"""Of what is learned from texts, beside 1 for small weights: what other programs call C."""

FOLDS = 5
ITERATIONS = 80
_FIRST_BIAS = -3.0
_DOUBTFUL = 2.0  # absolute logit below which an answer is doubtful
_NEWTON_STEPS = 10
_HOLD = 10.0  # how strongly calibration holds on to 1 and 0, in squared differences


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights of words, shape (words, topics), and biases of topics."""

    weights: Floats
    bias: Floats

    def logits(self, rows: Any, said: Floats) -> Floats:
        """Of texts for the topics; the arguments are as in ``Corpus``."""
        return np.asarray(rows @ self.weights + self.bias + said)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labelled texts as arrays.

    Attributes:
        rows: What each word counts in each text, sparse, shape (texts, words).
        said: What the rules add to the logits, shape (texts, topics).
        prior: What the weights are drawn to, shape (words, topics).
        known: 1 where a text is about a topic, else 0, shape (texts, topics).
        cost: What an error costs, 0 where nothing is known, likewise.
        folds: Which fold each text is in, below ``FOLDS``.
    """

    rows: Any
    said: Floats
    prior: Floats
    known: Floats
    cost: Floats
    folds: NDArray[np.int64]

    def learn(self, seen: NDArray[np.bool_] | None = None) -> Learned:
        """What is learned from the texts, or from those ``seen``."""
        if seen is None:
            seen = np.ones(len(self.folds), bool)
        return _learn(self.rows[seen], self.said[seen], self.prior, self.known[seen], self.cost[seen])

    def cross_validate(self) -> Floats:
        """The logits of texts by what is learned from the other folds, shape (texts, topics)."""
        logits = np.zeros_like(self.known)
        for fold in range(FOLDS):
            unseen = self.folds == fold
            logits[unseen] = self.learn(~unseen).logits(self.rows[unseen], self.said[unseen])
        return logits


def rows_of(counted: Sequence[Counted], words: int) -> Any:
    """Counted texts as a sparse matrix (texts, words)."""
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(row.words) for row in counted)])
    values, numbers = np.concatenate([row.values for row in counted]), np.concatenate([row.words for row in counted])
    return csr_matrix((values, numbers, ends), shape=(len(counted), words))


def _learn(rows: Any, said: Floats, prior: Floats, known: Floats, cost: Floats) -> Learned:
    """The weights and biases of least loss, by L-BFGS."""
    from scipy.optimize import minimize

    shape = prior.shape[0] + 1, prior.shape[1]
    columns = rows.T.tocsr()

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        parameters = flat.reshape(shape).astype(np.float32)
        weights, bias = parameters[:-1], parameters[-1]
        logits, away = rows @ weights + bias + said, weights - prior
        total = float(((np.logaddexp(0, logits) - known * logits) * cost).sum(dtype=np.float64))
        total += float(np.square(away).sum(dtype=np.float64)) / (2 * STRENGTH)
        gradient = (sigmoid(logits) - known) * cost
        slopes = np.vstack([columns @ gradient + away / STRENGTH, gradient.sum(0, keepdims=True)])
        return total, slopes.astype(np.float64).ravel()

    start = np.vstack([prior, np.full((1, shape[1]), _FIRST_BIAS)]).astype(np.float64)
    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS})
    parameters = found.x.reshape(shape).astype(np.float32)
    return Learned(parameters[:-1], parameters[-1])


def calibrate(logits: Floats, known: Floats, cost: Floats) -> tuple[Floats, Floats]:
    """By topic the factor and the summand that calibrate logits, near 1 and 0 where little is known.

    Nearly all logits are those of topics that are far from being given, and decide how a topic's sigmoid lies. So one
    more summand, common to all topics, makes as many of the doubtful ones right as their confidences say.
    """
    fitted = np.array([_platt(*columns) for columns in zip(logits.T, known.T, cost.T, strict=True)], np.float32)
    factor, summand = fitted.T
    scaled = logits * factor + summand
    doubtful = (np.abs(scaled) < _DOUBTFUL) & (cost > 0)
    return factor, summand + _common_summand(scaled[doubtful], known[doubtful])


def _common_summand(logits: Floats, known: Floats) -> float:
    """What makes the sum of the confidences the number of those that are right, held near 0 where they are few."""
    summand = 0.0
    for _ in range(_NEWTON_STEPS):  # Newton's method
        shares = sigmoid(logits + summand)
        slope = float((known - shares).sum()) - 2 * _HOLD * summand
        summand += slope / (float((shares * (1 - shares)).sum()) + 2 * _HOLD)
    return summand


def _platt(logits: Floats, known: Floats, cost: Floats) -> NDArray[np.float64]:
    from scipy.optimize import minimize

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scaled = parameters[0] * logits + parameters[1]
        away = parameters - (1.0, 0.0)
        gradient = (sigmoid(scaled) - known) * cost
        total = ((np.logaddexp(0, scaled) - known * scaled) * cost).sum() + (_HOLD * away**2).sum()
        return float(total), np.array([gradient @ logits, gradient.sum()]) + 2 * _HOLD * away

    return np.asarray(minimize(loss, [1.0, 0.0], jac=True, method="BFGS").x)


def sigmoid(logits: Any) -> Any:
    """The confidence at each logit."""
    return 1 / (1 + np.exp(-logits))
