import pytest

from tests.unit.formats.reading import HEADLINE, article, blocks, document, rejection, sample
from worker.models import RawArticle

TEXT = "The river rose by four metres in the night, the mayor said."


def read(content: str, top: str = "", head: str = "", doctype: str = "") -> RawArticle:
    body = (
        f"<body.head><hedline><hl1>River rises</hl1></hedline>{top}</body.head><body.content>{content}</body.content>"
    )
    return article(
        document(f"<?xml version='1.0'?>{doctype}<nitf><head>{head}</head><body>{body}</body></nitf>", "a.xml")
    )


def test_an_article_of_an_agency_is_read_with_its_fields_and_blocks():
    raw = article(sample("lighthouse.nitf.xml"))
    assert (raw.media_type, raw.headline) == ("application/nitf+xml", HEADLINE)
    assert raw.standfirst == "Volunteers found the lens of the old light in a cellar"
    assert (raw.byline, raw.source_name) == (("Ingrid Solbakken",), "The Harbour Courier")
    assert raw.published is not None
    assert (raw.published.value, raw.published.timezone_known) == ("2025-03-14T18:30:00+01:00", True)
    assert [kind for kind, _ in blocks(raw)] == [
        *("caption", "paragraph", "paragraph", "quote", "heading", "paragraph", "list_item", "list_item"),
        *["paragraph"] * 3,
    ]
    assert blocks(raw)[3] == ("quote", "We counted the seconds between the flashes to fall asleep. — Marit Halvorsen")
    assert blocks(raw)[-1] == ("paragraph", "2025 | Light-emitting diodes")
    assert [link.url for link in raw.links] == ["https://example.org/museum"]


def test_the_place_of_the_dateline_is_printed_before_the_first_paragraph():
    raw = article(sample("lighthouse.nitf.xml"))
    assert raw.blocks[1].text.startswith("SKERRY POINT — The lighthouse at Skerry Point shone")
    place = "<dateline><location>Geneva</location><story.date norm='20240305'/></dateline>"
    again = read("<p>GENEVA (AP) — The river rose.</p>", top=place)
    assert blocks(again) == [("paragraph", "GENEVA (AP) — The river rose.")]
    assert again.published is not None
    assert again.published.value == "2024-03-05"


def test_references_of_the_dtd_are_characters_though_it_is_not_loaded():
    raw = read("<p>Caf&eacute; &amp; bar &lt;open&gt; &nosuch;now.</p>", doctype="<!DOCTYPE nitf SYSTEM 'nitf.dtd'>")
    assert blocks(raw) == [("paragraph", "Café & bar <open> now.")]


def test_entities_of_the_document_are_neither_expanded_nor_fetched(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    doctype = f"<!DOCTYPE nitf [<!ENTITY x SYSTEM 'file://{secret}'><!ENTITY y 'a surprise'>]>"
    raw = read("<p>The river rose, &x;&y; the mayor said.</p>", doctype=doctype)
    assert blocks(raw) == [("paragraph", "The river rose, the mayor said.")]


def test_text_outside_of_paragraphs_is_read_and_lines_are_kept_apart():
    raw = read(
        f"Words <em>before</em> it.<block>{TEXT}<p>A<br/>break.</p>behind</block><unknown><p>Inner.</p></unknown>"
    )
    assert [text for _, text in blocks(raw)] == ["Words before it.", TEXT, "A break.", "behind", "Inner."]


@pytest.mark.parametrize(
    ("head", "value"),
    [
        ("<docdata><date.issue norm='20240305T101500Z'/></docdata>", "2024-03-05T10:15:00+00:00"),
        ("<docdata><date.issue norm='2024-03-05T10:15:00+02:00'/></docdata>", "2024-03-05T10:15:00+02:00"),
        ("<docdata><date.issue norm='20240305'/></docdata>", "2024-03-05"),
        (
            "<docdata><date.issue norm='soon'/></docdata><pubdata date.publication='20240306T0900'/>",
            "2024-03-06T09:00:00",
        ),
    ],
)
def test_dates_are_read_in_both_forms_of_iso_8601(head: str, value: str):
    raw = read(f"<p>{TEXT}</p>", head=head)
    assert raw.published is not None
    assert raw.published.value == value


def test_a_byline_without_marked_people_is_read_without_its_title():
    assert read(f"<p>{TEXT}</p>", top="<byline>By Jane Doe<byttl>Staff Reporter</byttl></byline>").byline == (
        "Jane Doe",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<nitf><body><body.content><p/></body.content></body></nitf>", "no_body"),
        (
            "<nitf><body><body.content><media><media-caption>A</media-caption></media></body.content></body></nitf>",
            "no_body",
        ),
        ("<nitf><body><body.content><p>The river", "damaged"),
        ("<nitf>" + "<block>" * 300 + "</block>" * 300 + "</nitf>", "damaged"),
        ("<nitf>" + "<p/>" * 400_000 + "</nitf>", "too_complex"),
    ],
)
def test_what_is_no_article_is_refused(text: str, reason: str):
    assert rejection(document(text)).reason == reason


def test_prefixes_and_declared_encodings_are_understood():
    body = f"<n:body><n:body.content><n:p>{TEXT} Dvořák.</n:p></n:body.content></n:body>"
    text = f"<?xml version='1.0' encoding='iso-8859-2'?><n:nitf xmlns:n='x'>{body}</n:nitf>"
    raw = article(document(text.encode("iso-8859-2")))
    assert (raw.encoding, blocks(raw)) == ("iso8859-2", [("paragraph", f"{TEXT} Dvořák.")])
