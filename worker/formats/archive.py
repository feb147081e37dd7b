"""Archives: the files in a ZIP or gzip archive, read as if each had been dropped by itself. Nothing is ever written."""

import contextlib
import gzip
import io
import posixpath
import stat
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise

from worker.cleaning.tables import words
from worker.errors import Rejected
from worker.formats.zipped import BROKEN, ENCRYPTED, ENTRY, HEADER, READABLE
from worker.models import Document
from worker.names import display

Spend = Callable[[int], None]

MAX_MEMBER = 10 * 2**20  # bytes of one file
MAX_MEMBERS = 10_000  # of an archive, with those that are passed over
_CHUNK = 65_536
_LABEL = 500  # characters of a member's path
_UTF8 = 0x800  # a flag of a member
_GZIP = b"\x1f\x8b\x08"
_NO_ARTICLES = frozenset(
    words(
        """
    .png .jpg .jpeg .gif .webp .svg .ico .bmp .tif .tiff .heic .avif .css .js .mjs .map .woff .woff2 .ttf .otf .eot
    .mp3 .mp4 .m4a .m4v .mov .avi .mkv .webm .ogg .wav .flac
    """
    )
)
_LEFTOVERS = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


def unpack(document: Document, spend: Spend) -> Iterator[Document]:
    """The files in an archive, each with its path; those that cannot hold an article are passed over.

    Args:
        document: The archive.
        spend: Told of all bytes that are unpacked, before there are more of them.

    Raises:
        Rejected: ``damaged``, ``too_many_articles``, ``too_large``, or ``empty`` where nothing is left to read.
    """
    found = False
    for part in _gunzipped(document, spend) if document.data.startswith(_GZIP) else _unzipped(document, spend):
        found = True
        yield part
    if not found:
        raise Rejected("parse", "empty", "the archive holds no file that could be an article")


def _gunzipped(document: Document, spend: Spend) -> Iterator[Document]:
    """The file in a gzip archive, called as the archive is but for its ending."""
    name = document.part.rpartition("#")[2] if document.part else document.path
    stem, ending = posixpath.splitext(posixpath.basename(name))
    name = {".gz": stem, ".tgz": f"{stem}.tar"}.get(ending.lower(), f"{stem}{ending}")
    if document.data.count(_GZIP) > MAX_MEMBERS:  # one may follow another, and each takes its time
        raise Rejected("parse", "too_complex", f"more than {MAX_MEMBERS} archives, one behind the other")
    pieces: list[bytes] = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(document.data)) as stream:
            while piece := stream.read(_CHUNK):
                size += len(piece)
                spend(len(piece))
                _check_size(size, name)
                pieces.append(piece)
    except BROKEN as error:
        raise Rejected("parse", "damaged", f"the archive is damaged or cut off: {_said(error)}") from error
    yield document.contained(name[:_LABEL], b"".join(pieces))


def _unzipped(document: Document, spend: Spend) -> Iterator[Document]:
    if document.data.count(ENTRY) > MAX_MEMBERS:
        raise Rejected("parse", "too_many_articles", f"more than {MAX_MEMBERS} files in one archive")
    try:
        archive = zipfile.ZipFile(io.BytesIO(document.data))
    except BROKEN as error:
        raise Rejected("parse", "damaged", f"the archive is damaged or cut off: {_said(error)}") from error
    with archive:
        members = archive.infolist()
        _check_overlap(members)
        for member in members:
            if member.is_dir() or _is_passed_over(member.filename):
                continue
            label = _label(member)
            try:
                yield document.contained(label, _member(archive, member, spend))
            except _Unreadable as error:
                yield document.refused(label, error)


class _Unreadable(Rejected):
    """One file cannot be read; the others may be."""


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, spend: Spend) -> bytes:
    if member.flag_bits & ENCRYPTED:
        raise _Unreadable("parse", "encrypted", "locked with a password")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise _Unreadable("parse", "not_a_file", "a link in an archive")
    if member.compress_type not in READABLE:
        raise _Unreadable("parse", "unknown_type", f"compressed by a method that is not read, {member.compress_type}")
    _check_size(member.file_size, member.filename)
    pieces: list[bytes] = []
    try:
        with archive.open(member) as stream:  # gives no more bytes than the header says, and checks their sum
            while piece := stream.read(_CHUNK):
                spend(len(piece))
                pieces.append(piece)
    except BROKEN as error:
        raise _Unreadable("parse", "damaged", f"damaged in its archive: {_said(error)}") from error
    data = b"".join(pieces)
    if len(data) != member.file_size:
        raise _Unreadable("parse", "damaged", f"holds {len(data)} bytes, not {member.file_size} as its archive says")
    return data


def _check_size(size: int, name: str) -> None:
    if size > MAX_MEMBER:
        detail = f"{posixpath.basename(name)[:100]!r} unpacks to more than {MAX_MEMBER} bytes"
        raise _Unreadable("parse", "too_large", detail)


def _check_overlap(members: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive whose members share bytes: it can hold a thousand times what it seems to."""
    spans = sorted((member.header_offset, member.compress_size) for member in members)
    if any(start + HEADER + size > after for (start, size), (after, _) in pairwise(spans)):
        raise Rejected("parse", "damaged", "files in the archive overlap")


def _is_passed_over(path: str) -> bool:
    parts = path.lower().split("/")
    return (
        any(part in _LEFTOVERS or (part.startswith((".", "~")) and part.strip(".")) for part in parts)
        or posixpath.splitext(path)[1].lower() in _NO_ARTICLES
    )


def _label(member: zipfile.ZipInfo) -> str:
    """What to call a member: its path, which is never used to open anything."""
    name = member.filename
    if not member.flag_bits & _UTF8:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")  # as most programs write it, without saying so
    return display(name)[:_LABEL]


def _said(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:200]
