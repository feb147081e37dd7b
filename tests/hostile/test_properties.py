"""Any bytes give an article or a rejection, and an article is what it says, before and after being JSON."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html as lxml_html

from schemas.article import Article
from tests.articles import article
from tests.hostile.corpus.patterns import ATTACKS
from worker.classify import load_classifier
from worker.cleaning import clean
from worker.errors import HINTS, Rejected
from worker.formats import read_document
from worker.formats.encoding import decode, peek
from worker.formats.html_metadata import read_metadata
from worker.formats.json_ld import find_article, strings
from worker.models import Document, RawArticle, RawBlock
from worker.pipeline import process
from worker.rejections import explain

T = TypeVar("T")
NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
CLASSIFY = load_classifier()

_LINES = (
    *(attack for _, attack in ATTACKS),
    *article(1).split("\n\n"),
    "By Jane Doe", "Oct 17, 2024 - 13:00", "Related:", "• a point", "Share on Facebook", "12 Comments", "", "   ",
    "Photo: Reuters", "Home", "* Sport", "“", "=" * 80, "\x00", "\xad", "\ud800", "\u202e", "\ufeff", "\x85",
)  # fmt: skip
_MARKUP = (
    "<p>", "</p>", "<div>", "</div>", "<html>", "<body>", "<article>", "<h1>", "</h1>", "<h2>", "<ul><li>", "</ul>",
    "<table><tr><td>", "</table>", "<br>", "<a href='https://example.org/a'>", "<a rel=author href='//['>", "</a>",
    "<blockquote>", "<figure><figcaption>", "<time datetime='2024-01-01' pubdate>",
    "<i itemprop=author><b itemprop=name>",
    "<meta name=author content='Jane Doe'>", "<meta property=og:title content='", "'>", "<meta charset=", "<title>",
    "<script type='application/ld+json'>", "</script>", "<!--", "-->", "<![CDATA[", "<?xml", "&amp;", "&#0;",
    "&#xD800;",
    "<link rel=canonical href='", "<svg>", "<template>", "<plaintext>", "<!DOCTYPE html [<!ENTITY x SYSTEM 'a'>]>",
    "&x;",
    '{"@type": "NewsArticle", "headline": "River", "author": [{"name": ["a"]}], "datePublished": 5}', '{"@graph": [',
)  # fmt: skip
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "koi8-r", "shift_jis", "utf-7")

lines = st.lists(st.sampled_from(_LINES) | st.text(max_size=30), max_size=40).map("\n".join)
markup = st.lists(st.sampled_from(_MARKUP) | st.sampled_from(_LINES) | st.text(max_size=20), max_size=60).map("".join)
pages = markup.map(lambda inner: f"<html>{inner}")
encoded = st.builds(
    lambda content, encoding, tail: content.encode(encoding, "ignore") + tail,
    lines | pages,
    st.sampled_from(_ENCODINGS),
    st.binary(max_size=4),
)
files = st.binary(max_size=500) | encoded
names = st.sampled_from(["a.txt", "a.html", "a", "news/a.jpg"])
json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["@type", "headline", "author", "name"]), inner),
)
blocks = st.builds(
    RawBlock,
    st.sampled_from(["line", "paragraph", "heading", "list_item", "quote", "caption"]),
    st.sampled_from(_LINES) | st.text(max_size=60),
    st.booleans(),
)


def result_or_reason(run: Callable[[], T]) -> T | str:
    """What a step gives, or the reason for which it refuses; any other exception is a fault."""
    try:
        return run()
    except Rejected as error:
        return error.reason


@given(files, st.none() | st.sampled_from([*_ENCODINGS, "zlib", "\x00"]) | st.text(max_size=9))
@example(b"\xff", "utf-16")
def test_any_bytes_are_text_or_no_text(data: bytes, declared: str | None):
    peek(data)
    decoded = result_or_reason(lambda: decode(data, declared))
    if isinstance(decoded, str):
        assert decoded in {"undecodable", "binary"}
        return
    assert "\x00" not in decoded.text
    assert decoded.encoding


@given(pages)
def test_any_page_has_metadata_that_hold_what_they_should(page: str):
    tree = lxml_html.document_fromstring(page.encode("utf-8", "ignore"), parser=lxml_html.HTMLParser(encoding="utf-8"))
    metadata = read_metadata(tree)
    assert metadata.url is None or metadata.url.startswith(("http://", "https://"))
    assert all(metadata.authors)


@given(json_values, st.none() | st.sampled_from(["name", "headline"]))
def test_any_json_has_strings(value: object, key: str | None):
    assert all(isinstance(text, str) and text for text in strings(value, key))


@given(st.text(max_size=300) | st.lists(st.sampled_from('{}[],:"a10 \\'), max_size=60).map("".join))
def test_any_script_has_an_article_or_none(script: str):
    tree = lxml_html.fragment_fromstring("<script type='application/ld+json'></script>")
    tree.text = "".join(char for char in script if char.isprintable())
    assert isinstance(find_article(tree), dict)


@given(files, names)
def test_any_file_is_read_or_refused(data: bytes, name: str):
    raw = result_or_reason(lambda: read_document(Document(name, data, NOW)))
    assert raw in HINTS if isinstance(raw, str) else raw.blocks


@given(st.lists(blocks, min_size=1, max_size=60), st.none() | st.sampled_from(_LINES))
def test_any_blocks_are_cleaned_or_refused(raw: list[RawBlock], headline: str | None):
    cleaned = result_or_reason(lambda: clean(RawArticle("text/plain", "utf-8", tuple(raw), headline=headline)))
    if isinstance(cleaned, str):
        assert cleaned in {"no_headline", "no_body"}
        return
    assert cleaned.headline
    assert all(block.text == block.text.strip() != "" for block in cleaned.body)


@given(files, names)
def test_any_file_gives_an_article_or_a_rejection_that_holds(data: bytes, name: str):
    document = Document(name, data, NOW)
    try:
        record = process(document, CLASSIFY)
    except Rejected as error:
        rejection = explain(error, document)
        assert rejection.hint
        assert type(rejection).model_validate_json(rejection.model_dump_json()) == rejection
        return
    assert Article.model_validate_json(record.model_dump_json()) == record
    for topic in record.topics:
        for span in topic.evidence:
            assert getattr(record, span.field)[span.start : span.end] == span.text
