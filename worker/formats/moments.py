"""Moments as machines write them: ISO 8601 in its basic form, and the dates of mails and feeds."""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

from schemas.article import Published
from worker.cleaning.dates import MAX_LENGTH, read_moment

_BASIC = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:T(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?:[.,]\d{1,9})?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_INTERNET = re.compile(
    r"\A\s*+(?:[a-z]{3,9},?\s+)?\d{1,2}\s+[a-z]{3,9}\s+\d{2,4}\s+\d{1,2}:\d{2}", re.IGNORECASE | re.ASCII
)
_FIRST_YEAR = 1900


def read_stamp(value: str | None) -> Published | None:
    """The moment that a field states: ISO 8601 in either form, or as people write it; None where it states none."""
    if not value or len(value) > MAX_LENGTH:
        return None
    basic = _BASIC.fullmatch(value.strip())
    if basic is None:
        return read_moment(value)
    day = f"{basic['year']}-{basic['month']}-{basic['day']}"
    clock = (
        f"T{basic['hour']}:{basic['minute']}:{basic['second'] or '00'}{basic['zone'] or ''}" if basic["hour"] else ""
    )
    return read_moment(day + clock)


def read_internet_date(value: str | None) -> Published | None:
    """The moment of a mail's or a feed's date (RFC 2822, RFC 822, ISO 8601); without a zone where it has none.

    The names of American zones are offsets here: the RFCs say so.
    """
    if not value or len(value) > MAX_LENGTH:
        return None
    if _INTERNET.match(value) is None:
        return read_stamp(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return read_stamp(value)
    return _published(moment) if moment.year >= _FIRST_YEAR else None


def _published(moment: datetime) -> Published | None:
    return Published(value=moment.isoformat(timespec="seconds"), timezone_known=moment.tzinfo is not None)
