"""Dates at the ends of time, in lines and in metadata."""

from tests.hostile.case import HEADLINE, PROSE, Case, html, page, text

_LINES = (
    ("the year nought", "0000-01-01", "record"),
    ("the year one", "0001-01-01T00:00:00+14:00", "record"),
    ("the first year read", "1 January 1900", "record"),
    ("the last year", "9999-12-31T23:59:59.999999-14:00", "record"),
    ("the last year read", "31 December 2199", "future_date"),
    ("a date in the future", "1 May 2150", "future_date"),
    ("29 February in no leap year", "29 February 2023", "record"),
    ("29 February in a leap year", "29 February 2024 23:59:59", "record"),
    ("31 June", "31 June 2024", "record"),
    ("25 o'clock", "17 May 2024 25:61:61", "record"),
    ("the leap second", "2016-12-31T23:59:60Z", "record"),
    ("a zone beyond the world", "2024-05-17T10:00:00+99:99", "record"),
    ("a zone of minus nought", "2024-05-17T10:00:00-00:00", "record"),
    ("a week date", "2024-W20-5", "record"),
    ("digits of other scripts", "١٧ May ٢٠٢٤ and 2024-05-１７", "record"),
    ("superscript digits", "¹⁷ May ²⁰²⁴", "record"),
    ("a fraction without end", "2024-05-17T10:00:00." + "9" * 150 + "Z", "record"),
    ("a hundred digits", "2024-05-17" + "0" * 100, "record"),
    ("both orders", "04/05/2024 05/04/2024 13/05/2024", "record"),
    ("a hundred dates", "1 May 2024 " * 18, "record"),
    ("time before date", "10:00 AM GMT on Friday, 17 May 2024 " * 5, "record"),
)

_VALUES = (
    "",
    "now",
    "0",
    "-1",
    "1e999",
    "9999999999999999999",
    "0000-00-00T00:00:00Z",
    "2024-02-30T10:00:00Z",
    "2024-05-17T10:00:00+24:00",
    "2199-12-31",
    "9" * 100_000,
    "2024-05-17" * 20_000,
    "١٧/٠٥/٢٠٢٤",
)

CASES: list[Case] = [
    *(text(f"a date line: {name}", f"{HEADLINE}\n\n{line}\n\n{PROSE}", expect) for name, line, expect in _LINES),
    *(
        page(
            f"a page dated {value[:24]!r}",
            html("", f'<meta property="article:published_time" content="{value}">'),
            "record future_date",
        )
        for value in _VALUES
    ),
    page(
        "a page of ten thousand dates",
        lambda: html("", "".join(f'<meta name="date" content="{day}.13.2024">' for day in range(10_000))),
        "record",
    ),
    page("a page of time elements", lambda: html("<time datetime='x' itemprop='datePublished'></time>" * 30_000)),
    page("a page of dates in its text", lambda: html("<p>on 17 May 2024 10:00 or 2024-05-17 " * 15_000)),
    page("a page of numbers like dates", lambda: html("<p>" + "2024 05 17 20240517 17.05.24 " * 30_000)),
]
