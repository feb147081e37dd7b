"""MIME, as mails and saved pages use it: the parts of a message, whatever is wrong with it."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from typing import TYPE_CHECKING

from worker.errors import Rejected
from worker.formats.encoding import decode

if TYPE_CHECKING:
    Part = Message[str, str]
else:
    Part = Message  # no type of its own for its headers yet in Python 3.11

MAX_NESTED = 50  # multiparts and messages in a message; its lines are tried against the edges of all that are open
MAX_EDGES = 10_000  # lines that may be the edge of a part
MAX_PARTS = 1_000
MAX_HEADERS = 256 * 1024  # bytes before the first empty line
_NESTED = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n|\r\r")
_LONG_FIELD = re.compile(rb"^content-(?:type|disposition):(?:[^\r\n]|\r?\n[ \t]){4000}", re.IGNORECASE | re.MULTILINE)
_MAX_HEADER = 2_000  # characters of one


def parse(data: bytes) -> Part:
    """A message, its parts not yet decoded.

    Raises:
        Rejected: ``too_complex``.
    """
    end = _END_OF_HEADERS.search(data)
    if (end.start() if end else len(data)) > MAX_HEADERS:
        raise Rejected("parse", "too_complex", f"more than {MAX_HEADERS} bytes of headers")
    if sum(1 for _ in _NESTED.finditer(data)) > MAX_NESTED:
        raise Rejected("parse", "too_complex", f"more than {MAX_NESTED} messages or lists of parts in it")
    if data.count(b"\n--") > MAX_EDGES:
        raise Rejected("parse", "too_complex", f"more than {MAX_EDGES} edges of parts")
    if _LONG_FIELD.search(data):  # the time of reading one grows with the square of its length
        raise Rejected("parse", "too_complex", "a part whose type takes thousands of characters")
    # Not the newer policy: its parser of headers takes time that grows with the square of their length, and fails on
    # some in ways that it does not name.
    return message_from_bytes(data, policy=policy.compat32)


def parts(message: Part) -> Iterator[Part]:
    """The parts of a message that are no lists of parts, in order; a message within it is one part.

    Raises:
        Rejected: ``too_complex``.
    """
    waiting, count = [message], 0
    while waiting:
        part = waiting.pop()
        count += 1
        if count > MAX_PARTS:
            raise Rejected("parse", "too_complex", f"more than {MAX_PARTS} parts")
        payload = part.get_payload()
        if isinstance(payload, list) and not part.get_content_type().startswith("message/"):
            waiting.extend(member for member in reversed(payload) if isinstance(member, Message))
        else:
            yield part


def inner(part: Part) -> Part | None:
    """The message that a part is; None for any other part."""
    payload = part.get_payload()
    members = payload if isinstance(payload, list) else []
    return next((member for member in members if isinstance(member, Message)), None)


def content(part: Part) -> bytes:
    """The bytes of a part, decoded; empty where it has none."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def charset(part: Part) -> str | None:
    """The encoding that a part claims."""
    found = part.get_param("charset")
    return found[:40] if isinstance(found, str) else None


def filename(part: Part) -> str | None:
    """What a part is called; only ever shown."""
    found = part.get_filename()
    return _decoded(found[:_MAX_HEADER]) if found else None


def header(message: Part, name: str) -> str | None:
    """A header's text, in one line; None where there is none."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), None)
    return " ".join(_decoded(raw[:_MAX_HEADER]).split()) if raw else None


def _decoded(raw: str) -> str:
    """A header without its encoded words; bytes that should not be in it are read as text after all."""
    text = "".join(_text(raw).splitlines())  # a break is only where it was folded
    try:
        pieces = decode_header(text)
    except HeaderParseError:  # base64 that is none
        return text
    return "".join(_word(piece, encoding) for piece, encoding in pieces)


def _word(piece: str | bytes, encoding: str | None) -> str:
    if isinstance(piece, str):
        return piece
    try:
        return piece.decode(encoding or "ascii")
    except (LookupError, ValueError):
        return piece.decode("utf-8", "replace")


def _text(raw: str) -> str:
    data = raw.encode("utf-8", "surrogateescape")
    try:
        return decode(data).text
    except Rejected:
        return data.decode("latin-1")
