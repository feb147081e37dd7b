"""Boosted decision trees, read from JSON and run in numpy: rows of numbers in, probabilities out."""

import functools
import importlib.resources
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ROWS = 2_000  # that are run at a time: bounds the memory


class Trees:
    """A sum of small trees under a logistic function.

    Each node asks whether a feature is at most a threshold and goes left if so; each leaf adds to the log-odds.

    Args:
        stored: ``features``: the names of the columns. ``trees``: for each tree its nodes, the root first, as
            ``[feature, threshold, left, right]`` with the places that it leads to, and its leaves as ``[value]``.

    Raises:
        ValueError: A tree asks for a feature that is not there, or leads nowhere.
    """

    def __init__(self, stored: dict[str, Any]) -> None:
        self.names: tuple[str, ...] = tuple(stored["features"])
        trees: list[list[list[Any]]] = stored["trees"]
        most = max(map(len, trees))
        shape = (len(trees), most)
        place = {name: index for index, name in enumerate(self.names)}
        self._feature = np.zeros(shape, dtype=np.intp)
        self._threshold = np.full(shape, np.inf)
        self._left = np.tile(np.arange(most), (len(trees), 1))  # a leaf leads to itself
        self._right = self._left.copy()
        self._value = np.zeros(shape)
        for row, nodes in enumerate(trees):
            for at, node in enumerate(nodes):
                if len(node) == 1:
                    self._value[row, at] = node[0]
                    continue
                feature, threshold, left, right = node
                if feature not in place or not at < min(left, right) <= max(left, right) < len(nodes):
                    raise ValueError(f"node {at} of tree {row} is broken: {node}")
                self._feature[row, at], self._threshold[row, at] = place[feature], threshold
                self._left[row, at], self._right[row, at] = left, right
        self._depth = max(map(_depth, trees))
        self._offset = np.arange(len(trees)) * most

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """For each row, the probability; shape (rows,)."""
        parts = [self._log_odds(rows[start : start + _ROWS]) for start in range(0, len(rows), _ROWS)]
        return 1.0 / (1.0 + np.exp(-np.concatenate(parts))) if parts else np.zeros(0)

    def _log_odds(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        flat = np.ascontiguousarray(rows).ravel()
        start = (np.arange(len(rows)) * rows.shape[1])[:, None]
        node = np.broadcast_to(self._offset, (len(rows), len(self._offset)))
        for _ in range(self._depth):
            answer = flat.take(start + self._feature.take(node)) <= self._threshold.take(node)
            node = self._offset + np.where(answer, self._left.take(node), self._right.take(node))
        return np.asarray(self._value.take(node).sum(axis=1), dtype=np.float64)


def _depth(nodes: Sequence[Sequence[Any]], at: int = 0) -> int:
    node = nodes[at]
    return 0 if len(node) == 1 else 1 + max(_depth(nodes, node[2]), _depth(nodes, node[3]))


@functools.cache
def load_trees(package: str, name: str) -> Trees:
    """The trees in a package's file."""
    return Trees(json.loads(importlib.resources.files(package).joinpath(name).read_text(encoding="utf-8")))
