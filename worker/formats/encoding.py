"""Bytes to text: by mark, by proof, by declaration, and only then by guess."""

import codecs
import logging
import re
from dataclasses import dataclass

from worker.errors import Rejected

GUESS_BYTES = 32_768  # that the detector sees: enough to be sure, and its time grows faster than the size
_MAX_CHAOS = 0.15  # the detector's share of implausible characters, beyond which its guess is none
_MAX_CONTROL = 0.02  # of the characters; real text has next to none
_REPAIRABLE = 0.01  # of the characters may be broken in what is otherwise clearly UTF-8
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = "".join(map(chr, (*range(9), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F)))
_HIGH = bytes(range(0x80, 0x100))
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_WESTERN = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿŠŽšžŸŒœ‘’“”„‚–—…•€£§©®°«»¡¿\xa0ºª½¼¾·´²³™\xad"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text.

    Attributes:
        text: Without its byte order mark and without NULs.
        encoding: The name of the encoding, in Python's spelling.
        warnings: What had to be guessed or repaired, for people.
    """

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Read bytes as text.

    Args:
        data: The file.
        declared: The encoding that the document claims, believed only where the bytes allow it.

    Raises:
        Rejected: ``undecodable`` when no encoding is certain enough, ``binary`` when it is no text at all.
    """
    decoded = (
        _by_mark(data)
        or _wide_without_mark(data)  # before UTF-8, in which its NULs are characters
        or _as(data, "utf-8")
        or _declared(data, declared)
        or _mostly_utf8(data)
        or _guessed(data)
    )
    if decoded is None:
        raise Rejected("parse", "undecodable", "no encoding fits its bytes well enough")
    return _without_nuls(decoded)


def peek(data: bytes, size: int = 4096) -> str:
    """The beginning of a file as text, whatever its encoding: enough to find ASCII signs in it."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) : len(mark) + 4 * size].decode(encoding, "replace")
    return data[:size].replace(b"\x00", b"").decode("latin-1")


def _by_mark(data: bytes) -> Decoded | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            broken = text.count("\ufffd")
            if broken > _REPAIRABLE * len(text) + 1:
                return None
            return Decoded(text, encoding, _broken(broken))
    return None


def _as(data: bytes, encoding: str, *warnings: str) -> Decoded | None:
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError):
        return None
    return Decoded(text, encoding, warnings)


def _wide_without_mark(data: bytes) -> Decoded | None:
    """UTF-16 whose mark got lost: nearly every second byte of western text is then NUL."""
    head = data[:4096]
    half = len(head) // 2
    if half < 4:
        return None
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if zeros.count(0) > 0.7 * half:
            return _as(data, encoding, f"read as {encoding}: it has no byte order mark")
    return None


def _declared(data: bytes, declared: str | None) -> Decoded | None:
    if not declared:
        return None
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):  # ValueError: NUL in the name
        return None
    if name in {"iso8859-1", "ascii"}:
        name = "cp1252"  # as every browser does: the declared one holds no curly quotes
    if name.startswith(("utf", "idna", "punycode", "unicode", "raw")):
        return None  # UTF-8 was tried, the others cannot declare themselves in ASCII or are no encodings of files
    return _as(data, name)


def _mostly_utf8(data: bytes) -> Decoded | None:
    """UTF-8 with a fault: cut in the middle of a character, or with a stray byte of another encoding."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = len(text) - len(text.encode("ascii", "ignore")) - broken
    if broken <= 1 and text.endswith("\ufffd") and whole:
        return Decoded(text[:-1], "utf-8", ("its last character was cut off",))
    if whole > 3 * broken and broken <= _REPAIRABLE * len(text):
        return Decoded(text, "utf-8", _broken(broken))
    return None


def _guessed(data: bytes) -> Decoded | None:
    return _western(data) or _detected(data)


def _western(data: bytes) -> Decoded | None:
    """Windows-1252, for text in which single letters and signs are not ASCII, as in the west of Europe.

    In another script or encoding they stand in runs, or would be signs that no one writes.
    """
    decoded = _as(data, "cp1252", "read as windows-1252: it is not UTF-8")
    high = len(data) - len(data.translate(None, _HIGH))
    if decoded is None or high > max(3, 0.15 * len(data)):
        return None
    if high > 1.5 * sum(1 for _ in _HIGH_RUN.finditer(data)):
        return None
    foreign = high - _count(decoded.text, _WESTERN)
    return decoded if foreign <= 0.05 * high else None


def _detected(data: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes  # half of what starting takes, for rare files

    logging.getLogger("charset_normalizer").setLevel(logging.ERROR)
    # The detector is given the part that decides: the first bytes that are not ASCII, with what is around them.
    first = next((run.start() for run in _HIGH_RUN.finditer(data)), 0)
    start = max(0, first - 2048)
    best = from_bytes(data[start : start + GUESS_BYTES], preemptive_behaviour=False).best()
    if best is None or best.chaos > _MAX_CHAOS or best.encoding.startswith(("utf_16", "utf_32")):
        return None
    return _as(data, best.encoding, f"read as {best.encoding}: the encoding is a guess")


def _without_nuls(decoded: Decoded) -> Decoded:
    text = decoded.text
    controls = _count(text, _CONTROLS)
    if controls > _MAX_CONTROL * len(text) + 1:
        raise Rejected("parse", "binary", f"{controls} of its {len(text)} characters are control characters")
    if "\x00" not in text:
        return decoded
    warning = f"{text.count(chr(0))} NUL characters were removed"
    return Decoded(text.replace("\x00", ""), decoded.encoding, (*decoded.warnings, warning))


def _count(text: str, characters: str) -> int:
    """How many of some characters a text holds: in linear time, with no memory, however many they are."""
    return sum(map(text.count, characters))


def _broken(count: int) -> tuple[str, ...]:
    return (f"{count} broken characters could not be read",) if count else ()
