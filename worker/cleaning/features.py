"""What the model of the body looks at: a row of numbers for each line, from the line and its neighbourhood."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from worker.cleaning.decisions import credits_line, is_credited_caption
from worker.cleaning.folding import folded
from worker.cleaning.notices import notice_kind
from worker.cleaning.phrases import label_kind, opening_kind
from worker.cleaning.region import find_region
from worker.cleaning.shape import Line

Row = NDArray[np.float32]  # shape (lines,): one number for each line
Rows = NDArray[np.float32]  # shape (lines, features)

_MEASURED = 400  # characters of a line that are measured: more of them tell nothing more
_WORD = re.compile(r"[^\W\d_]{4,}")
_DIGIT = re.compile(r"\d")
_MARKS = "|@©»›/→"
_DESK = frozenset(["we", "our", "us", "ours", "you", "your"])
_FAR = 30  # lines: what is further off than this is as far as anything
_FARTHEST_INDENT = 12  # characters
_MOST_REPEATS = 5
_OFTEN = 3  # lines
_WINDOWS = (3, 8, 20)  # lines on either side
_STEPS = (-1, 1)

# Of a line by itself.
_OWN = (
    "words",  # log(1 + their number)
    "word_length",  # characters of a word, on average
    "sentence",  # 1: it ends as a sentence does
    "prose",  # 1: it reads as running text
    "commas",  # for each word
    "capitals",  # share of words that begin with one
    "upper",  # 1: nothing but capitals
    "digits",  # share of characters
    "small_words",  # share of words that are short and have no capital
    "starts_small",
    "ends_colon",
    "ends_ellipsis",
    "bullet",
    "marks",  # how many signs that part links from each other
    "desk",  # how many words with which a page speaks to its reader
    "label",  # 1: a label or control of a page (phrases.py)
    "label_related",
    "label_comments",
    "opening",  # 1: begins as boilerplate does (phrases.py)
    "notice",  # 1: pleads, warns or informs about the page (notices.py)
    "date",  # 1: a date line
    "credit",  # 1: a caption with its credit
    "repeats",  # how often the same line is in the text
    "again",  # 1: it was there before
    "indent",  # against that of most running text, characters
)
_BESIDE = ("words", "capitals", "bullet", "indent")  # of the line before and of the line after; -1 where there is none
_AROUND = ("prose_words", "links", "labels", "notices", "all_words")  # sums over a window around the line
# Of its place in the text.
_PLACE = (
    "from_top",  # share of the lines above
    "prose_above",  # share of the words of running text above; likewise below
    "prose_below",
    "since_prose",  # lines since running text; likewise the next three, and until them
    "until_prose",
    "since_label",
    "until_label",
    "since_related",
    "since_comments",
    "in_region",  # 1: within the stretch that looks most like an article (region.py)
    "from_region_start",  # lines
    "from_region_end",
    "region_share",  # of the text's words
    "vocabulary",  # share of its longer words that the region has besides
    "central",  # share of those that it has often
    "lines",  # log(1 + the text's number of them)
    "prose_total",  # log(1 + the text's words of running text)
)
NAMES = (
    *_OWN,
    *(f"{name}{step:+d}" for step in _STEPS for name in _BESIDE),
    *(f"{name}_within_{window}" for window in _WINDOWS for name in _AROUND),
    *_PLACE,
)


def features(lines: Sequence[Line]) -> Rows:
    """The rows of all lines of a text, their columns in the order of ``NAMES``."""
    own = np.array(_own_rows(lines), dtype=np.float32).reshape(len(lines), len(_OWN))
    column: dict[str, Row] = dict(zip(_OWN, own.T, strict=True))
    column["all_words"] = np.expm1(column["words"])
    column["prose_words"] = column["all_words"] * column["prose"]
    column["links"] = (1 - column["prose"]) * (1 - column["sentence"])
    column["labels"], column["notices"] = column["label"], column["notice"]
    beside = [_shifted(column[name], step) for step in _STEPS for name in _BESIDE]
    around = [_summed(column[name], window) for window in _WINDOWS for name in _AROUND]
    return np.column_stack([own, *beside, *around, *_places(lines, column)]).astype(np.float32)


def _own_rows(lines: Sequence[Line]) -> list[list[float]]:
    texts = [folded(line.text[:_MEASURED]) for line in lines]
    times, seen = Counter(texts), set[str]()
    indent = _main_indent(lines)
    rows = []
    for line, text in zip(lines, texts, strict=True):
        apart = max(-_FARTHEST_INDENT, min(_FARTHEST_INDENT, line.indent - indent))
        rows.append(
            [
                *_measures(line),
                len(_DESK.intersection(text.split())),
                *_told(line),
                min(times[text], _MOST_REPEATS),
                text in seen,
                apart,
            ]
        )
        seen.add(text)
    return rows


def _main_indent(lines: Sequence[Line]) -> int:
    """The indentation of most words of running text."""
    weights: Counter[int] = Counter()
    for line in lines:
        if line.prose:
            weights[line.indent] += min(line.words, 100)
    return weights.most_common(1)[0][0] if weights else 0


def _measures(line: Line) -> list[float]:
    text = line.text[:_MEASURED]
    words = text.split()
    count = max(1, len(words))
    return [
        math.log1p(line.words),
        len(text) / count,
        line.sentence,
        line.prose,
        text.count(",") / count,
        len([word for word in words if word[0].isupper()]) / count,
        text.isupper(),
        sum(map(text.count, "0123456789")) / len(text),
        len([word for word in words if len(word) <= 3 and word.islower()]) / count,
        text[0].islower(),
        text.endswith(":"),
        text.endswith(("…", "...", "]")),
        line.bullet,
        sum(map(text.count, _MARKS)),
    ]


def _told(line: Line) -> list[float]:
    label = label_kind(line.text)
    credit = credits_line(line) if _DIGIT.search(line.text) else None  # without one there is no date
    return [
        label is not None,
        label == "related",
        label == "comments",
        opening_kind(line.text) is not None,
        notice_kind(line.text) is not None,
        credit is not None and credit.published is not None,
        is_credited_caption(line),
    ]


def _shifted(values: Row, step: int) -> Row:
    """For each place, the value that many places on; -1 beyond the ends."""
    shifted = np.full_like(values, -1.0)
    if step < 0:
        shifted[-step:] = values[:step]
    else:
        shifted[:-step] = values[step:]
    return shifted


def _summed(values: Row, window: int) -> Row:
    """For each place, the sum over so many places on either side and itself."""
    total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    places = np.arange(len(values))
    first, last = np.maximum(places - window, 0), np.minimum(places + window + 1, len(values))
    return np.asarray(total[last] - total[first], dtype=np.float32)


def _places(lines: Sequence[Line], column: Mapping[str, Row]) -> list[Row]:
    count = len(lines)
    places = np.arange(count, dtype=np.float32)
    prose = column["prose_words"]
    above, total = np.cumsum(prose) - prose, max(1.0, float(prose.sum()))
    start, end = find_region(lines)
    words = column["all_words"]
    return [
        places / count,
        above / total,
        (total - above - prose) / total,
        _since(column["prose"]),
        _since(column["prose"][::-1])[::-1],
        _since(column["label"]),
        _since(column["label"][::-1])[::-1],
        _since(column["label_related"]),
        _since(column["label_comments"]),
        ((places >= start) & (places < end)).astype(np.float32),
        np.clip(places - start, -_FAR, _FAR),
        np.clip(places - end, -_FAR, _FAR),
        np.full(count, float(words[start:end].sum()) / max(1.0, float(words.sum())), dtype=np.float32),
        *_vocabulary(lines, start, end),
        np.full(count, math.log1p(count), dtype=np.float32),
        np.full(count, math.log1p(total), dtype=np.float32),
    ]


def _since(marks: Row) -> Row:
    """For each place, how many places ago the last mark was; bounded."""
    places = np.arange(len(marks))
    last = np.maximum.accumulate(np.where(marks > 0, places, -_FAR))
    return np.minimum(places - last, _FAR).astype(np.float32)


def _vocabulary(lines: Sequence[Line], start: int, end: int) -> tuple[Row, Row]:
    """For each line, the share of its longer words that the region has besides, and that it has often."""
    own = [set(_WORD.findall(line.text[:_MEASURED].casefold())) for line in lines]
    region = Counter(word for words in own[start:end] for word in words)
    at_least = [{word for word, count in region.items() if count >= least} for least in range(_OFTEN + 2)]
    shares, centrals = [], []
    for index, words in enumerate(own):
        itself = 1 if start <= index < end else 0
        total = max(1, len(words))
        shares.append(len(words & at_least[1 + itself]) / total)
        centrals.append(len(words & at_least[_OFTEN + itself]) / total)
    return np.array(shares, dtype=np.float32), np.array(centrals, dtype=np.float32)
