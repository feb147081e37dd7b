from tests.unit.formats.reading import FIRST, article, document, rejection, sample

PAGE = (
    "<html><head><title>River rises</title></head><body><article><h1>River rises</h1>"
    "<p>The river rose by four metres in the night, the mayor of Brünn said on Tuesday evening.</p>"
    "<p>Nobody was hurt, but two bridges will stay closed until the water has fallen again.</p></article></body></html>"
)


def mhtml(*found: bytes, top: str = "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n", start: str = "") -> bytes:
    head = f"{top}Content-Type: multipart/related; boundary=b{start}\r\n\r\n".encode()
    return head + b"".join(b"--b\r\n" + part + b"\r\n" for part in found) + b"--b--\r\n"


def page(text: str, encoding: str = "utf-8", more: str = "") -> bytes:
    return f"Content-Type: text/html; charset={encoding}\r\n{more}\r\n".encode() + text.encode(encoding)


def test_a_page_that_chromium_saved_is_read_with_its_address():
    raw = article(sample("lighthouse.mhtml"))
    assert raw.media_type == "multipart/related"
    assert raw.url == "http://courier.example.org/harbour/skerry-point.html"
    assert (raw.byline, raw.source_name) == (("Ingrid Solbakken",), "The Harbour Courier")
    assert raw.headline is not None
    assert raw.headline.startswith("Skerry Point lighthouse is lit again")
    assert FIRST in [block.text for block in raw.blocks]


def test_the_parts_encoding_is_believed():
    raw = article(document(mhtml(page(PAGE, "iso-8859-2"))))
    assert raw.encoding == "iso8859-2"
    assert any("Brünn" in block.text for block in raw.blocks)


def test_the_page_that_the_message_starts_with_is_read():
    frame = page("<html><body><p>This is the text of an advertisement in a frame of its own.</p></body></html>")
    raw = article(document(mhtml(frame, page(PAGE, more="Content-ID: <x@y>\r\n"), start='; start="<x@y>"')))
    assert raw.headline == "River rises"


def test_the_address_of_the_part_stands_in_for_that_of_the_snapshot():
    raw = article(document(mhtml(page(PAGE, more="Content-Location: https://example.org/a\r\n"))))
    assert raw.url == "https://example.org/a"
    assert article(document(mhtml(page(PAGE, more="Content-Location: file:///C:/a.html\r\n")))).url is None


def test_a_mail_with_pictures_in_its_text_is_no_saved_page():
    top = "Received: from a\r\nTo: b@example.org\r\nSubject: River rises\r\nMIME-Version: 1.0\r\n"
    assert article(document(mhtml(page(PAGE), top=top))).media_type == "message/rfc822"


def test_a_saved_page_without_a_page_has_no_body():
    assert rejection(document(mhtml(b"Content-Type: text/css\r\n\r\na {}"))).reason == "no_body"
