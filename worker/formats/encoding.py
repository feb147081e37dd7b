"""Bytes to text: by mark, by proof, by declaration, and only then by guess."""

import codecs
import logging
import re
from dataclasses import dataclass

from worker.errors import Rejected
from worker.formats.latin import latin_encoding
from worker.formats.wide import wide_encoding

GUESS_BYTES = 32_768  # that the detector sees: enough to be sure, and its time grows faster than the size
_MAX_CHAOS = 0.15  # the detector's share of implausible characters, beyond which its guess is none
_MAX_CONTROL = 0.02  # of the characters; real text has next to none
_MOST_MARKED = 0.2  # of a text's bytes that are Latin letters with marks, or signs
_REPAIRABLE = 0.01  # of the characters may be broken where a mark tells the encoding
_MOST_STRAY = 0.05  # of the characters may be bytes of another encoding in what is otherwise UTF-8
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = "".join(map(chr, (*range(9), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F)))
_ANY_CONTROL = re.compile(f"[{re.escape(_CONTROLS)}]")
_HIGH = bytes(range(0x80, 0x100))
_ESCAPE = b"\x1b$"
_STRAY = re.compile("[\udc80-\udcff]+")  # bytes that are not UTF-8, as Python's "surrogateescape" marks them
_LEADS = (b"\xc2", b"\xc3", b"\xe2")  # with which most sequences begin
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")


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
        or _by_escapes(data)
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
    encoding = wide_encoding(data)
    return _as(data, encoding, f"read as {encoding}: it has no byte order mark") if encoding else None


def _by_escapes(data: bytes) -> Decoded | None:
    """Japanese in seven bits, as in mails: it tells by escapes, and every byte of it is ASCII."""
    return _as(data, "iso2022_jp_2") if _ESCAPE in data else None


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
    """UTF-8 with a fault: cut in the middle of a character, or with bytes of another encoding."""
    text = data.decode("utf-8", "surrogateescape")
    broken = sum(len(run) for run in _STRAY.findall(text))
    whole = len(text) - len(text.encode("ascii", "ignore")) - broken
    cut = _STRAY.search(text, len(text) - 3)
    if whole and cut and cut.end() == len(text) and broken == len(cut[0]):
        return Decoded(text[: cut.start()], "utf-8", ("its last character was cut off",))
    if whole < broken or broken > _MOST_STRAY * len(text):
        return None
    strays = sum(1 for _ in _STRAY.finditer(text))
    text = _STRAY.sub(_as_windows, text)
    lost = text.count("\ufffd")
    mixed = (f"{strays - lost} bytes that are not UTF-8 were read as windows-1252",) if strays > lost else ()
    return Decoded(text, "utf-8", (*mixed, *_broken(lost)))


def _as_windows(stray: re.Match[str]) -> str:
    """The character that a single byte amid UTF-8 is in windows-1252; the rest of a cut sequence is none."""
    raw, after = stray[0].encode("utf-8", "surrogateescape"), stray.string[stray.end() : stray.end() + 1]
    if len(raw) > 1 or (raw in _LEADS and not after.isalpha()):
        return "\ufffd"
    return raw.decode("cp1252", "replace")


def _guessed(data: bytes) -> Decoded | None:
    return _latin(data) or _detected(data)


def _latin(data: bytes) -> Decoded | None:
    """Latin letters with marks: these stand alone among those of ASCII, where other scripts stand in runs."""
    high = len(data) - len(data.translate(None, _HIGH))
    if high > max(3, _MOST_MARKED * len(data)) or high > 1.5 * sum(1 for _ in _HIGH_RUN.finditer(data)):
        return None
    encoding = latin_encoding(data)
    return _as(data, encoding, f"read as {encoding}: the encoding is a guess") if encoding else None


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
    if _ANY_CONTROL.search(text) is None:
        return decoded
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
