import contextlib
import io
import zipfile

import pytest

from tests.hostile.case import Case
from tests.hostile.corpus import documents
from tests.unit.formats.sandhaven import CAPTION, HEADLINE, NOW, rejection, sample
from worker.cleaning import clean
from worker.errors import Rejected
from worker.formats import read_document, unpack_document
from worker.formats.zipped import MAX_MEMBERS
from worker.models import Document

PROSE = (
    "<p>" + "The river rose by four metres in the night, the mayor said on Tuesday, and it fell again. " * 3 + "</p>"
)
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
)


def page(body: str, attributes: str = "", title: str = "A Book") -> str:
    return f"<html><head><title>{title}</title></head><body {attributes}>{body}</body></html>"


def epub(
    chapters: dict[str, str], more: str = "", encryption: str = "", properties: str = "", container: str = CONTAINER
) -> bytes:
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="application/xhtml+xml" properties="{properties}"/>'
        for number, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="i{number}"/>' for number in range(len(chapters)))
    package = f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{items}</manifest><spine>{spine}</spine>{more}</package>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("OPS/book.opf", package)
        if encryption:
            archive.writestr("META-INF/encryption.xml", encryption)
        for name, data in chapters.items():
            archive.writestr(f"OPS/{name}".replace("%20", " "), data)
    return stream.getvalue()


def parts(data: bytes) -> list[str | None]:
    return [document.part for document in unpack_document(Document("a.epub", data, NOW))]


def locked(name: str, method: str) -> str:
    return (
        '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>'
        f'<e:EncryptionMethod Algorithm="{method}"/><e:CipherData><e:CipherReference URI="{name}"/></e:CipherData>'
        "</e:EncryptedData></encryption>"
    )


def test_each_chapter_of_a_book_made_by_another_program_is_an_article():
    chapters = list(unpack_document(sample("pandoc.epub")))
    assert [chapter.label for chapter in chapters] == [
        "pandoc.epub#EPUB/text/ch001.xhtml",
        "pandoc.epub#EPUB/text/ch002.xhtml",
    ]
    first, second = (clean(read_document(chapter)) for chapter in chapters)
    assert (first.headline, first.byline, first.captions) == (HEADLINE, ("Mara Lindqvist",), (CAPTION,))
    assert (second.headline, second.byline) == (
        "Night ferry to the outer islands returns after six years",
        ("Jonas Ekdal",),
    )
    assert second.published
    assert second.published.value == "2025-02-15"


def test_chapters_come_in_reading_order_and_once():
    data = epub({"b.xhtml": page(PROSE), "a%20c.xhtml": page(PROSE), "b.xhtml#again": page("")})
    assert parts(data) == ["OPS/b.xhtml", "OPS/a c.xhtml"]


@pytest.mark.parametrize("kind", ["cover", "titlepage", "toc", "copyright-page", "colophon"])
def test_a_part_that_calls_itself_another_is_no_chapter(kind: str):
    other = page(f"<section epub:type='{kind}'>{PROSE}</section>", "epub:type='frontmatter'")
    chapter = page(f"<section epub:type='chapter'>{PROSE}<nav epub:type='toc'/></section>", "epub:type='bodymatter'")
    assert parts(epub({"a.xhtml": other, "b.xhtml": chapter})) == ["OPS/b.xhtml"]


def test_what_the_guide_calls_another_is_no_chapter():
    guide = '<guide><reference type="title-page" href="a.xhtml#top"/><reference type="text" href="b.xhtml"/></guide>'
    assert parts(epub({"a.xhtml": page(PROSE), "b.xhtml": page(PROSE)}, guide)) == ["OPS/b.xhtml"]


def test_contents_and_parts_without_text_are_no_chapters():
    assert rejection(epub({"a.xhtml": page(PROSE)}, properties="scripted nav")).reason == "no_body"
    assert rejection(epub({"a.xhtml": page("<h1>Part One</h1><style>" + "a " * 99 + "</style>")})).reason == "no_body"


def test_a_chapters_heading_is_its_headline_though_the_page_is_called_after_a_file():
    heading = "The river rose by four metres at Sandhaven"
    (chapter,) = unpack_document(
        Document("a.epub", epub({"a.xhtml": page(f"<h1>{heading}</h1>{PROSE}", title="a.xhtml")}), NOW)
    )
    assert clean(read_document(chapter)).headline == heading


def test_copy_protection_is_named_and_hidden_fonts_are_none():
    chapters = {"a.xhtml": page(PROSE)}
    drm = locked("OPS/a.xhtml", "http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    font = locked("OPS/a.otf", "http://www.idpf.org/2008/embedding")
    assert rejection(epub(chapters, encryption=drm)).reason == "encrypted"
    assert parts(epub(chapters, encryption=font)) == ["OPS/a.xhtml"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (epub({"a.xhtml": page(PROSE)})[:-60], "damaged"),
        (epub({"a.xhtml": page(PROSE)}, container="<container/>"), "damaged"),
        (epub({"a.xhtml": page(PROSE)}, "<meta>"), "damaged"),
        (epub({"a.xhtml": " " * 70_000_000}), "too_complex"),
        (epub({f"{number}.xhtml": "" for number in range(MAX_MEMBERS)}), "too_complex"),
        (epub({}), "no_body"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_its_reason(data: bytes, reason: str):
    assert rejection(data).reason == reason


@pytest.mark.parametrize(
    "case", [case for case in documents.CASES if case.file.endswith(".epub")], ids=lambda case: case.name
)
def test_a_hostile_book_ends_as_chapters_or_a_rejection(case: Case):
    document = Document(case.file, case.data(), NOW)
    if case.expect:
        with pytest.raises(Rejected) as caught:
            list(unpack_document(document))
        assert caught.value.reason in case.expect
    else:
        with contextlib.suppress(Rejected):
            assert len(list(unpack_document(document))) == 1
