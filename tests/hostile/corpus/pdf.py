"""PDF documents: page trees, streams, references and fonts that never end."""

import zlib
from collections.abc import Sequence

from tests.hostile.case import GOOD, HEADLINE, MB, MOST, Case, Content, text

_ENDS = "damaged no_body no_headline too_complex too_long record"


def _stream(data: bytes, entries: str = "", *, packed: bool = True) -> bytes:
    """A stream object's content; packed with the usual method, or as it is."""
    if packed:
        data, entries = zlib.compress(data, 9), f"{entries} /Filter /FlateDecode"
    return f"<< /Length {len(data)} {entries} >>\nstream\n".encode() + data + b"\nendstream"


def _pdf(objects: Sequence[bytes | str], trailer: str = "") -> bytes:
    """A document of these objects, numbered from 1; the first is its catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        raw = content.encode() if isinstance(content, str) else content
        out += f"{number} 0 obj\n".encode() + raw + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


_CATALOGUE = "<< /Type /Catalog /Pages 2 0 R >>"
_FONT = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >> >> >>"


def _page(parent: int = 2, contents: int = 4, more: str = "") -> str:
    return (
        f"<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 595 842] /Contents {contents} 0 R "
        f"/Resources {more or _FONT} >>"
    )


def _one_page(content: bytes, *, packed: bool = True, filters: str = "") -> bytes:
    """A document of one page with this content."""
    return _pdf(
        [_CATALOGUE, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", _page(), _stream(content, filters, packed=packed)]
    )


def _packed_page(packed: bytes, filters: str = "/FlateDecode") -> bytes:
    """A document of one page with this content, which is packed already."""
    stream = _stream(packed, f"/Filter {filters}", packed=False)
    return _pdf([_CATALOGUE, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", _page(), stream])


def _spaces(megabytes: int) -> bytes:
    """That many megabytes of spaces, packed."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(b" " * MB) for _ in range(megabytes)) + packer.flush()


def _typeset() -> bytes:
    """The good article as a program would set it."""
    out = [f"BT /F1 20 Tf 50 780 Td ({_plain(HEADLINE)}) Tj ET"]
    y = 740
    for paragraph in GOOD.split("\n\n")[1:]:
        words, line = _plain(paragraph).split(), ""
        for word in [*words, ""]:
            if len(line) + len(word) > 80 or not word:
                out.append(f"BT /F1 11 Tf 50 {y} Td ({line.strip()}) Tj ET")
                y, line = y - 14, ""
            line += f"{word} "
        y -= 14
    return "\n".join(out).encode("latin-1")


def _plain(words: str) -> str:
    return words.replace("“", '"').replace("”", '"').replace("(", "").replace(")", "")


