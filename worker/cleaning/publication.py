"""When an article was published, where what its metadata claim and what its own date lines say may differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import takewhile

from schemas.article import Published
from worker.cleaning.dates import FoundDate, choose, find_dates
from worker.cleaning.decisions import Decision, is_kept
from worker.models import RawArticle

_ABOVE = 5  # lines above the headline in which the article's date may stand
_BELOW, _SHORT = 8, 14  # lines below it, and words of one, that may name the date beside other things
_ONLY_CHANGED = "published: only the time of a change is known"
_DAY = timedelta(days=1)
_QUARTER = timedelta(minutes=15)  # of an hour, in which zones lie from each other
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)  # the zones that are farthest from UTC


@dataclass(frozen=True, slots=True)
class Publication:
    """When an article was published.

    Attributes:
        published: None where nothing says so.
        month_first: What it would be, were the month written before the day; None where there is no doubt.
        warnings: For people: what was claimed besides and did not count.
    """

    published: Published | None = None
    month_first: Published | None = None
    warnings: tuple[str, ...] = ()


def publication(raw: RawArticle, decisions: Sequence[Decision]) -> Publication:
    """The time of publication, and only where none is known that of the last change.

    Metadata are believed, but for two cases in which the line beside the headline knows better. Where that is earlier,
    the metadata tell of a later edition or of the move to another system. Where it is a day later, and the metadata's
    moment is in UTC, that day had begun where the article was published.

    Args:
        raw: The article, with what its metadata say.
        decisions: For its lines.
    """
    claimed = raw.published
    if claimed is None:
        return _by_lines(raw.modified, decisions)
    beside = [line for line in _beside_headline(decisions) if line.published and not line.updated]
    stated = beside[0].published if beside and not beside[0].month_first else None
    if stated is None or any(line.published and _day(line.published) == _day(claimed) for line in beside):
        return Publication(claimed)
    if _day(stated) > _day(claimed) and not _may_be_zone(claimed, stated):
        return Publication(claimed)
    if same := _in_zone_of(claimed, stated):
        return Publication(same)
    return Publication(stated, warnings=(f"published: as its date line says; its metadata say {claimed.value}",))


def _by_lines(modified: Published | None, decisions: Sequence[Decision]) -> Publication:
    """What the lines say: a date line, else a short line by the headline; a change only where nothing else is known."""
    dates = [
        FoundDate(line.published, 0, 0, line.updated, line.month_first) for line in decisions if line.published
    ] or [date for line in _close_to_headline(decisions) for date in find_dates(line.line.text)]
    found = choose(dates) if dates else None
    if found and not found.updated:
        return Publication(found.published, found.month_first)
    changed, other = (found.published, found.month_first) if found else (modified, None)
    return Publication(changed, other, (_ONLY_CHANGED,) if changed else ())


def _close_to_headline(decisions: Sequence[Decision]) -> list[Decision]:
    at = _headline(decisions)
    near = decisions[max(0, at - _ABOVE) : at + _BELOW] if at is not None else ()
    return [line for line in near if not is_kept(line) and line.line.words <= _SHORT]


def _headline(decisions: Sequence[Decision]) -> int | None:
    roles = [decision.role for decision in decisions]
    return next((index for index, role in enumerate(roles) if role in {"headline", "repeated_headline"}), None)


def _beside_headline(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions from a little above the headline to the first paragraph."""
    at = _headline(decisions) or 0
    below = takewhile(lambda decision: decision.role != "paragraph", decisions[at + 1 :])
    return [*decisions[max(0, at - _ABOVE) : at + 1], *below]


def _day(published: Published) -> date:
    return date.fromisoformat(published.value[:10])


def _moment(published: Published) -> datetime | None:
    """The moment in UTC; None where only a day or no zone is known."""
    moment = datetime.fromisoformat(published.value)
    return moment if moment.utcoffset() == timedelta() else None


def _may_be_zone(claimed: Published, stated: Published) -> bool:
    """Whether a day is the one after a moment in UTC and had begun somewhere."""
    moment = _moment(claimed)
    return moment is not None and _day(stated) == (moment + _EAST).date() == _day(claimed) + _DAY


def _in_zone_of(claimed: Published, stated: Published) -> Published | None:
    """The claimed moment on the clock of the date line, where both are the same moment but for whole quarter hours."""
    moment = _moment(claimed)
    if moment is None or stated.timezone_known or "T" not in stated.value:
        return None
    away = datetime.fromisoformat(stated.value).replace(second=0, tzinfo=UTC) - moment.replace(second=0, microsecond=0)
    if away % _QUARTER or not _WEST <= away <= _EAST:
        return None
    return Published(value=moment.astimezone(timezone(away)).isoformat(), timezone_known=True)
