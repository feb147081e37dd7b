import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from worker.cleaning import clean
from worker.errors import Rejected
from worker.formats import read_document
from worker.formats.bounds import MAX_LINES
from worker.models import Document, RawArticle

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = b"<!doctype html><html><body><h1>Title of it</h1><p>The river rose by four metres in a night.</p></body></html>"
LINES = [
    "By Jane Doe", "Oct 17, 2024 - 13:00", "Related:", "• a point", "Share on Facebook", "12 Comments", "",
    "The river rose by four metres in the night, the mayor said on Tuesday.", "Photo: Reuters", "Home", "* Sport",
    "<p>", "<html>", "</div>", "<li>", "<figcaption>A bridge</figcaption>", "<script type='application/ld+json'>",
    '{"@type": "NewsArticle", "headline": "River", "author": [{"name": ["a"]}], "datePublished": 5}', "</script>",
    "<meta name=author content='Jane Doe'>", "<time datetime=2024-01-01>", "<table><tr><td>", "\x00", "\xad", "“",
    "=" * 80,
]  # fmt: skip


def read(data: bytes, name: str = "a.txt") -> RawArticle:
    return read_document(Document(name, data, NOW))


def rejection(data: bytes, name: str = "a.txt") -> Rejected:
    with pytest.raises(Rejected) as caught:
        read(data, name)
    return caught.value


@pytest.mark.parametrize(
    ("data", "reason", "looks"),
    [
        (b"\x89PNG\r\n\x1a\n....", "binary", "a PNG image"),
        (b"\xff\xd8\xff\xe0....", "binary", "a JPEG image"),
        (b"\x7fELF....", "binary", "a Linux program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "unknown_type", "an old Microsoft Office document"),
        (b"<?xml version='1.0'?><svg/>", "unknown_type", "an XML document of a kind that is not read"),
    ],
)
def test_what_is_no_text_is_named(data: bytes, reason: str, looks: str):
    error = rejection(data)
    assert (error.stage, error.reason, error.detail) == ("parse", reason, f"looks like {looks}")


@pytest.mark.parametrize("data", [b"", b" \n\t ", b"\x00\x00", b"\xef\xbb\xbf \n", "\u2003\n".encode()])
def test_a_file_without_text_is_empty(data: bytes):
    assert rejection(data).reason == "empty"


def test_a_file_of_too_many_lines_is_refused():
    assert rejection(b"a\n" * (MAX_LINES + 1)).reason == "too_many_lines"


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a", "a.jpeg"])
def test_content_decides_before_the_name(name: str):
    assert read(PAGE, name).media_type == "text/html"
    assert read(b"\n<!-- saved --> " + PAGE, name).media_type == "text/html"
    assert read(PAGE.decode().encode("utf-16"), name).media_type == "text/html"
    assert read(b"No mark-up at all", name).media_type == "text/plain"


def test_the_name_decides_where_the_content_cannot():
    assert read(b"Some words first <p>and then a paragraph</p>", "a.html").media_type == "text/html"
    assert read(b"Some words about <p> in HTML", "a.txt").media_type == "text/plain"


def test_every_line_is_a_block_that_knows_of_the_gap_before_it():
    blocks = read(b"One\r\nTwo \r\n\r\n  Three").blocks
    assert [(block.kind, block.text, block.gap) for block in blocks] == [
        ("line", "One", True),
        ("line", "Two ", False),
        ("line", "  Three", True),
    ]


def test_a_page_without_words_has_no_body():
    assert rejection(b"<html><body><img src=x></body></html>").reason == "no_body"


def test_a_page_without_an_article_is_read_line_by_line():
    raw = read(b"<html><body><div>One</div><div>Two <b>words</b></div><script>no</script></body></html>")
    assert [block.text for block in raw.blocks] or raw.warnings


def test_nothing_that_a_page_points_to_is_expanded(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    entity = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">]>'.encode()
    raw = read(entity + b"<html><body><p>The river rose by four metres, &x; the mayor said.</p></body></html>")
    assert "the secret" not in str(raw)


def test_reading_text_imports_no_html_library():
    code = (
        "import sys, datetime; from worker.formats import read_document; from worker.models import Document;"
        "read_document(Document('a.txt', b'Some text', datetime.datetime.now()));"
        "sys.exit(any(name in sys.modules for name in ('trafilatura', 'lxml', 'charset_normalizer')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def gives_an_article_or_a_rejection(data: bytes, name: str) -> None:
    try:
        article = clean(read(data, name))
    except Rejected:
        return
    assert article.headline
    assert article.body
    assert all(block.text == block.text.strip() for block in article.body)


@given(st.binary(), st.sampled_from(["a.txt", "a.html"]))
def test_any_bytes_give_an_article_or_a_rejection(data: bytes, name: str):
    gives_an_article_or_a_rejection(data, name)


@given(st.text(), st.sampled_from(["a.txt", "a.html"]), st.sampled_from(["utf-8", "utf-16"]))
def test_any_text_gives_an_article_or_a_rejection(text: str, name: str, encoding: str):
    gives_an_article_or_a_rejection(text.encode(encoding), name)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.sampled_from(LINES) | st.text(max_size=20), max_size=60), st.sampled_from(["a.txt", "a.html"]))
def test_lines_as_articles_have_them_give_an_article_or_a_rejection(lines: list[str], name: str):
    gives_an_article_or_a_rejection("\n".join(lines).encode(), name)
