"""Dates like 03/04/2024: whether the day or the month comes first, by the language of the text."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from worker.models import CleanArticle

_MONTH_FIRST = frozenset({"en"})  # as in the United States; no text tells on which side of the ocean it was written
SLACK = timedelta(days=1)  # a date without a zone may be up to 14 hours ahead of ours


def with_certain_date(article: CleanArticle, language: str, received_at: datetime) -> CleanArticle:
    """An article whose date is decided, with a warning where it could have been read in another way.

    Args:
        article: Cleaned.
        language: Its code, ``und`` where it is unknown: the day then comes first, as in most of the world.
        received_at: An article is not from the future, so a reading that is later than that is wrong.
    """
    day_first, month_first = article.published, article.month_first
    if day_first is None or month_first is None:
        return article
    chosen, other = (month_first, day_first) if language in _MONTH_FIRST else (day_first, month_first)
    latest = (received_at + SLACK).date()
    why = "as in most of the world" if language == "und" else f"as usual in the language {language!r}"
    if date.fromisoformat(chosen.value[:10]) > latest >= date.fromisoformat(other.value[:10]):
        chosen, other, why = other, chosen, "for the other day had not come yet"
    order = "day" if chosen is day_first else "month"
    warning = f"published: the {order} was taken to come first, {why}; else it would be {other.value[:10]}"
    return replace(article, published=chosen, month_first=None, warnings=(*article.warnings, warning))
