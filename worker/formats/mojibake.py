"""UTF-8 that was read as another encoding and saved so: read again where that is certain.

It is certain for a stretch of text (a paragraph, what stands between two tags)

- whose every character beyond ASCII is part of a sequence of UTF-8, three of them at least, or
- that holds sequences which no language writes (``Ã¼``, ``â€™``), and no letter beyond ASCII besides them, for such a
  letter shows that the stretch was read rightly;

and only in a document in which more such sequences stand in running text than alone or as a word between quotation
marks, as they do where somebody writes about them. All other text stays as it is.
"""

import re
from dataclasses import replace

from worker.formats.encoding import Decoded, decode

_ROUNDS = 3  # text may have been misread more than once
_FEWEST = 3  # sequences that show by themselves that a stretch was misread
_SIGNS = {
    codec: {ord(bytes([byte]).decode(codec)): byte for byte in range(0x80, 0x100) if byte not in undefined}
    for codec, undefined in (("cp1252", b"\x81\x8d\x8f\x90\x9d"), ("cp1251", b"\x98"))
}
_CONTINUATION = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_SUSPECT = re.compile(  # one set of characters first, for then it is found fast
    f"[\xc2-\xf4В-ф](?:(?<=[\xc2-\xf4]){_CONTINUATION}|(?<=[В-ф])[Ђ-Џђ-џЎўҐґЁёЄєЇїІіЅѕЈј№\x80-\xbf‘-•€™…–—‚„†‡‰‹›])"
)
# Not "Ã…", "Ã”" and the like, with which a word in capitals may end before a sign.
_IMPOSSIBLE = re.compile(
    "(?:(?<![A-ZÀ-Þ])Ã[\x80-\xbf€‚ƒ„†‡ˆ‰Š‹ŒŽ˜™š›œžŸ]|Ã[\x80-\x9f\xa0-\xaa\xac-\xba\xbc-\xbf€‚ƒ†‡ˆ‰Š‹ŒŽ˜™šœžŸ]"
    f"|(?<![A-ZÀ-Þ])Â[\x80-\xbf]|â[€‚„†]{_CONTINUATION}|ðŸ{_CONTINUATION}{{2}})"
)
_STRETCH = re.compile(r"[^<>\"\n\r]+")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_ESCAPE = re.compile(r"\\(?:u(?P<code>(?!00[0-7]|[dD][89a-fA-F])[0-9a-fA-F]{4})|.)", re.DOTALL)


def _shown(quote: str) -> re.Pattern[str]:
    """What looks as if somebody wrote about mojibake: a word between quotation marks or as code, a letter alone."""
    word = r"[^\s\\\"'“”„«»‘`<>&]{0,30}"
    return re.compile(
        rf"(?:(?<={quote})|(?<=['“„«‘`])|(?<=&quot;)|(?<=&ldquo;)|(?<=&#34;)|(?<=<code>)){word}?{_IMPOSSIBLE.pattern}{word}?"
        rf"(?:\\?{quote}|['”“»’`]|&(?:quot|rdquo|#34);|</code>)"
        rf"|(?<![^\s(])Ã{_CONTINUATION}(?![^\s),.;])"
    )


_SHOWN, _SHOWN_IN_JSON = _shown('"'), _shown(r'\\"')


def read_text(data: bytes, declared: str | None = None) -> Decoded:
    """Bytes of an article as text, mojibake undone; takes and raises what ``decode`` does."""
    return mended(decode(data, declared))


def mended_json(decoded: Decoded) -> Decoded:
    """The text of a JSON document with its mojibake undone, also where it is written in escapes."""
    text = _ESCAPE.sub(lambda match: chr(int(match["code"], 16)) if match["code"] else match[0], decoded.text)
    return mended(replace(decoded, text=text), _SHOWN_IN_JSON)


def mended(decoded: Decoded, shown: re.Pattern[str] = _SHOWN) -> Decoded:
    """A text with its mojibake undone, with a warning where there was some.

    Args:
        decoded: The text.
        shown: What in it somebody shows who writes about mojibake.
    """
    text, total = decoded.text, 0
    for _ in range(_ROUNDS):
        text, count = _mended_once(text, shown)
        total += count
        if not count:
            break
    if not total:
        return decoded
    warning = f"{total} stretches of text were UTF-8 that had been read as another encoding; they were read again"
    return replace(decoded, text=text, warnings=(*decoded.warnings, warning))


def _mended_once(text: str, shown: re.Pattern[str]) -> tuple[str, int]:
    if text.isascii() or _SUSPECT.search(text) is None:
        return text, 0
    examples = sum(1 for _ in shown.finditer(text))
    if examples and 2 * examples >= sum(1 for _ in _IMPOSSIBLE.finditer(text)):
        return text, 0
    count = 0

    def again(stretch: re.Match[str]) -> str:
        nonlocal count
        found = None if stretch[0].isascii() else _reread(stretch[0])
        count += found is not None
        return stretch[0] if found is None else found

    return _STRETCH.sub(again, text), count


def _reread(stretch: str) -> str | None:
    """What a stretch was before it was misread; None where that is not certain."""
    for codec in _SIGNS:
        whole = _as_utf8(stretch, codec)
        if whole is not None and _length(whole) >= _FEWEST:
            return whole
    rest, count = _IMPOSSIBLE.subn("", stretch)
    if not count or any(char.isalpha() for run in _BEYOND_ASCII.findall(rest) for char in run):
        return None
    mended = _IMPOSSIBLE.sub(lambda match: _as_utf8(match[0], "cp1252") or match[0], stretch)
    return mended if mended != stretch else None


def _as_utf8(text: str, codec: str) -> str | None:
    """The text that the bytes are in UTF-8 which an encoding has for this one; None where there is none."""
    try:
        return text.translate(_SIGNS[codec]).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None


def _length(text: str) -> int:
    return sum(map(len, _BEYOND_ASCII.findall(text)))
