"""How well captions are told from the body on labelled articles.

Run as a program (``python -m tests.captions [FOLDER]``), it prints the figures.

The articles and what they hold, marked by hand, are in ``tests/samples/captions``; its README tells how they are
marked. A caption is found where one of the record begins with the same 60 letters, digits and spaces, and has leaked
where the body holds them.
"""

import json
import re
import sys
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from worker.cleaning import clean
from worker.formats import read_document
from worker.models import Document

SAMPLES = Path(__file__).parent / "samples" / "captions"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
COMPARED = 60  # characters of a caption
SHINGLE = 4  # words


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one labelled article: captions by their first characters, and words of the body.

    Attributes:
        name: The file's.
        wanted: The captions that were marked.
        missed: Those of them that the record has not.
        leaked: Those that are in its body.
        invented: Captions of the record that were not marked.
        shared: Shingles of four words that the marked body and the record's have both.
        shingles: Those of the two, together.
    """

    name: str
    wanted: tuple[str, ...]
    missed: tuple[str, ...]
    leaked: tuple[str, ...]
    invented: tuple[str, ...]
    shared: int
    shingles: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares over all articles; ``invented`` is one of the record's captions, ``body`` the F1 of shingles."""

    articles: int
    captions: int
    recall: float
    leak: float
    invented: float
    body: float


def outcomes(ending: str, folder: Path = SAMPLES) -> list[Outcome]:
    """What becomes of each labelled article of the folder whose name has this ending."""
    return [_outcome(path) for path in sorted(folder.glob(f"*.{ending}"))]


def figures(found: Iterable[Outcome]) -> Figures:
    """The figures of articles that have captions between them."""
    found = list(found)
    wanted, missed, leaked, invented = (
        sum(len(getattr(one, name)) for one in found) for name in ("wanted", "missed", "leaked", "invented")
    )
    shown = wanted - missed + invented
    return Figures(
        articles=len(found),
        captions=wanted,
        recall=(wanted - missed) / wanted,
        leak=leaked / wanted,
        invented=invented / max(1, shown),
        body=2 * sum(one.shared for one in found) / sum(one.shingles for one in found),
    )


def _outcome(path: Path) -> Outcome:
    marked = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
    article = clean(read_document(Document(path.name, path.read_bytes(), NOW)))
    wanted = tuple(_start(caption) for caption in marked["captions"])
    shown = tuple(_start(caption) for caption in article.captions)
    body, gold = _plain(article.text), _plain(marked["body"])
    ours, theirs = _shingles(article.text), _shingles(marked["body"])
    return Outcome(
        name=path.name,
        wanted=wanted,
        missed=tuple(start for start in wanted if start not in shown),
        leaked=tuple(start for start in wanted if start in body and start not in gold),
        invented=tuple(start for start in shown if start not in wanted),
        shared=(ours & theirs).total(),
        shingles=ours.total() + theirs.total(),
    )


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("‘", "'")
    return re.sub(r"[\W_]+", " ", text).strip()


def _start(caption: str) -> str:
    return _plain(caption)[:COMPARED]


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1)))


def main(folder: Path) -> None:
    """Print the figures of a folder's pages and of its pasted texts, and what went wrong in which article."""
    for ending in ("html", "txt"):
        found = outcomes(ending, folder)
        shown = {name: getattr(figures(found), name) for name in Figures.__slots__}
        sys.stdout.write(f"{ending}: " + json.dumps({name: round(value, 4) for name, value in shown.items()}) + "\n")
        for one in found:
            body = 2 * one.shared / one.shingles
            faults = {"missed": one.missed, "leaked": one.leaked, "invented": one.invented}
            lines = [f"    {fault}: {start}\n" for fault, starts in faults.items() for start in starts]
            if lines or body < 1:
                sys.stdout.write(f"  {one.name} (body {body:.3f})\n" + "".join(lines))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES)
