"""``copydesk rules diff``: which published articles would have other topics by other rules; and publishing that."""

import json
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.article import Topic
from worker.claim import traceparent
from worker.classify import primary_topic
from worker.folder import opened_folder, read_small
from worker.inbox import Inbox
from worker.journal import Journal, Settled
from worker.models import Document
from worker.names import display
from worker.reclassify import Change, Reclassifier
from worker.rereading import Answer, Changed, Rereader, Unread
from worker.settings import Settings

Progress = Callable[[int, int], None]  # files done, and of how many


@dataclass(frozen=True, slots=True)
class Difference:
    """An article whose topics change.

    Attributes:
        article: Its id, as it was published; likewise the next one.
        version: Of it.
        file: Where it was read, relative to the inbox, and which of its articles it is.
        old: Its topics by the old rules.
        new: By the new ones.
        verdict: What became of publishing it; None where that was not asked for.
    """

    article: str
    version: int
    file: str
    old: tuple[Topic, ...]
    new: tuple[Topic, ...]
    verdict: str | None = None

    def as_json(self) -> str:
        """One line."""
        told: dict[str, Any] = {"article": self.article, "version": self.version, "file": self.file}
        for name, topics in (("old", self.old), ("new", self.new)):
            told |= {f"{name}_topics": ids(topics), f"{name}_primary_topic": primary_topic(topics)}
        return json.dumps(told | ({"verdict": self.verdict} if self.verdict else {}), ensure_ascii=False)


@dataclass(slots=True)
class Tally:
    """What a run has seen.

    Attributes:
        articles: Whose topics were compared.
        changed: Whose topics change.
        gained: By topic, how many articles get it; likewise the next three.
        lost: Lose it.
        primary_gained: Get it as the primary one.
        primary_lost: Lose it as the primary one.
        verdicts: What became of publishing, with how often.
        gone: Articles whose file is no longer in its place.
        unread: Files or articles that could not be read, and why.
    """

    articles: int = 0
    changed: int = 0
    gained: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    primary_gained: Counter[str] = field(default_factory=Counter)
    primary_lost: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    gone: int = 0
    unread: list[str] = field(default_factory=list)

    def add(self, found: Difference) -> None:
        """Count a difference."""
        self.changed += 1
        old, new = set(ids(found.old)), set(ids(found.new))
        self.gained.update(new - old)
        self.lost.update(old - new)
        before, after = primary_topic(found.old), primary_topic(found.new)
        if before != after:
            self.primary_lost.update([before] if before else [])
            self.primary_gained.update([after] if after else [])
        if found.verdict:
            self.verdicts[found.verdict] += 1


class Diff:
    """Compares two sets of rules on the archive of an inbox.

    Args:
        settings: Limits.
        inbox: The folder.
        reader: Reads its files, by both sets of rules.
        reclassifier: Publishes what changes; None: nothing is published.
    """

    def __init__(
        self, settings: Settings, inbox: Inbox, reader: Rereader, reclassifier: Reclassifier | None = None
    ) -> None:
        self._settings = settings
        self._inbox = inbox
        self._reader = reader
        self._reclassifier = reclassifier
        self.tally = Tally()

    def run(self, progress: Progress, stop: threading.Event) -> Iterator[Difference]:
        """The differences, in the order in which the articles were dropped, until all are found or told to stop.

        Raises:
            OSError: The journal cannot be read.
            redis.RedisError: Only where it publishes: the same run again does the rest. Likewise the next one.
            Unavailable: The ledger was lost and is not restored yet.
        """
        chosen = self._chosen()
        for done, entries in enumerate(chosen):
            if stop.is_set():
                return
            progress(done, len(chosen))
            yield from self._of_file(entries)
        progress(len(chosen), len(chosen))

    def _chosen(self) -> list[list[Settled]]:
        """The current version of each article, by the file that holds it, oldest first."""
        holders: dict[str, list[Settled]] = {}
        for entry in published(Journal(self._inbox)):
            known = holders.setdefault(str(entry.article), [])
            if known and (known[0].version or 0) < (entry.version or 0):
                known.clear()
            if not known or known[0].version == entry.version:
                known.append(entry)
        files: dict[str, list[Settled]] = {}
        for entries in holders.values():
            there = next((entry for entry in entries if self._place(entry)), None)
            if there:
                files.setdefault(there.claim.id, []).append(there)
            else:
                self.tally.gone += 1
        return [files[claim] for claim in sorted(files)]

    def _place(self, entry: Settled) -> str | None:
        return next((place for place in entry.places if os.path.lexists(self._inbox.root / place)), None)

    def _of_file(self, entries: list[Settled]) -> Iterator[Difference]:
        claim, place = entries[0].claim, self._place(entries[0])
        if place is None:
            self.tally.gone += len(entries)
            return
        by_number = {entry.number: entry for entry in entries}
        for answer in self._answers(Document(display(claim.path), b"", claim.received_at), place, frozenset(by_number)):
            if isinstance(answer, Unread):
                which = f", article {answer.number}" if answer.number else ""
                self.tally.unread.append(f"{display(place)}{which}: {answer.reason}, {answer.detail}")
                continue
            found = self._difference(by_number[answer.number], answer)
            self.tally.add(found)
            yield found
        self.tally.articles += len(entries)

    def _answers(self, document: Document, place: str, wanted: frozenset[str | None]) -> Iterable[Answer]:
        limit = self._settings.max_file_bytes
        *parts, name = place.split("/")
        try:
            with self._inbox.opened() as root, opened_folder(root, parts) as folder:
                data = read_small(folder, name, limit + 1)
        except OSError as error:
            return [Unread(None, "unreadable", str(error.strerror))]
        if len(data) > limit:
            return [Unread(None, "too_large", f"more than {limit:,} bytes")]
        return self._reader.read(Document(document.path, data, document.received_at), wanted)

    def _difference(self, entry: Settled, changed: Changed) -> Difference:
        article = changed.article
        verdict: str | None = None
        if self._reclassifier:
            if (article.id, article.dedupe.content_sha256) != (entry.article, entry.content):
                verdict = "read_differently"
            else:
                change = Change(article, changed.previous, traceparent(entry.claim.id))
                verdict = self._reclassifier.publish(change)
        label = article.provenance.path
        return Difference(str(entry.article), entry.version or 1, label, changed.previous, article.topics, verdict)


def published(journal: Journal) -> Iterator[Settled]:
    """The articles that a journal knows, day by day; of files of several each."""
    for day in journal.days():
        for found in journal.of_day(day).values():
            if isinstance(found, Settled):
                yield from (entry for entry in found.entries if entry.content)


def ids(topics: Sequence[Topic]) -> list[str]:
    """Their ids, strongest first."""
    return [topic.id for topic in topics]
