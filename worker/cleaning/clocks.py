"""Clocks beside dates: the time of day and the zone that a line states. No zone is guessed."""

import re
from dataclasses import dataclass
from datetime import UTC, time, timedelta, timezone

from worker.cleaning.date_words import LABELS, PUBLISHED, UPDATED, ZONES

_GAP = 40  # characters between a date and its clock, at most
_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})"
    r"(?:(?:[:.h]|\sh\s|[時时点點시]\s?)(?P<minute>[0-9]{2}|[0-9](?=[分분]))"
    r"(?:[:分](?P<second>[0-9]{2})(?P<fraction>\.[0-9]{1,6})?[0-9]*)?[分분秒]?)?(?![0-9:]|[./][0-9])"
    r"\s?(?P<half>(?P<late>[pم])(?:\.?\s?m\b\.?|(?<=م)(?!\w))|[aص](?:\.?\s?m\b\.?|(?<=ص)(?!\w)))?"
    r"(?P<whole>\s?(?:hrs?|h|uhr|uur|[時时点點시])(?![^\W\d_]))?",
    re.IGNORECASE,
)
_LATE, _EARLY = re.compile("午後|下午|오후"), re.compile("午前|上午|오전")
_NAMES = "|".join(sorted(ZONES, key=len, reverse=True))
_OFFSET = re.compile(
    r"\s?\(?(?P<utc>UTC|GMT)?\s?(?P<sign>[-+−])(?P<hours>[0-9]{1,2}):?(?P<minutes>[0-9]{2})?(?![0-9])\)?"
)
_ZONE = re.compile(rf"\s?\(?(?:(?P<zero>Z)(?![\w+-])|(?P<name>{_NAMES}|мск)\b|[A-Z]{{1,4}}T\b)\)?")
_FARTHEST = timedelta(hours=14)
_PUNCTUATION = " \t\xa0.,:;|/()[]<>@*-–—·•'’\"«»،：（）・"
_PART_OF_NUMBER = ".:/-,"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in a line.

    Attributes:
        time: With its zone, where one is given.
        start: Where it begins in the line; likewise ``end``, behind the zone.
    """

    time: time
    start: int
    end: int


def clock_after(line: str, start: int, *, iso: bool) -> Clock | None:
    """The time of day that follows a date, with nothing between them but the words that join the two.

    Args:
        line: In which the date stands.
        start: Where it ends.
        iso: Whether it is written year first; then "-05:00" behind the time is an offset, and else the end of a span.
    """
    at = next((index for index in range(start, min(len(line), start + _GAP)) if line[index].isdecimal()), None)
    if at is None:
        return None
    gap = line[start:at]
    words = set(label_words(gap))
    joined = gap == "T" or words <= LABELS - UPDATED - PUBLISHED or _half(gap) is not None
    return _read(line, at, _half(gap), iso=iso) if joined else None


def clock_before(line: str, start: int, end: int) -> Clock | None:
    """The last time of day in a part of a line, where nothing follows it but the words that lead to a date."""
    for match in reversed(list(_CLOCK.finditer(line, start, end))):
        at = match.start()
        if at and (line[at - 1].isalnum() or line[at - 1] in _PART_OF_NUMBER):
            continue
        clock = _read(line, at, None, iso=False)
        between = set(label_words(line[clock.end : end])) if clock else set()
        if clock and clock.end <= end and between <= LABELS - UPDATED - PUBLISHED:
            return clock
    return None


def label_words(text: str) -> list[str]:
    """The words of a text as the tables have them: case and punctuation aside."""
    bare = (word.strip(_PUNCTUATION).casefold() for word in text.replace("-", " ").split())
    return [word for word in bare if word]


def _half(gap: str) -> str | None:
    """The half of the day that stands before a time, as Chinese, Japanese and Korean have it."""
    if _LATE.search(gap):
        return "pm"
    return "am" if _EARLY.search(gap) else None


def _read(line: str, at: int, half: str | None, *, iso: bool) -> Clock | None:
    match = _CLOCK.match(line, at)
    if match is None or not (match["minute"] or match["half"] or match["whole"] or half):
        return None  # a bare number beside a date is no time
    hour = int(match["hour"])
    if match["half"] or (half and hour < 12):
        if not 1 <= hour <= 12 and match["half"]:
            return None
        hour = hour % 12 + (12 if match["late"] or half == "pm" else 0)
    micro = round(float(match["fraction"] or 0) * 1_000_000)
    try:
        clock = time(hour, int(match["minute"] or 0), int(match["second"] or 0), min(micro, 999_999))
    except ValueError:
        return None
    zone, end = _zone(line, match.end(), iso=iso or match["second"] is not None)
    return Clock(clock.replace(tzinfo=zone), at, end)


def _zone(line: str, start: int, *, iso: bool) -> tuple[timezone | None, int]:
    """The zone that follows a time, and where it ends; names that several zones have are passed over."""
    offset = _OFFSET.match(line, start)
    if offset and (iso or offset["utc"] or offset["sign"] == "+"):
        away = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        if away <= _FARTHEST:
            return timezone(away if offset["sign"] == "+" else -away), offset.end()
    name = _ZONE.match(line, start)
    if name is None:
        return None, start
    if name["zero"]:
        return UTC, name.end()
    hours = ZONES.get((name["name"] or "").upper())
    return (None if hours is None else timezone(timedelta(hours=hours))), name.end()
