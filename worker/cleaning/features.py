"""What the line model looks at: one row of numbers for each line, from the line and its neighbourhood."""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from worker.cleaning.decisions import credits_line, folded, is_credited_caption
from worker.cleaning.notices import notice_kind
from worker.cleaning.phrases import label_kind, opening_kind
from worker.cleaning.region import find_region
from worker.cleaning.shape import Line

Matrix = NDArray[np.float32]

_MEASURED = 400  # characters of a line that are measured: its end adds nothing that its beginning does not tell
_WORD = re.compile(r"[^\W\d_]{4,}")
_MARKS = "|@©»›/→"
_READER = frozenset(["you", "your", "yours", "yourself"])
_DESK = frozenset(["we", "our", "us", "ours"])
_FAR = 30  # lines: what is further off than this is as far as anything
_WINDOWS = (3, 8, 20)  # lines on either side
_BESIDE = 2  # neighbours on either side that are seen one by one

OWN = (
    "words", "word_length", "sentence", "prose", "stops", "commas", "capitals", "upper", "digits", "small_words",
    "starts_small", "starts_quote", "ends_colon", "ends_question", "ends_ellipsis", "ends_comma", "bullet", "gap",
    "gap_after", "marks", "reader", "desk", "label", "label_navigation", "label_share", "label_related",
    "label_comments", "opening", "notice", "date", "name", "credit", "repeats", "again", "indent",
)  # fmt: skip
BESIDE = ("words", "prose", "sentence", "label", "notice", "bullet", "capitals", "gap", "indent")
AROUND = ("prose_words", "links", "labels", "notices", "words")
PLACE = (
    "from_top", "from_end", "prose_above", "prose_below", "since_prose", "until_prose", "since_label", "until_label",
    "in_region", "from_region_start", "from_region_end", "region_share", "vocabulary", "central",
    "lines", "total_words", "since_related", "since_comments",
)  # fmt: skip
NAMES = (
    *OWN,
    *(f"{name}{step:+d}" for step in (-2, -1, 1, 2) for name in BESIDE),
    *(f"{name}_within_{window}" for window in _WINDOWS for name in AROUND),
    *PLACE,
)


def features(lines: Sequence[Line]) -> Matrix:
    """The rows of all lines of a text.

    Returns:
        Shape (lines, features), in the order of ``NAMES``.
    """
    own = np.array(_own(lines), dtype=np.float32).reshape(len(lines), len(OWN))
    column = {name: own[:, index] for index, name in enumerate(OWN)}
    return np.hstack([own, _beside(column), _around(column), _place(lines, column)])


def _own(lines: Sequence[Line]) -> list[list[float]]:
    rows = []
    times = Counter(folded(line.text[:_MEASURED]) for line in lines)
    seen: set[str] = set()
    indent = _main_indent(lines)
    for index, line in enumerate(lines):
        text = line.text[:_MEASURED]
        fold = folded(text)
        row = _measures(text, line)
        row += [
            line.bullet,
            line.gap,
            index + 1 == len(lines) or lines[index + 1].gap,
            sum(map(text.count, _MARKS)),
        ]
        small = fold.split()
        row += [len(_READER.intersection(small)), len(_DESK.intersection(small))]
        row += _told(line)
        row += [min(times[fold], 5), fold in seen, _bounded(line.indent - indent, 12)]
        seen.add(fold)
        rows.append(row)
    return rows


def _bounded(value: float, most: float) -> float:
    return max(-most, min(most, value))


def _main_indent(lines: Sequence[Line]) -> int:
    """The indentation of most words of running text."""
    weights: Counter[int] = Counter()
    for line in lines:
        if line.prose:
            weights[line.indent] += min(line.words, 100)
    return weights.most_common(1)[0][0] if weights else 0


def _measures(text: str, line: Line) -> list[float]:
    words = text.split()
    count = max(1, len(words))
    return [
        math.log1p(line.words),
        len(text) / count,
        line.sentence,
        line.prose,
        min(10, text.count(". ") + text.count("! ") + text.count("? ")),
        text.count(",") / count,
        len([word for word in words if word[0].isupper()]) / count,
        text.isupper(),
        sum(map(text.count, "0123456789")) / len(text),
        len([word for word in words if len(word) <= 3 and word.islower()]) / count,
        text[0].islower(),
        text[0] in "“\"„«'‘",
        text.endswith(":"),
        text.endswith("?"),
        text.endswith(("…", "...", "]")),
        text.endswith((",", ";", "–", "—", "-")),
    ]


