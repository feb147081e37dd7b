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
from worker.models import RawArticle

TEXT = "The river rose by four metres in the night, the mayor said."


def news(content: str, meta: str = "", item: str = "") -> str:
    return (
        "<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'>"
        f"<itemMeta>{item}</itemMeta><contentMeta>{meta}</contentMeta><contentSet>{content}</contentSet></newsItem>"
    )


def read(content: str, meta: str = "<headline>River rises</headline>", item: str = "") -> RawArticle:
    return article(document(news(content, meta, item), "a.xml"))


def test_the_texts_of_a_message_are_read_and_its_pictures_passed_over():
    assert labels(sample("message.newsml.xml")) == ["1", "3", "4"]
    xhtml, plain, nitf = articles(sample("message.newsml.xml"))
    assert {raw.media_type for raw in (xhtml, plain, nitf)} == {"application/vnd.iptc.g2.newsitem+xml"}

    assert (xhtml.headline, xhtml.byline, xhtml.source_name) == (HEADLINE, ("Ingrid Solbakken",), "The Harbour Courier")
    assert xhtml.standfirst == "Volunteers found the lens of the old light in a cellar."
    assert xhtml.published is not None
    assert xhtml.published.value == "2025-03-14T18:30:00+01:00"
    assert blocks(xhtml)[:2] == [
        ("paragraph", f"SKERRY POINT, March 14 — {FIRST}"),
        ("heading", "A lamp from a museum"),
    ]
    assert [link.url for link in xhtml.links] == ["https://example.org/museum"]

    assert (plain.headline, plain.byline) == (HERRING, ("Tomas Eide",))
    assert plain.source_name == "Harbour Courier/Coast Agency"
    assert plain.published is not None
    assert plain.published.value == "2025-03-11T09:05:00+01:00"
    assert [kind for kind, _ in blocks(plain)] == ["line", "line"]

    assert nitf.headline == "Spring tide leaves the market square under water"
    assert nitf.byline == ("Ingrid Solbakken", "Tomas Eide")
    assert nitf.source_name == "courier.example.org"


def test_an_item_alone_is_the_document_itself():
    assert labels(document(news(f"<inlineData>{TEXT}</inlineData>"))) == [None]


def test_sluglines_are_no_headlines():
    raw = read(f"<inlineData>{TEXT}</inlineData>", meta="<slugline>RIVER-1</slugline><headline>River rises</headline>")
    assert raw.headline == "River rises"
    assert "RIVER-1" not in str(raw)


@pytest.mark.parametrize(
    ("meta", "item", "value"),
    [
        (
            "<contentCreated>2024-03-01</contentCreated>",
            "<versionCreated>2024-03-05T10:00:00Z</versionCreated>",
            "2024-03-01",
        ),
        (
            "",
            "<firstCreated>2024-03-04T10:00:00Z</firstCreated><versionCreated>2024-03-05T10:00:00-05:00</versionCreated>",
            "2024-03-05T10:00:00-05:00",
        ),
        ("", "<firstCreated>2024-03-04T10:00:00</firstCreated>", "2024-03-04T10:00:00"),
    ],
)
def test_the_date_is_that_of_the_content_before_that_of_the_version(meta: str, item: str, value: str):
    raw = read(f"<inlineData>{TEXT}</inlineData>", meta=meta, item=item)
    assert raw.published is not None
    assert raw.published.value == value


def test_markup_is_preferred_to_plain_text():
    raw = read(f"<inlineData>plain</inlineData><inlineXML><html><body><p>{TEXT}</p></body></html></inlineXML>")
    assert blocks(raw) == [("paragraph", TEXT)]


def test_html_in_inline_data_is_read_as_html():
    assert blocks(read(f"<inlineData contenttype='text/html'>&lt;p&gt;{TEXT}&lt;/p&gt;</inlineData>")) == [
        ("paragraph", TEXT)
    ]


def test_content_that_lies_elsewhere_is_not_fetched():
    error = rejection(document(news("<remoteContent href='file:///etc/passwd'/>")))
    assert (error.reason, error.detail) == ("no_body", "its text lies elsewhere, which is never fetched")


def test_a_package_alone_holds_no_text():
    assert rejection(document("<packageItem><groupSet><group/></groupSet></packageItem>")).reason == "no_body"


def test_an_item_without_text_is_rejected_by_itself():
    good = news(f"<inlineData>{TEXT}</inlineData>")
    assert fates(document(f"<newsMessage><itemSet>{good}{news('')}{good}</itemSet></newsMessage>")) == [
        "read",
        "no_body",
        "read",
    ]
