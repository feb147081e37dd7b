"""Archives, images, mails, and files that are two things at once."""

import base64
import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

from tests.hostile.case import GOOD, HEADLINE, MB, PROSE, Case, filled, html, page, text

_NO_TEXT = "binary unknown_type"


def _zip(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)  # dated 1980, not now
    return stream.getvalue()


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _nested_zip(depth: int) -> bytes:
    data = bytes(10 * MB)
    for level in range(depth):
        data = _zip({f"{level}.zip": data})
    return data


def _tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member = tarfile.TarInfo("../../etc/passwd")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(member)
    return stream.getvalue()


def _mail(*headers: str, body: str = PROSE) -> str:
    return "\r\n".join((*headers, "", body))


_BOUNDARY = "Content-Type: multipart/mixed; boundary="

CASES: list[Case] = [
    text("a zip bomb", lambda: _zip({"a.txt": bytes(50 * MB)}), "too_large", "a.zip"),
    text("nested zips", lambda: _nested_zip(6), "too_complex", "a.zip"),
    text("a zip of ten thousand members", lambda: _zip({f"{n}.txt": b"" for n in range(10_000)}), "too_many_articles"),
    text("a zip that climbs out", lambda: _zip({"../../etc/passwd": b"x"}), "no_body no_headline"),
    text("a zip cut short", lambda: _zip({"a.txt": GOOD.encode()})[:40], "damaged"),
    text("a gzip bomb", lambda: _gzip(bytes(50 * MB)), "too_large", "a.txt.gz"),
    text("a gzip bomb in a gzip bomb", lambda: _gzip(_gzip(bytes(50 * MB))), "too_large"),
    text("a bzip2 bomb", lambda: bz2.compress(bytes(50 * MB)), _NO_TEXT),
    text("an xz bomb", lambda: lzma.compress(bytes(50 * MB)), _NO_TEXT),
    text("a tar that climbs out", _tar, _NO_TEXT, "a.tar"),
    text("an article in a tar", lambda: _tar() + GOOD.encode(), _NO_TEXT),
    page("a PDF that is a page", f"%PDF-1.7\n{html('')}", "damaged"),
    page("a GIF that is a page", f"GIF89a/*{html('')}*/", _NO_TEXT),
    page("a page that is a PDF", f"{html('')}\n%PDF-1.7\n1 0 obj\n", "record"),
    page("a page that is a zip", lambda: html("").encode() + _zip({"a.txt": GOOD.encode()})),
    text("an article with a zip at its end", lambda: GOOD.encode() + _zip({"a.txt": GOOD.encode()})),
    text("an article with a PNG at its end", lambda: GOOD.encode() + b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
    text("a PNG cut short", b"\x89PNG", "undecodable binary no_headline no_body record"),
    text("a JPEG that holds an article", b"\xff\xd8\xff\xe1" + GOOD.encode(), _NO_TEXT),
    text("a program", b"\x7fELF" + bytes(range(256)) * 1_000, _NO_TEXT),
    text(
        "a Windows program",
        b"MZ" + bytes(76) + b"This program cannot be run in DOS mode." + bytes(range(256)) * 100,
        _NO_TEXT,
    ),
    text("a text that begins with MZ", f"MZ {GOOD}", "record"),
    text("a text that begins with BZh", f"BZh is no abbreviation\n\n{PROSE}"),
    text("a text that begins with PK", f"PK is a name, mayor says at night\n\n{PROSE}", "record"),
    text("a PostScript text", f"%!PS-Adobe-3.0\n{GOOD}", _NO_TEXT),
    text(
        "a pickle", b"\x80\x04\x95cos\nsystem\n(S'reboot'\ntR.", "binary undecodable no_headline no_body empty record"
    ),
    text("a pickle of protocol nought", b"cos\nsystem\n(S'reboot'\ntR."),
    text("YAML with a constructor", f"!!python/object/apply:os.system ['reboot']\n{GOOD}"),
    text("a mail", _mail("MIME-Version: 1.0", f"Subject: {HEADLINE}"), "record", "a.eml"),
    text("a mail of a hundred thousand headers", _mail(*["Received: from a by b"] * 100_000), "too_complex"),
    text("a mail with a header of a megabyte", _mail(f"Received: {'a ' * 500_000}"), "too_long"),
    text(
        "a mail of nested parts",
        _mail("MIME-Version: 1.0", body=f"{_BOUNDARY}a\r\n\r\n--a\r\n" * 20_000),
        "too_complex",
    ),
    text(
        "a mail without a last boundary",
        _mail("MIME-Version: 1.0", f"{_BOUNDARY}a", body="--a\r\n" * 1_000),
        "too_complex no_body",
    ),
    text(
        "a mail with an unknown charset",
        _mail("MIME-Version: 1.0", "Content-Type: text/plain; charset=x-hostile"),
        "record no_headline",
    ),
    text(
        "a mail with a bomb in base64",
        lambda: _mail("MIME-Version: 1.0", body=base64.encodebytes(_gzip(bytes(9 * MB))).decode()),
        "no_headline no_body",
    ),
    text("a mail that calls itself an article", _mail(f"Subject: {HEADLINE}", "From: a@example.org")),
    text("a mailbox", f"From a@example.org Fri May 17 10:00:00 2024\n{_mail(f'Subject: {HEADLINE}')}" * 100),
    text(
        "MHTML",
        "From: <Saved by a browser>\r\nMIME-Version: 1.0\r\n"
        + _BOUNDARY
        + "a\r\n\r\n--a\r\nContent-Type: text/html\r\n\r\n"
        + html(""),
    ),
    text("a data address alone", lambda: b"data:text/html;base64," + base64.b64encode(filled(html(""), 700_000))),
    text("quoted-printable", GOOD.replace(" ", "=20").replace("\n", "=\n")),
    text("uuencoded", "begin 644 a.txt\n" + "M5&AE(')I=F5R(')O<V4@:6X@=&AE(&YI9VAT+@\n" * 9_000 + "end"),
    text(
        "a PEM key",
        "-----BEGIN PRIVATE KEY-----\n"
        + ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" * 2 + "\n") * 500
        + "-----END PRIVATE KEY-----",
    ),
    text("a torrent", "d8:announce35:http://tracker.example.org/announce4:infod6:lengthi1e" * 1_000 + "e"),
]
