"""How likely each line of a pasted page is to belong to the article's body."""

from collections.abc import Sequence
from dataclasses import replace

from worker.cleaning.features import NAMES, features
from worker.cleaning.shape import Line
from worker.cleaning.trees import load_trees

BODY = 0.55  # from which a line is taken for one of the body: found by cross-validation


def with_likelihood(lines: Sequence[Line]) -> list[Line]:
    """The lines, each with its likelihood by its words and its neighbours."""
    trees = load_trees("worker.cleaning", "text_body.json")
    if trees.names != NAMES:
        raise ValueError("text_body.json was trained on other features: run make train")
    found = trees.probabilities(features(lines)).tolist()
    return [replace(line, likelihood=likelihood) for line, likelihood in zip(lines, found, strict=True)]


def is_body(line: Line) -> bool:
    """Whether a line belongs to the body."""
    return line.likelihood is not None and line.likelihood >= BODY
