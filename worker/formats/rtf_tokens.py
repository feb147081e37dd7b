"""The words of RTF: its tokens, the characters that have names, and the names of code pages."""

import codecs
import contextlib
import re
from collections.abc import Iterator

from worker.errors import Rejected

MAX_TOKENS = 600_000  # words, signs, groups and texts between them; the longest articles have a tenth
_TOKEN = re.compile(
    r"(?P<text>[^\\{}\r\n]+)|(?P<hex>(?:\\'[0-9a-fA-F]{2}){1,1000})|(?P<brace>[{}])"
    r"|(?P<numbers>(?:\\u-?[0-9]{1,5} ?(?:\?|\\'3[fF])?){1,1000})"  # a text in another script may be nothing else
    r"|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?[0-9]{1,10})? ?|\\(?P<symbol>[^a-zA-Z])"
)
CHARACTERS = {
    "line": "\n", "tab": " ", "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
SYMBOLS = {"~": "\u00a0", "_": "-", "\\": "\\", "{": "{", "}": "}", "\t": " "}
CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_PAGES = {10000: "mac_roman", 10007: "mac_cyrillic", 65001: "utf-8"}
SETS = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_NUMBER = re.compile(r"\\u(-?[0-9]+) ?(\?|\\'3[fF])?")


def tokens(source: str) -> Iterator[re.Match[str]]:
    """The words, signs, braces and texts of a document, without its binary data.

    Raises:
        Rejected: ``too_complex``.
    """
    at = 0
    for _ in range(MAX_TOKENS):
        token = _TOKEN.search(source, at)
        if token is None:
            return
        at = token.end()
        if token["word"] == "bin":
            at += max(0, int(token["number"] or 0))
        else:
            yield token
    raise Rejected("parse", "too_complex", f"more than {MAX_TOKENS} words, signs and groups")


def code_page(number: int) -> str | None:
    """The encoding that a code page is, by its number; None for one that is not known."""
    with contextlib.suppress(LookupError):
        return codecs.lookup(_PAGES.get(number, f"cp{number}")).name
    return None


def by_numbers(source: str, fallback: int) -> tuple[str, int]:
    """The characters of a run of ``numbers``, and how many that follow are for readers that know no numbers.

    Those beyond 16 bits are written as two.

    Args:
        source: The token.
        fallback: How many follow each; only a question mark is part of the token.
    """
    units, mark = [], ""
    for number, mark in _NUMBER.findall(source):
        units.append(chr(int(number) % 0x10000) + ("?" if mark and not fallback else ""))
    text = "".join(units).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text, max(0, fallback - bool(mark))
