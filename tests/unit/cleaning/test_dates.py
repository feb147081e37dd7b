import time

import pytest

from worker.cleaning.dates import find_dates, read_date, read_moment, remainder


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Oct 17, 2024 - 13:00", "2024-10-17T13:00:00"),
        ("17.10.2024", "2024-10-17"),
        ("17 October 2024, 13:00", "2024-10-17T13:00:00"),
        ("October 17, 2024 1:00 PM EDT", "2024-10-17T13:00:00"),
        ("Thursday, Oct. 17th, 2024", "2024-10-17"),
        ("Published: 17 October 2024", "2024-10-17"),
        ("Updated 5 December 2023 at 09:27 am", "2023-12-05T09:27:00"),
        ("Last updated 2:30 pm, Oct 3, 2024", "2024-10-03T14:30:00"),
        ("8. März 2025, 7:00 Uhr", "2025-03-08T07:00:00"),
        ("Aktualisiert am 27. Oktober 2025 um 22:30 Uhr", "2025-10-27T22:30:00"),
        ("Publié le 1er août 2025 à 08h30", "2025-08-01T08:30:00"),
        ("Mis en ligne le 12 décembre 2025", "2025-12-12"),
        ("2024-10-17T13:00:00Z", "2024-10-17T13:00:00+00:00"),
        ("2024-10-17 13:00 +0200", "2024-10-17T13:00:00+02:00"),
        ("17 October 2024 12:30 UTC+3", "2024-10-17T12:30:00+03:00"),
        ("17/10/2024", "2024-10-17"),
        ("10/17/2024", "2024-10-17"),
        ("Oct. 17, 2024 | 5 min read", "2024-10-17"),
        ("12:00 am, 1 May 2024", "2024-05-01T00:00:00"),
    ],
)
def test_date_lines_are_read_as_news_sites_print_them(line: str, value: str):
    published = read_date(line)
    assert published is not None
    assert published.value == value
    assert published.timezone_known == (value[-6] in "+-" and "T" in value)


@pytest.mark.parametrize(
    "line",
    [
        "31 June 2024",
        "2024-02-30",
        "4/5/2024",
        "October 2024",
        "20241017",
        "1.2.3.2024",
        "The treaty was signed on 4 May 2020 in Rome",
        "17 October 0024",
        "",
    ],
)
def test_what_is_impossible_ambiguous_or_running_text_is_no_date_line(line: str):
    assert read_date(line) is None


def test_the_rest_of_a_line_with_a_date_is_told():
    line = "Jane Doe | Published Oct 17, 2024 13:00"
    assert remainder(line, find_dates(line)) == "Jane Doe"


def test_metadata_may_carry_more_digits_than_a_second_has():
    published = read_moment("2024-10-17T13:00:00.1234567Z")
    assert published is not None
    assert published.value == "2024-10-17T13:00:00.123456+00:00"


@pytest.mark.parametrize("piece", ["1 May 2024 ", "12.10.", "1:1:", "May ", " ", "2024-", "9"])
def test_a_line_of_a_megabyte_takes_no_time(piece: str):
    line = piece * (1_000_000 // len(piece))
    start = time.perf_counter()
    find_dates(line)
    read_date(line)
    assert time.perf_counter() - start < 1
