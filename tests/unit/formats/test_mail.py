import base64

import pytest

from tests.unit.formats.reading import FIRST, HEADLINE, article, blocks, document, rejection, sample
from worker.formats.mime import MAX_NESTED
from worker.models import RawArticle

TOP = (
    "Date: Tue, 05 Mar 2024 10:00:00 +0100\r\nFrom: Max Roe <max@example.org>\r\nTo: desk@example.org\r\n"
    "Subject: {}\r\nMIME-Version: 1.0\r\n"
)
PROSE = (
    "The river rose by four metres in the night, the mayor said on Tuesday, and the water stood in the cellars of the "
    "old town. Nobody was hurt, but two bridges will stay closed until the water has fallen below the mark that was "
    "set a hundred years ago."
)
MORE = "The fire brigade asked everybody to stay at home and to keep away from the banks until Friday."
PLAIN = "Content-Type: text/plain; charset=utf-8\r\n"


def mail(body: str, *headers: str, subject: str = "River rises") -> str:
    return TOP.format(subject) + "".join(f"{header}\r\n" for header in headers) + "\r\n" + body


def mixed(*found: str, kind: str = "mixed", subject: str = "River rises") -> str:
    inner = "".join(f"--b\r\n{part}\r\n" for part in found)
    return mail(f"{inner}--b--\r\n", f"Content-Type: multipart/{kind}; boundary=b", subject=subject)


def attached(name: str, data: bytes) -> str:
    return (
        f'Content-Disposition: attachment; filename="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + base64.encodebytes(data).decode()
    )


def read(text: str | bytes) -> RawArticle:
    return article(document(text, "a.eml"))


def text(raw: RawArticle) -> str:
    return " ".join(block.text for block in raw.blocks)


def test_a_mail_from_a_mail_program_is_read_without_its_signature():
    raw = article(sample("lighthouse.eml"))
    assert raw.headline == f"{HEADLINE} – Skjærøya"
    assert raw.published is not None
    assert (raw.published.value, raw.published.timezone_known) == ("2026-11-24T18:45:44+00:00", True)
    assert raw.media_type == "message/rfc822"
    assert text(raw).startswith(FIRST)
    assert "the keeper’s granddaughter" in text(raw)
    assert "Press office" not in text(raw)


def test_an_article_that_is_attached_to_a_note_is_read_instead():
    raw = article(sample("attached.eml"))
    assert (raw.media_type, raw.headline, raw.byline) == ("text/markdown", HEADLINE, ("Ingrid Solbakken",))
    assert raw.published is not None
    assert raw.published.value == "2025-03-14"
    assert "lighthouse.md" in raw.warnings[-1]


def test_the_sender_is_no_author():
    assert read(mail(PROSE)).byline == ()


@pytest.mark.parametrize("prefix", ["Re: ", "Fwd: ", "FW: AW: ", "Re[2]: WG: "])
def test_the_headline_is_the_subject_without_what_mail_programs_put_before_it(prefix: str):
    assert read(mail(PROSE, subject=f"{prefix}River rises")).headline == "River rises"
    assert read(mail(PROSE, subject="Reading: Re: a river")).headline == "Reading: Re: a river"


def test_bytes_in_a_subject_are_read_though_they_should_not_be_there():
    raw = read(mail(PROSE, subject="{}").encode().replace(b"{}", "Fluß steigt".encode("latin-1")))
    assert raw.headline == "Fluß steigt"


def test_a_text_without_markup_is_preferred_to_one_with_it_unless_it_is_a_scrap():
    html = f"Content-Type: text/html; charset=utf-8\r\n\r\n<p>{PROSE}</p><p>{MORE}</p>"
    assert blocks(read(mixed(f"{PLAIN}\r\n{PROSE}", html, kind="alternative"))) == [("line", PROSE)]
    scrap = f"{PLAIN}\r\nYour program does not show HTML."
    assert blocks(read(mixed(scrap, html, kind="alternative"))) == [("paragraph", PROSE), ("paragraph", MORE)]


