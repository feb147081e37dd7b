"""The verdict: what was dropped against what lies on the disk and on the streams, without asking the service."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Place = Literal["waiting", "claimed", "done", "failed"]
Article = tuple[str, str, str]  # a folder, the digest of a file there, and which of its articles
Trouble = Literal["lost", "doubled", "misplaced", "unfinished", "disputed"]

SUFFIX = re.compile(r"\.[0-9a-f]{12}(?=\.[^./]*$)")  # what a clash of names adds before the ending


def digest_of(content: bytes) -> str:
    """What tells one content from another."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file that was completely written into the inbox, and where it must end.

    Attributes:
        path: Relative to the inbox.
        digest: Of its content.
        fate: Where it must end.
        parts: Of a file of many articles those that must be on the stream; else one without a name.
        bad: Its articles that must be on the rejected stream.
    """

    path: str
    digest: str
    fate: Place
    parts: tuple[str, ...] = ("",)
    bad: tuple[str, ...] = ()

    @property
    def articles(self) -> dict[Article, str]:
        """Whose entries must be on the stream, and what to call them: a folder is part of an article's identity."""
        folder = self.path.rpartition("/")[0]
        return {(folder, self.digest, part): f"{self.path}#{part}" if part else self.path for part in self.parts}

    @property
    def rejections(self) -> list[str]:
        """The paths that must be on the rejected stream."""
        return [self.path] if self.fate == "failed" else [f"{self.path}#{part}" for part in self.bad]


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it lies below the inbox; the path is that below its place (and day)."""

    place: Place
    path: str
    digest: str
    explained: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the stream of articles."""

    ce_id: str
    subject: str
    version: int
    folder: str
    digest: str
    path: str

    @property
    def article(self) -> Article:
        """Which dropped content it came from."""
        return self.folder, self.digest, self.path.partition("#")[2]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    trouble: Trouble
    what: str


def judge(
    dropped: Sequence[Dropped], found: Sequence[Found], entries: Sequence[Entry], rejected: Iterable[str]
) -> list[Finding]:
    """Everything that is wrong.

    Args:
        dropped: Every file that was completely written.
        found: Every file below the inbox.
        entries: The stream of articles.
        rejected: The path in each entry of the rejected stream.
    """
    pending = [file for file in found if file.place in ("waiting", "claimed")]
    findings = [Finding("unfinished", f"{file.path} is {file.place}") for file in pending]
    findings += _files(dropped, found)
    findings += _articles(dropped, entries, {(file.path.rpartition("/")[0], file.digest) for file in pending})
    want, have = Counter(path for file in dropped for path in file.rejections), Counter(rejected)
    waiting = {file.path for file in pending}
    missing = [path for path in want - have if path.partition("#")[0] not in waiting]
    findings += [Finding("lost", f"rejection of {path}") for path in sorted(missing)]
    findings += [Finding("doubled", f"rejection of {path}, {have[path]} of {want[path]}") for path in have - want]
    return findings


def _files(dropped: Sequence[Dropped], found: Sequence[Found]) -> list[Finding]:
    want = Counter((file.fate, file.path, file.digest) for file in dropped)
    have = Counter(
        (file.place, SUFFIX.sub("", file.path), file.digest) for file in found if file.place in ("done", "failed")
    )
    pending = Counter(
        (SUFFIX.sub("", file.path), file.digest) for file in found if file.place in ("waiting", "claimed")
    )
    missing, extra = want - have, have - want
    findings = []
    for key in list(missing.elements()):
        place, path, digest = key
        wrong = next((other for other in extra if other[1:] == (path, digest) and extra[other]), None)
        if wrong:
            extra[wrong] -= 1
            findings.append(Finding("misplaced", f"{path} is in {wrong[0]} and not in {place}"))
        elif pending[path, digest]:
            pending[path, digest] -= 1  # it is unfinished, and told of as such
        else:
            findings.append(Finding("lost", f"file {path}, which should be in {place}"))
    findings += [Finding("doubled", f"file {path} in {place}, once too often") for place, path, _ in extra.elements()]
    findings += [
        Finding("misplaced", f"{file.path} in failed, with no word of why")
        for file in found
        if file.place == "failed" and not file.explained
    ]
    return findings


def _articles(
    dropped: Sequence[Dropped], entries: Sequence[Entry], pending: Container[tuple[str, str]]
) -> list[Finding]:
    names = {entry.article: entry.path for entry in entries}
    for file in dropped:
        names |= file.articles
    want = Counter({key: 1 for file in dropped if file.fate == "done" for key in file.articles})
    have = Counter(entry.article for entry in entries)
    findings = [Finding("lost", f"entry of {names[key]}") for key in want - have if key[:2] not in pending]
    findings += [Finding("doubled", f"entry of {names[key]}, {have[key]} of {want[key]}") for key in have - want]
    ids = Counter(entry.ce_id for entry in entries)
    findings += [Finding("doubled", f"ce_id {ce_id}, {count} times") for ce_id, count in ids.items() if count > 1]
    versions: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        versions[entry.subject].append(entry.version)
    findings += [
        Finding("doubled", f"article {subject} has the versions {sorted(found)}")
        for subject, found in versions.items()
        if sorted(found) != list(range(1, len(found) + 1))
    ]
    return findings
