"""Boosted decision trees, read from JSON and run in numpy: rows of numbers in, probabilities out."""

import functools
import importlib.resources
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ROWS = 64  # that are run at a time: what they need then stays close to the processor


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
        self._roots = np.arange(len(trees)) * most
        # Where each node leads to, right and left, counted over all trees; a leaf leads to itself.
        self._next = np.repeat(np.arange(len(trees) * most), 2).reshape(*shape, 2)
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
                self._next[row, at] = self._roots[row] + right, self._roots[row] + left
        self._depth = max(map(_depth, trees))

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """For each row, the probability; shape (rows,)."""
        parts = [self._log_odds(rows[start : start + _ROWS]) for start in range(0, len(rows), _ROWS)]
        return 1.0 / (1.0 + np.exp(-np.concatenate(parts))) if parts else np.zeros(0)

    def _log_odds(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        flat = np.ascontiguousarray(rows).ravel()
        start = (np.arange(len(rows)) * rows.shape[1])[:, None]
        node = np.broadcast_to(self._roots, (len(rows), len(self._roots)))
        for _ in range(self._depth):
            left = flat.take(start + self._feature.take(node)) <= self._threshold.take(node)
            node = self._next.take(2 * node + left)
        return np.asarray(self._value.take(node).sum(axis=1), dtype=np.float64)


def _depth(nodes: Sequence[Sequence[Any]], at: int = 0) -> int:
    node = nodes[at]
    return 0 if len(node) == 1 else 1 + max(_depth(nodes, node[2]), _depth(nodes, node[3]))


@functools.cache
def load_trees(package: str, name: str) -> Trees:
    """The trees in a package's file."""
    return Trees(json.loads(importlib.resources.files(package).joinpath(name).read_text(encoding="utf-8")))
