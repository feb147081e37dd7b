import subprocess
import sys
from collections.abc import Iterable, Sequence

import pytest

from tests.unit.formats.sandhaven import COLUMNS, HEADLINE, NOW, SAMPLES, raw, rejection, sample
from worker.formats import pdf
from worker.formats.pdf_layout import Line, columns
from worker.formats.pdf_paragraphs import paragraphs
from worker.models import Document, RawArticle

Set = tuple[float, float, float, str]  # left, base, size, text

PROSE = [
    "The river rose by four metres in the night, the mayor said on",
    "Tuesday, and the lower town was under water before the day",
    "had begun. It fell again by noon.",
]


def made(pages: Iterable[Sequence[Set]], title: str = "", font: str = "Times-Roman") -> bytes:
    """A PDF document with these lines on its pages."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        f"<< /Title ({title}) >>",
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} >>",
    ]
    kids = []
    for lines in pages:
        content = "\n".join(f"BT /F1 {size} Tf {left} {base} Td ({text}) Tj ET" for left, base, size, text in lines)
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] "
            f"/Resources << /Font << /F1 4 0 R >> >> /Contents {number + 1} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 3 0 R >>\nstartxref\n{start}\n%%EOF"
    return out.encode("latin-1")


def read(pages: Iterable[Sequence[Set]], title: str = "") -> RawArticle:
    return raw(Document("a.pdf", made(pages, title), NOW))


def down(lines: Sequence[str], top: float = 600, left: float = 60, size: float = 11) -> list[Set]:
    return [(left, top - 13 * number, size, text) for number, text in enumerate(lines)]


def line(text: str, base: float, left: float = 50, right: float | None = None, **others: float) -> Line:
    return Line(
        int(others.get("page", 0)), text, left, right or left + 5 * len(text), base, others.get("size", 10), False
    )


def texts(lines: Sequence[Line]) -> list[str]:
    return [part.text for part in paragraphs([list(lines)])]


def test_running_heads_feet_and_page_numbers_are_no_text():
    text = str(raw(sample("columns-weasyprint.pdf")).blocks)
    assert "Sandhaven Courier" not in text
    assert "Saturday 15 February 2025" not in text
    assert all(block.text != "1" for block in raw(sample("columns-weasyprint.pdf")).blocks)


def test_heads_of_one_page_are_no_text_where_they_stand_above_the_headline():
    page = [
        (60, 770, 9, "The Sandhaven Courier"),
        (60, 700, 24, "The river rose by four metres"),
        *down(PROSE),
        (300, 30, 9, "- 3 -"),
    ]
    assert [block.text for block in read([page]).blocks] == ["The river rose by four metres", " ".join(PROSE)]


def test_what_stands_at_one_place_on_one_page_alone_is_text():
    first = [(60, 770, 11, "One line at the very top of the first page")]
    assert read([first, down(PROSE)]).blocks[0].text == first[0][3]


def test_the_largest_text_near_the_top_of_the_first_page_is_the_headline():
    page = [
        *down(PROSE),
        (60, 700, 24, "The river rose by four metres"),
        (60, 640, 15, "It fell again before the noon of the day"),
    ]
    found = read([page, [(60, 700, 40, "Another headline on page two"), *down(PROSE)]])
    assert found.headline == "The river rose by four metres"
    assert found.blocks[0].text == found.headline


def test_a_page_without_larger_text_has_no_headline_of_its_own():
    assert read([down(PROSE)]).headline is None


@pytest.mark.parametrize(
    "title", ["Microsoft Word - river.doc", "river_final.indd", "Untitled", "Quite another headline"]
)
def test_a_title_in_the_properties_that_the_text_does_not_repeat_is_not_believed(title: str):
    page = [(60, 700, 11, "The river rose"), *down(PROSE)]
    assert read([page], title).headline is None
    assert read([page], "The river rose").headline == "The river rose"


def test_the_author_in_the_properties_is_no_byline():
    assert raw(sample("columns-weasyprint.pdf")).byline == ()


def filled(name: str, top: float, left: float, width: float, count: int = 8) -> list[Line]:
    """A column of lines that fill its width."""
    return [line(f"{name} {number}", top - 12 * number, left, left + width) for number in range(count)]


def names(found: Sequence[Sequence[Line]]) -> list[list[str]]:
    return [sorted({part.text.split()[0] for part in column}) for column in found]


def test_columns_are_read_one_after_the_other_though_they_were_written_line_by_line():
    across = line("headline", 700, 50, 500)
    pairs = [
        part for pair in zip(filled("left", 600, 50, 220), filled("right", 600, 290, 220), strict=True) for part in pair
    ]
    found = columns([*pairs, across])
    assert names(found) == [["headline"], ["left"], ["right"]]
    assert [part.text for part in found[1]] == [f"left {number}" for number in range(8)]


def test_what_stands_across_parts_what_is_above_from_what_is_below():
    low = [*filled("low-a", 400, 50, 220), *filled("low-b", 400, 290, 220)]
    top = [*filled("top-a", 600, 50, 220), *filled("top-b", 600, 290, 220)]
    assert names(columns([*low, line("caption", 500, 50, 480), *top])) == [
        ["top-a"],
        ["top-b"],
        ["caption"],
        ["low-a"],
        ["low-b"],
    ]


def test_three_columns_are_read_from_left_to_right():
    lines = [*filled("c", 600, 370, 140), *filled("a", 600, 50, 140), *filled("b", 600, 210, 140)]
    assert names(columns(lines)) == [["a"], ["b"], ["c"]]


def test_the_last_line_of_a_column_may_be_short_and_words_may_stand_far_apart():
    spaced = [line("far", 480, 290, 310), line("apart", 480, 400, 440), line("apart", 480, 490, 510)]
    lines = [*filled("a", 600, 50, 220, 11), line("a", 468, 50, 90), *filled("b", 600, 290, 220, 10), *spaced]
    found = columns(lines)
    assert [column[-1].text for column in found] == ["a", "far apart apart"]


def test_rows_of_a_table_stay_together():
    prose = [
        line("Running text that goes from one edge to the other of it", 700 - 12 * number, 50, 500)
        for number in range(8)
    ]
    cells = [
        line(text, 500 - 14 * number, at)
        for number in range(6)
        for text, at in ((f"Gate {number}", 50), ("none found", 250), ("x", 420))
    ]
    found = [part.text for column in columns([*prose, *cells]) for part in column]
    assert "Gate 3 | none found | x" in found


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (
            ["the harbour office and", "the inde-", "pendent com-", "mittee of re-", "sidents said so"],
            "independent committee of residents",
        ),
        (["the harbour office and the har-", "bour town"], "office and the harbour town"),
        (["a long-term plan and a long-", "term loan"], "plan and a long-term loan"),
        (["it closed in twenty-", "six minutes"], "closed in twenty-six minutes"),
        (["a stray inde-", "pendent word"], "a stray inde-pendent word"),
        (["the Franco-", "German plan"], "the Franco-German plan"),
        (["the sur\u00ad", "vey said"], "the survey said"),
    ],
)
def test_words_that_a_lines_end_broke_are_whole_where_that_is_certain(lines: list[str], joined: str):
    found = texts([line(text, 700 - 12 * number, 50, 250) for number, text in enumerate(lines)])
    assert joined in " ".join(found)


@pytest.mark.parametrize(
    ("second", "count"),
    [
        (line("and goes on here to the end of it.", 688, 50, 250), 1),
        (line("Another that is further down than usual", 670, 50, 250), 2),
        (line("Another that begins with an indent here", 688, 65, 250), 2),
        (line("Another in a larger type", 688, 50, 250, size=13), 2),
        (line("• a point of a list that is new here", 688, 50, 250), 2),
    ],
)
def test_a_paragraph_begins_at_a_gap_an_indent_another_size_or_a_bullet(second: Line, count: int):
    above = [line("The first line of a paragraph fills it", 724 - 12 * number, 50, 250) for number in range(3)]
    assert len(texts([*above, second])) == count


def test_a_paragraph_ends_where_the_next_word_would_have_fitted():
    lines = [line("The first line of a paragraph fills it", 700, 50, 250), line("but not the second.", 688, 50, 140)]
    assert len(texts([*lines, line("The third begins another one, and so on", 676, 50, 250)])) == 2


def test_a_paragraph_goes_on_in_the_next_column():
    first = [line("The first column of a text ends with a", 700 - 12 * number, 50, 250) for number in range(4)]
    second = [line("sentence that is not yet at its own end", 700 - 12 * number, 300, 500) for number in range(4)]
    assert len(paragraphs([first, second])) == 1


def test_a_scan_says_that_it_needs_ocr():
    error = rejection(sample("scan-weasyprint.pdf").data)
    assert (error.reason, error.detail) == ("no_body", "its pages hold only pictures: it needs OCR")


def test_a_password_is_named():
    assert rejection(sample("password-libreoffice.pdf").data).reason == "encrypted"


@pytest.mark.parametrize("size", [9, 500, 20_000, 29_000])
def test_a_document_that_is_cut_is_a_record_or_damaged(size: int):
    error = rejection(sample("columns-weasyprint.pdf").data[:size])
    assert error.reason == "damaged"


def test_too_many_pages_are_refused():
    assert rejection(made([down(PROSE[:1])] * 201)).reason == "too_long"


def test_what_ends_the_reader_ends_as_a_rejection(monkeypatch: pytest.MonkeyPatch, tmp_path):
    program = tmp_path / "program.py"
    program.write_text("import os; os.abort()")
    monkeypatch.setattr(pdf, "_PROGRAM", str(program))
    error = rejection(made([down(PROSE)]))
    assert (error.reason, error.detail) == ("too_complex", "the reader of PDF documents was ended by signal 6")


def test_a_reader_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path):
    program = tmp_path / "program.py"
    program.write_text("while True: pass")
    monkeypatch.setattr(pdf, "_PROGRAM", str(program))
    monkeypatch.setattr(pdf, "_SECONDS", 0.5)
    assert rejection(made([down(PROSE)])).reason == "too_complex"


def test_a_bug_of_the_reader_stays_loud(monkeypatch: pytest.MonkeyPatch, tmp_path):
    program = tmp_path / "program.py"
    program.write_text("raise KeyError('a bug')")
    monkeypatch.setattr(pdf, "_PROGRAM", str(program))
    with pytest.raises(RuntimeError, match="a bug"):
        raw(Document("a.pdf", made([down(PROSE)]), NOW))


def test_the_reader_takes_no_more_memory_than_it_may():
    code = (
        "import resource, runpy, sys, io, json; sys.stdin = io.TextIOWrapper(io.BytesIO(b'%PDF-1.7'))\n"
        "runpy.run_path(sys.argv[1], run_name='__main__')\n"
        "print(); print(resource.getrlimit(resource.RLIMIT_DATA)[0], resource.getrlimit(resource.RLIMIT_CPU)[0])"
    )
    command = [sys.executable, "-I", "-c", code, pdf._PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == f"{512 * 2**20} 7"


def test_the_sample_in_columns_is_hyphenated():
    """Else that it is read whole would say little."""
    done = subprocess.run(
        [sys.executable, "-I", pdf._PROGRAM],
        input=(SAMPLES / "columns-groff.pdf").read_bytes(),
        capture_output=True,
        check=True,
    )
    assert done.stdout.count(b'-"') > 5
    assert HEADLINE.encode() in done.stdout
    assert all("- " not in text for text in COLUMNS)
