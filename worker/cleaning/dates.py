"""Date lines, as news sites print them: str → Published. Nothing is invented: no zone, no time, no year."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone

from schemas.article import Published

MAX_LENGTH = 200  # characters of a line that is looked at; every pattern's time is bounded by it
_FIRST_YEAR, _LAST_YEAR = 1900, 2199

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier janv",
            "february feb februar février févr",
            "march mar märz mars",
            "april apr avril",
            "may mai",
            "june jun juni juin",
            "july jul juli juillet juil",
            "august aug août",
            "september sept sep septembre",
            "october oct oktober okt octobre",
            "november nov novembre",
            "december dec dezember dez décembre déc",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?P<year>\d{4})\b"
_DAY = r"\b(?P<day>\d{1,2})(?:st|nd|rd|th|er)?\b"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        r"(?<![\d.])(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)",
        rf"\b{_MONTH}\s*{_DAY}\s*,?\s*{_YEAR}",
        rf"{_DAY}\s*(?:of\s+)?[-.]?\s*{_MONTH}\s*[-,]?\s*{_YEAR}",
        r"(?<![\d.])(?P<day>\d{1,2})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})(?!\d)",
    )
)
_TIME = re.compile(
    r"(?:T|\s*(?:[-–—,|·•@/(]|at\b|um\b|à\s)?\s*)(?P<hour>\d{1,2})"
    r"(?:[:.h](?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>\.\d{1,6})?\d*)?)?(?![\d:])"
    r"\s*(?P<half>[ap]\.?m\b\.?)?(?P<oclock>\s*(?:hrs?|h|uhr)\b)?",
    re.IGNORECASE | re.ASCII,
)
_TIME_BEFORE = re.compile(
    r"\b(?P<hour>\d{1,2})[:.](?P<minute>\d{2})\s*(?P<half>[ap]\.?m\b\.?)?(?P<zone>\s*[A-Z]{2,4}\b)?\s*[-–—,|·•@/]?\s*"
    r"(?:on\s+)?(?:[a-z]{3,9},?\s+)?\Z",
    re.IGNORECASE | re.ASCII,
)
_ZONE = re.compile(
    r"\s*\(?(?:(?P<zero>Z|UTC|GMT)(?![\w+-])|(?:UTC|GMT)?\s?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?(?!\d)"
    r"|(?P<name>[A-Z]{1,4}T)\b)\)?",
    re.ASCII,
)
_LABEL = re.compile(
    r"\b(?:first|last|originally|date|time|published|posted|publish|updated|modified|update|edited|created|issued|released|"
    r"on|at|by|am|pm|um|vom|den|stand|uhr|veröffentlicht|aktualisiert|le|à|publié|modifié|mis en ligne|mis à jour|"
    r"mon|tues?|wed|thu|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b",
    re.IGNORECASE,
)
_UPDATE = re.compile(r"\b(?:updated?|modified|edited|aktualisiert|geändert|modifié|mis à jour)\b", re.IGNORECASE)
_PUBLISH = re.compile(
    r"\b(?:published|posted|created|issued|released|veröffentlicht|publié|mis en ligne)\b", re.IGNORECASE
)
_READING_TIME = re.compile(r"\d{1,3}\s*[- ]?min(?:ute)?s?\.?\s*(?:read)?\b(?:\s+ago)?|\bread\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_MARKS = re.compile(r"[\s\W_]+")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a line.

    Attributes:
        published: Its value.
        start: Where it begins in the line; likewise ``end``.
        updated: Whether the line says that it is the time of a change.
    """

    published: Published
    start: int
    end: int
    updated: bool = False


def find_dates(line: str) -> list[FoundDate]:
    """The dates in a line, in its order; impossible ones (31 June, 25:00) and ambiguous ones (4/5/2024) are none."""
    line = line[:MAX_LENGTH]
    if not _DIGIT.search(line):
        return []
    found: list[FoundDate] = []
    for match in sorted(
        (match for pattern in _DATES for match in pattern.finditer(line)), key=lambda match: match.start()
    ):
        after = found[-1].end if found else 0
        if match.start() >= after and (date := _date(line, match, after)):
            found.append(date)
    return found


def read_date(line: str) -> Published | None:
    """The time of publication that a line states which is a date line and nothing else; None for any other line."""
    if len(line) > MAX_LENGTH:
        return None
    found = find_dates(line)
    return choose(found).published if found and not remainder(line, found) else None


def choose(found: list[FoundDate]) -> FoundDate:
    """The time of publication among dates: the first that is not a time of change, else the first."""
    return next((date for date in found if not date.updated), found[0])


def remainder(line: str, found: list[FoundDate]) -> str:
    """What a line says besides its dates and the words that introduce them."""
    rest, end = [], 0
    for date in found:
        rest.append(line[end : date.start])
        end = date.end
    text = " ".join((*rest, line[end:]))
    text = _LABEL.sub(" ", _READING_TIME.sub(" ", text))
    return text.strip(" \t-–—|·•,:;/()[]<>@.*") if _MARKS.sub("", text) else ""


def read_moment(value: str) -> Published | None:
    """A date from metadata: ISO 8601, or as people write it."""
    found = find_dates(value.strip())
    return found[0].published if found and found[0].start == 0 else read_date(value)


def _date(line: str, match: re.Match[str], after: int) -> FoundDate | None:
    day, month, year = int(match["day"]), _month(match["month"]), int(match["year"])
    american = match.re is _DATES[3] and match["mark"] == "/"
    if american and day != month:
        if day <= 12 and month <= 12:
            return None  # day or month first? The line cannot tell
        day, month = (day, month) if month <= 12 else (month, day)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        moment = datetime(year, month, day)  # noqa: DTZ001 - a zone is added below where there is one
    except ValueError:
        return None
    before = line[after : match.start()]
    updated = _UPDATE.search(before) is not None and _PUBLISH.search(before) is None
    clock = _TIME.match(line, match.end())
    if clock and (stated := _clock(clock)):
        zone, end = _zone(line, clock.end())
        return FoundDate(_published(moment, stated, zone), match.start(), end, updated)
    earlier = _TIME_BEFORE.search(before)
    if earlier and (stated := _clock(earlier)):
        zone = UTC if (earlier["zone"] or "").strip() in {"UTC", "GMT"} else None
        return FoundDate(_published(moment, stated, zone), after + earlier.start(), match.end(), updated)
    return FoundDate(Published(value=f"{moment:%Y-%m-%d}", timezone_known=False), match.start(), match.end(), updated)


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS[text.lower()]


def _clock(match: re.Match[str]) -> time | None:
    groups = match.groupdict()
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if match["minute"] is None and not half:
        return None  # a bare number after a date is no time
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    micro = round(float(groups.get("fraction") or 0) * 1_000_000)
    try:
        return time(hour, int(match["minute"] or 0), int(groups.get("second") or 0), min(micro, 999_999))
    except ValueError:
        return None


def _zone(line: str, start: int) -> tuple[timezone | None, int]:
    """The offset that follows a time, and where it ends. EST and the like name several zones: they are no offset."""
    match = _ZONE.match(line, start)
    if match is None:
        return None, start
    if match["name"] and not match["sign"]:
        return (UTC if match["name"] == "GMT" else None), match.end()
    if match["zero"]:
        return UTC, match.end()
    offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
    if offset > timedelta(hours=14):
        return None, start
    return timezone(-offset if match["sign"] == "-" else offset), match.end()


def _published(moment: datetime, clock: time, zone: timezone | None) -> Published:
    value = datetime.combine(moment.date(), clock, zone).isoformat()
    return Published(value=value, timezone_known=zone is not None)
