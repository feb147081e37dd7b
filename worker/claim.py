"""A claim: a file that is ours to settle, under a name that no other has."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

CLAIM_ID = re.compile(r"\d{8}T\d{12}-[0-9a-f]{12}")
_STAMP = "%Y%m%dT%H%M%S%f"
# Where the parts of a date stand in it; strptime would take longer than a rename.
_STAMP_PARTS = ((0, 4), (4, 6), (6, 8), (9, 11), (11, 13), (13, 15), (15, 21))


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that is ours to settle: its unique id, its path relative to the inbox, and when it was claimed."""

    id: str
    path: str

    @property
    def received_at(self) -> datetime:
        """When it was claimed, UTC: the id begins with it, so a restart changes nothing."""
        year, month, day, hour, minute, second, fraction = (int(self.id[at:end]) for at, end in _STAMP_PARTS)
        return datetime(year, month, day, hour, minute, second, fraction, tzinfo=UTC)

    @property
    def day(self) -> str:
        """The UTC day on which it was claimed, as ``YYYYMMDD``."""
        return self.id[:8]


def new_claim_id(now: datetime) -> str:
    """Sorts by time; the random part makes it unique over any number of watchers."""
    return f"{now.astimezone(UTC):{_STAMP}}-{secrets.token_hex(6)}"


def traceparent(claim_id: str) -> str:
    """W3C Trace Context of the file's journey, made from the claim so that a resubmission keeps it."""
    digest = hashlib.sha256(claim_id.encode()).hexdigest()
    return f"00-{digest[:32]}-{digest[32:48]}-01"
