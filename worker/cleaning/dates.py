"""Date lines, as news sites print them: str → Published. Nothing is invented: no zone, no time, no year."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from schemas.article import Published
from worker.cleaning.clocks import clock_after, clock_before, label_words
from worker.cleaning.date_words import LABELS, MONTHS, PUBLISHED, UPDATED

MAX_LENGTH = 200  # characters of a line that is looked at; every pattern's time is bounded by it
_FIRST_YEAR, _LAST_YEAR = 1900, 2199

_NAME = r"[^\W\d_](?:[^\W\d_](?<![a-z][A-Z])){1,11}(?:\s(?:الأول|الثاني))?"  # is looked up in a table
_START = r"(?<![0-9])(?<![0-9][.,:/–-])"
_END = r"(?![0-9]|[./,-][0-9](?![0-9]?[:h]))"  # a clock may follow at once, more of a number may not
_YEAR_FIRST = re.compile(
    rf"{_START}(?P<year>[0-9]{{4}})(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}}){_END}"
)
_DAY_FIRST = re.compile(
    rf"{_START}(?P<day>[0-9]{{1,2}})(?P<mark>[-/]|\.\s?)(?P<month>[0-9]{{1,2}})(?P=mark)(?P<year>[0-9]{{4}}){_END}"
)
_DATES = (
    _YEAR_FIRST,
    _DAY_FIRST,
    re.compile(
        r"(?<![0-9])(?P<year>[0-9]{4})\s?[年년]\s?(?P<month>[0-9]{1,2})\s?[月월]\s?(?P<day>[0-9]{1,2})\s?[日号號일]"
    ),
    re.compile(
        rf"(?:(?<![^\W\d_])|(?<=[a-z])(?=[A-Z]))(?P<month>{_NAME})\.?\s{{0,3}}(?P<day>[0-9]{{1,2}})"
        r"(?i:st|nd|rd|th)?\s?(?i:,|del?\b)?\s{0,3}(?P<year>[0-9]{4})(?![0-9])"
    ),
    re.compile(
        rf"{_START}(?P<day>[0-9]{{1,2}})(?i:st|nd|rd|th|er|re|e|o|[º°ª])?\.?\s{{0,3}}(?i:of\s|d[ei]\s|d[’'])?[-./]?\s?"
        rf"(?P<month>{_NAME})(?:\s?/\s?{_NAME})?\.?\s{{0,3}}(?i:del?\s|do\s)?[-,/]?\s{{0,3}}"
        r"(?P<year>[0-9]{4})(?![0-9])"
    ),
)
_NO_DATE_BEFORE = re.compile(
    r"(?:\b(?:version|ver|v|tel|phone|fax|no|nr)\b[\s.:]{0,3}|(?:[€$£¥#№]|\+[0-9]{0,4})\s?)\Z", re.IGNORECASE
)
_NO_DATE_AFTER = re.compile(r"\s?(?:[€$£¥%]|(?:EUR|USD|GBP)\b)")
_CHANGED_AFTER = re.compile(r"更新(?![日时時于於])|\s?\((?P<word>[^\W\d_]{2,20})\)")
_ENGLISH_LABEL = re.compile(
    r"\b(?:first|last|originally|date|time|published|posted|publish|updated|modified|update|edited|created|issued|released|"
    r"on|at|by|am|pm|mon|tues?|wed|thu|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b",
    re.IGNORECASE,
)
_READING_TIME = re.compile(r"\d{1,3}\s*[- ]?min(?:ute)?s?\.?\s*(?:read)?\b(?:\s+ago)?|\bread\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|2[01])[0-9]{2}")
_MARKS = re.compile(r"[\s\W_]+")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９：／－", "0123456789" * 3 + ":/-")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a line.

    Attributes:
        published: Its value.
        start: Where it begins in the line; likewise ``end``.
        updated: Whether the line says that it is the time of a change.
        month_first: Its value, were the month written before the day; None where the line leaves no doubt.
    """

    published: Published
    start: int
    end: int
    updated: bool = False
    month_first: Published | None = None