def _forms(levels: int, width: int) -> bytes:
    """Drawings that draw others many times over, to some depth."""
    resources = "<< /XObject << /X {} 0 R >> >>"
    objects: list[bytes | str] = [
        _CATALOGUE,
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        _page(more=resources.format(5)),
        _stream(b"/X Do "),
    ]
    for level in range(levels):
        entries = f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources {resources.format(6 + level)}"
        objects.append(_stream(b"/X Do " * width, entries))
    objects.append(
        _stream(b"BT /F1 9 Tf (a) Tj ET", f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources {_FONT}")
    )
    return _pdf(objects)


def _deep_pages(levels: int) -> bytes:
    kids = [f"<< /Type /Pages /Kids [{n + 3} 0 R] /Count 1 /Parent {n + 1} 0 R >>" for n in range(levels)]
    return _pdf([_CATALOGUE, *kids, _page(levels + 1, levels + 3), _stream(_typeset())])


def _many_pages(count: int) -> bytes:
    kids = " ".join(["3 0 R"] * count)
    return _pdf([_CATALOGUE, f"<< /Type /Pages /Kids [{kids}] /Count {count} >>", _page(), _stream(_typeset())])


def _object_stream() -> bytes:
    body = b"1 0 2 1 " + b" " * 200 * MB
    return _pdf(
        [_CATALOGUE, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", _page(), _stream(body, "/Type /ObjStm /N 2 /First 8")]
    )


def _cross_reference_stream() -> bytes:
    entries = "/Type /XRef /Size 100000000 /W [1 8 8] /Root 1 0 R /Index [0 100000000]"
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
    return body + b"2 0 obj\n" + _stream(bytes(100 * MB), entries) + f"\nendobj\nstartxref\n{len(body)}\n%%EOF".encode()


def _case(name: str, content: Content, expect: str = _ENDS) -> Case:
    return text(name, content, expect, "hostile.pdf")


CASES: list[Case] = [
    _case("a PDF of the good article", lambda: _one_page(_typeset()), "record"),
    _case("a PDF cut short", lambda: _one_page(_typeset())[:600]),
    _case("a PDF without its end", lambda: _one_page(_typeset())[:-200]),
    _case("a PDF of its first line", b"%PDF-1.7\n", "damaged"),
    _case("a PDF of noise", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 20_000, "damaged"),
    _case("a PDF without pages", lambda: _pdf([_CATALOGUE, "<< /Type /Pages /Kids [] /Count 0 >>"]), "damaged no_body"),
    _case("a PDF of pages without text", lambda: _one_page(b"0 0 m 9 9 l S"), "no_body"),
    _case(
        "a PDF whose pages contain themselves",
        lambda: _pdf([_CATALOGUE, "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"]),
    ),
    _case(
        "a PDF whose pages contain each other",
        lambda: _pdf(
            [_CATALOGUE, "<< /Type /Pages /Kids [3 0 R] /Count 9 >>", "<< /Type /Pages /Kids [2 0 R] /Count 9 >>"]
        ),
    ),
    _case(
        "a PDF that claims a million pages",
        lambda: _pdf([_CATALOGUE, "<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>", _page(), _stream(_typeset())]),
    ),
    _case(
        "a PDF that claims fewer than no pages",
        lambda: _pdf([_CATALOGUE, "<< /Type /Pages /Kids [3 0 R] /Count -7 >>", _page(), _stream(_typeset())]),
    ),
    _case("a PDF of a million pages that are one", lambda: _many_pages(1_000_000), "too_long damaged"),
    _case("a PDF of pages a hundred thousand deep", lambda: _deep_pages(50_000)),
    _case(
        "a PDF with a page of two gigabytes",
        lambda: _packed_page(_spaces(2_000)),
        "damaged no_body too_complex",
    ),
    _case(
        "a PDF with a page that is packed twice",
        lambda: _packed_page(zlib.compress(_spaces(2_000)), "[/FlateDecode /FlateDecode]"),
    ),
    _case(
        "a PDF of ten million letters",
        lambda: _one_page(b"BT /F1 9 Tf 9 9 Td " + b"(aaaaaaaaaa) Tj " * 1_000_000 + b"ET"),
        "too_long too_complex",
    ),
    _case(
        "a PDF of a million lines",
        lambda: _one_page(b"BT /F1 9 Tf " + b"0 9 Td (a b) Tj " * 1_000_000 + b"ET"),
        "too_long too_complex too_many_lines",
    ),
    _case("a PDF of a million paths", lambda: _one_page(b"0 0 m 9 9 l S " * 3_000_000)),
    _case("a PDF of saved states", lambda: _one_page(b"q " * 20 * MB)),
    _case("a PDF of arrays within each other", lambda: _one_page(b"[" * 9 * MB)),
    _case("a PDF whose catalogue is arrays within each other", lambda: _pdf([b"[" * 5 * MB])),
    _case("a PDF whose catalogue is dictionaries within each other", lambda: _pdf([b"<</a" * MB])),
    _case("a PDF of drawings that double forty times", lambda: _forms(30, 2)),
    _case("a PDF of a drawing that draws a million others", lambda: _forms(2, 1_000)),
    _case("a PDF of a drawing that draws itself", lambda: _forms(0, 0).replace(b"(a) Tj", b"/X Do")),
    _case("a PDF with an object stream of spaces", _object_stream),
    _case("a PDF with a table of a hundred million places", _cross_reference_stream),
    _case(
        "a PDF whose tables follow each other in a circle",
        lambda: _one_page(_typeset()).replace(b"/Root 1 0 R", b"/Prev 9 /Root 1 0 R"),
    ),
    _case(
        "a PDF that says it starts beyond its end",
        lambda: _one_page(_typeset()).replace(b"startxref\n", b"startxref\n99999"),
    ),
    _case("a PDF of a million small objects", lambda: _pdf([_CATALOGUE, *["7"] * 250_000])),
    _case(
        "a PDF with a length of its own length",
        lambda: _one_page(_typeset()).replace(b"/Length ", b"/Length 4 0 R /L "),
    ),
    _case(
        "a PDF with an unknown lock",
        lambda: _pdf(
            [_CATALOGUE, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", _page(), _stream(_typeset())],
            "/Encrypt << /Filter /Hostile /V 99 >>",
        ),
        "encrypted damaged",
    ),
    _case("a PDF of ten megabytes of nothing", lambda: b"%PDF-1.7\n" + b" " * (MOST - 9), "damaged"),
    _case(
        "a PDF with a program in it",
        lambda: _one_page(_typeset()).replace(
            b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert) >>"
        ),
        "record",
    ),
]
