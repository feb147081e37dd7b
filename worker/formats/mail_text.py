"""The text of a letter: what its sender wrote or passed on, without signature and quoted replies."""

import re
from dataclasses import dataclass

from lxml import etree

from worker.formats.html_tree import parse

FEW_WORDS = 40  # fewer are a note beside something else
_SIGNATURE_LINES = 15
_MAX_FORWARDED = 5  # letters within each other
_SIGNATURE = re.compile(r"^--[ \t]?$", re.MULTILINE)
_FORWARDED = re.compile(
    r"^[ \t>]*(?:-{2,}[ \t]*(?:original message|forwarded message|forwarded by\b.{0,80}|weitergeleitete nachricht"
    r"|ursprüngliche nachricht|message transféré|mensaje reenviado)[ \t]*-{2,}|begin forwarded message:)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_HEADER = re.compile(r"\A[ \t>]*+\*?(?P<name>[A-Z][A-Za-zÀ-ÿ-]{1,20})\*?:\*?[ \t]*(?P<value>.{0,400})")
_WROTE = re.compile(
    r"^(?:on|am|le|el|op)\b.{5,200}(?:wrote|schrieb.{0,60}|a écrit|escribió|schreef)[ \t]*:[ \t]*$", re.IGNORECASE
)
_QUOTE = re.compile(r"[ \t]?>[> \t]*")
_SUBJECT, _DATE = frozenset({"subject", "betreff", "objet", "asunto"}), frozenset({"date", "sent", "datum", "gesendet"})
_SIGNED = (
    "//*[contains(@class, 'gmail_signature') or contains(@class, 'moz-signature') or contains(@class, 'gmail_attr')]"
)
_QUOTED = "//blockquote[@type='cite'] | //*[contains(@class, 'gmail_quote') or contains(@class, 'moz-cite-prefix')]"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter's text.

    Attributes:
        text: Without what is not its own.
        subject: Of the letter that it passes on, where it does no more than that. Likewise ``date``.
    """

    text: str
    subject: str | None = None
    date: str | None = None


def plain_letter(text: str, depth: int = 0) -> Letter:
    """What a letter says: its own words where they are more than a note, else what it quotes or passes on."""
    if depth == _MAX_FORWARDED:
        return Letter(text)
    own, forwarded = _split(text)
    said = _without_replies(_without_signature(own))
    if forwarded is None or len(said.split()) >= FEW_WORDS:
        return Letter(said if said.strip() else _without_signature(own))
    fields, rest = _headers(forwarded)
    passed_on = plain_letter(_unquoted(rest), depth + 1)
    subject = next((fields[name] for name in fields if name in _SUBJECT), None)
    date = next((fields[name] for name in fields if name in _DATE), None)
    return Letter(passed_on.text, passed_on.subject or subject, passed_on.date or date)


def without_quotes(markup: str) -> str:
    """HTML of a letter without replies and signature; with what it quotes where it says next to nothing itself.

    Raises:
        Rejected: ``too_complex``.
    """
    for path in (f"{_SIGNED} | {_QUOTED}", _SIGNED):
        tree = parse(markup)
        if tree is None:
            return ""
        for element in tree.xpath(path):
            element.clear(keep_tail=True)
        if len(" ".join(tree.itertext()).split()) >= FEW_WORDS:
            break
    return str(etree.tostring(tree, encoding="unicode", method="html"))


def _split(text: str) -> tuple[str, str | None]:
    match = _FORWARDED.search(text)
    return (text[: match.start()], text[match.end() :]) if match else (text, None)


def _without_signature(text: str) -> str:
    """All above the last line that begins a signature, if what follows is as short as one."""
    last = next(reversed(list(_SIGNATURE.finditer(text))), None)
    if last is None or text.count("\n", last.end()) > _SIGNATURE_LINES or not text[: last.start()].strip():
        return text
    return text[: last.start()]


def _without_replies(text: str) -> str:
    """The lines that are not quoted, where they are the letter; else the quoted ones, without their marks."""
    lines = text.splitlines()
    own = [line for line in lines if not line.startswith(">") and not _WROTE.match(line[:300])]
    if len(own) == len(lines):
        return text
    if sum(len(line.split()) for line in own) >= FEW_WORDS:
        return "\n".join(own)
    quoted = _unquoted("\n".join(line for line in lines if line.startswith(">")))
    return quoted if len(quoted.split()) >= FEW_WORDS else "\n".join(own)


def _unquoted(text: str) -> str:
    """Without the marks of quotation, where most lines have them."""
    lines = text.splitlines()
    marked = sum(line.startswith(">") for line in lines)
    return "\n".join(_QUOTE.sub("", line, count=1) for line in lines) if 2 * marked > len(lines) else text


def _headers(text: str) -> tuple[dict[str, str], str]:
    """The fields at the top of a forwarded letter, and what follows them."""
    fields: dict[str, str] = {}
    lines = text.splitlines()
    at = 0
    for at, line in enumerate(lines[:30]):  # noqa: B007 - used below
        match = _HEADER.fullmatch(line)
        if match:
            fields.setdefault(match["name"].lower(), match["value"].strip())
        elif fields or line.strip(" \t>"):
            break
    return fields, "\n".join(lines[at:])
