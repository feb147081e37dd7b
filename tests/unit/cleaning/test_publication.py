"""Which of the dates that an article states is that of its publication."""

from datetime import UTC, datetime

import pytest

from schemas.article import Published
from worker.cleaning import clean
from worker.cleaning.day_order import with_certain_date
from worker.models import CleanArticle, RawArticle, RawBlock

HEADLINE = "The ferry to Sandhaven runs again"
BODY = (
    "The ferry to Sandhaven runs again after the storm that had closed the harbour for more than a week.",
    "The first boat left at dawn with forty passengers, most of whom had waited in the school of the village.",
)
MORNING = datetime(2025, 1, 1, tzinfo=UTC)


def dated(value: str) -> Published:
    return Published(value=value, timezone_known=value.endswith("Z") or "+" in value)


def article(
    *lines: str, claimed: str | None = None, modified: str | None = None, below: tuple[str, ...] = ()
) -> CleanArticle:
    blocks = [RawBlock("heading", HEADLINE, in_body=False)]
    blocks += [RawBlock("line", line, in_body=False) for line in lines]
    blocks += [RawBlock("paragraph", line, in_body=True) for line in BODY]
    blocks += [RawBlock("line", line, in_body=False) for line in below]
    return clean(
        RawArticle(
            "text/html",
            "utf-8",
            tuple(blocks),
            headline=HEADLINE,
            published=dated(claimed) if claimed else None,
            modified=dated(modified) if modified else None,
        )
    )


@pytest.mark.parametrize(
    ("claimed", "line", "value"),
    [
        ("2024-05-17T10:00:00+00:00", "17 May 2024", "2024-05-17T10:00:00+00:00"),
        ("2024-05-17T10:00:00+00:00", "Updated 12 May 2024", "2024-05-17T10:00:00+00:00"),
        ("2024-05-17T10:00:00+00:00", "20 May 2024", "2024-05-17T10:00:00+00:00"),
        ("2024-05-17T10:00:00+00:00", "12 May 2024", "2024-05-12"),
        ("2024-05-17", "18 May 2024", "2024-05-17"),
        ("2024-05-17T09:59:00+00:00", "18 May 2024", "2024-05-17T09:59:00+00:00"),
        ("2024-05-17T18:30:00+00:00", "18 May 2024", "2024-05-18"),
        ("2024-05-17T18:30:00+02:00", "18 May 2024", "2024-05-17T18:30:00+02:00"),
        ("2024-05-17T18:30:00+00:00", "18 May 2024, 4:30", "2024-05-18T04:30:00+10:00"),
        ("2024-05-17T02:10:40+00:00", "16 May 2024, 22:10", "2024-05-16T22:10:40-04:00"),
        ("2024-05-17T02:10:40+00:00", "16 May 2024, 22:17", "2024-05-16T22:17:00"),
    ],
)
def test_the_line_by_the_headline_counts_where_it_is_earlier_or_of_another_zone(claimed: str, line: str, value: str):
    published = article(line, claimed=claimed).published
    assert published is not None
    assert published.value == value


def test_what_the_metadata_said_is_told_where_it_does_not_count():
    assert article("12 May 2024", claimed="2024-05-17").warnings == (
        "published: as its date line says; its metadata say 2024-05-17",
    )
    assert article("17 May 2024", claimed="2024-05-17").warnings == ()


def test_a_line_that_confirms_the_metadata_outweighs_another_that_does_not():
    found = article("By Jane Doe 12 May 2024", "Published 17 May 2024", claimed="2024-05-17")
    assert found.published == dated("2024-05-17")


def test_dates_far_from_the_headline_say_nothing_against_the_metadata():
    assert article(claimed="2024-05-17", below=("12 May 2024",)).published == dated("2024-05-17")


def test_a_change_counts_only_where_nothing_else_is_known_and_that_is_told():
    told = ("published: only the time of a change is known",)
    changed = article("Updated 20 May 2024")
    assert (changed.published, changed.warnings) == (dated("2024-05-20"), told)
    modified = article(modified="2024-05-21")
    assert (modified.published, modified.warnings) == (dated("2024-05-21"), told)
    both = article("Mis à jour le 20 mai 2024", "Publié le 17 mai 2024", modified="2024-05-21")
    assert (both.published, both.warnings) == (dated("2024-05-17"), ())


def test_a_date_beside_other_words_by_the_headline_counts_where_there_is_no_date_line():
    found = article("Harbour desk of the northern coast | islands and ferries | 17 May 2024")
    assert found.published == dated("2024-05-17")


@pytest.mark.parametrize(
    ("language", "value", "warning"),
    [
        ("en", "2024-03-04", "the month was taken to come first, as usual in the language 'en'"),
        ("fr", "2024-04-03", "the day was taken to come first, as usual in the language 'fr'"),
        ("und", "2024-04-03", "the day was taken to come first, as in most of the world"),
    ],
)
def test_day_and_month_are_told_apart_by_the_language_and_that_is_noted(language: str, value: str, warning: str):
    found = with_certain_date(article("03/04/2024"), language, MORNING)
    assert found.published == dated(value)
    assert found.month_first is None
    assert any(warning in note for note in found.warnings)


def test_no_article_is_from_the_future_where_its_date_has_another_reading():
    found = with_certain_date(article("01/12/2025"), "fr", datetime(2025, 2, 1, tzinfo=UTC))
    assert found.published == dated("2025-01-12")
    assert "the month was taken to come first, for the other day had not come yet" in found.warnings[0]


def test_a_certain_date_is_left_and_nothing_is_noted():
    found = article("17/05/2024")
    assert with_certain_date(found, "en", MORNING) is found
    assert (found.published, found.warnings) == (dated("2024-05-17"), ())
