import io
import zipfile

import pytest

from tests.unit.formats.sandhaven import HEADLINE, raw, rejection, sample
from worker.formats.bounds import MAX_CHARACTERS, MAX_LINES
from worker.models import Document

W = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
R = "xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'"
RELATIONS = "xmlns='http://schemas.openxmlformats.org/package/2006/relationships'"


def docx(body: str, styles: str = "", relations: str = "", title: str = "", main: str = "word/document.xml") -> bytes:
    stream = io.BytesIO()
    office = (
        f"<Relationships {RELATIONS}><Relationship Id='r' Type='x/officeDocument' Target='{main}'/></Relationships>"
    )
    folder, _, name = main.rpartition("/")
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", f"<Relationships {RELATIONS}>{office}</Relationships>")
        archive.writestr(main, f"<w:document {W} {R}><w:body>{body}</w:body></w:document>")
        archive.writestr(
            f"{folder}/_rels/{name}.rels",
            f"<Relationships {RELATIONS}><Relationship Id='s' Type='x/styles' Target='styles.xml'/>"
            f"{relations}</Relationships>",
        )
        archive.writestr(f"{folder}/styles.xml", f"<w:styles {W}>{styles}</w:styles>")
        core = f"<c xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>{title}</dc:title></c>"
        archive.writestr("docProps/core.xml", core)
    return stream.getvalue()


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def blocks(body: str, **others: str) -> list[tuple[str, str]]:
    found = raw(Document("a.docx", docx(body, **others), sample("pandoc.docx").received_at))
    return [(block.kind, block.text) for block in found.blocks]


def style(identifier: str, name: str, more: str = "") -> str:
    return f"<w:style w:type='paragraph' w:styleId='{identifier}'><w:name w:val='{name}'/>{more}</w:style>"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Title", "heading"), ("heading 3", "heading"), ("Quote", "quote"), ("Intense Quote", "quote"),
        ("List Paragraph", "list_item"), ("List Bullet 2", "list_item"), ("caption", "caption"), ("Normal", "line"),
    ],
)  # fmt: skip
def test_the_name_of_a_style_counts_whatever_its_id_is(name: str, kind: str):
    assert blocks(p("Ein Absatz", "<w:pStyle w:val='x1'/>"), styles=style("x1", name)) == [(kind, "Ein Absatz")]


def test_a_style_is_what_it_is_based_on():
    styles = style("a", "Own", "<w:basedOn w:val='b'/>") + style("b", "Other", "<w:basedOn w:val='c'/>")
    assert blocks(p("x", "<w:pStyle w:val='a'/>"), styles=styles + style("c", "heading 1")) == [("heading", "x")]


def test_the_outline_level_makes_a_heading_of_a_style_in_any_language():
    styles = style("u", "Zwischentitel", "<w:pPr><w:outlineLvl w:val='1'/></w:pPr>")
    assert blocks(p("x", "<w:pStyle w:val='u'/>"), styles=styles) == [("heading", "x")]
    assert blocks(p("x", "<w:outlineLvl w:val='9'/>")) == [("line", "x")]


def test_numbered_paragraphs_are_points_of_a_list_but_numbered_headings_are_headings():
    number = "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='3'/></w:numPr>"
    styles = style("h", "heading 1")
    assert blocks(p("x", number)) == [("list_item", "x")]
    assert blocks(p("x", f"<w:pStyle w:val='h'/>{number}"), styles=styles) == [("heading", "x")]
    assert blocks(p("x", number.replace("3", "0"))) == [("line", "x")]


def test_runs_tabs_breaks_and_hyphens_make_one_text():
    run = (
        "<w:p><w:r><w:t>The </w:t></w:r><w:r><w:t>ri</w:t><w:t>ver</w:t><w:tab/><w:t>rose</w:t><w:br/><w:t>again</w:t>"
    )
    assert blocks(f"{run}<w:noBreakHyphen/><w:t>ly</w:t><w:softHyphen/></w:r></w:p>") == [
        ("line", "The river rose again-ly")
    ]


def test_a_break_after_a_sentence_parts_two_paragraphs():
    body = "<w:p><w:r><w:t>It rose.</w:t><w:br/><w:t>It fell</w:t><w:br/><w:t>again.</w:t></w:r></w:p>"
    assert blocks(body) == [("line", "It rose."), ("line", "It fell again.")]


