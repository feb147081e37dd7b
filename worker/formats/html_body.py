"""Which blocks of a web page belong to the article's body: by a model of their words, place and mark-up."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from resiliparse.extract.html2text import extract_plain_text

from worker.cleaning import features as text
from worker.cleaning.likelihood import choose
from worker.cleaning.shape import Line, shape
from worker.cleaning.trees import load_trees
from worker.formats import html_features as markup
from worker.formats.html_blocks import PageBlock
from worker.formats.html_metadata import Metadata
from worker.models import RawBlock

NAMES = (*text.NAMES, *markup.NAMES, "resiliparse")
_WORD = re.compile(r"\w+")
_SIZE = 3


def with_body(blocks: Sequence[PageBlock], metadata: Metadata, page: str) -> list[RawBlock]:
    """The blocks of a page, each with whether it belongs to the body.

    Args:
        blocks: Of the page.
        metadata: Likewise.
        page: Its source.
    """
    trees = load_trees("worker.formats", "page_body.json")
    if trees.names != NAMES:
        raise ValueError("page_body.json was trained on other features: run make train")
    found, lines = rows(blocks, metadata, page)
    chosen = iter(choose(trees.probabilities(found), [line.words for line in lines]).tolist())
    raw = [RawBlock(block.kind, block.text, in_body=False) for block in blocks]
    return [replace(block, in_body=next(chosen)) if shape(block) else block for block in raw]


def rows(blocks: Sequence[PageBlock], metadata: Metadata, page: str) -> tuple[NDArray[np.float32], list[Line]]:
    """What the model looks at, shape (lines, ``NAMES``), and the lines: the blocks of which anything can be seen."""
    pairs = [(block, line) for block in blocks if (line := shape(RawBlock(block.kind, block.text)))]
    lines = [line for _, line in pairs]
    prose = np.array([line.words if line.prose else 0 for line in lines], dtype=np.float32)
    vote = np.array(_vote(lines, page), dtype=np.float32)
    columns = (text.features(lines), markup.markup_features([block for block, _ in pairs], prose, metadata), vote)
    return np.column_stack(columns).astype(np.float32), lines


def _vote(lines: Sequence[Line], page: str) -> list[float]:
    """For each line the share of its words, by threes, that Resiliparse keeps as main content."""
    kept = extract_plain_text(page, main_content=True, alt_texts=False, links=False, comments=False)
    words = _WORD.findall(kept.casefold())
    threes = set(zip(words, words[1:], words[2:], strict=False))
    whole = {" ".join(_WORD.findall(line.casefold())) for line in kept.split("\n")}
    votes = []
    for line in lines:
        own = _WORD.findall(line.text.casefold())
        if len(own) > _SIZE:
            shingles = list(zip(own, own[1:], own[2:], strict=False))
            votes.append(sum(shingle in threes for shingle in shingles) / len(shingles))
        else:
            votes.append(float(" ".join(own) in whole))
    return votes
