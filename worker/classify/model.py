"""The trained model: one-vs-rest logistic regression on TF-IDF of words.

It is linear, so what each word adds to each topic's logit is exact: nothing is estimated afterwards. The weights
are made by ``training/topics.py``; a file of them is a NumPy archive that holds no Python objects.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.topics import is_topic_id
from worker.classify.memo import Memo
from worker.classify.words import FORMS, MAX_MEMO, Words
from worker.errors import Misconfigured

HEADLINE_FACTOR = 2.0
"""What a word of headline or standfirst counts, beside one of the lead."""

LEAD_WORDS = 100
"""Words of the text that count in full; the word at n times that counts 1/n."""

MAX_MODEL_WORDS = 1_000
"""Words of the text that are read."""

_FACTORS = (LEAD_WORDS / np.maximum(LEAD_WORDS, np.arange(MAX_MODEL_WORDS))).astype(np.float32)

_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError)  # what a broken archive raises

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]


class Counted(NamedTuple):
    """The known words of an article.

    Attributes:
        words: Their numbers in the vocabulary, ascending.
        values: What each counts in the article: TF-IDF, as a vector of length 1.
        occurrences: Of each occurrence, in the order of the article, which of ``words`` it is.
        shares: Likewise, its share of what the word counts.
        positions: Likewise, how many words of the article's fields stand before it.
    """

    words: Indices
    values: Floats
    occurrences: Indices
    shares: Floats
    positions: Indices


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a model knows.

    Attributes:
        index: Of each word, folded.
        idf: Inverse document frequency of each, natural logarithm.
    """

    index: dict[str, int]
    idf: Floats
    _numbers: Memo[int] = field(init=False, repr=False, compare=False)  # of words as they stand; -1: not known

    def __post_init__(self) -> None:
        object.__setattr__(self, "_numbers", Memo(lambda word: self.index.get(FORMS[word][0], -1), MAX_MEMO))

    def count(self, headings: Sequence[Words], text: Words) -> Counted:
        """An article as the model sees it.

        Args:
            headings: Headline and standfirst.
            text: The text.
        """
        heads = [word for words in headings for word in words.words]
        words = heads + text.words[:MAX_MODEL_WORDS]
        numbers = np.array(self._numbers.of(words), np.intp)
        factors: Floats = np.full(len(words), HEADLINE_FACTOR, np.float32)
        factors[len(heads) :] = _FACTORS[: len(words) - len(heads)]
        positions = np.flatnonzero(numbers >= 0)
        factors = factors[positions]
        known, occurrences = np.unique(numbers[positions], return_inverse=True)
        sums = np.bincount(occurrences, factors, len(known)).astype(np.float32)
        values = np.log1p(sums) * self.idf[known]
        values /= max(float(np.linalg.norm(values)), 1e-9)
        return Counted(known, values, occurrences, factors / sums[occurrences], positions)


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned.

    Attributes:
        id: Says which weights these are: the beginning of the file's SHA-256.
        vocabulary: Its words.
        topics: Ids of the topics that it knows, each with its column in ``weights``.
        weights: Of each word for each topic, shape (words, topics).
        bias: By topic, the logit before a word is read.
        scales: By topic, what a unit of a rule's weight adds to the logit.
        languages: Those it was trained on, ISO 639-1.
    """

    id: str
    vocabulary: Vocabulary = field(repr=False)
    topics: dict[str, int]
    weights: Floats = field(repr=False)
    bias: dict[str, float]
    scales: dict[str, float]
    languages: frozenset[str]

    @classmethod
    def load(cls, data: bytes, name: str) -> "Model":
        """The model in a file.

        Args:
            data: What the file holds.
            name: What to call it in errors.

        Raises:
            Misconfigured: It is not a model.
        """
        try:
            with _archive(data) as arrays:
                words, topics, languages = (_lines(arrays[key]) for key in ("words", "topics", "languages"))
                parts = (np.asarray(arrays[key], np.float32) for key in ("weights", "idf", "bias", "scales"))
                weights, idf, bias, scales = parts
        except (KeyError, TypeError, ValueError, OSError, EOFError, *_BROKEN) as error:
            raise Misconfigured(f"{name}: this is not a topic model: {error}") from error
        shapes = weights.shape, idf.shape, bias.shape, scales.shape
        if shapes != ((len(words), len(topics)), (len(words),), (len(topics),), (len(topics),)):
            raise Misconfigured(f"{name}: this is not a topic model: its parts do not fit together")
        if len({*topics}) < len(topics) or not all(map(is_topic_id, topics)):
            raise Misconfigured(f"{name}: this is not a topic model: its topics are {', '.join(topics)[:80]!r}")
        if len({*words}) < len(words) or not all(np.isfinite(part).all() for part in (weights, idf, bias, scales)):
            raise Misconfigured(f"{name}: this is not a topic model: a word occurs twice, or a weight is no number")
        return cls(
            id=hashlib.sha256(data).hexdigest()[:12],
            vocabulary=Vocabulary({word: number for number, word in enumerate(words)}, idf),
            topics={topic: number for number, topic in enumerate(topics)},
            weights=weights,
            bias=dict(zip(topics, bias.tolist(), strict=True)),
            scales=dict(zip(topics, scales.tolist(), strict=True)),
            languages=frozenset(languages),
        )


def packed(
    vocabulary: Vocabulary,
    topics: Sequence[str],
    weights: Floats,
    bias: Floats,
    scales: Floats,
    languages: Sequence[str],
) -> bytes:
    """The file of a model with these attributes, topic by topic; the same ones give the same bytes."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        words=_bytes(vocabulary.index),
        topics=_bytes(topics),
        languages=_bytes(languages),
        idf=vocabulary.idf.astype(np.float16),
        weights=weights.astype(np.float16),
        bias=bias.astype(np.float32),
        scales=scales.astype(np.float32),
    )
    return buffer.getvalue()


def packaged() -> Model:
    """The model that is shipped."""
    return Model.load(resources.files(__package__).joinpath("topics.npz").read_bytes(), "topics.npz")


def _bytes(lines: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def _archive(data: bytes) -> Any:
    archive = np.load(io.BytesIO(data), allow_pickle=False)
    if not isinstance(archive, np.lib.npyio.NpzFile):
        raise TypeError("it is no archive of arrays")
    return archive


def _lines(array: Any) -> list[str]:
    if not isinstance(array, np.ndarray) or array.dtype != np.uint8:
        raise TypeError("its texts are no bytes")
    return array.tobytes().decode().split("\n")
