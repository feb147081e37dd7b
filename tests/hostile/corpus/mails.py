"""Mails and saved pages: parts without end, headers without end, and encodings that are none."""

import base64
import quopri

from tests.hostile.case import GOOD, HEADLINE, MB, PROSE, Case, filled, html, numbered, text

_TOP = f"MIME-Version: 1.0\r\nSubject: {HEADLINE}\r\nDate: Tue, 05 Mar 2024 10:00:00 +0100\r\n"
_ANY = ""


def mail(*headers: str, body: str = PROSE) -> str:
    """A mail."""
    return _TOP + "\r\n".join((*headers, "", body))


def _mixed(*parts: str, kind: str = "mixed") -> str:
    inner = "".join(f"--b\r\n{part}\r\n" for part in parts)
    return mail(f"Content-Type: multipart/{kind}; boundary=b", body=f"{inner}--b--\r\n")


def _nested(depth: int) -> str:
    tops = [f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(depth)]
    return f"{_TOP}{''.join(tops)}Content-Type: text/plain\r\n\r\n{PROSE}"


def _letters(depth: int) -> str:
    top = f"{_TOP}Content-Type: message/rfc822\r\n\r\n"
    return top * depth + mail()


def _saved(*parts: str, top: str = "From: <Saved by Blink>", start: str = "") -> str:
    """A page as a browser saves it."""
    inner = "".join(f"--b\r\nContent-Type: {part}\r\n" for part in parts)
    return f"{top}\r\n{_TOP}Content-Type: multipart/related; boundary=b{start}\r\n\r\n{inner}--b--"


_PLAIN = "Content-Type: text/plain\r\n\r\n"
_BOMB = base64.encodebytes(bytes(7 * MB)).decode()

