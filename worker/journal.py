"""The journal of an inbox: a line for each file that is claimed, and one before it is moved to its place.

It lies in ``.journal/`` beside the files that it speaks of, so that whatever Redis loses, it can be told what was
published and from which file. Lines are only ever appended, to one file for each day and machine.
"""

import errno
import json
import mmap
import os
import re
import secrets
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from worker.claim import Claim
from worker.folder import made_folder, opened_folder, read_small, write_new
from worker.inbox import Inbox
from worker.publish import Outcome, event_id, rejection_id

FOLDER = ".journal"
IDENTITY = "id"
FILE = re.compile(r"(\d{8})\..+\.jsonl")

Status = Literal["published", "duplicate", "rejected"]


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a claim, or of a part of its file, and where the file was about to be moved.

    Attributes:
        claim: Which.
        status: As in ``Outcome``.
        places: Where its file lies: the first of these, relative to the inbox, that exists. More than one where
            watchers raced; none where the file was changed after it was read and got a claim of its own.
        entry: The id of the stream entry; of a duplicate, the earlier one's. Empty where there are parts.
        article: The article's id; None for a rejection. Likewise the next four.
        version: Of the article.
        content: SHA-256 of the content.
        topic: The primary topic, if any.
        pipeline: The version of the pipeline that made the record.
        at: When, seconds since the epoch.
        number: As in ``Outcome``.
        parts: Of a file of several articles, what became of each.
    """

    claim: Claim
    status: Status
    places: tuple[str, ...]
    entry: str
    article: str | None
    version: int | None
    content: str | None
    topic: str | None
    pipeline: str | None
    at: float
    number: str | None = None
    parts: tuple["Settled", ...] = ()

    @property
    def entries(self) -> tuple["Settled", ...]:
        """What has an entry on a stream: the file, or each of its parts."""
        return self.parts or (self,)

    @property
    def event(self) -> str:
        """The ``ce_id`` of its entry."""
        if self.article and self.content:
            return event_id(self.article, self.content)
        return rejection_id(self.claim.id, self.number)


class Journal:
    """The journal of one inbox; what cannot be written raises ``OSError``, as a full disk does.

    Several watchers may write it: each machine has files of its own, and on one machine an append is atomic.
    """

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._writer = re.sub(r"[^\w-]", "_", socket.gethostname())[:100]

    def identity(self) -> str:
        """The id of the inbox, made when it is first asked for and only read from then on."""
        with self._inbox.opened() as root:
            try:
                with opened_folder(root, [FOLDER]) as folder:
                    return read_small(folder, IDENTITY).decode("ascii", "replace").strip()
            except FileNotFoundError:
                with made_folder(root, [FOLDER]) as folder:
                    write_new(folder, IDENTITY, secrets.token_hex(8))
                    return read_small(folder, IDENTITY).decode("ascii", "replace").strip()

    def claimed(self, claim: Claim, now: float) -> None:
        """Note that a file was claimed."""
        self._append(claim.day, {"claim": claim.id, "path": claim.path, "at": now})

    def settled(self, claim: Claim, outcome: Outcome, place: str | None, now: float) -> None:
        """Note what became of a file; to be called before it is moved, so that no place holds a file unknown."""
        told = {name: getattr(outcome, name) for name in _FIELDS}
        line = {"claim": claim.id, "path": claim.path, "at": now, "place": place, **told}
        if outcome.parts:
            line["parts"] = [[getattr(part, name) for name in _PART_FIELDS] for part in outcome.parts]
        self._append(claim.day, line)

    def _append(self, day: str, line: dict[str, Any]) -> None:
        # A break on either side: what a kill, a full disk or a crash left of another line cannot spoil this one.
        # One write, which on one machine no other append comes in between, however long the line: the system
        # appends under a lock on the file. A thousand articles make 170 kB.
        data = f"\n{json.dumps(line, separators=(',', ':'))}\n".encode()
        with self._inbox.opened() as root, made_folder(root, [FOLDER]) as folder:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
            descriptor = os.open(f"{day}.{self._writer}.jsonl", flags, 0o644, dir_fd=folder)
            try:
                if os.write(descriptor, data) < len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            finally:
                os.close(descriptor)

    def days(self, changed_since: float = float("-inf")) -> list[str]:
        """The days on which files were claimed, as ``YYYYMMDD``, oldest first.

        Args:
            changed_since: Only those whose lines were added to after this time, seconds since the epoch.
        """
        return sorted({match[1] for match, stat in self._files() if stat.st_mtime >= changed_since})

    def of_day(self, day: str) -> dict[str, Settled | Claim]:
        """The claims of a day by their id: what became of each, or the bare claim where that is not known yet."""
        known: dict[str, Settled | Claim] = {}
        for match, _ in self._files():
            if match[1] == day:
                for claim_id, found in self._of_writer(match[0]).items():
                    known[claim_id] = _joined_by_time(known.get(claim_id), found)
        return known

    def _of_writer(self, name: str) -> dict[str, Settled | Claim]:
        """What one machine noted: its lines are in order, whatever its clock said, for that may have been set back."""
        return _by_claim(self._read(name))

    def of_path(self, path: str, first: str, last: str) -> Settled | Claim | None:
        """What is known of the newest claim of a path; None where none was claimed on these days.

        The days are searched for it, not parsed: a hundred megabytes take a fraction of a second.

        Args:
            path: Relative to the inbox.
            first: The earliest day that is searched, as ``YYYYMMDD``.
            last: The latest.
        """
        needle = json.dumps({"path": path}, separators=(",", ":"))[1:-1].encode()
        known: dict[str, Settled | Claim] = {}
        for match, stat in self._files():
            if first <= match[1] <= last and stat.st_size:
                for claim_id, found in _by_claim(self._lines_with(match[0], needle)).items():
                    known[claim_id] = _joined_by_time(known.get(claim_id), found)
        return known[max(known)] if known else None

    def keep(self, days: int) -> None:
        """Remove all but the newest days. They are counted, not dated: a clock that jumps removes nothing."""
        for day in self.days()[:-days]:
            with self._inbox.opened() as root, opened_folder(root, [FOLDER]) as folder:
                for match, _ in self._files():
                    if match[1] == day:
                        os.unlink(match[0], dir_fd=folder)

    def _files(self) -> Iterator[tuple[re.Match[str], os.stat_result]]:
        try:
            with self._inbox.opened() as root, opened_folder(root, [FOLDER]) as folder:
                for name in sorted(os.listdir(folder)):
                    if match := FILE.fullmatch(name):
                        yield match, os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return

    def _read(self, name: str) -> Iterator[Settled | Claim]:
        with open(self._opened(name), encoding="utf-8", errors="replace") as file:
            yield from filter(None, map(_parsed, file))

    def _lines_with(self, name: str, needle: bytes) -> Iterator[Settled | Claim]:
        """The lines of a file that hold some bytes."""
        with open(self._opened(name), "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            at = whole.find(needle)
            while at >= 0:
                begin, end = whole.rfind(b"\n", 0, at) + 1, whole.find(b"\n", at)
                end = end if end >= 0 else len(whole)
                if found := _parsed(whole[begin:end].decode("utf-8", "replace")):
                    yield found
                at = whole.find(needle, end)

    def _opened(self, name: str) -> int:
        with self._inbox.opened() as root, opened_folder(root, [FOLDER]) as folder:
            return os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=folder)


_FIELDS = ("status", "entry", "article", "version", "content", "topic", "pipeline")
_PART_FIELDS = ("number", *_FIELDS)


def _by_claim(lines: Iterable[Settled | Claim]) -> dict[str, Settled | Claim]:
    """What the lines of one machine say of each claim."""
    known: dict[str, Settled | Claim] = {}
    for found in lines:
        claim_id = found.claim.id if isinstance(found, Settled) else found.id
        known[claim_id] = _joined(known.get(claim_id), found)
    return known


def _parsed(text: str) -> Settled | Claim | None:
    """A line; None for a blank one, or what was left of one that could not be written whole and was repeated."""
    try:
        line = json.loads(text)
        claim = Claim(line["claim"], line["path"])
        if "status" not in line:
            return claim
        places = (line["place"],) if line["place"] else ()
        parts = tuple(
            Settled(claim, places=places, at=line["at"], **dict(zip(_PART_FIELDS, part, strict=True)))
            for part in line.get("parts", ())
        )
        fields = {name: line[name] for name in (*_FIELDS, "at")}
        return Settled(claim, places=places, parts=parts, **fields)
    except (ValueError, KeyError, TypeError):
        return None


def _joined(earlier: Settled | Claim | None, later: Settled | Claim) -> Settled | Claim:
    """What two notes on one claim say: the later outcome counts, and any place may be the one."""
    if isinstance(later, Claim):
        return earlier or later
    if not isinstance(earlier, Settled):
        return later
    return replace(later, places=tuple(dict.fromkeys((*later.places, *earlier.places))))


def _joined_by_time(one: Settled | Claim | None, other: Settled | Claim) -> Settled | Claim:
    """The same for the notes of two machines, of which only their clocks tell which is later."""
    if isinstance(one, Settled) and isinstance(other, Settled) and one.at > other.at:
        return _joined(other, one)
    return _joined(one, other)
