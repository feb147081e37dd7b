"""The audit: every file that was ever claimed is accounted for, and every entry on the streams has one source."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from worker.claim import Claim, traceparent
from worker.journal import Settled
from worker.ledger import milliseconds
from worker.names import display

Kind = Literal["lost", "not_on_stream", "doubled", "no_source", "unaccounted"]
HINTS: dict[Kind, str] = {
    "lost": "Look for the file in backups or ask who works in _claimed/; dropping it again is safe.",
    "not_on_stream": "If its file is still there: `copydesk replay --all`, or `copydesk retry` for a rejected one.",
    "doubled": "Please report this to the maintainers, with the log.",
    "no_source": "Somebody else writes to the stream, or the journal of the inbox was removed.",
    "unaccounted": "Somebody put it there: its record may not be on the stream. Drop it into the inbox.",
}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something that is off: what kind, which file or entry, and what exactly was found."""

    kind: Kind
    what: str
    detail: str

    @property
    def hint(self) -> str:
        """What to do."""
        return HINTS[self.kind]


@dataclass(slots=True)
class Audit:
    """What was counted, and what is off.

    Attributes:
        seen: Files that were ever claimed, as far back as the journal goes: the sum of the next five.
        published: Gave an entry, or more than one.
        duplicate: All their content was on the stream already.
        failed: Were rejected.
        in_flight: Are claimed now.
        lost: Nothing is known of them.
        articles: In the settled files: the sum of the next three. A file may hold several, or the rest of it count as
            one that was rejected.
        articles_published: Gave an entry.
        articles_duplicate: Were on the stream already.
        articles_rejected: Gave no record.
        waiting: Files in the inbox that are not claimed yet.
        trimmed: Entries of settled files that are past their retention, or were removed from the stream on purpose.
        healing: Entries of settled files that were lost and are about to be published again.
        archived: Settled files that no longer lie in their place: taken away, or put back to be retried.
        entries: Entries on the article stream.
        reclassified: Of them those that tell of other topics.
        rejections: Entries on the rejected stream.
        older: Entries from before the journal begins.
        foreign: Entries of other inboxes.
        problems: What is off, in order.
    """

    seen: int = 0
    published: int = 0
    duplicate: int = 0
    failed: int = 0
    in_flight: int = 0
    lost: int = 0
    articles: int = 0
    articles_published: int = 0
    articles_duplicate: int = 0
    articles_rejected: int = 0
    waiting: int = 0
    trimmed: int = 0
    healing: int = 0
    archived: int = 0
    entries: int = 0
    reclassified: int = 0
    rejections: int = 0
    older: int = 0
    foreign: int = 0
    problems: list[Problem] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {**asdict(self), "problems": [{**asdict(p), "hint": p.hint} for p in self.problems]}


