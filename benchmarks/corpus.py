"""What is measured with: as many English articles as wanted, no two of them alike, of lengths as in a newspaper.

Their sentences are those of the articles written for the training, mixed within a topic, so that telling the topics,
the language and what is no part of the text has as much to do as with real ones. An article depends on its kind and
number alone. Real pages come from the data, where there are any.
"""

import functools
import itertools
import json
import lzma
import math
import os
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from training.topic_data import read_written
from worker.classify import load_classifier
from worker.errors import Rejected
from worker.models import Document
from worker.pipeline import process

Kind = Literal["short", "ordinary"]
Files = Sequence[tuple[str, bytes]]
"""Each a name and its bytes."""

SHORT = (45, 100)  # words of a brief, to which come about twenty of its head
ORDINARY = 470  # words of the median article
DEVIATION = 0.55  # of the logarithm of an ordinary article's words
LEAST, MOST = 120, 2500  # words of an ordinary article
PARAGRAPH = 55  # words that end a paragraph
TOLERANCE = 20  # words more or less than are asked for
FIRST_DAY = date(2024, 1, 1)
DAYS = 366
NAMES = (
    "Aila Brennick",
    "Tomas Averdell",
    "Ines Calloway",
    "Jorun Hale",
    "Pavel Ostrander",
    "Miriam Tolk",
    "Sami Verrin",
)
PLACES = ("BRUSSELS", "LISBON", "NAIROBI", "OSLO", "OTTAWA", "SEOUL", "TALLINN", "VIENNA")
_LABEL = re.compile(r"\w+: ")  # in front of a sentence, which alone may be taken for a credit
_SENTENCE_END = re.compile(r"(?<=[.!?])(?:[”\"])? +(?=[A-Z“\"])")


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What was written on one topic: headlines, and sentences with the number of their words."""

    headlines: tuple[str, ...]
    sentences: tuple[tuple[str, int], ...]


def article(kind: Kind, number: int) -> str:
    """An article: headline, byline, date, and paragraphs of which the first has a dateline.

    Args:
        kind: ``short``: 60 to 120 words with its head; ``ordinary``: log-normal around 470.
        number: From 0; each gives another headline and another text.
    """
    chance = random.Random(f"{kind} {number}")  # noqa: S311 - to be the same each time
    shelf = chance.choice(_shelves())
    day = FIRST_DAY + timedelta(chance.randrange(DAYS))
    text = _paragraphs(shelf, _words(kind, chance), chance)
    head = [
        f"{chance.choice(shelf.headlines)}, report {number}",
        f"By {chance.choice(NAMES)}",
        f"{day.day} {day:%B %Y}",
        f"{chance.choice(PLACES)} (Report {number}) – {text[0]}",
    ]
    return "\n\n".join([*head, *text[1:]])


def write_articles(folder: Path, kind: Kind, numbers: Sequence[int]) -> None:
    """Write articles as files into an existing folder."""
    write_files(folder, ((f"{kind}-{number}.txt", article(kind, number).encode()) for number in numbers))


def articles(kind: Kind, count: int) -> Files:
    """The first articles of a kind, as files."""
    return [(f"{kind}-{number}.txt", article(kind, number).encode()) for number in range(count)]


def articles_of(words: int) -> Iterator[bytes]:
    """Ordinary articles of about so many words, for ever."""
    for number in itertools.count():
        text = article("ordinary", number)
        if abs(len(text.split()) - words) <= TOLERANCE:
            yield text.encode()


def write_files(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files into an existing folder."""
    for name, data in files:
        (folder / name).write_bytes(data)


def drop(staged: Path, inbox: Path) -> int:
    """Move all files of a folder into another one of the same disk, each by a rename; returns how many."""
    names = os.listdir(staged)
    for name in names:
        os.rename(staged / name, inbox / name)
    return len(names)


def pages(data: Path, most: int) -> list[tuple[str, bytes]]:
    """Saved pages, each a name and its bytes, as far as each gives a record of its own.

    Args:
        data: The folder with ``pages/*.jsonl.xz``.
        most: How many pages to return at most; they are taken evenly from all.
    """
    classify, now = load_classifier(), datetime.now(UTC)
    sources = list(page_sources(data))
    step = max(1, len(sources) // most)
    found: dict[str, tuple[str, bytes]] = {}
    for number, page in enumerate(sources[::step][:most]):
        name = f"page-{number}.html"
        with suppress(Rejected):
            found.setdefault(process(Document(name, page, now), classify).id, (name, page))
    return list(found.values())


def page_sources(data: Path) -> Iterator[bytes]:
    """The sources of all saved pages of the data."""
    for path in sorted((data / "pages").glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            yield from (json.loads(line)["html"].encode() for line in lines)


def _words(kind: Kind, chance: random.Random) -> int:
    if kind == "short":
        return chance.randint(*SHORT)
    return round(min(MOST, max(LEAST, chance.lognormvariate(math.log(ORDINARY), DEVIATION))))


def _paragraphs(shelf: _Shelf, words: int, chance: random.Random) -> list[str]:
    paragraphs: list[list[str]] = [[]]
    length = total = 0
    used: set[str] = set()
    while total < words:
        if length >= PARAGRAPH:
            paragraphs.append([])
            length = 0
        sentence, size = chance.choice(shelf.sentences)
        if sentence in used or size > words - total + PARAGRAPH // 2:  # rather a shorter one at the end
            continue
        used.add(sentence)
        paragraphs[-1].append(sentence)
        length += size
        total += size
    return [" ".join(sentences) for sentences in paragraphs]


@functools.cache
def _shelves() -> tuple[_Shelf, ...]:
    texts: dict[str, list[tuple[str, str]]] = {}
    for text, label in read_written():
        if label.topics:
            texts.setdefault(label.topics[0], []).append((text.headline, text.text))
    return tuple(_shelf(texts[topic]) for topic in sorted(texts))


def _shelf(texts: list[tuple[str, str]]) -> _Shelf:
    paragraphs = (paragraph for _, text in texts for paragraph in text.split("\n\n")[1:])
    sentences = [sentence for paragraph in paragraphs for sentence in _SENTENCE_END.split(paragraph)]
    unlabelled = [sentence for sentence in sentences if not _LABEL.match(sentence)]
    counted = [(" ".join(sentence.split()), len(sentence.split())) for sentence in unlabelled]
    return _Shelf(tuple(headline for headline, _ in texts), tuple(pair for pair in counted if 5 <= pair[1] <= 40))
