"""Pages with known articles, and which of their lines belong to the article."""

import json
import lzma
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_WORD = re.compile(r"\w+")
_SIZE = 4  # words that are looked up together
_SECOND_LEVEL = 3  # letters at most of "co" in "example.co.uk"
_REACH = 6  # lines around a short one that may tell of it


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the data in ``pages/``: its mark-up, its text as one would paste it, and its article's text."""

    name: str
    domain: str
    html: str
    pasted: str
    body: str


def read_pages(folder: Path) -> Iterator[Page]:
    """The pages of every file in a folder."""
    for path in sorted(folder.glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                page = json.loads(line)
                name = f"{path.name.partition('.')[0]}:{page['id']}"
                yield Page(name, domain_of(page["url"]), page["html"], page["pasted"], page["gold"]["body"])


def domain_of(url: str) -> str:
    """The site of an address: what pages that must not be on both sides of a split have in common."""
    parts = (urlsplit(url).hostname or url).split(".")
    second_level = len(parts) > 2 and len(parts[-1]) == 2 and len(parts[-2]) <= _SECOND_LEVEL
    return ".".join(parts[-3 if second_level else -2 :])


def label_lines(texts: Sequence[str], body: str) -> list[bool]:
    """Which lines of a page belong to the article.

    A line of four words or more does if half of its words, by fours, stand in the article; a shorter one if it
    stands there beside the words of a neighbour that does.
    """
    wanted = _WORD.findall(body)
    known = Counter(_shingles(wanted))
    joined = f" {' '.join(wanted)} "
    found = [_WORD.findall(text) for text in texts]
    labels: list[bool | None] = [_label_long(words, known) for words in found]
    for index, words in enumerate(found):
        if labels[index] is None:
            labels[index] = _label_short(words, found, labels, index, joined)
    return [bool(label) for label in labels]


def _label_long(words: list[str], known: Counter[tuple[str, ...]]) -> bool | None:
    if not words:
        return False
    if len(words) < _SIZE:
        return None
    own = _shingles(words)
    return sum(shingle in known for shingle in own) >= len(own) / 2


def _label_short(words: list[str], found: list[list[str]], labels: list[bool | None], index: int, joined: str) -> bool:
    text = " ".join(words)
    above = (found[place] for place in range(index - 1, max(-1, index - _REACH), -1) if labels[place])
    below = (found[place] for place in range(index + 1, min(len(found), index + _REACH)) if labels[place])
    before, after = next(above, None), next(below, None)
    return (before is not None and f" {' '.join(before[-2:])} {text} " in joined) or (
        after is not None and f" {text} {' '.join(after[:2])} " in joined
    )


def _shingles(words: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(words[start : start + _SIZE]) for start in range(max(1, len(words) - _SIZE + 1))] if words else []


def shingle_counts(wanted: str, given: str) -> tuple[float, float, float]:
    """True and false positives and misses of a page, by shingles, scaled to sum to 1.

    The measure of the article-extraction-benchmark (Zyte): averaged over pages, they give precision and recall.
    """
    gold, found = Counter(_shingles(_WORD.findall(wanted))), Counter(_shingles(_WORD.findall(given)))
    true = sum((gold & found).values())
    extra, missed = sum(found.values()) - true, sum(gold.values()) - true
    total = true + extra + missed
    return (true / total, extra / total, missed / total) if total else (0.0, 0.0, 0.0)
