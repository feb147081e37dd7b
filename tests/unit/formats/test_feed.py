import subprocess
import sys

import pytest

from tests.unit.formats.reading import (
    FIRST,
    HEADLINE,
    HERRING,
    article,
    articles,
    blocks,
    document,
    fates,
    labels,
    rejection,
    sample,
)
from worker.formats.feed import MAX_REFERENCES, MAX_TAGS
from worker.models import RawArticle

TEXT = "The river rose by four metres in the night, the mayor said."
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><title>The Gazette</title>{}</feed>"


def rss(items: str, top: str = "") -> str:
    names = "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/'"
    channel = f"<channel><title>The Gazette</title>{items}</channel>"
    return f"<?xml version='1.0'?>{top}<rss version='2.0' {names}>{channel}</rss>"


def item(inner: str) -> RawArticle:
    return article(document(rss(f"<item><title>River rises</title>{inner}</item>"), "a.xml"))


def test_the_summaries_of_hugo_are_articles():
    first, second = articles(sample("hugo.rss"))
    assert labels(sample("hugo.rss")) == ["1", "2"]
    assert (first.headline, second.headline) == (HEADLINE, HERRING)
    assert (first.source_name, first.url) == ("The Harbour Courier", "https://courier.example.org/news/lighthouse/")
    assert first.published is not None
    assert (first.published.value, first.published.timezone_known) == ("2025-03-14T18:30:00+01:00", True)
    assert blocks(first)[0] == ("paragraph", FIRST)
    assert len(first.blocks) == 2


@pytest.mark.parametrize("name", ["pelican.atom", "pelican.rss"])
def test_the_articles_of_pelican_are_read_whole(name: str):
    first, second = articles(sample(name))
    assert (first.headline, first.byline) == (HEADLINE, ("Ingrid Solbakken",))
    assert (second.headline, second.byline) == (HERRING, ("Tomas Eide",))
    assert [kind for kind, _ in blocks(first)] == ["paragraph", "heading", "paragraph", "list_item", "list_item"]
    assert [link.url for link in first.links] == ["https://example.org/museum"]
    assert first.published is not None
    assert first.published.value == "2025-03-14T18:30:00+01:00"


def test_a_summary_beside_the_text_is_the_standfirst():
    assert articles(sample("pelican.atom"))[0].standfirst == "Volunteers found the lens of the old light in a cellar."
    whole = f"<content:encoded><![CDATA[<p>{TEXT}</p>]]></content:encoded>"
    assert item(f"<description>The river rose by four [&#8230;]</description>{whole}").standfirst is None


def test_rss_1_and_atom_in_xhtml_are_read():
    rdf = (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
        f"<channel><title>G</title></channel><item><title>River</title><description>{TEXT}</description></item></rdf:RDF>"
    )
    assert article(document(rdf)).headline == "River"
    xhtml = f"<div xmlns='http://www.w3.org/1999/xhtml'><p>{TEXT}</p><p>So.</p></div>"
    entry = f"<entry><title>River</title><content type='xhtml'>{xhtml}</content></entry>"
    assert blocks(article(document(ATOM.format(entry)))) == [("paragraph", TEXT), ("paragraph", "So.")]


def test_the_zones_of_american_dates_are_kept():
    raw = item(f"<pubDate>Tue, 05 Mar 2024 10:00:00 EST</pubDate><description>{TEXT}</description>")
    assert raw.published is not None
    assert raw.published.value == "2024-03-05T10:00:00-05:00"
    raw = item(f"<pubDate>5 March 2024</pubDate><description>{TEXT}</description>")
    assert raw.published is not None
    assert raw.published.value == "2024-03-05"


def test_an_author_in_an_address_is_read_and_the_feeds_author_stands_in():
    assert item(f"<author>a@example.org (Jane Doe)</author><description>{TEXT}</description>").byline == ("Jane Doe",)
    entry = f"<author><name>Max Roe</name></author><entry><title>River</title><summary>{TEXT}</summary></entry>"
    assert article(document(ATOM.format(entry))).byline == ("Max Roe",)


def test_entries_that_say_nothing_are_rejected_by_themselves():
    good = f"<item><title>River rises</title><description>{TEXT}</description></item>"
    assert fates(document(rss(f"{good}<item/><item><title>River</title></item>{good}"))) == [
        "read",
        "no_body",
        "no_body",
        "read",
    ]


def test_a_feed_without_entries_and_one_that_is_none_are_refused():
    assert rejection(document(rss(""))).reason == "empty"
    assert rejection(document("<rss><<<")).reason == "damaged"


def test_what_would_keep_the_parser_busy_is_refused_before_it_starts():
    many = "<item><title>a</title></item>" * 3_000
    assert rejection(document(rss(many))).reason == "too_many_articles"
    assert rejection(document(rss("<item>" + "<a/>" * MAX_TAGS + "</item>"))).reason == "too_complex"
    assert (
        rejection(document(rss("<item><title>" + "&amp;" * (MAX_REFERENCES + 1) + "</title></item>"))).reason
        == "too_complex"
    )


def test_tags_within_cdata_do_not_count():
    markup = "<p>The river rose.</p>" * (MAX_TAGS // 20)
    pieces = "".join(
        f"<item><title>River</title><description><![CDATA[{markup}]]></description></item>" for _ in range(15)
    )
    assert len(articles(document(rss(pieces)))) == 15


def test_nothing_is_fetched_or_opened(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(rss(f"<item><title>River</title><description>the secret {TEXT}</description></item>"))
    entity = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
    found = document(rss(f"<item><title>River</title><description>{TEXT} &x;</description></item>", top=entity))
    assert "the secret" not in str(articles(found))


def test_a_missing_package_is_named():
    code = (
        "import sys, datetime; sys.modules['feedparser'] = None\n"
        "from worker.formats import unpack_document; from worker.models import Document\n"
        "from worker.errors import Rejected\n"
        "try: list(unpack_document(Document('a', b'<rss><channel/></rss>', datetime.datetime.now())))\n"
        "except Rejected as error: sys.exit((error.reason, 'feedparser' in error.detail) != ('not_installed', True))\n"
        "sys.exit(2)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
