import io
import zipfile

import pytest

from tests.unit.formats.sandhaven import NOW, raw, rejection
from worker.models import Document, RawArticle

NAMESPACES = " ".join(
    f"xmlns:{name}='urn:oasis:names:tc:opendocument:xmlns:{of}:1.0'"
    for name, of in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("draw", "drawing"),
    )
)
LINK = "xmlns:xlink='http://www.w3.org/1999/xlink'"


def odt(body: str, styles: str = "", automatic: str = "", manifest: str = "") -> bytes:
    stream = io.BytesIO()
    content = (
        f"<office:document-content {NAMESPACES} {LINK}><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
        archive.writestr("styles.xml", f"<office:document-styles {NAMESPACES}>{styles}</office:document-styles>")
        namespace = "xmlns:m='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'"
        archive.writestr("META-INF/manifest.xml", f"<m:manifest {namespace}>{manifest}</m:manifest>")
    return stream.getvalue()


def read(body: str, **others: str) -> RawArticle:
    return raw(Document("a.odt", odt(body, **others), NOW))


def blocks(body: str, **others: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read(body, **others).blocks]


def style(name: str, parent: str, more: str = "") -> str:
    return f"<style:style style:name='{name}' style:family='paragraph' style:parent-style-name='{parent}' {more}/>"


def p(text: str, of: str = "") -> str:
    return f"<text:p text:style-name='{of}'>{text}</text:p>"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Title", "heading"), ("Heading_20_2", "heading"), ("Quotations", "quote"), ("Illustration", "caption"),
        ("List_20_Contents", "list_item"), ("Text_20_body", "line"),
    ],
)  # fmt: skip
def test_an_automatic_style_is_what_it_is_made_of(name: str, kind: str):
    assert blocks(p("x", "P1"), automatic=style("P1", name)) == [(kind, "x")]


def test_a_style_with_an_outline_level_is_that_of_headings():
    styles = style("Zwischentitel", "Standard", "style:default-outline-level='2'")
    assert blocks(p("x", "Zwischentitel"), styles=styles) == [("heading", "x")]


def test_headings_lists_and_what_is_in_them():
    body = f"<text:h>a</text:h><text:list><text:list-item>{p('b')}<text:list><text:list-item>{p('c')}"
    body += f"</text:list-item></text:list></text:list-item></text:list>{p('d')}"
    assert blocks(body) == [("heading", "a"), ("list_item", "b"), ("list_item", "c"), ("line", "d")]


def test_spaces_tabs_and_breaks_make_one_text():
    body = p("The<text:s text:c='3'/>river<text:tab/>\n   rose<text:line-break/>again.<text:line-break/>It fell.")
    assert blocks(body) == [("line", "The river rose again."), ("line", "It fell.")]


def test_deleted_text_notes_comments_and_contents_are_left_out():
    others = "".join(
        f"<{name}>{p('none of it')}</{name}>"
        for name in ("text:tracked-changes", "text:table-of-content", "text:alphabetical-index", "office:forms")
    )
    inner = "".join(f"<{name}>{p('none of it')}</{name}>" for name in ("text:note", "office:annotation"))
    assert blocks(others + p(f"one {inner}two")) == [("line", "one two")]


def test_frames_are_read_once_and_after_the_paragraph_that_holds_them():
    frame = f"<draw:frame><draw:text-box>{p('below the picture', 'Illustration')}</draw:text-box></draw:frame>"
    assert blocks(p(f"around {frame}it")) == [("line", "around it"), ("caption", "below the picture")]


def test_a_row_of_a_table_is_one_paragraph():
    cells = "".join(f"<table:table-cell>{p(text)}</table:table-cell>" for text in ("a", "", "b"))
    assert blocks(f"<table:table><table:table-row>{cells}</table:table-row></table:table>") == [("paragraph", "a | b")]


def test_only_links_to_web_pages_are_kept():
    body = p("<text:a xlink:href='https://example.org/a'>one</text:a> <text:a xlink:href='../b.odt'>two</text:a>")
    found = read(body)
    assert [(link.text, link.url) for link in found.links] == [("one", "https://example.org/a")]
    assert found.blocks[0].text == "one two"


def test_a_password_is_named():
    manifest = "<m:file-entry><m:encryption-data/></m:file-entry>"
    error = rejection(odt(p("x"), manifest=manifest), "a.odt")
    assert (error.reason, error.detail) == ("encrypted", "it is protected by a password")


@pytest.mark.parametrize(
    ("data", "reason"), [(odt(""), "no_body"), (odt("<text:p>"), "damaged"), (odt(p("x"))[:-50], "damaged")]
)
def test_what_cannot_be_read_is_rejected_with_its_reason(data: bytes, reason: str):
    assert rejection(data, "a.odt").reason == reason
