"""PDF documents: text in reading order, its paragraphs made again from where its lines stand."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from worker.cleaning.dates import find_dates
from worker.errors import Rejected
from worker.formats.bounds import bounded
from worker.formats.claims import believed_title
from worker.formats.pdf_layout import Line, columns
from worker.formats.pdf_paragraphs import Paragraph, paragraphs
from worker.models import Document, RawArticle, RawBlock

if find_spec("pypdfium2") is None:  # it is imported by the program alone
    raise ModuleNotFoundError("No module named 'pypdfium2'", name="pypdfium2")

_PROGRAM = os.path.join(os.path.dirname(__file__), "pdf_lines.py")
_SECONDS = 8.5  # on the clock; the program has a limit on its own time
_EDGE = 0.12  # of a page's height, in which its running head and foot stand
_BULLET = re.compile(r"[•·▪▫◦‣●○■□►▸➤➢✓✔∙⁃\uf0b7–-]\s+")
_PAGE_NUMBER = re.compile(
    r"\W{0,20}(?:(?:page|seite|p\.|pg\.?)\s{0,5})?\d{1,4}(?:\s{0,5}(?:of|/|von|de)\s{0,5}\d{1,4})?\W{0,20}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W\d_]")


def read(document: Document) -> RawArticle:
    """Read a PDF document that holds text.

    Raises:
        Rejected: ``damaged``, ``encrypted``, ``too_complex``, ``too_long``, ``too_many_lines`` or ``no_body``, which is
            what a scan has.
    """
    found = _run(document.data)
    lines = [_lines(number, page["lines"]) for number, page in enumerate(found["pages"])]
    if not any(lines):
        drawn = any(page["objects"] for page in found["pages"])
        detail = "its pages hold only pictures: it needs OCR" if drawn else "its pages are empty"
        raise Rejected("parse", "no_body", detail, "body")
    heights = [page["height"] for page in found["pages"]]
    size = _body_size(lines)
    text = paragraphs([column for page in _without_edges(lines, heights) for column in columns(_legible(page, size))])
    headline = _headline(text, size, heights[0])
    if headline:
        text = [part for part in text if not _is_above(part, headline, heights[0])]
    blocks = bounded(_blocks(text, size, headline))
    if not blocks:
        raise Rejected("parse", "no_body", "there is nothing on its pages but their numbers", "body")
    return RawArticle(
        media_type="application/pdf",
        encoding="utf-8",
        blocks=blocks,
        headline=headline.text if headline else believed_title(found["title"], blocks),
    )


def _run(data: bytes) -> dict[str, Any]:
    """What the program finds; it takes the limits of memory and time on itself, and none of its ends is ours."""
    command = [sys.executable, "-I", _PROGRAM]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise Rejected("parse", "too_complex", f"its pages take more than {_SECONDS:g} s to read") from error
    if done.returncode < 0:  # by a signal: it ran out of memory or time, or PDFium fell over the document
        raise Rejected("parse", "too_complex", f"the reader of PDF documents was ended by signal {-done.returncode}")
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace")[-2_000:])
    found: dict[str, Any] = json.loads(done.stdout)
    if "refused" in found:
        reason, detail = found["refused"]
        raise Rejected("parse", reason, detail)
    return found


def _lines(page: int, lines: Sequence[Sequence[Any]]) -> list[Line]:
    return [Line(page, *line) for line in lines]


def _body_size(pages: Sequence[Sequence[Line]]) -> float:
    """The size in which most of a document is set, in points."""
    sizes: Counter[float] = Counter()
    for line in (line for page in pages for line in page):
        sizes[round(2 * line.size) / 2] += len(line.text)
    return max(sizes.most_common(1)[0][0], 0.5)


def _legible(lines: Sequence[Line], size: float) -> list[Line]:
    """The lines without the marks of footnotes: small, and no words."""
    return [line for line in lines if line.size > 0.75 * size or len(line.text) > 3 or _LETTER.search(line.text)]


def _without_edges(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> Iterator[list[Line]]:
    """The pages without their running heads and feet: page numbers, and what stands at one place on several pages."""
    seen = Counter(
        key for page, height in zip(pages, heights, strict=True)
        for key in {_place(line) for line in page if _is_at_edge(line, height)}
    )  # fmt: skip
    for page, height in zip(pages, heights, strict=True):
        edges = [line for line in page if _is_at_edge(line, height)]
        numbered = {round(line.base) for line in edges if _PAGE_NUMBER.fullmatch(line.text)}
        gone = {line for line in edges if seen[_place(line)] > 1 or round(line.base) in numbered}
        yield [line for line in page if line not in gone]


def _is_at_edge(line: Line, height: float) -> bool:
    return not _EDGE * height <= line.base <= (1 - _EDGE) * height


def _place(line: Line) -> tuple[int, str]:
    return round(line.base / 4), _DIGITS.sub("#", line.text)


def _headline(text: Sequence[Paragraph], size: float, height: float) -> Paragraph | None:
    """The largest text of the first page, where it stands out near its top."""
    large = [
        part
        for part in text
        if part.page == 0 and part.size >= 1.15 * size and part.base > 0.4 * height and 3 <= len(part.text.split()) < 40
    ]
    return max(large, key=lambda part: part.size, default=None)


def _is_above(part: Paragraph, headline: Paragraph, height: float) -> bool:
    """Whether a text is the head of a document's only page, which nothing but its place tells."""
    at_edge = part.page == 0 and part.base > max(headline.base, (1 - _EDGE) * height)
    return at_edge and len(part.text.split()) <= 8 and not find_dates(part.text)


def _blocks(text: Sequence[Paragraph], size: float, headline: Paragraph | None) -> Iterator[RawBlock]:
    bold = 2 * sum(len(part.text) for part in text if part.bold) > sum(len(part.text) for part in text)
    for part in text:
        bullet = _BULLET.match(part.text)
        if part is headline:
            yield RawBlock("heading", part.text)
        elif bullet and part.text[bullet.end() :]:
            yield RawBlock("list_item", part.text[bullet.end() :])
        elif (part.size >= 1.1 * size or (part.bold and not bold)) and _can_be_heading(part.text):
            yield RawBlock("heading", part.text)
        else:
            yield RawBlock("line", part.text)


def _can_be_heading(text: str) -> bool:
    return len(text.split()) <= 14 and not text.endswith((".", ",", ";", ":"))