def test_flowed_lines_are_paragraphs_again():
    body = "The river rose by \r\nfour metres.\r\n\r\n From here on it \r\nfell.\r\n-- \r\nMax"
    raw = read(mail(body, "Content-Type: text/plain; format=flowed"))
    assert blocks(raw) == [("line", "The river rose by four metres."), ("line", "From here on it fell.")]


def test_quoted_replies_are_cut_from_a_letter_that_says_something_itself():
    body = f"{PROSE}\r\n\r\nOn Mon, 4 Mar 2024 at 09:00, Jane Doe wrote:\r\n> Where is the article?\r\n> Jane\r\n"
    assert text(read(mail(body))) == PROSE


def test_a_quoted_article_is_read_where_the_letter_says_nothing_itself():
    quoted = "\r\n".join(f"> {line}" for line in (PROSE, "", MORE))
    assert text(read(mail(f"See below.\r\n\r\nMax wrote:\r\n{quoted}\r\n"))) == f"{PROSE} {MORE}"


def test_a_letter_that_is_passed_on_gives_its_subject_and_date():
    head = "From: Jane\r\nDate: Mon, 4 Mar 2024 09:00:00 +0200\r\nSubject: Flood\r\nTo: Max\r\n"
    body = f"FYI\r\n\r\n---------- Forwarded message ---------\r\n{head}\r\n{PROSE}\r\n"
    raw = read(mail(body, subject="Fwd: something"))
    assert (raw.headline, text(raw)) == ("Flood", PROSE)
    assert raw.published is not None
    assert raw.published.value == "2024-03-04T09:00:00+02:00"


def test_quotes_and_signatures_in_html_are_cut():
    html = (
        f"<html><body><p>{PROSE}</p><div class='gmail_signature'>Max Roe, 555 0100</div>"
        f"<blockquote type='cite'><p>Where is the article?</p></blockquote></body></html>"
    )
    assert text(read(mail(html, "Content-Type: text/html"))) == PROSE
    only = f"<html><body><blockquote type='cite'><p>{PROSE}</p></blockquote></body></html>"
    assert text(read(mail(only, "Content-Type: text/html"))) == PROSE


def test_a_mail_within_a_mail_is_read():
    inner = mail(PROSE, subject="The inner one")
    raw = read(mixed(f"{PLAIN}\r\nSee below.", f"Content-Type: message/rfc822\r\n\r\n{inner}"))
    assert (raw.headline, text(raw)) == ("The inner one", PROSE)


def test_the_first_attachment_that_is_an_article_is_read_and_its_date_is_the_mails():
    found = [attached("a.png", b"\x89PNG\r\n\x1a\n"), attached("../b.txt", f"Flood\n\n{PROSE}".encode())]
    raw = read(mixed(f"{PLAIN}\r\nHere it is.", *found))
    assert (raw.media_type, blocks(raw)[0]) == ("text/plain", ("line", "Flood"))
    assert raw.published is not None
    assert raw.published.value == "2024-03-05T10:00:00+01:00"


def test_a_mail_that_is_long_enough_is_read_whatever_is_attached():
    raw = read(mixed(f"{PLAIN}\r\n{PROSE}", attached("a.txt", f"Other\n\n{MORE} {MORE} {MORE}".encode())))
    assert text(raw) == PROSE


def test_why_an_attachment_is_not_read_is_said():
    error = rejection(document(mixed(attached("a.png", b"\x89PNG\r\n\x1a\n")), "a.eml"))
    assert error.reason == "no_body"
    assert "'a.png', is not read: looks like a PNG image" in error.detail


def test_parts_too_deep_within_each_other_are_refused():
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(MAX_NESTED + 1))
    assert rejection(document(TOP.format("a") + nested, "a.eml")).reason == "too_complex"
