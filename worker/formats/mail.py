"""E-mails: the article in a message's text, or in what is attached to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from worker.errors import Rejected
from worker.formats import mime, read_document
from worker.formats.encoding import Decoded
from worker.formats.fragments import Fragment, read_fragment
from worker.formats.mail_text import FEW_WORDS, Letter, plain_letter, without_quotes
from worker.formats.mojibake import read_text
from worker.formats.moments import read_internet_date
from worker.formats.recognise import recognise
from worker.formats.text import line_blocks
from worker.models import Document, RawArticle, RawBlock
from worker.names import display

MAX_DEPTH = 3  # messages within each other
MAX_ATTACHMENTS = 20  # that are tried
_ENOUGH = 150  # words without mark-up that are an article, whatever stands beside them
_SCRAP = 0.3  # of the words with mark-up, below which those without are no article
_LETTERS = frozenset({"mail", "mhtml"})  # which would bring more of their own
_PREFIX = re.compile(r"\A\s*+(?:(?:re|fwd?|aw|wg|sv|vs|tr|rv|antw)(?:\[\d{1,3}\])?\s*:\s*)+", re.IGNORECASE)


@dataclass(slots=True)
class _Contents:
    """The parts of a message by what they are for."""

    plain: list[mime.Part] = field(default_factory=list)
    html: list[mime.Part] = field(default_factory=list)
    attached: list[mime.Part] = field(default_factory=list)


def read(document: Document) -> RawArticle:
    """Read an e-mail: its subject is the headline, its date that of publication where its text has none.

    Who sent it did not write it, unless the text says so.

    Raises:
        Rejected: ``too_complex``, ``undecodable``, ``too_long``, ``too_many_lines``, or ``no_body`` where neither the
            text nor an attachment can be read as an article.
    """
    return _read(document, mime.parse(document.data), 0)


def _read(document: Document, message: mime.Part, depth: int) -> RawArticle:
    contents = _sorted(message)
    body, letter, decoded = _body(contents)
    date = read_internet_date(letter.date) or read_internet_date(mime.header(message, "Date"))
    faults: list[str] = []
    if _words(body.blocks) < FEW_WORDS:
        attached = _attached(document, contents, depth, faults)
        if attached:
            return replace(attached, published=attached.published or date)
    if not body.blocks:
        detail = "; ".join(["it has no text of its own", *faults])
        raise Rejected("parse", "no_body", detail, "body")
    return RawArticle(
        media_type="message/rfc822",
        encoding=decoded.encoding,
        blocks=body.blocks,
        headline=_headline(letter.subject or mime.header(message, "Subject")),
        published=date,
        links=body.links,
        warnings=(*decoded.warnings, *faults),
    )


def _sorted(message: mime.Part) -> _Contents:
    contents = _Contents()
    for part in mime.parts(message):
        kind = part.get_content_type()
        attached = part.get_content_disposition() == "attachment" or mime.filename(part) is not None
        if kind == "text/plain" and not attached:
            contents.plain.append(part)
        elif kind in {"text/html", "application/xhtml+xml"} and not attached:
            contents.html.append(part)
        elif attached or kind == "message/rfc822":
            contents.attached.append(part)
    return contents


def _body(contents: _Contents) -> tuple[Fragment, Letter, Decoded]:
    """The text: that without mark-up, unless it is only a scrap of that with it."""
    plain = [_decoded(part) for part in contents.plain]
    letter = plain_letter("\n\n".join(text.text for text in plain))
    words = len(letter.text.split())
    if contents.html and words < _ENOUGH:
        html = [_decoded(part) for part in contents.html]
        fragment = read_fragment(without_quotes("\n".join(text.text for text in html)))
        if fragment.blocks and (words < FEW_WORDS or words < _SCRAP * _words(fragment.blocks)):
            return fragment, letter, html[0]
    return Fragment(line_blocks(letter.text)), letter, plain[0] if plain else Decoded("", "ascii")


def _words(blocks: Sequence[RawBlock]) -> int:
    return sum(len(block.text.split()) for block in blocks)


def _decoded(part: mime.Part) -> Decoded:
    decoded = read_text(mime.content(part), mime.charset(part))
    decoded = replace(decoded, text=decoded.text.replace("\r\n", "\n"))
    if str(part.get_param("format") or "").lower() == "flowed":
        text = _unflowed(decoded.text, str(part.get_param("delsp") or "").lower() == "yes")
        return replace(decoded, text=text)
    return decoded


def _unflowed(text: str, glued: bool) -> str:
    """Text whose lines were broken by a mail program that says where (RFC 3676), in paragraphs again."""
    lines: list[list[str]] = []
    open_ = False
    for raw in text.splitlines():
        line = raw.removeprefix(" ")
        if not open_ or line.startswith(">"):
            lines.append([])
        open_ = line.endswith(" ") and line != "-- " and not line.startswith(">")
        lines[-1].append(line[:-1] if open_ and glued else line)
    return "\n".join(map("".join, lines))


def _headline(subject: str | None) -> str | None:
    return _PREFIX.sub("", subject, count=1).strip() or None if subject else None


def _attached(document: Document, contents: _Contents, depth: int, faults: list[str]) -> RawArticle | None:
    """The article in the first attachment that can be read as one; None where there is none, and why."""
    for part in contents.attached[:MAX_ATTACHMENTS]:
        name = display(mime.filename(part) or part.get_content_type())
        try:
            article = _attachment(document, part, name, depth)
        except Rejected as error:  # the next may be the article
            faults.append(f"what is attached, {name!r}, is not read: {error.detail}")
            continue
        if article and _words(article.blocks) >= FEW_WORDS:
            return replace(article, warnings=(*article.warnings, f"read from what is attached, {name!r}"))
    return None


def _attachment(document: Document, part: mime.Part, name: str, depth: int) -> RawArticle | None:
    if message := mime.inner(part):
        return _read(document, message, depth + 1) if depth < MAX_DEPTH else None
    attached = document.contained(name, mime.content(part))
    found = recognise(attached)
    return None if found.container or found.module in _LETTERS else read_document(attached)
