"""What all documents have in common, whatever program made them."""

import subprocess
import sys

import pytest

from tests.unit.formats.sandhaven import (
    BODY,
    CAPTION,
    COLUMNS,
    HEADINGS,
    HEADLINE,
    POINTS,
    SAMPLES,
    STANDFIRST,
    article,
    raw,
    sample,
)

PLAIN = [
    "libreoffice.docx",
    "libreoffice.odt",
    "libreoffice.rtf",
    "libreoffice.pdf",
    "pandoc.docx",
    "pandoc.odt",
    "pandoc.rtf",
]
IN_COLUMNS = ["columns-libreoffice.pdf", "columns-weasyprint.pdf", "columns-groff.pdf"]
WITHOUT_STANDFIRST = {"pandoc.rtf", "columns-groff.pdf"}  # these programs left it out
WITH_CAPTION = {*PLAIN, "columns-weasyprint.pdf"} - {"pandoc.rtf"}


@pytest.mark.parametrize("name", [*PLAIN, *IN_COLUMNS])
def test_the_body_is_read_in_its_order_and_whole(name: str):
    body = [block.text for block in article(name).body]
    assert body == (COLUMNS if name in IN_COLUMNS else BODY)


@pytest.mark.parametrize("name", [*PLAIN, *IN_COLUMNS])
def test_headline_byline_and_date_are_told_from_the_body(name: str):
    found = article(name)
    assert (found.headline, found.byline) == (HEADLINE, ("Mara Lindqvist",))
    assert found.published
    assert (found.published.value, found.published.timezone_known) == ("2025-02-14", False)


@pytest.mark.parametrize("name", [*PLAIN, *IN_COLUMNS])
def test_headings_and_points_of_lists_keep_their_kind(name: str):
    kinds = {block.text: block.kind for block in article(name).body}
    assert {kinds[text] for text in HEADINGS} == {"heading"}
    assert {kinds[text] for text in POINTS} == {"list_item"}


@pytest.mark.parametrize("name", [*PLAIN, *IN_COLUMNS])
def test_the_standfirst_is_none_of_the_body(name: str):
    assert article(name).standfirst == (None if name in WITHOUT_STANDFIRST else STANDFIRST)


@pytest.mark.parametrize("name", sorted(WITH_CAPTION))
def test_the_caption_of_a_picture_is_none_of_the_body(name: str):
    assert article(name).captions == (CAPTION,)


@pytest.mark.parametrize(
    "name", ["libreoffice.docx", "libreoffice.odt", "libreoffice.rtf", "pandoc.docx", "pandoc.odt", "pandoc.rtf"]
)
def test_links_are_kept(name: str):
    links = raw(sample(name)).links
    assert [(link.text, link.url) for link in links] == [("harbour office", "https://www.sandhaven.example/harbour")]


@pytest.mark.parametrize("name", ["libreoffice.docx", "libreoffice.odt", "libreoffice.rtf"])
def test_deleted_text_notes_headers_and_footers_are_no_part_of_it(name: str):
    text = str(raw(sample(name)).blocks)
    assert "harbour office said, sparing" in text
    for other in ("struck out", "footnote", "Sandhaven Courier", "Page 1"):
        assert other not in text


@pytest.mark.parametrize("name", ["libreoffice.docx", "libreoffice.odt", "libreoffice.rtf", "libreoffice.pdf"])
def test_the_date_of_the_file_is_not_that_of_the_article(name: str):
    assert raw(sample(name)).published is None


@pytest.mark.parametrize(
    "name", [path.name for path in SAMPLES.iterdir() if path.suffix in {".docx", ".odt", ".rtf", ".pdf", ".epub"}]
)
def test_samples_are_small(name: str):
    assert len(sample(name).data) < 100_000


def test_a_missing_package_is_named_with_what_to_install():
    code = (
        "import sys; sys.modules['pypdfium2'] = None\n"
        "import datetime; from worker.errors import Rejected; from worker.formats import read_document\n"
        "from worker.models import Document\n"
        "document = Document('a.pdf', b'%PDF-1.7', datetime.datetime.now())\n"
        "try: read_document(document)\n"
        "except Rejected as error: print(error.reason, error.detail, error.hint, sep='|')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    reason, detail, hint = done.stdout.strip().split("|")
    assert reason == "not_installed"
    assert detail == "looks like a PDF document, for which the package 'pypdfium2' is missing"
    assert "copydesk[worker,formats]" in hint


def test_documents_of_word_processors_need_no_package_beyond_the_workers():
    code = (
        "import sys; sys.modules['pypdfium2'] = None; sys.modules['lxml'] = None\n"
        "from tests.unit.formats.sandhaven import article\n"
        "for name in ('libreoffice.docx', 'libreoffice.odt', 'libreoffice.rtf'): print(article(name).headline)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [HEADLINE] * 3