def test_deleted_and_hidden_text_is_out_and_inserted_text_is_in():
    body = (
        "<w:p><w:r><w:t>one </w:t></w:r><w:ins><w:r><w:t>two </w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>three </w:delText><w:t>four </w:t></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>five </w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>six </w:t></w:r>"
        "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>seven</w:t></w:r></w:p>"
    )
    assert blocks(body) == [("line", "one two seven")]


def test_how_a_paragraph_was_before_does_not_count():
    before = "<w:pPrChange><w:pPr><w:pStyle w:val='h'/></w:pPr></w:pPrChange>"
    assert blocks(p("x", before), styles=style("h", "heading 1")) == [("line", "x")]


def test_a_row_of_a_table_is_one_paragraph_and_a_single_cell_is_none_of_a_table():
    def cells(*texts: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{p(text)}</w:tc>" for text in texts) + "</w:tr>"

    body = f"<w:tbl>{cells('a', 'b', '')}<w:tr><w:tc>{p('c')}{p('d')}</w:tc></w:tr></w:tbl>"
    assert blocks(body) == [("paragraph", "a | b"), ("line", "c"), ("line", "d")]


def test_text_boxes_are_read_once_and_after_the_paragraph_that_holds_them():
    box = f"<w:txbxContent>{p('in the box')}</w:txbxContent>"
    mc = "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"
    both = (
        f"<mc:AlternateContent {mc}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    body = f"<w:p><w:r>{both}</w:r><w:r><w:t>around it</w:t></w:r></w:p>"
    assert blocks(body) == [("line", "around it"), ("line", "in the box")]


def test_tables_of_contents_are_left_out():
    assert blocks(p("Chapter one 3", "<w:pStyle w:val='t'/>") + p("x"), styles=style("t", "toc 1")) == [("line", "x")]


def test_only_links_to_web_pages_are_kept():
    def link(identifier: str) -> str:
        return f"<w:hyperlink r:id='{identifier}'><w:r><w:t>{identifier}</w:t></w:r></w:hyperlink>"

    def relation(identifier: str, target: str) -> str:
        return f"<Relationship Id='{identifier}' Type='x/hyperlink' TargetMode='External' Target='{target}'/>"

    relations = (
        relation("a", "https://example.org/a") + relation("b", "file:///etc/passwd") + relation("c", "javascript:x")
    )
    data = docx(f"<w:p>{link('a')}{link('b')}{link('c')}{link('d')}</w:p>", relations=relations)
    found = raw(Document("a.docx", data, sample("pandoc.docx").received_at))
    assert [(link.text, link.url) for link in found.links] == [("a", "https://example.org/a")]
    assert found.blocks[0].text == "abcd"


def test_the_text_is_found_where_the_document_says_it_is():
    assert blocks(p("x"), main="word/document2.xml") == [("line", "x")]


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("The river rose", "The river rose"), ("Microsoft Word - river", None), ("river.docx", None),
        ("Document1", None), ("Another river entirely", None), ("", None),
    ],
)  # fmt: skip
def test_the_title_in_the_properties_is_believed_where_the_text_repeats_it(title: str, headline: str | None):
    data = docx(p("A label") + p("The river rose") + p("It rose by four metres."), title=title)
    assert raw(Document("a.docx", data, sample("pandoc.docx").received_at)).headline == headline


def test_the_title_in_the_properties_is_believed_where_the_text_has_no_headline():
    prose = "It rose by four metres in the night, said the mayor, who had been up since three. " * 3
    data = docx(p(prose), title="The river rose again")
    assert raw(Document("a.docx", data, sample("pandoc.docx").received_at)).headline == "The river rose again"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (docx(""), "no_body"),
        (docx(p("a") * (MAX_LINES + 1)), "too_many_lines"),
        (docx(p("a" * (MAX_CHARACTERS + 1))), "too_long"),
        (docx("<w:p>")[:-40], "damaged"),
        (docx("<w:p>"), "damaged"),
        (docx(p("x"), title="<a>"), "damaged"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_its_reason(data: bytes, reason: str):
    assert rejection(data).reason == reason


def test_a_long_article_is_read_whole():
    found = blocks(p(HEADLINE) + p("word " * 100) * 1_500)
    assert len(found) == 1_501