CASES: list[Case] = [
    text("a mail of nested parts, some", _nested(40), "record"),
    text("a mail of nested parts, deep", lambda: _nested(900), "too_complex"),
    text("a mail of nested letters", lambda: _letters(30), _ANY),
    text("a mail of nested letters, deep", lambda: _letters(5_000), "too_complex"),
    text("a mail of nine hundred parts", lambda: _mixed(*[f"{_PLAIN}The river rose."] * 900), "record"),
    text("a mail of nine thousand parts", lambda: _mixed(*[f"{_PLAIN}The river rose."] * 9_000), "too_complex"),
    text("a mail of a million edges", lambda: _mixed("--b\r\n" * 900_000), "too_complex"),
    text(
        "a mail of long edges",
        lambda: mail(f"Content-Type: multipart/mixed; boundary={'b' * 900}", body="\r\n--" + "b" * 900_000),
    ),
    text("a mail with a type of a megabyte", lambda: mail(f"Content-Type: text/plain{';a=b' * 60_000}"), "too_complex"),
    text(
        "a part with a type of a megabyte",
        lambda: _mixed(f"Content-Type: text/plain{';a=b' * 250_000}\r\n\r\n{PROSE}"),
        "too_complex",
    ),
    text(
        "a mail with a type over many lines",
        lambda: mail("Content-Type: text/plain" + ";\r\n a=b" * 3_000),
        "too_complex",
    ),
    text(
        "a mail whose type is continued",
        lambda: mail("Content-Type: text/plain; " + numbered("charset*{}=utf;", 200)),
        "record",
    ),
    text("a mail with a subject of encoded words", lambda: mail("Subject: " + "=?utf-8?q?a?= " * 15_000), "record"),
    text(
        "a mail with broken encoded words",
        mail("X-A: b").replace(HEADLINE, "=?utf-8?b?A?= =?x-none?q?=ZZ?= =?utf-8?q?"),
        "record",
    ),
    text(
        "a mail with a subject of bytes",
        _TOP.encode().replace(HEADLINE.encode(), "Fluß und Brücke gesperrt".encode("latin-1"))
        + b"\r\n"
        + PROSE.encode(),
        "record",
    ),
    text("a mail without a subject", "MIME-Version: 1.0\r\nFrom: a@example.org\r\n\r\n" + GOOD, "record"),
    text("a mail of thirty thousand headers", lambda: mail(*["Received: from a by b"] * 30_000), "too_complex"),
    text("a mail with a header without an end", lambda: f"{_TOP}Received: {'a ' * 4 * MB}", "too_complex"),
    text("a mail of nothing", "MIME-Version: 1.0\r\nSubject: a\r\n\r\n", "no_body"),
    text(
        "a mail in an unknown encoding",
        mail("Content-Transfer-Encoding: x-hostile", "Content-Type: text/plain; charset=x"),
        "record",
    ),
    text("a mail whose charset is a codec", mail("Content-Type: text/plain; charset=zlib"), "record"),
    text(
        "a quoted-printable bomb",
        lambda: mail("Content-Transfer-Encoding: quoted-printable", body="=41=\r\n" * 1_500_000),
    ),
    text(
        "quoted-printable without ends", lambda: mail("Content-Transfer-Encoding: quoted-printable", body="=" * 5 * MB)
    ),
    text(
        "a mail in base64",
        mail("Content-Transfer-Encoding: base64", body=base64.encodebytes(PROSE.encode()).decode()),
        "record",
    ),
    text("a mail in base64 that is none", mail("Content-Transfer-Encoding: base64", body="!!!!" + PROSE)),
    text("a mail of megabytes of nothing", lambda: mail("Content-Transfer-Encoding: base64", body=_BOMB)),
    text(
        "a mail uuencoded without an end",
        lambda: mail("Content-Transfer-Encoding: x-uuencode", body="begin 644 a\n" + "M" * 5 * MB),
    ),
    text(
        "a mail with a bomb attached",
        lambda: _mixed(
            f"{_PLAIN}See below.",
            f"Content-Disposition: attachment; filename=a.txt\r\nContent-Transfer-Encoding: base64\r\n\r\n{_BOMB}",
        ),
    ),
    text(
        "a mail with a program attached",
        _mixed(f"{_PLAIN}See below.", "Content-Disposition: attachment; filename=a.exe\r\n\r\nMZ This program"),
        "record no_body",
    ),
    text("a mail with a mail attached", _mixed("Content-Type: message/rfc822\r\n\r\n" + mail()), "record"),
    text(
        "a mail of nine hundred attachments",
        lambda: _mixed(*["Content-Disposition: attachment; filename=a.html\r\n\r\n<html><p>a</html>"] * 900),
        "no_body",
    ),
    text(
        "an attachment that climbs out",
        _mixed(f'Content-Disposition: attachment; filename="../../etc/passwd"\r\n\r\n{GOOD}'),
        "record",
    ),
    text(
        "a mail of forwards", lambda: mail(body="-----Original Message-----\r\nFrom: a\r\nSubject: b\r\n\r\n" * 50_000)
    ),
    text(
        "a mail of forwards with a text",
        mail(body="-----Original Message-----\r\nSubject: b\r\n\r\n" * 9 + PROSE),
        "record",
    ),
    text("a mail of quotes", lambda: mail(body="> " * 2 * MB)),
    text("a mail of quoted lines", lambda: mail(body="> a\r\n" * 9_000)),
    text("a mail of signatures", lambda: mail(body=PROSE + "\r\n-- \r\n" * 100_000), "too_complex record"),
    text(
        "a mail of HTML quotes",
        lambda: mail("Content-Type: text/html", body='<blockquote type="cite">' * 20_000 + f"<p>{PROSE}</p>"),
    ),
    text(
        "a mail of HTML marks side by side",
        lambda: mail("Content-Type: text/html", body='<b class="gmail_quote">a</b>b' * 60_000),
    ),
    text(
        "a mail whose HTML is a quotation",
        mail("Content-Type: text/html", body=f"<html class=gmail_quote><body class=gmail_attr><p>{PROSE}</p>"),
    ),
    text("a mail in flowed lines", lambda: mail("Content-Type: text/plain; format=flowed", body="a \r\n" * 900_000)),
    text(
        "a mail that fetches",
        mail("Content-Type: message/external-body; access-type=URL; URL=http://localhost:1/"),
        "record no_body",
    ),
    text(
        "a saved page",
        _saved(f"text/html\r\n\r\n{html('')}", top="Snapshot-Content-Location: https://example.org/a"),
        "record",
        "a.mhtml",
    ),
    text(
        "a saved page without a page",
        _saved("text/css\r\n\r\na"),
        "no_body",
    ),
    text(
        "a saved page that starts nowhere",
        _saved(f"text/html; charset=utf-7\r\n\r\n{html('')}", start='; start="<x>"'),
        "record",
    ),
    text(
        "a saved page in quoted-printable",
        lambda: (
            f"From: <Saved by Blink>\r\n{_TOP}Content-Type: text/html\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quopri.encodestring(html("").encode()).decode()
        ),
        "record",
    ),
    text(
        "a saved page of pictures",
        lambda: (
            f"From: <Saved by Blink>\r\n{_TOP}Content-Type: multipart/related; boundary=b\r\n\r\n"
            + "--b\r\nContent-Type: image/png\r\n\r\na\r\n" * 900
            + "--b--"
        ),
        "no_body",
    ),
    text(
        "a saved page of ten megabytes",
        lambda: (
            f"From: <Saved by Blink>\r\n{_TOP}Content-Type: text/html\r\n\r\n".encode()
            + filled("<p>The river rose.</p>\n", 9 * MB)
        ),
        "too_complex",
    ),
]
