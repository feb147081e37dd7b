"""The lines of a PDF document with their places: a program of its own, for PDFium is ended by what it cannot hold.

It is run by its path, so it may use nothing of this package: bytes on standard input, JSON on standard output.
"""

import ctypes
import json
import math
import resource
import sys
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

MAX_PAGES = 200
MAX_CHARACTERS = 1_000_000
SECONDS = 7  # of processor time
MEGABYTES = 512
_WIDEST_SPACE = 1.2  # sizes of the font; a wider gap parts two columns, or two cells
_FORCED_BOLD = 1 << 18  # a flag of a font
_BOLD = (b"bold", b"black", b"heavy", b"demi")
_LONGEST_NAME = 200  # bytes of that of a font
_SPACE = 0x20
_BREAKS = frozenset(b"\r\n")
_HYPHENS = {0x02, 0xFFFE}  # what PDFium makes of a hyphen at a line's end


class Refused(Exception):
    """Why a document is not read: the reason of a rejection, and a detail."""


def main() -> None:
    """Write an object with ``title``, ``pages`` and ``lines``, or with ``refused``."""
    _limit()
    try:
        answer = _read(sys.stdin.buffer.read())
    except Refused as refused:
        answer = {"refused": refused.args}
    except MemoryError:
        answer = {"refused": ("too_complex", f"needs more than {MEGABYTES} MB")}
    json.dump(answer, sys.stdout)


def _limit() -> None:
    """Bound what a document may take; below a limit that is in force already."""
    for kind, most in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_DATA, MEGABYTES * 2**20),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _read(data: bytes) -> dict[str, Any]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
            raise Refused("encrypted", "it is protected by a password, or in a way that is not known") from error
        raise Refused("damaged", "it is no complete PDF document") from error
    if len(document) > MAX_PAGES:
        raise Refused("too_long", f"{len(document)} pages; at most {MAX_PAGES} are read")
    pages: list[dict[str, Any]] = []
    left = MAX_CHARACTERS
    for number in range(len(document)):
        try:
            page = document[number]
            text = page.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise Refused("damaged", f"its page {number + 1} cannot be read") from error
        left -= text.count_chars()
        if left < 0:
            raise Refused("too_long", f"more than {MAX_CHARACTERS} characters")
        width, height = page.get_size()
        pages.append({
            "width": width,
            "height": height,
            "objects": pdfium.FPDFPage_CountObjects(page),
            "lines": list(_lines(text)),
        })  # fmt: skip
        text.close()
        page.close()
    return {"title": _title(document), "pages": pages}


def _title(document: pypdfium2.PdfDocument) -> str:
    try:
        return str(document.get_metadata_value("Title"))
    except UnicodeDecodeError:
        return ""


def _lines(page: Any) -> Iterator[tuple[Any, ...]]:
    """The runs of text on a page in the order of its content, each on one base line and of one size.

    Each is the text, its left and right end and base line (in points), its size, and whether it is bold. Text that
    does not run from left to right, as beside pictures, is left out.
    """
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    parts: list[str] = []
    first, start, end, font, widest, hyphened = 0, 0.0, 0.0, 0.0, 0.0, False
    for index in range(pdfium.FPDFText_CountChars(page)):
        code = pdfium.FPDFText_GetUnicode(page, index)
        if code in _BREAKS:
            if parts and (line := _line(page, first, index, parts, start, end)):
                yield line
            parts = []
            continue
        pdfium.FPDFText_GetCharBox(page, index, left, right, bottom, top)
        if code == _SPACE and right.value <= left.value:  # one that PDFium added, without a place
            if parts:
                parts.append(" ")
            continue
        own = pdfium.FPDFText_GetFontSize(page, index)
        if parts and (own != font or abs(left.value - end) > widest or hyphened):
            if line := _line(page, first, index, parts, start, end):
                yield line
            parts = []
        if not parts:
            first, start, font = index, left.value, own
            widest = _WIDEST_SPACE * _scaled(page, index)[0]
        hyphened = code in _HYPHENS
        parts.append("-" if hyphened else chr(code))
        end = right.value
    if parts and (line := _line(page, first, index + 1, parts, start, end)):
        yield line


def _line(page: Any, first: int, after: int, parts: list[str], start: float, end: float) -> tuple[Any, ...] | None:
    text = "".join(parts).strip()
    size, upright = _scaled(page, first)
    if not text or not upright or size <= 0:
        return None
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(page, first, x, y)
    bold = _is_bold(page, first) and _is_bold(page, after - 1)
    return text, round(start, 2), round(end, 2), round(y.value, 2), round(size, 2), bold


def _is_bold(page: Any, index: int) -> bool:
    name, flags = ctypes.create_string_buffer(_LONGEST_NAME), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(page, index, name, _LONGEST_NAME, flags)
    return bool(flags.value & _FORCED_BOLD) or any(word in name.value.lower() for word in _BOLD)


def _scaled(page: Any, index: int) -> tuple[float, bool]:
    """The size in which a character is seen, in points, and whether it stands upright."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(page, index, matrix)
    size = pdfium.FPDFText_GetFontSize(page, index) * math.hypot(matrix.c, matrix.d)
    return size, matrix.a > abs(matrix.b)


if __name__ == "__main__":
    main()
