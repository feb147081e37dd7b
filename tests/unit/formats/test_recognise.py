import io
import zipfile

import pytest

from tests.unit.formats.reading import document, sample
from worker.formats.magic import recognise as by_magic
from worker.formats.recognise import recognise

FILLING = b"x" * 5_000


def packed(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("members", "name"),
    [
        ([("[Content_Types].xml", b""), ("word/document.xml", b"")], "a Word document"),
        ([("docProps/a.bin", FILLING), ("word/document.xml", b""), ("[Content_Types].xml", b"")], "a Word document"),
        ([("[Content_Types].xml", FILLING), ("xl/workbook.xml", b"")], "an Excel workbook"),
        ([("[Content_Types].xml", FILLING), ("ppt/presentation.xml", b"")], "a PowerPoint presentation"),
        ([("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"")], "an OpenDocument text"),
        ([("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")], "an OpenDocument file"),
        ([("mimetype", b"application/epub+zip"), ("META-INF/container.xml", b"")], "an EPUB book"),
        ([("OEBPS/a.xhtml", FILLING), ("META-INF/container.xml", b"")], "an EPUB book"),
        ([("word/notes.txt", b"a"), ("xl/notes.txt", b"b")], "a ZIP archive"),
        ([("about word/ and xl/.txt", b"word/ ppt/ [Content_Types].xml epub+zip")], "a ZIP archive"),
        ([], "a ZIP archive"),
    ],
)
def test_an_archive_is_told_by_the_names_of_its_members(members: list[tuple[str, bytes]], name: str):
    for data in (packed(*members), packed(*members) + b"\n"):
        found = by_magic(data)
        assert found is not None
        assert found.name == name


def test_an_archive_without_its_list_is_told_by_its_beginning():
    found = by_magic(packed(("word/document.xml", b""))[:60])
    assert found is not None
    assert found.name == "a Word document"


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("lighthouse.mhtml", "mhtml"),
        ("lighthouse.eml", "mail"),
        ("lighthouse.md", "markdown"),
        ("hugo.rss", "feed"),
        ("pelican.atom", "feed"),
        ("news.json", "json_article"),
        ("news.jsonl", "json_lines"),
        ("lighthouse.nitf.xml", "nitf"),
        ("message.newsml.xml", "newsml"),
        ("infozip.zip", "archive"),
        ("lighthouse.txt.gz", "archive"),
    ],
)
def test_a_format_is_told_by_its_content_whatever_the_file_is_called(name: str, module: str):
    assert recognise(document(sample(name).data, "a")).module == module
    assert recognise(sample(name)).module == module


@pytest.mark.parametrize(
    ("data", "module"),
    [
        ("<?xml version='1.0'?>\n<?xml-stylesheet href='a'?>\n<!-- a --><rss>", "feed"),
        ("<!DOCTYPE nitf PUBLIC '-//IPTC//DTD NITF 3.2//EN' 'nitf.dtd' [<!ENTITY a 'b'>]><nitf>", "nitf"),
        ("<nar:newsItem xmlns:nar='x'>", "newsml"),
        ("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b", "mhtml"),
        ("To: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b", "mail"),
        ("Subject: a talk\n\nIt was long.", "text"),
        ("[Editor's note]\n\nIt was long.", "text"),
        ("{braces} in a text", "text"),
    ],
)
def test_what_looks_alike_is_told_apart(data: str, module: str):
    assert recognise(document(data)).module == module
