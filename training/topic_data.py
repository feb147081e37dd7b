"""The labelled texts that the topic model learns from.

Labels are kept without the texts: a source's name, the number or name of the text in it, and the beginning of the
SHA-256 of the text, so that a label never meets another text than the one it was given for. ``labels/GUIDE.md`` says
how they were given.
"""

import gzip
import hashlib
import json
import lzma
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from worker.classify.learning import FOLDS
from worker.classify.words import fold

HERE = Path(__file__).parent
Lexicon = dict[str, dict[str, int]]
"""Of a word, folded, how strongly it speaks for which topics: 1 a hint, 2 strong, 3 nearly names it."""

HASHED = 16  # hexadecimal digits of a text's SHA-256
_DATE_LINE = re.compile(r"^\s*\w+day, \w+ \d+, \d{4}\s*")


@dataclass(frozen=True, slots=True)
class Text:
    """A text that can be labelled.

    Attributes:
        source: Where it comes from: ``current_events``, ``pages``, ``us_military``, ``wikinews``, ``written``.
        name: Its number or name there.
        site: Whose text it is; texts of one site are never divided between training and testing.
        headline: Empty where it has none.
        text: The text.
    """

    source: str
    name: str
    site: str
    headline: str
    text: str

    @property
    def sha256(self) -> str:
        """The beginning of its SHA-256, which its label carries."""
        return hashlib.sha256(f"{self.headline}\n{self.text}".encode()).hexdigest()[:HASHED]

    @property
    def fold(self) -> int:
        """Which fold its site is in."""
        return zlib.crc32(self.site.encode()) % FOLDS


@dataclass(frozen=True, slots=True)
class Label:
    """What a person who read a text says it is about.

    Attributes:
        topics: Ids, strongest first.
        unsure: Ids of those that count neither way.
    """

    topics: tuple[str, ...]
    unsure: frozenset[str]

    def agreed(self, other: "Label | None") -> "Label":
        """The label, with what another one of the same text says otherwise as unsure."""
        if other is None:
            return self
        unsure = self.unsure | other.unsure | (set(self.topics) ^ set(other.topics))
        return Label(tuple(topic for topic in self.topics if topic not in unsure), frozenset(unsure))


Labels = dict[tuple[str, str, str], Label]
"""Labels by source, name and hash of their text."""


def agreement(first: Labels, second: Labels) -> float:
    """F1 of second labels against the first ones of the same texts; what either is unsure of counts neither way."""
    same = different = 0
    for text, label in second.items():
        unsure = label.unsure | first[text].unsure
        one, other = set(first[text].topics) - unsure, set(label.topics) - unsure
        same += 2 * len(one & other)
        different += len(one ^ other)
    return same / max(1, same + different)


def read_texts(folder: Path) -> Iterator[Text]:
    """Every text of the data folder; a file that is not there is passed over, so that anybody can leave one out."""
    for number, entry in enumerate(_lines(folder / "topics" / "current_events.jsonl.gz")):
        yield Text("current_events", str(number), f"current_events {number}", "", entry["text"])
    for number, entry in enumerate(_lines(folder / "topics" / "us_military.jsonl.gz")):
        yield Text("us_military", str(number), f"us_military {number}", "", entry["text"])
    for number, entry in enumerate(_lines(folder / "topics" / "wikinews_dev.jsonl.gz")):
        yield Text("wikinews", str(number), "wikinews", entry["title"], _DATE_LINE.sub("", entry["text"]))
    for entry in _lines(folder / "pages" / "wcxb_dev.jsonl.xz"):
        site = urlsplit(entry["url"]).hostname or entry["id"]
        yield Text("pages", entry["id"], site, entry["gold"]["title"] or "", entry["gold"]["body"])


def read_written(folder: Path = HERE / "articles") -> Iterator[tuple[Text, Label]]:
    """The articles that were written for the training, each with the topics that it was written for."""
    for path in sorted(folder.glob("*.txt")):
        for part in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            head, _, rest = part.partition("\n")
            name, _, topics = head.partition(" ")
            headline, _, text = rest.strip().partition("\n")
            yield Text("written", name, name, headline, text.strip()), parse_label(topics)


def read_labels(path: Path) -> Labels:
    """The labels in a file."""
    labels = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        source, name, sha256, topics = line.split("\t")
        labels[source, name, sha256] = parse_label(topics)
    return labels


def parse_label(topics: str) -> Label:
    """The label that is written as topics with commas between, unsure ones with ``?`` before, ``-`` for none."""
    given = [topic.strip() for topic in topics.split(",") if topic.strip() not in ("", "-")]
    unsure = frozenset(topic[1:] for topic in given if topic.startswith("?"))
    return Label(tuple(topic for topic in given if not topic.startswith("?")), unsure)


def read_lexicon(folder: Path = HERE / "lexicon") -> Lexicon:
    """The lexicon: a file for each topic, in it lines of words, each line with the degree first."""
    lexicon: Lexicon = {}
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            strength, *words = line.split()
            for word in words:
                lexicon.setdefault(fold(word), {}).setdefault(path.stem, int(strength))
    return lexicon


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    data = path.read_bytes()
    text = gzip.decompress(data) if path.suffix == ".gz" else lzma.decompress(data)
    yield from map(json.loads, text.decode().rstrip("\n").split("\n"))