def _told(line: Line) -> list[float]:
    label = label_kind(line.text)
    credit = credits_line(line)
    return [
        label is not None,
        label == "navigation",
        label == "share",
        label == "related",
        label == "comments",
        opening_kind(line.text) is not None,
        notice_kind(line.text) is not None,
        credit is not None and credit.published is not None,
        credit is not None and credit.role == "byline",
        is_credited_caption(line),
    ]


def _beside(column: dict[str, Matrix]) -> Matrix:
    shifted = []
    for step in (-2, -1, 1, 2):
        for name in BESIDE:
            values = np.full_like(column[name], -1.0)
            if step < 0:
                values[-step:] = column[name][:step]
            else:
                values[:-step] = column[name][step:]
            shifted.append(values)
    return np.stack(shifted, axis=1)


def _around(column: dict[str, Matrix]) -> Matrix:
    words = np.expm1(column["words"])
    link = (1 - column["prose"]) * (1 - column["sentence"])
    series = (words * column["prose"], link, column["label"], column["notice"], words)
    return np.stack([_summed(values, window) for window in _WINDOWS for values in series], axis=1)


def _summed(values: Matrix, window: int) -> Matrix:
    """For each place, the sum over so many places on either side."""
    total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    places = np.arange(len(values))
    first, last = np.maximum(places - window, 0), np.minimum(places + window + 1, len(values))
    return np.asarray(total[last] - total[first], dtype=np.float32)


def _place(lines: Sequence[Line], column: dict[str, Matrix]) -> Matrix:
    count = len(lines)
    places = np.arange(count, dtype=np.float32)
    prose = np.expm1(column["words"]) * column["prose"]
    above = np.cumsum(prose) - prose
    total = max(1.0, float(prose.sum()))
    start, end = find_region(lines)
    words = np.expm1(column["words"])
    vocabulary, central = _vocabulary(lines, start, end)
    is_prose, is_label = column["prose"] > 0, column["label"] > 0
    return np.stack(
        [
            places / count,
            (count - places) / count,
            above / total,
            (total - above - prose) / total,
            _since(is_prose),
            _since(is_prose[::-1])[::-1],
            _since(is_label),
            _since(is_label[::-1])[::-1],
            ((places >= start) & (places < end)).astype(np.float32),
            np.clip(places - start, -_FAR, _FAR),
            np.clip(places - end, -_FAR, _FAR),
            np.full(count, float(words[start:end].sum()) / max(1.0, float(words.sum()))),
            vocabulary,
            central,
            np.full(count, math.log1p(count)),
            np.full(count, math.log1p(total)),
            _since(column["label_related"] > 0),
            _since(column["label_comments"] > 0),
        ],
        axis=1,
    ).astype(np.float32)


def _since(marks: NDArray[np.bool_]) -> Matrix:
    """For each place, how many places ago the last mark was; bounded."""
    places = np.arange(len(marks))
    last = np.maximum.accumulate(np.where(marks, places, -_FAR))
    return np.minimum(places - last, _FAR).astype(np.float32)


def _vocabulary(lines: Sequence[Line], start: int, end: int) -> tuple[Matrix, Matrix]:
    """For each line, the share of its longer words that the region has besides, and has often."""
    own = [Counter(_WORD.findall(line.text[:_MEASURED].casefold())) for line in lines]
    region: Counter[str] = Counter()
    for words in own[start:end]:
        region.update(words.keys())
    shares, centrals = [], []
    for index, words in enumerate(own):
        inside = 1 if start <= index < end else 0
        total = max(1, len(words))
        shares.append(sum(region[word] > inside for word in words) / total)
        centrals.append(sum(region[word] > 2 + inside for word in words) / total)
    return np.array(shares, dtype=np.float32), np.array(centrals, dtype=np.float32)
