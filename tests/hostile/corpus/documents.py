"""Documents of word processors and books: zips of XML that expand, nest and lie, and RTF without an end."""

import io
import zipfile
from collections.abc import Callable, Mapping

from tests.hostile.case import GOOD, HEADLINE, MB, MOST, PROSE, Case, Content, filled, text

_ENDS = "damaged encrypted no_body no_headline too_complex too_long too_many_lines"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_T = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
_O = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
_LAUGHS = "<!DOCTYPE a [<!ENTITY l0 'lol'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
_DTDS = {
    "billion laughs": f"{_LAUGHS}]>",
    "an external entity": "<!DOCTYPE a [<!ENTITY l11 SYSTEM 'file:///etc/passwd'>]>",
    "an external DTD": "<!DOCTYPE a SYSTEM 'http://localhost:1/x.dtd'>",
    "a parameter entity": "<!DOCTYPE a [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]>",
}
_ODT = "application/vnd.oasis.opendocument.text"
_STYLED = f"<w:p><w:pPr><w:pStyle w:val='a'/></w:pPr><w:r><w:t>{HEADLINE}</w:t></w:r></w:p>"
_BASED_ON_EACH_OTHER = (
    "<w:style w:styleId='a'><w:basedOn w:val='b'/></w:style><w:style w:styleId='b'><w:basedOn w:val='a'/></w:style>"
)
_IN_RTF = GOOD.replace("\n\n", "\\par\n").replace("“", "\\ldblquote ").replace("”", "\\rdblquote ")
_Members = Mapping[str, str | bytes]


def _zip(members: _Members, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            stored = name == "mimetype"
            archive.writestr(
                zipfile.ZipInfo(name), data, zipfile.ZIP_STORED if stored else method
            )  # dated 1980, not now
    return stream.getvalue()


_OFFICE = {"[Content_Types].xml": "<Types/>"}  # by which a document of Microsoft's is told from other archives


def _docx(body: str | bytes, **others: str | bytes) -> bytes:
    """A Word document with this in its body."""
    raw = body.encode() if isinstance(body, str) else body
    main = f"<w:document {_W}><w:body>".encode() + raw + b"</w:body></w:document>"
    return _zip({**_OFFICE, "word/document.xml": main, **others})


def _odt(body: str | bytes) -> bytes:
    raw = body.encode() if isinstance(body, str) else body
    content = f"<office:document-content {_O} {_T}><office:body><office:text>".encode() + raw
    content += b"</office:text></office:body></office:document-content>"
    return _zip({"mimetype": _ODT, "content.xml": content})


def _epub(chapter: str | bytes, container: str = "", spine: int = 1) -> bytes:
    container = container or (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="book.opf"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest><spine>'
        + '<itemref idref="c"/>' * spine
        + "</spine></package>"
    )
    members = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "book.opf": package}
    return _zip({**members, "c.xhtml": chapter})


def _relation(kind: str, target: str) -> str:
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    relation = f"<Relationship Id='s' Type='x/{kind}' Target='{target}'/>"
    return f"<Relationships xmlns='{namespace}'>{relation}</Relationships>"


def _paragraphs(mark: str, count: int, words: str = "a") -> str:
    return f"<{mark}>{words}</{mark}>" * count


def _overlapping() -> bytes:
    """A Word document whose directory gives two parts the same bytes."""
    good = _docx(f"<w:p><w:r><w:t>{HEADLINE}</w:t></w:r></w:p>" * 9)
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        first, second = (member.header_offset for member in archive.infolist())
    at = good.rindex(b"PK\x01\x02") + 42  # where an entry of the directory says where its member begins
    assert good[at : at + 4] == second.to_bytes(4, "little")
    return good[:at] + first.to_bytes(4, "little") + good[at + 4 :]


def _patched(data: bytes, offset: int, value: bytes) -> bytes:
    """A zip with something changed in the headers of all its members, in both places."""
    raw = bytearray(data)
    for sign, shift in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
        at = raw.find(sign)
        while at >= 0:
            raw[at + offset + shift : at + offset + shift + len(value)] = value
            at = raw.find(sign, at + 4)
    return bytes(raw)


def _good_docx() -> bytes:
    return _docx("".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in GOOD.split("\n\n")))


def _rtf(body: str) -> str:
    return "{\\rtf1\\ansi " + body


def _word(name: str, content: Content, expect: str = _ENDS) -> Case:
    return text(name, content, expect, "hostile.docx")


def _both(name: str, make: Callable[[str, str], str], expect: str = _ENDS) -> list[Case]:
    """The same in a Word document and an OpenDocument text; made of a paragraph's mark and a run's."""
    return [
        _word(f"a Word document of {name}", lambda: _docx(make("w:p", "w:t")), expect),
        text(f"an OpenDocument text of {name}", lambda: _odt(make("text:p", "text:span")), expect, "hostile.odt"),
    ]