@dataclass(slots=True)
class Stream:
    """What a stream holds.

    Attributes:
        events: The ``ce_id`` of each entry, with how often it is there.
        versions: ``(article, version)``, with how often it is there.
        reclassified: How many entries tell of other topics of a version; they do not count for ``versions``.
        sources: Of each entry its id, ``ce_source`` and ``traceparent``.
        removed_up_to: Entries up to this time (ms) were removed on purpose, as far as the server tells.
    """

    events: Counter[str] = field(default_factory=Counter)
    versions: Counter[tuple[str, int]] = field(default_factory=Counter)
    reclassified: int = 0
    sources: list[tuple[str, str, str]] = field(default_factory=list)
    removed_up_to: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one look found.

    Attributes:
        known: The journal: by claim id what became of it, or the bare claim.
        begins: When the journal begins, milliseconds since the epoch.
        flying: The ids of the claims that hold a file now.
        waiting: How many files wait.
        present: The paths of the files in ``_done/`` and ``_failed/``, without sidecars.
        articles: The article stream.
        rejections: The rejected stream.
        retained_since: Entries before it (ms) may have been trimmed.
        healing: Whether lost entries are being published again.
        source: The ``ce_source`` of the inbox.
        alone: Whether no other inbox uses these streams.
    """

    known: Mapping[str, Settled | Claim]
    begins: float
    flying: frozenset[str]
    waiting: int
    present: frozenset[str]
    articles: Stream
    rejections: Stream
    retained_since: int
    healing: bool
    source: str
    alone: bool


def audit(evidence: Evidence) -> Audit:
    """Balance the books."""
    result = Audit(
        seen=len(evidence.known.keys() | evidence.flying),
        waiting=evidence.waiting,
        in_flight=len(evidence.flying),
        entries=len(evidence.articles.sources),
        reclassified=evidence.articles.reclassified,
        rejections=len(evidence.rejections.sources),
    )
    result.problems = sorted(
        [*_claims(evidence, result), *_doubled(evidence), *_sources(evidence, result), *_places(evidence)]
    )
    return result


def _claims(evidence: Evidence, result: Audit) -> Iterator[Problem]:
    """Each claim has an outcome, and each outcome its entry, or one for each article of its file."""
    for claim_id, found in evidence.known.items():
        if claim_id in evidence.flying:
            continue
        if isinstance(found, Claim):
            result.lost += 1
            detail = (
                f"claimed at {found.received_at:%Y-%m-%d %H:%M:%S} as {claim_id}, and neither settled nor in flight"
            )
            yield Problem("lost", display(found.path), detail)
            continue
        name: Literal["published", "duplicate", "failed"] = "failed" if found.status == "rejected" else found.status
        setattr(result, name, getattr(result, name) + 1)
        result.archived += not any(place in evidence.present for place in found.places)
        for entry in found.entries:
            yield from _entry(entry, evidence, result)


def _entry(found: Settled, evidence: Evidence, result: Audit) -> Iterator[Problem]:
    counter = f"articles_{found.status}"
    setattr(result, counter, getattr(result, counter) + 1)
    result.articles += 1
    stream = evidence.articles if found.content else evidence.rejections
    if found.event in stream.events:
        return
    if milliseconds(found.entry) < max(evidence.retained_since, stream.removed_up_to + 1):
        result.trimmed += 1
    elif evidence.healing:
        result.healing += 1
    else:
        detail = f"{found.status} as {found.entry}, and the stream has no entry with ce_id {found.event}"
        which = f", article {found.number}" if found.number else ""
        yield Problem("not_on_stream", f"{display(found.claim.path)}{which}", detail)


def _doubled(evidence: Evidence) -> Iterator[Problem]:
    """No event and no version of an article is there twice."""
    for stream in (evidence.articles, evidence.rejections):
        for event, count in stream.events.items():
            if count > 1:
                yield Problem("doubled", event, f"{count} entries have this ce_id")
        for (article, version), count in stream.versions.items():
            if count > 1:
                yield Problem("doubled", article, f"{count} entries are version {version} of this article")


def _sources(evidence: Evidence, result: Audit) -> Iterator[Problem]:
    """Each entry comes from a file: its traceparent is made from the claim."""
    claims = {traceparent(claim_id) for claim_id in evidence.known.keys() | evidence.flying}
    for stream in (evidence.articles, evidence.rejections):
        for entry, source, trace in stream.sources:
            if trace in claims:
                continue
            if source != evidence.source or not evidence.alone:
                result.foreign += 1
            elif milliseconds(entry) < evidence.begins:
                result.older += 1
            else:
                yield Problem("no_source", entry, "no file that was claimed gave this entry")


def _places(evidence: Evidence) -> Iterator[Problem]:
    """Each file in ``_done/`` and ``_failed/`` was settled."""
    places = {place for found in evidence.known.values() if isinstance(found, Settled) for place in found.places}
    for path in evidence.present - places:
        yield Problem("unaccounted", display(path), "no claim was settled there")
