"""Which blocks of a web page belong to the article's body: by a model of their words, place and mark-up."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from worker.cleaning import features as text
from worker.cleaning.likelihood import choose
from worker.cleaning.shape import Line, shape
from worker.cleaning.trees import load_trees
from worker.formats import html_features as markup
from worker.formats.html_blocks import PageBlock
from worker.formats.html_metadata import Metadata
from worker.models import RawBlock

NAMES = (*text.NAMES, *markup.NAMES)


def with_body(blocks: Sequence[PageBlock], metadata: Metadata) -> list[RawBlock]:
    """The blocks of a page, each with whether it belongs to the body.

    Args:
        blocks: Of the page.
        metadata: Likewise.
    """
    trees = load_trees("worker.formats", "page_body.json")
    if trees.names != NAMES:
        raise ValueError("page_body.json was trained on other features: run make train")
    shapes = [shape(RawBlock(block.kind, block.text)) for block in blocks]
    found, lines = _rows(blocks, shapes, metadata)
    chosen = iter(choose(trees.probabilities(found), [line.words for line in lines]).tolist())
    return [
        RawBlock(block.kind, block.text, in_body=line is not None and next(chosen))
        for block, line in zip(blocks, shapes, strict=True)
    ]


def rows(blocks: Sequence[PageBlock], metadata: Metadata) -> tuple[NDArray[np.float32], list[Line]]:
    """What the model looks at, shape (lines, ``NAMES``), and the lines: the blocks of which anything can be seen."""
    return _rows(blocks, [shape(RawBlock(block.kind, block.text)) for block in blocks], metadata)


def _rows(
    blocks: Sequence[PageBlock], shapes: Sequence[Line | None], metadata: Metadata
) -> tuple[NDArray[np.float32], list[Line]]:
    seen = [block for block, line in zip(blocks, shapes, strict=True) if line]
    lines = [line for line in shapes if line]
    prose = np.array([line.words if line.prose else 0 for line in lines], dtype=np.float32)
    where = markup.markup_features(seen, prose, metadata)
    return np.column_stack((text.features(lines), where)).astype(np.float32), lines
