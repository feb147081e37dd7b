"""ZIP and gzip archives that are bombs, lie, overlap, are locked, or are cut off."""

import gzip
import io
import stat
import struct
import zipfile
import zlib

from tests.hostile.case import GOOD, HEADLINE, MB, Case, html, text

_DATE = (1980, 1, 1, 0, 0, 0)
_RESULT = "record no_headline no_body"


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), data, method)
    return stream.getvalue()


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _good() -> bytes:
    return packed({"a.txt": GOOD.encode()})


def _changed(data: bytes, sign: bytes, offset: int, value: bytes, last: bool = False) -> bytes:
    """An archive with some bytes changed, counted from the first, or last, place of a sign."""
    at = (data.rfind(sign) if last else data.find(sign)) + offset
    return data[:at] + value + data[at + len(value) :]


def _link() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        member = zipfile.ZipInfo("passwd.txt", _DATE)
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "/etc/passwd")
    return stream.getvalue()


def _overlapping(count: int) -> bytes:
    """An archive whose list names the same compressed megabytes again and again."""
    name = b"a.txt"
    data = zlib.compress(bytes(9 * MB), 9)[2:-4]
    crc, size = zlib.crc32(bytes(9 * MB)), 9 * MB
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(data), size, len(name), 0) + name + data
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, len(data), size, 5, 0, 0, 0, 0, 0, 0)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, count * (len(entry) + 5), len(local), 0)
    return local + (entry + name) * count + end


def _quine() -> bytes:
    data = packed({"a.txt": GOOD.encode()})
    for level in range(8):
        data = packed({f"{level}/x.zip": data, f"{level}.txt": GOOD.encode()}, zipfile.ZIP_STORED)
    return data


def _understated() -> bytes:
    """A bomb that calls itself a hundred bytes long."""
    data = packed({"a.txt": bytes(50 * MB)})
    small = struct.pack("<I", 100)
    return _changed(_changed(data, b"PK\x03\x04", 22, small), b"PK\x01\x02", 24, small)


CASES: list[Case] = [
    text(
        "an archive of many megabytes each", lambda: packed({f"{n}.txt": bytes(9 * MB) for n in range(30)}), "too_large"
    ),
    text("an archive of bombs", lambda: packed({f"{n}.txt": bytes(11 * MB) for n in range(40)}), "too_large"),
    text(
        "an archive of archives of megabytes",
        lambda: packed({f"{n}.zip": packed({"a.txt": bytes(9 * MB)}) for n in range(99)}),
        "too_large",
    ),
    text(
        "an archive of gzip bombs", lambda: packed({f"{n}.gz": _gzip(bytes(50 * MB)) for n in range(20)}), "too_large"
    ),
    text("an archive that understates a bomb", _understated, "damaged"),
    text("an archive whose members overlap", lambda: _overlapping(1_000), "damaged"),
    text("archives in archives, with articles", _quine, "record"),
    text(
        "an archive of a thousand empty archives", lambda: packed({f"{n}.zip": packed({}) for n in range(999)}), "empty"
    ),
    text(
        "an archive of sixty thousand members",
        lambda: packed(dict.fromkeys((f"{n}.txt" for n in range(60_000)), b"")),
        "too_many_articles",
    ),
    text(
        "an archive of two thousand articles",
        lambda: packed({f"{n}.txt": GOOD.encode() for n in range(2_000)}),
        "too_many_articles",
    ),
    text("an archive of links", _link, "not_a_file"),
    text(
        "an archive of pictures alone",
        lambda: packed({"a.png": b"\x89PNG", "b/": b"", "__MACOSX/._c.txt": b"c"}),
        "empty",
    ),
    text("an empty archive", lambda: packed({}), "empty"),
    text(
        "an archive with a wrong checksum",
        lambda: _changed(_good(), b"PK\x01\x02", 16, b"\xde\xad\xbe\xef"),
        "damaged",
    ),
    text("an archive with broken data", lambda: _changed(_good(), b"a.txt", 9, b"\xff\xff\xff\xff\xff\xff"), "damaged"),
    text("an archive that says it is locked", lambda: _changed(_good(), b"PK\x01\x02", 8, b"\x01\x00"), "encrypted"),
    text("an archive by an unknown method", lambda: _changed(_good(), b"PK\x01\x02", 10, b"\x63\x00"), "unknown_type"),
    text("an archive by LZMA", lambda: packed({"a.txt": GOOD.encode()}, zipfile.ZIP_LZMA), "unknown_type"),
    text("an archive by bzip2", lambda: packed({"a.txt": bytes(9 * MB)}, zipfile.ZIP_BZIP2), "unknown_type"),
    text("an archive without its list", lambda: _good()[:-30], "damaged"),
    text(
        "an archive whose list lies elsewhere",
        lambda: _changed(_good(), b"PK\x05\x06", 16, b"\xff\xff\xff\x7f"),
        "damaged",
    ),
    text(
        "an archive whose member lies elsewhere",
        lambda: _changed(_good(), b"PK\x01\x02", 42, b"\xff\xff\xff\x7f"),
        "damaged",
    ),
    text(
        "an archive of absolute paths",
        lambda: packed({"/etc/passwd": GOOD.encode(), "C:\\a\\b.txt": GOOD.encode()}),
        "record",
    ),
    text("an archive with a name of controls", lambda: packed({"a\n\x1b[2J\u202e\ud7ff.txt": GOOD.encode()}), "record"),
    text("an archive with a long name", lambda: packed({"a/" * 20_000 + "b.txt": GOOD.encode()}), "record"),
    text(
        "an archive with the same name twice",
        lambda: packed({"a.txt": GOOD.encode(), "A.TXT": GOOD.encode()}),
        "record",
    ),
    text(
        "an archive with a good page and a bad one",
        lambda: packed({"a.html": html("").encode(), "b.html": b"<html></html>"}),
        "record",
    ),
    text("an archive with words before it", lambda: b"MZ" + _good()),
    text("an archive of a folder called word", lambda: packed({"word/a.txt": GOOD.encode()}), "record"),
    text("a gzip archive", lambda: _gzip(GOOD.encode()), "record", "a.txt.gz"),
    text("a gzip archive cut off", lambda: _gzip(GOOD.encode())[:-20], "damaged"),
    text("a gzip archive with a wrong checksum", lambda: _gzip(GOOD.encode())[:-8] + bytes(8), "damaged"),
    text(
        "a gzip archive with broken data",
        lambda: _changed(_gzip(GOOD.encode()), b"\x1f\x8b", 30, b"\xff" * 9),
        "damaged",
    ),
    text("gzip archives behind each other", lambda: _gzip(b"a") * 9_000, _RESULT),
    text("a million gzip archives behind each other", lambda: _gzip(b"") * 500_000, "too_complex"),
    text("a gzip archive with a long name", lambda: _gzip(b"")[:3] + b"\x08" + bytes(6) + b"n" * 9 * MB, "damaged"),
    text("gzip archives within each other", lambda: _gzip(_gzip(_gzip(_gzip(_gzip(GOOD.encode()))))), "too_complex"),
    text("a headline in a gzip archive", lambda: _gzip(HEADLINE.encode()), "no_body"),
]
