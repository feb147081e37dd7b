"""Telling by its first bytes what a file is that is not text."""

from dataclasses import dataclass

from schemas.rejection import Reason


@dataclass(frozen=True, slots=True)
class Signature:
    """What the first bytes of a kind of file look like.

    Attributes:
        name: For people, with its article: "a PNG image".
        magic: The bytes.
        offset: Where they stand.
        reason: ``unknown_type`` for documents that could hold an article, ``binary`` for the rest.
    """

    name: str
    magic: bytes
    offset: int = 0
    reason: Reason = "binary"


SIGNATURES = (
    Signature("a PDF document", b"%PDF-", reason="unknown_type"),
    Signature("an RTF document", b"{\\rtf", reason="unknown_type"),
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
    Signature("a gzip archive", b"\x1f\x8b\x08"),
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
_ZIP_HEAD = 4096  # bytes in which the names of the first members of an archive stand
_ZIPPED = (
    (b"word/", "a Word document"),
    (b"xl/", "an Excel workbook"),
    (b"ppt/", "a PowerPoint presentation"),
    (b"opendocument", "an OpenDocument file"),
    (b"epub+zip", "an EPUB book"),
    (b"[Content_Types].xml", "a Microsoft Office document"),
)


def recognise(data: bytes) -> tuple[str, Reason] | None:
    """What a file is, judging by its first bytes, and why it is refused; None when they say nothing."""
    if data.startswith(_ZIP):
        return _zipped(data[:_ZIP_HEAD])
    if data.startswith(b"MZ") and b"This program" in data[:512]:  # "MZ" alone may begin a text
        return "a Windows program", "binary"
    for signature in SIGNATURES:
        if data.startswith(signature.magic, signature.offset):
            return signature.name, signature.reason
    return None


def _zipped(head: bytes) -> tuple[str, Reason]:
    for sign, name in _ZIPPED:
        if sign in head:
            return name, "unknown_type"
    return "a ZIP archive", "binary"
