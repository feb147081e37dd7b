"""What a page claims of its article, too often or too long."""

from collections.abc import Callable

from tests.hostile.case import HEADLINE, Case, html, numbered, page


def _in_head(element: str, count: int) -> Callable[[], str]:
    return lambda: html("", numbered(element, count))


def _in_body(element: str, count: int) -> Callable[[], str]:
    return lambda: html(numbered(element, count))


CASES: list[Case] = [
    page("a hundred thousand names of meta elements", _in_head("<meta name=n{} content=a>", 80_000)),
    page("a hundred thousand authors", _in_head("<meta name=author content='Jane Number Doe'>", 60_000)),
    page("different authors", _in_head("<meta name=author content='Jane Doe, John Roe and Ann{} Poe'>", 30_000)),
    page("authors in one element", lambda: html("", f"<meta name=author content='{'Jane Doe, ' * 100_000}'>")),
    page("authors of 640 characters", _in_head(f"<meta name=author content='{' ' * 300}{'a@' * 150}'>", 5_000)),
    page("authors by turns", _in_body("<a rel=author>Jane Doe {}</a>", 30_000)),
    page("authors in authors", lambda: html("<i rel=author itemprop=author>Jane <b itemprop=name>Doe " * 110)),
    page("items in items", lambda: html("<i itemprop=author><b itemprop=name>a</b>" * 20_000)),
    page("items beside items", _in_body("<i itemprop=author><b itemprop=name>n{}</b></i>", 30_000)),
    page("a thousand og:titles", _in_head("<meta property=og:title content='Title {} of the page'>", 30_000)),
    page("a title of marks", lambda: html("", f"<meta property=og:title content='{' | - – ' * 100_000}'>")),
    page("a site name of a megabyte", lambda: html("", f"<meta property=og:site_name content='{'river' * 200_000}'>")),
    page(
        "a description of a megabyte",
        lambda: html(
            "", f"<meta property=og:type content=article><meta name=description content='{'river. ' * 140_000}'>"
        ),
    ),
    page(
        "descriptions without end",
        _in_head("<meta name=description content='The river rose {} metres in the night and fell again.'>", 20_000),
    ),
    page(
        "dates without end", _in_head("<meta property=article:published_time content='{} May 2o24 at night'>", 20_000)
    ),
    page("dates of long lines", _in_head(f"<meta name=date content='{'1 May ' * 30} {{}}'>", 5_000)),
    page("canonical addresses without end", _in_head("<link rel=canonical href='http://[{}'>", 20_000)),
    page(
        "a canonical address of a megabyte",
        lambda: html("", f"<link rel=canonical href='https://example.org/{'a/../' * 200_000}'>"),
    ),
    page("a canonical address of this machine", html("", "<link rel=canonical href='http://localhost/x'>"), "record"),
    page("a canonical address of a file", html("", "<link rel=canonical href='file:///etc/passwd'>"), "record"),
    page(
        "an address with a password", html("", "<link rel=canonical href='https://u:p@example.org:99999/x'>"), "record"
    ),
    page(
        "an address with bidi marks",
        html("", "<link rel=canonical href='https://ex\u202eample.org/\u200bx'>"),
        "record",
    ),
    page("an address that folds", html("", "<link rel=canonical href='https://\u2100\uff0f.org/x'>"), "record"),
    page(
        "a headline of tags",
        html("").replace(HEADLINE, "&lt;script&gt;alert(1)&lt;/script&gt; says the mayor"),
        "record",
    ),
    page("meta elements in the text", _in_body("<meta name=author content='Jane Doe'>", 30_000)),
]