CASES: list[Case] = [
    _word("a Word document of the good article", _good_docx, "record"),
    text("an RTF of the good article", lambda: _rtf(_IN_RTF), "record", "hostile.rtf"),
    _word("a Word document that is a zip bomb", lambda: _docx(b" " * 100 * MB), "too_complex"),
    text("an OpenDocument text that is a zip bomb", lambda: _odt(b" " * 100 * MB), "too_complex", "hostile.odt"),
    text("a book whose chapter is a zip bomb", lambda: _epub(b" " * 100 * MB), "too_complex", "hostile.epub"),
    text(
        "a book of one chapter a hundred thousand times",
        lambda: _epub(f"<html><body><p>{PROSE}</p></body></html>", spine=100_000),
        file="hostile.epub",
    ),
    text(
        "a book with laughs in its list",
        lambda: _epub("", f"{_DTDS['billion laughs']}<container>&l11;</container>"),
        "too_complex",
        "hostile.epub",
    ),
    text("a book that lists nothing", lambda: _epub("", "<container/>"), "damaged", "hostile.epub"),
    text(
        "a book of the whole service's files", lambda: _epub("").replace(b'c.xhtml"', b'/etc/pw"'), file="hostile.epub"
    ),
    *(
        _word(
            f"a Word document with {name}",
            lambda dtd=dtd: _zip({**_OFFICE, "word/document.xml": f"{dtd}<a>&l11;</a>"}),
            "too_complex",
        )
        for name, dtd in _DTDS.items()
    ),
    *(
        text(
            f"an OpenDocument text with {name}",
            lambda dtd=dtd: _zip({"mimetype": _ODT, "content.xml": f"{dtd}<a>&l11;</a>"}),
            "too_complex",
            "hostile.odt",
        )
        for name, dtd in _DTDS.items()
    ),
    *_both("a hundred thousand nested elements", lambda paragraph, _: f"<{paragraph}>" * 100_000, "too_complex"),
    *_both(
        "a hundred thousand nested elements that end",
        lambda paragraph, _: f"<{paragraph}>" * 100_000 + f"</{paragraph}>" * 100_000,
        "too_complex",
    ),
    *_both(
        "a million paragraphs",
        lambda paragraph, run: _paragraphs(paragraph, 1_000_000, f"<{run}>a</{run}>"),
        "too_complex",
    ),
    *_both("a million empty paragraphs", lambda paragraph, _: _paragraphs(paragraph, 1_000_000, ""), "too_complex"),
    *_both(
        "a hundred thousand paragraphs",
        lambda paragraph, run: _paragraphs(paragraph, 100_000, f"<{run}>a</{run}>"),
        "too_many_lines",
    ),
    *_both(
        "one paragraph of thirty megabytes",
        lambda paragraph, run: f"<{paragraph}><{run}>{'a b ' * 7 * MB}</{run}></{paragraph}>",
        "too_complex too_long",
    ),
    *_both(
        "a paragraph of ten million letters in pieces",
        lambda paragraph, run: f"<{paragraph}>" + f"<{run}>{'a b ' * 25_000}</{run}>" * 100 + f"</{paragraph}>",
        "too_long",
    ),
    *_both(
        "attributes without an end",
        lambda paragraph, _: f"<{paragraph} " + " ".join(f"a{n}=''" for n in range(90_000)) + "/>",
    ),
    *_both(
        "an attribute of thirty megabytes", lambda paragraph, _: f"<{paragraph} a='{'a' * 30 * MB}'/>", "too_complex"
    ),
    *_both(
        "a hundred thousand namespaces",
        lambda paragraph, _: "".join(f"<{paragraph} xmlns:n{n}='u{n}'/>" for n in range(100_000)),
    ),
    *_both("what is cut in the middle", lambda paragraph, run: f"<{paragraph}><{run}>{PROSE}", "damaged"),
    *_both("an encoding that nobody knows", lambda _, __: "<?xml version='1.0' encoding='x-hostile'?>", "damaged"),
    _word(
        "a Word document of nested tables",
        lambda: _docx(
            "<w:tbl><w:tr><w:tc>" * 80 + "<w:p><w:r><w:t>a</w:t></w:r></w:p>" + "</w:tc></w:tr></w:tbl>" * 80
        ),
    ),
    _word(
        "a Word document of a row of a hundred thousand cells",
        lambda: _docx(
            "<w:tbl><w:tr>" + "<w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>" * 100_000 + "</w:tr></w:tbl>"
        ),
    ),
    _word(
        "a Word document of styles that are based on each other",
        lambda: _zip(
            {
                **_OFFICE,
                "word/document.xml": f"<w:document {_W}><w:body>{_STYLED * 50}</w:body></w:document>",
                "word/_rels/document.xml.rels": _relation("styles", "styles.xml"),
                "word/styles.xml": f"<w:styles {_W}>{_BASED_ON_EACH_OTHER}</w:styles>",
            }
        ),
    ),
    _word(
        "a Word document that climbs out",
        lambda: _zip(
            {
                **_OFFICE,
                "word/document.xml": f"<w:document {_W}/>",
                "_rels/.rels": _relation("officeDocument", "../../../etc/passwd"),
            }
        ),
        "damaged",
    ),
    _word("a Word document without its text", lambda: _zip({**_OFFICE, "word/styles.xml": "<a/>"}), "damaged"),
    _word("a Word document cut short", lambda: _good_docx()[:-300], "damaged"),
    _word("a Word document whose parts overlap", _overlapping, "too_complex damaged"),
    _word("a Word document with a false checksum", lambda: _patched(_good_docx(), 14, b"\x01\x02\x03\x04"), "damaged"),
    _word(
        "a Word document that calls its parts small", lambda: _patched(_docx(b" " * 40 * MB), 22, b"\x10\x00\x00\x00")
    ),
    _word(
        "a Word document that calls its parts huge",
        lambda: _patched(_good_docx(), 22, b"\xf0\xff\xff\xff"),
        "damaged record",
    ),
    _word("a Word document with a password on its parts", lambda: _patched(_good_docx(), 6, b"\x01"), "encrypted"),
    _word(
        "a Word document packed in another way",
        lambda: _zip({**_OFFICE, "word/document.xml": bytes(9 * MB)}, zipfile.ZIP_LZMA),
        "damaged",
    ),
    _word(
        "a Word document of fifty thousand parts",
        lambda: _docx("", **{f"word/{n}": b"" for n in range(50_000)}),
        "too_complex",
    ),
    _word("a Word document with a link to a program", lambda: _good_docx().replace(b"http", b"file"), "record"),
    *(
        text(
            f"an RTF of {name}",
            content,
            "no_body no_headline too_complex too_long too_many_lines record",
            "hostile.rtf",
        )
        for name, content in (
            ("groups within each other", lambda: _rtf("{" * 9 * MB)),
            ("groups beside each other", lambda: _rtf("{}" * 5 * MB)),
            ("ends of groups", lambda: _rtf("}" * 9 * MB)),
            ("words", lambda: _rtf("\\b" * 5 * MB)),
            ("a word of ten megabytes", lambda: _rtf("\\" + "b" * 9 * MB)),
            ("a number of ten megabytes", lambda: _rtf("\\u" + "1" * 9 * MB)),
            ("letters by number", lambda: _rtf("\\u8364?" * 1_400_000)),
            (
                "letters by numbers beyond all",
                lambda: _rtf("\\u9999999999? \\u-9999999999? \\uc9999999999 \\u-1?" * 1_000),
            ),
            ("halves of letters", lambda: _rtf("\\u-10179?" * 100_000)),
            ("letters by code", lambda: _rtf("\\'e4" * 2_500_000)),
            ("binary data without an end", lambda: _rtf(f"\\bin999999999 {PROSE}")),
            ("binary data of less than nothing", lambda: _rtf("\\bin-1 a" * 500_000)),
            ("fields without an end", lambda: _rtf('{\\field{\\*\\fldinst{HYPERLINK "a' * 60)),
            ("fields", lambda: _rtf('{\\field{\\*\\fldinst{HYPERLINK "http://a"}}{\\fldrslt a}}' * 100_000)),
            ("fonts", lambda: _rtf("{\\fonttbl" + "{\\f1\\fcharset204 a;}" * 300_000 + "}")),
            ("styles", lambda: _rtf("{\\stylesheet" + "".join(f"{{\\s{n} heading 1;}}" for n in range(300_000)) + "}")),
            ("code pages that nobody knows", lambda: _rtf("\\ansicpg99999 \\ansicpg0 \\ansicpg-1 " + PROSE)),
            ("ten megabytes of text", lambda: filled(_rtf("a b "), MOST)),
            ("a million paragraphs", lambda: _rtf("a\\par " * 1_000_000)),
            ("a million cells", lambda: _rtf("\\intbl " + "a\\cell " * 1_000_000 + "\\row")),
            ("a picture of ten megabytes", lambda: _rtf("{\\pict " + "ff" * 5 * MB + "}")),
            ("an object that is run", lambda: _rtf("{\\object\\objemb{\\*\\objdata 0105}}" + PROSE)),
            ("nothing", lambda: _rtf("}")),
            ("noise", lambda: b"{\\rtf1 " + bytes(range(256)) * 20_000),
        )
    ),
]
