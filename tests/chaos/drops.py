"""What is dropped into the inbox during a round, from a seed alone: contents, names, ways of writing and times."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from tests.articles import article

Way = Literal["rename", "direct", "slow", "old", "link", "folder", "symlink"]
Fate = Literal["done", "failed"]

FOLDERS = ("", "", "", "desk", "desk/europe", "Agentur Süd/später")
TOO_LARGE = 70_000  # bytes; the rounds allow 65,536
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR"
BURST = 0.1  # a part of the files arrives together, at multiples of this share of the round


@dataclass(frozen=True, slots=True)
class File:
    """One file.

    Attributes:
        path: Relative to the inbox; no two files of a round have the same.
        content: Its bytes; of a symbolic link, its target.
        fate: Where it must end.
        earlier_name: Try this path first: a correction comes under the name of what it corrects, if that is free.
        parts: Of a file of many articles those that are new content, by the number of their line; else one without.
        bad: The lines that give no record.
    """

    path: str
    content: bytes
    fate: Fate
    earlier_name: str | None = None
    parts: tuple[str, ...] = ("",)
    bad: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drop:
    """One act of a writer: when (a share of the round), how, and which files (a folder holds several)."""

    at: float
    way: Way
    files: tuple[File, ...]


@dataclass(slots=True)
class Story:
    """An article as it was dropped so far."""

    number: int
    path: str
    editions: list[bytes] = field(default_factory=list)

    @property
    def folder(self) -> str:
        """Where its file lies; part of the article's identity."""
        return self.path.rpartition("/")[0]


def plan_drops(seed: int, count: int) -> list[Drop]:
    """So many files, in the order of their arrival."""
    rng = random.Random(f"drops {seed}")
    times = sorted(_arrival(rng) for _ in range(count))
    stories: list[Story] = []
    drops: list[Drop] = []
    number = 0
    while number < count:
        at = times[number]
        if rng.random() < 0.02 and count - number >= 5:
            files = tuple(_new(rng, number + offset, stories, f"moved {number}/in") for offset in range(5))
            drops.append(Drop(at, "folder", files))
            number += len(files)
            continue
        drops.append(_drop(rng, number, at, stories))
        number += 1
    return drops


def _arrival(rng: random.Random) -> float:
    at = rng.random()
    return at // BURST * BURST if rng.random() < 0.3 else at


def _drop(rng: random.Random, number: int, at: float, stories: list[Story]) -> Drop:
    chance = rng.random()
    if chance < 0.08:
        return _bad(rng, number, at)
    if chance < 0.088:
        return Drop(at, _way(rng, ("rename", "direct", "link")), (_many(rng, number),))
    if stories and chance < 0.28:
        return Drop(at, _way(rng, ("rename", "direct", "link")), (_again(rng, number, stories, same=chance < 0.18),))
    return Drop(at, _way(rng, ("rename", "direct", "slow", "old", "link")), (_new(rng, number, stories),))


def _way(rng: random.Random, ways: Sequence[Way]) -> Way:
    return rng.choices(ways, [10 if way == "rename" else 1 if way == "slow" else 4 for way in ways])[0]


def _new(rng: random.Random, number: int, stories: list[Story], folder: str | None = None) -> File:
    inside = rng.choice(FOLDERS) if folder is None else folder
    story = Story(number, f"{inside}/{number}.txt".lstrip("/"))
    stories.append(story)
    return File(story.path, _edition(story), "done")


def _again(rng: random.Random, number: int, stories: list[Story], *, same: bool) -> File:
    """A content that was dropped before, or a correction of an article; mostly of one that may be in flight."""
    story = rng.choice(stories[-50:] if rng.random() < 0.7 else stories)
    content = rng.choice(story.editions) if same else _edition(story)
    kind = "copy" if same else "correction"
    path = f"{story.folder}/{story.number} {kind} {number}.txt".lstrip("/")
    return File(path, content, "done", earlier_name=story.path)


def _edition(story: Story) -> bytes:
    last = f"This report was edited {len(story.editions) + 1} times by the desk for item {story.number}."
    story.editions.append(article(story.number, last).encode())
    return story.editions[-1]


def _many(rng: random.Random, number: int) -> File:
    """A file of many articles, with a line here and there that gives none, is there twice or corrects an earlier one.

    Its articles are in no other file: which of two files published one could not be told.
    """
    lines: list[str] = []
    parts: list[str] = []
    bad: list[str] = []
    for line in range(1, rng.randint(40, 100) + 1):
        chance = rng.random()
        if chance < 0.1:
            lines.append('{"headline": 1}')
            bad.append(str(line))
        elif parts and chance < 0.15:
            lines.append(lines[int(rng.choice(parts)) - 1])
        else:
            item = int(rng.choice(parts)) if parts and chance < 0.25 else line
            headline, _, text = article(
                100 * (1000 + number) + item, f"This is line {line} of file {number}."
            ).partition("\n\n")
            lines.append(json.dumps({"headline": headline, "text": text}))
            parts.append(str(line))
    path = f"{rng.choice(FOLDERS)}/{number} many.jsonl".lstrip("/")
    return File(path, "\n".join(lines).encode(), "done", parts=tuple(parts), bad=tuple(bad))


def _bad(rng: random.Random, number: int, at: float) -> Drop:
    kind = rng.choice(["picture", "picture", "empty", "link", "large"])
    folder = rng.choice(FOLDERS)
    path = f"{folder}/{number} {kind}.txt".lstrip("/")
    if kind == "link":
        return Drop(at, "symlink", (File(path, b"/etc/hostname", "failed"),))
    contents = {"picture": PNG + str(number).encode(), "empty": b"", "large": article(number).encode() * 200}
    assert len(contents["large"]) > TOO_LARGE
    return Drop(at, _way(rng, ("rename", "direct")), (File(path, contents[kind], "failed"),))
