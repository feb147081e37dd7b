"""What is too much for one article is refused by its measure, before the work; what is large but sound is read."""

import pytest

from tests.hostile.case import HEADLINE, PARAGRAPHS, html
from tests.unit.formats.test_read_document import read, rejection
from worker.formats.bounds import MAX_CHARACTERS, MAX_LINES
from worker.formats.html_scan import MAX_ATTRIBUTES, MAX_TAGS


def page(body: str, head: str = "") -> bytes:
    return html(body, head).encode()


def attributes(count: int) -> str:
    return "".join(f" a{number}=1" for number in range(count))


@pytest.mark.parametrize("data", [b"a " * MAX_CHARACTERS, page("<p>" + "a " * MAX_CHARACTERS)])
def test_a_text_that_is_too_long_is_refused_with_its_length(data: bytes):
    error = rejection(data)
    assert (error.stage, error.reason, error.field) == ("parse", "too_long", "body")
    assert f"at most {MAX_CHARACTERS}" in error.detail


def test_blank_lines_are_no_lines():
    assert len(read(b"One\n" + b"\n" * 10 * MAX_LINES + b"Two").blocks) == 2


@pytest.mark.parametrize("data", [b"a\n" * (MAX_LINES + 1), page("<p>a</p>" * (MAX_LINES + 1))])
def test_too_many_lines_are_refused_with_their_number(data: bytes):
    error = rejection(data)
    assert (error.reason, error.detail) == ("too_many_lines", f"{MAX_LINES + 1} lines; at most {MAX_LINES} are read")


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (page("<b>" * MAX_TAGS), "tags"),
        (page(f"<p{attributes(MAX_ATTRIBUTES + 1)}>a</p>"), f"{MAX_ATTRIBUTES + 1} attributes"),
        (page(f"<p{attributes(MAX_ATTRIBUTES + 1)}"), f"{MAX_ATTRIBUTES + 1} attributes"),
        (page("<p " + "a='>' b=\"<\" / " * MAX_ATTRIBUTES + ">"), f"{2 * MAX_ATTRIBUTES} attributes"),
        (page("<p " + "\"' = " * 2 * MAX_ATTRIBUTES + ">"), "attributes"),
    ],
)
def test_a_page_that_would_keep_the_parser_busy_is_refused_before_it_is_parsed(data: bytes, detail: str):
    error = rejection(data)
    assert (error.stage, error.reason) == ("parse", "too_complex")
    assert detail in error.detail


@pytest.mark.parametrize(
    "body",
    [
        f"<p{attributes(MAX_ATTRIBUTES)}>a</p>",
        f"<script>if (a <b {'c d e f ' * MAX_ATTRIBUTES}) x('</div>')</script>",
        f"<!-- <b {'c d e f ' * MAX_ATTRIBUTES} -->",
        f"<p title='{'a b ' * MAX_ATTRIBUTES}'>a</p>",
        f"<img src='data:image/png;base64,{'iVBORw0KGgo' * 200_000}'>",
    ],
)
def test_what_only_looks_like_many_attributes_is_read_as_an_article(body: str):
    raw = read(page(body))
    assert raw.headline == HEADLINE
    assert raw.warnings == ()


@pytest.mark.parametrize(
    "body", ["<b></b>" * 20_000, "<p><b>a</b></p>" * 3_000, f"<style>{'a{b:c} ' * 150_000}</style>"]
)
def test_a_page_of_many_elements_gives_its_article_all_the_same(body: str):
    raw = read(page(body))
    kept = [block.text for block in raw.blocks if block.in_body]
    assert all(sentence in kept for sentence in PARAGRAPHS[3:-4].split("</p><p>"))


def test_claims_without_end_are_read_up_to_a_number_and_a_length():
    noise = "<meta name=author content='Ann Poe'>" * 5_000 + f"<meta name=description content='{'river ' * 5_000}'>"
    raw = read(page("", f"<meta name=author content='{'Jane Doe, ' * 5_000}'>{noise}"))
    assert (raw.byline, raw.standfirst) == (("Ann Poe",), None)


def test_json_ld_of_more_than_a_page_has_is_not_read():
    start = '<script type=application/ld+json>{"@type": "NewsArticle", "author": {"name": "Jane Doe"}, "x": "'
    small, large = (read(page("", f'{start}{"a" * length}"}}</script>')) for length in (9, 10**6))
    assert (small.byline, large.byline) == (("Jane Doe",), ())
