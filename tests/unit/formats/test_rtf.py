import pytest

from tests.unit.formats.sandhaven import NOW, raw, rejection
from worker.formats.rtf import MAX_DEPTH
from worker.formats.rtf_tokens import MAX_TOKENS
from worker.models import Document, RawArticle


def read(body: str | bytes) -> RawArticle:
    data = body if isinstance(body, bytes) else body.encode("latin-1")
    return raw(Document("a.rtf", b"{\\rtf1\\ansi " + data + b"}", NOW))


def texts(body: str | bytes) -> list[str]:
    return [block.text for block in read(body).blocks]


def blocks(body: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read(body).blocks]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"The \'84river\'93 rose", "The „river“ rose"),
        (r"\ansicpg1251 \'d0\'e5\'ea\'e0", "Река"),
        (b"\\ansicpg1251 \xd0\xe5\xea\xe0", "Река"),
        (r"\ansicpg932 \'90\'ec\'82\'aa", "川が"),
        (r"{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}\f0\'e4\f1\'e4\f0 \'e4", "äдä"),
        (r"{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}{\f1\'e4}\'e4", "дä"),
        (r"\deff1{\fonttbl{\f0 A;}{\f1\fcharset204 B;}}\f0\'e4\plain\'e4", "äд"),
        (r"\u1056?\u1077?\u1082?\u1072?", "Река"),
        (r"\u8364\'80 and\u8211- more", "€ and– more"),
        (r"\uc0\u8364 x", "€x"),
        (r"\uc2\u8364 EUx", "€x"),
        (r"{\uc0 {\uc2\u8364 EUx}\u8364 y}", "€x€y"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"\uc0\u55357 \u56832 x", "😀x"),
        (r"\u8364\u8364 xy", "€€y"),
        (r"\uc0\u8364 ?", "€?"),
        (r"\u-3913?", "\uf0b7"),
        (r"a\emdash b\lquote c\rquote\~d\_e\-f \{g\}\\", "a—b‘c’ d-ef {g}\\"),
        (r"\mac \'8a", "ä"),
        (r"\ansicpg65001 \'c3\'a4", "ä"),
    ],
)
def test_letters_are_read_in_their_code_page_or_by_number(body: str | bytes, text: str):
    assert texts(body) == [text]


def test_paragraphs_lines_and_tables():
    body = r"one\par two\line three.\line four\par\trowd\intbl a\cell b\cell\row\pard five"
    assert texts(body) == ["one", "two three.", "four", "a | b", "five"]


def test_line_breaks_of_the_file_mean_nothing():
    assert texts("The ri\r\nver\n rose") == ["The river rose"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (r"{\stylesheet{\s0 Normal;}{\s3\sbasedon0 heading 1;}}\pard\s3 x", "heading"),
        (r"{\stylesheet{\s5 Intense Quote;}}\pard\s5 x", "quote"),
        (r"{\stylesheet{\s3 heading 1;}}\pard\s3 \pard x", "line"),
        (r"\pard\outlinelevel0 x", "heading"),
        (r"\pard\ls1 x", "list_item"),
        (r"\pard{\pntext\f3\'b7\tab}x", "list_item"),
        (r"\pard{\listtext 1.\tab}x", "list_item"),
    ],
)
def test_kinds_of_paragraphs_are_told_by_styles_and_numbers(body: str, kind: str):
    assert blocks(body) == [(kind, "x")]


@pytest.mark.parametrize(
    "group",
    [
        r"{\header none}", r"{\footer none}", r"{\footnote none}", r"{\*\annotation none}", r"{\pict ffd8ffe0}",
        r"{\*\unknown none}", r"{\colortbl;\red0;}", r"{\info{\title none}}", r"{\v none}", r"\v none\v0 ",
        r"{\deleted none}",
        r"{\object{\*\objdata 0105}}", "{\\pict\\bin4 }}}}}", r"{\*\bkmkstart none}",
    ],
)  # fmt: skip
def test_what_is_no_text_of_the_article_is_left_out(group: str):
    assert texts(f"one {group}two") == ["one two"]


def test_the_title_is_that_of_the_properties_where_the_text_repeats_it():
    assert (
        read(r"{\info{\title The river rose}{\author A B}}A label\par The river rose\par It did.").headline
        == "The river rose"
    )
    assert read(r"{\info{\title Another river}}A label\par The river rose\par It did.").headline is None


def test_links_are_kept_and_their_instructions_are_no_text():
    field = r'{\field{\*\fldinst{HYPERLINK "%s"}}{\fldrslt{\ul here}}}'
    found = read(f"{field % 'https://example.org/a'} and {field % 'file:///etc/passwd'}.")
    assert [(link.text, link.url) for link in found.links] == [("here", "https://example.org/a")]
    assert found.blocks[0].text == "here and here."


def test_a_document_without_its_end_is_read_as_far_as_it_goes():
    assert [block.text for block in raw(Document("a.rtf", b"{\\rtf1 one\\par {\\b two", NOW)).blocks] == ["one", "two"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "no_body"),
        ("{" * MAX_DEPTH, "too_complex"),
        ("\\b" * (MAX_TOKENS + 1), "too_complex"),
        ("x\\par " * 10_001, "too_many_lines"),
        ("x" * 1_000_001, "too_long"),
        ("\\bin99999999 x", "no_body"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_its_reason(body: str, reason: str):
    assert rejection(b"{\\rtf1 " + body.encode(), "a.rtf").reason == reason
