"""What became of a file that was sent: found by its unique path, along the inbox's life cycle."""

import base64
import binascii
import os
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, Field

from schemas.rejection import Rejection
from worker.claim import CLAIM_ID
from worker.claimed import CLAIMED
from worker.folder import exists, opened_folder
from worker.journal import Settled
from worker.sidecar import sidecar_of
from worker.web.desk import Desk
from worker.web.drops import TOKEN, folder_parts

SEARCHED_DAYS = 7  # after the day on which a file was sent, for the day on which it was claimed
LOOKS = 3  # a file may move on between two places that are looked at
DAY = "%Y%m%d"


class Placed(BaseModel):
    """What became of one article of the file."""

    status: Literal["published", "duplicate", "rejected"]
    number: str | None = Field(None, description="Which of several; 'rest': of what follows the last that was read.")
    article: str | None = Field(None, description="The article's id; null for a rejection.")
    version: int | None = None
    entry: str = Field(description="The id of its stream entry; of a duplicate, the earlier one's.")
    href: str | None = Field(None, description="Where the article's newest version is to be had.")


class Submission(BaseModel):
    """A file that was sent, and what became of it."""

    id: str
    href: str = Field(description="Where this is to be had, as it is by then.")
    status: Literal["waiting", "in_flight", "published", "duplicate", "rejected"] = Field(
        description="Of several articles, the best that became of one."
    )
    path: str = Field(description="Below the inbox; the article's provenance.path.")
    articles: tuple[Placed, ...] = Field((), description="One, or each of several, once all are settled.")
    rejection: Rejection | None = Field(None, description="Why there is no record of it, or of some of its articles.")


def new_id(path: str, now: datetime) -> str:
    """The id of a submission: it holds the path and the day, so that nothing has to be kept to find it."""
    told = f"{now.astimezone(UTC):{DAY}}/{path}"
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _read(submission: str, desk: Desk) -> tuple[str, str, str] | None:
    """The path that an id holds, and the days between which its file was claimed; None where it is none of ours."""
    try:
        told = base64.urlsafe_b64decode(submission + "=" * (-len(submission) % 4)).decode()
        day, _, path = told.partition("/")
        folder, _, name = path.rpartition("/")
        folder_parts(folder, desk.inbox)
        when = datetime.strptime(day, DAY).replace(tzinfo=UTC)
        first, last = (f"{when + timedelta(days=days):{DAY}}" for days in (-1, SEARCHED_DAYS))  # clocks may differ
    except (ValueError, OverflowError, binascii.Error):
        return None
    ours = TOKEN.search(name) and name.isprintable() and new_id(path, when) == submission
    return (path, first, last) if ours and not desk.inbox.ignores(name) else None


def waiting(submission: str, path: str) -> Submission:
    """One that has just been dropped."""
    return Submission(id=submission, href=f"/v1/submissions/{submission}", status="waiting", path=path)


def look_up(submission: str, desk: Desk) -> Submission | None:
    """How it is now; None where it is not known, or no longer.

    Files move on from one place to the next, so they are looked for in that order.

    Raises:
        OSError: The disk fails.
        Unavailable: The inbox cannot be read.
    """
    known = _read(submission, desk)
    if known is None:
        return None
    path, first, last = known
    found = waiting(submission, path)
    for _ in range(LOOKS):
        if _lies_in(desk, [], path):
            return found
        if _is_claimed(desk, path, first):
            return found.model_copy(update={"status": "in_flight"})
        settled = desk.journal.of_path(path, first, last)
        if isinstance(settled, Settled):
            return found.model_copy(update=_outcome(settled, desk))
    return None


def _lies_in(desk: Desk, parts: list[str], path: str) -> bool:
    *folders, name = path.split("/")
    try:
        with desk.inbox.opened() as root, opened_folder(root, [*parts, *folders]) as folder:
            return exists(folder, name)
    except (FileNotFoundError, NotADirectoryError):
        return False


def _is_claimed(desk: Desk, path: str, first: str) -> bool:
    """Whether a claim holds it; there are no more than may be in flight."""
    try:
        with desk.inbox.opened() as root, opened_folder(root, [CLAIMED]) as folder:
            claims = [name for name in os.listdir(folder) if CLAIM_ID.fullmatch(name) and name >= first]
    except FileNotFoundError:
        return False
    return any(_lies_in(desk, [CLAIMED, claim], path) for claim in claims)


def _outcome(settled: Settled, desk: Desk) -> dict[str, Any]:
    placed = tuple(
        Placed(
            status=part.status,
            number=part.number,
            article=part.article,
            version=part.version,
            entry=part.entry,
            href=f"/v1/articles/{part.article}" if part.article else None,
        )
        for part in settled.entries
    )
    rejected = any(part.status == "rejected" for part in placed)
    return {
        "status": settled.status,
        "articles": placed,
        "rejection": _rejection(settled, desk) if rejected else None,
    }


def _rejection(settled: Settled, desk: Desk) -> Rejection | None:
    """What lies beside the file; where that was taken away, its entry on the stream of rejections."""
    for place in settled.places:
        *folders, name = place.split("/")
        try:
            with desk.inbox.opened() as root, opened_folder(root, folders) as folder:
                if found := sidecar_of(folder, name):
                    return found
        except (FileNotFoundError, NotADirectoryError):
            continue
    if settled.parts:
        return None
    entries: Any = desk.client.xrange(desk.keys.rejected, settled.entry, settled.entry, count=1)
    return Rejection.model_validate_json(entries[0][1][b"data"]) if entries else None