def find_dates(line: str) -> list[FoundDate]:
    """The dates in a line, in its order; impossible ones (31 June) are none, and impossible times (25:61) no times."""
    line = line[:MAX_LENGTH].translate(_DIGITS)
    if not _YEAR.search(line):
        return []
    found: list[FoundDate] = []
    for match in sorted(
        (match for pattern in _DATES for match in pattern.finditer(line)), key=lambda match: match.start()
    ):
        after = found[-1].end if found else 0
        if match.start() >= after and (one := _date(line, match, after)):
            found.append(one)
    return found


def read_date(line: str) -> Published | None:
    """The time of publication that a line states which is a date line and nothing else; None for any other line."""
    if len(line) > MAX_LENGTH:
        return None
    found = find_dates(line)
    return choose(found).published if found and not remainder(line, found) else None


def choose(found: list[FoundDate]) -> FoundDate:
    """The time of publication among dates: the first that is not a time of change, else the first."""
    return next((one for one in found if not one.updated), found[0])


def remainder(line: str, found: list[FoundDate]) -> str:
    """What a line says besides its dates and the words that introduce them; two spaces where a date stood."""
    rest, end = [], 0
    for one in found:
        rest.append(_without_labels(line[end : one.start], left=end > 0, right=True))
        end = one.end
    text = "  ".join((*rest, _without_labels(line[end:], left=True, right=False)))
    text = _ENGLISH_LABEL.sub(" ", _READING_TIME.sub(" ", text))
    return text.strip(" \t-–—|·•,:;/()[]<>@.*") if _MARKS.sub("", text) else ""


def read_moment(value: str) -> Published | None:
    """A date from metadata: ISO 8601, or as people write it; None where day and month cannot be told apart."""
    found = find_dates(value.strip())
    if not found or choose(found).month_first:
        return None
    return found[0].published if found[0].start == 0 else read_date(value)


def _without_labels(text: str, *, left: bool, right: bool) -> str:
    """A text without the words that introduce dates, at those of its ends at which a date stands."""
    parts = text.split()
    while right and parts and _is_label(parts[-1]):
        parts.pop()
    while left and parts and _is_label(parts[0]):
        parts.pop(0)
    return " ".join(parts)


def _is_label(part: str) -> bool:
    return all(word in LABELS for word in label_words(part))


def _date(line: str, match: re.Match[str], after: int) -> FoundDate | None:
    days = _days(match)
    before = line[after : match.start()]
    if not days or _NO_DATE_BEFORE.search(before[-12:]) or _NO_DATE_AFTER.match(line, match.end()):
        return None
    clock = clock_after(line, match.end(), iso=match.re is _YEAR_FIRST) or clock_before(line, after, match.start())
    start, end = min(match.start(), clock.start if clock else len(line)), max(match.end(), clock.end if clock else 0)
    words = set(label_words(before))
    updated = bool(words & UPDATED)
    changed = _CHANGED_AFTER.match(line, end)
    if changed and (changed["word"] or "更新").casefold() in UPDATED:
        updated, end = True, changed.end()
    first, *other = (_published(day, clock.time if clock else None) for day in days)
    return FoundDate(first, start, end, updated and not words & PUBLISHED, other[0] if other else None)


def _days(match: re.Match[str]) -> list[date]:
    """The day that is meant; where it can be read with the day or the month first, both, in this order."""
    day, month, year = int(match["day"]), _month(match["month"]), int(match["year"])
    if month is None or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return []
    readings = [(month, day)]
    if match.re is _DAY_FIRST and match["mark"] in {"/", "-"} and day != month:
        readings.append((day, month))
    return [found for month, day in readings if (found := _day(year, month, day))]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(text: str) -> int | None:
    return int(text) if text.isdecimal() else MONTHS.get(text.casefold())


def _published(day: date, clock: time | None) -> Published:
    if clock is None:
        return Published(value=day.isoformat(), timezone_known=False)
    return Published(value=datetime.combine(day, clock).isoformat(), timezone_known=clock.tzinfo is not None)
