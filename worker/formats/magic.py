"""Telling by its first bytes what a file is that is not text."""

import struct
from dataclasses import dataclass

from schemas.rejection import Reason


@dataclass(frozen=True, slots=True)
class Signature:
    """What the first bytes of a kind of file look like.

    Attributes:
        name: For people, with its article: "a PNG image".
        magic: The bytes.
        offset: Where they stand.
        reason: Why it is refused: ``unknown_type`` for documents that could hold an article, else ``binary``.
        format: What it is read as, where it is read.
    """

    name: str
    magic: bytes
    offset: int = 0
    reason: Reason = "binary"
    format: str | None = None


SIGNATURES = (
    Signature("a PDF document", b"%PDF-", format="pdf"),
    Signature("an RTF document", b"{\\rtf", format="rtf"),
    Signature("a PostScript document", b"%!PS", reason="unknown_type"),
    Signature("an old Microsoft Office document", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", reason="unknown_type"),
    Signature("a DjVu document", b"AT&TFORM", reason="unknown_type"),
    Signature("a web archive", b"bplist00", reason="unknown_type"),
    Signature("a PNG image", b"\x89PNG\r\n\x1a\n"),
    Signature("a JPEG image", b"\xff\xd8\xff"),
    Signature("a GIF image", b"GIF87a"),
    Signature("a GIF image", b"GIF89a"),
    Signature("a WebP image", b"WEBP", offset=8),
    Signature("a TIFF image", b"II*\x00"),
    Signature("a TIFF image", b"MM\x00*"),
    Signature("a HEIC or AVIF image, or an MP4 video", b"ftyp", offset=4),
    Signature("an icon", b"\x00\x00\x01\x00"),
    Signature("a gzip archive", b"\x1f\x8b\x08", format="gzip"),
    Signature("a bzip2 archive", b"BZh"),
    Signature("an xz archive", b"\xfd7zXZ\x00"),
    Signature("a Zstandard archive", b"\x28\xb5\x2f\xfd"),
    Signature("a 7-Zip archive", b"7z\xbc\xaf\x27\x1c"),
    Signature("a RAR archive", b"Rar!\x1a\x07"),
    Signature("a tar archive", b"ustar", offset=257),
    Signature("a Linux program", b"\x7fELF"),
    Signature("a macOS program", b"\xcf\xfa\xed\xfe"),
    Signature("a Java class", b"\xca\xfe\xba\xbe"),
    Signature("a SQLite database", b"SQLite format 3\x00"),
    Signature("an MP3 sound", b"ID3"),
    Signature("an Ogg sound", b"OggS\x00"),
    Signature("a FLAC sound", b"fLaC"),
    Signature("a WAVE sound", b"WAVE", offset=8),
    Signature("an AVI video", b"AVI ", offset=8),
    Signature("a Matroska or WebM video", b"\x1a\x45\xdf\xa3"),
    Signature("a web font", b"wOF2"),
    Signature("a web font", b"wOFF"),
)

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_ZIP_HEAD = 4096  # bytes in which the names of the first members of an archive stand
_ZIP_END = 65_536 + 22  # bytes at its end in which its list of members is told
_ZIP_NAMES = 5_000  # members whose names are looked at
_OFFICE = "[Content_Types].xml"  # a member of every document of Microsoft's formats
_ENTRY = struct.Struct("<4s24xHHH12x")  # one of that list, up to its name; what matters of it
_END = struct.Struct("<4s8xII2x")
_MARKS = (
    ("word/", Signature("a Word document", b"", format="docx")),
    ("xl/", Signature("an Excel workbook", b"", reason="unknown_type")),
    ("ppt/", Signature("a PowerPoint presentation", b"", reason="unknown_type")),
    ("META-INF/container.xml", Signature("an EPUB book", b"", format="epub")),
)
_MIMETYPES = (
    (b"application/vnd.oasis.opendocument.text", Signature("an OpenDocument text", b"", format="odt")),
    (b"application/vnd.oasis.opendocument", Signature("an OpenDocument file", b"", reason="unknown_type")),
    (b"application/epub+zip", Signature("an EPUB book", b"", format="epub")),
)
_ARCHIVE = Signature("a ZIP archive", _ZIP, format="zip")


def recognise(data: bytes) -> Signature | None:
    """What a file is, judging by its first bytes; None when they say nothing."""
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return _zipped(data)
    if data.startswith(b"MZ") and b"This program" in data[:512]:  # "MZ" alone may begin a text
        return Signature("a Windows program", b"MZ")
    return next((found for found in SIGNATURES if data.startswith(found.magic, found.offset)), None)


def _zipped(data: bytes) -> Signature:
    """What an archive is: by its member ``mimetype``, which must come first, else by the names of its members."""
    if data[30:38] == b"mimetype":
        said = data[38:200]
        if found := next((kind for mimetype, kind in _MIMETYPES if mimetype in said), None):
            return found
    names = _member_names(data)
    if names is None:  # cut off, or no archive at all: what its first members are called tells what it was to be
        head = data[:_ZIP_HEAD].decode("latin-1")
        return next((kind for mark, kind in _MARKS if mark in head), _ARCHIVE)
    marks = _MARKS if _OFFICE in names else _MARKS[-1:]
    return next((kind for mark, kind in marks if any(name.startswith(mark) for name in names)), _ARCHIVE)


def _member_names(data: bytes) -> list[str] | None:
    """The names of an archive's first members, from the list at its end; None where there is no such list."""
    at = data.rfind(_EMPTY_ZIP, max(0, len(data) - _ZIP_END))
    if at < 0 or at + _END.size > len(data):
        return None
    _, size, start = _END.unpack_from(data, at)
    start = at - size if data[start : start + 4] != b"PK\x01\x02" else start  # something may stand before the archive
    names: list[str] = []
    while 0 <= start <= len(data) - _ENTRY.size and len(names) < _ZIP_NAMES:
        sign, name, extra, comment = _ENTRY.unpack_from(data, start)
        if sign != b"PK\x01\x02":
            break
        start += _ENTRY.size
        names.append(data[start : start + name].decode("latin-1"))
        start += name + extra + comment
    return names or None
