"""Bytes that are no text, or text in an encoding that lies."""

import codecs
import random

from tests.hostile.case import GOOD, HEADLINE, MB, MOST, PROSE, Case, filled, html, page, text

_RUSSIAN = "Министры договорились о новых переговорах. Они встретятся снова весной, сообщили дипломаты. " * 20
_NOISE = random.Random(7)  # noqa: S311 - the same noise each time


def _noise(size: int, low: int = 0, high: int = 255) -> bytes:
    alphabet = bytes(range(low, high + 1))
    return bytes(_NOISE.choices(alphabet, k=2**16)) * (size // 2**16)


CASES: list[Case] = [
    text("nothing", b"", "empty"),
    text("one NUL", b"\0", "empty"),
    text("a megabyte of NULs", bytes(MB), "empty"),
    text("blanks", b" \t\r\n\v\f" * 1000, "empty"),
    text("ten megabytes of blanks", lambda: filled(" \t\r\n"), "empty"),
    text("Unicode blanks", "\u2003\u3000\u2028\u2029\x85\n" * 1000, "empty no_headline"),
    text("invisible characters alone", "\u200b\u200d\ufeff\u2060" * 1000, "empty no_headline"),
    *(
        text(f"only the mark of {name}", mark, "empty")
        for name, mark in (
            ("UTF-8", codecs.BOM_UTF8),
            ("UTF-16 LE", codecs.BOM_UTF16_LE),
            ("UTF-16 BE", codecs.BOM_UTF16_BE),
            ("UTF-32 LE", codecs.BOM_UTF32_LE),
            ("UTF-32 BE", codecs.BOM_UTF32_BE),
        )
    ),
    *(
        text(f"an article in {encoding}", GOOD.encode(encoding), "record")
        for encoding in ("utf-8-sig", "utf-16", "utf-32", "cp1252", "mac-roman")
    ),
    text("UTF-16 LE without its mark", GOOD.encode("utf-16-le"), "record"),
    text("UTF-16 BE without its mark", GOOD.encode("utf-16-be"), "record"),
    text("UTF-16 with an odd number of bytes", GOOD.encode("utf-16") + b"x"),
    text("UTF-32 without its mark", GOOD.encode("utf-32-le")),
    text("UTF-32 cut in a character", GOOD.encode("utf-32")[:-2]),
    text("UTF-32 beyond Unicode", codecs.BOM_UTF32_LE + b"\xff\xff\xff\x7f" * 1000),
    text("two marks", codecs.BOM_UTF8 * 2 + GOOD.encode(), "record"),
    text("the mark of the wrong encoding", codecs.BOM_UTF16_LE + GOOD.encode()),
    text("the mark of UTF-8 before UTF-16", codecs.BOM_UTF8 + GOOD.encode("utf-16-le")),
    text("a mark on every line", GOOD.replace("\n", "\n\ufeff").encode("utf-8-sig"), "record"),
    text("lone surrogates in UTF-8", lambda: GOOD + "\ud800 \udfff" * 3),
    text("lone surrogates in UTF-16", (GOOD + "\ud800").encode("utf-16", "surrogatepass")),
    text("surrogates alone in UTF-16", codecs.BOM_UTF16_LE + b"\x00\xd8" * MB),
    text(
        "CESU-8",
        lambda: (GOOD + "😀").encode("utf-16-le").decode("utf-16-le", "surrogatepass").encode() + b"\xed\xa0\xbd",
    ),
    text("overlong UTF-8", GOOD.encode() + b"\xc0\xaf\xc0\xae\xe0\x80\xaf"),
    text("overlong NULs", GOOD.encode() + b"\xc0\x80" * 200),
    text("ten megabytes of overlong slashes", lambda: filled(b"\xc0\xaf")),
    text("UTF-8 beyond Unicode", GOOD.encode() + b"\xf5\x80\x80\x80\xf8\x88\x80\x80\x80"),
    text("continuation bytes alone", lambda: filled(b"\x80", MOST)),
    text("first bytes alone", lambda: filled(b"\xe2", MOST)),
    text("ten megabytes of 0xFF", lambda: filled(b"\xff", MOST)),
    text("cut in a character", (GOOD + "…").encode()[:-1], "record"),
    text(
        "UTF-8 and windows-1252 mixed",
        GOOD.encode() + b"\n\nThe caf\xe9 was \x93full\x94, he said on Monday.",
        "record",
    ),
    text("UTF-8 and UTF-16 mixed", GOOD.encode() + GOOD.encode("utf-16-le")),
    text("ASCII and windows-1251 mixed", GOOD.encode("ascii", "ignore") + _RUSSIAN.encode("cp1251")),
    text("half the letters high", lambda: filled("é ".encode("latin-1"), MOST)),
    text("alternating high bytes", lambda: filled(b"a\xe9", MOST)),
    text("percent signs and high bytes", lambda: filled(b"% \xe9", MOST)),
    text("one stray byte in ten megabytes", lambda: filled("The river rose by a metre. ", MOST - 1) + b"\xe9"),
    text("a stray byte every thousand", lambda: filled(("The river – " * 80).encode() + b"\xff", MB)),
    *(
        text(f"Russian in {encoding}", f"Заголовок о переговорах\n\n{_RUSSIAN}".encode(encoding))
        for encoding in ("koi8-r", "cp1251", "iso8859-5", "cp866")
    ),
    *(
        text(
            f"Asian text in {encoding}",
            ("外務省は新しい会談を発表\n\n" + "大臣は来週会談する。" * 200).encode(encoding, "ignore"),
        )
        for encoding in ("shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5", "utf-7")
    ),
    text("EBCDIC", GOOD.encode("cp500", "ignore")),
    text("noise", lambda: _noise(MB)),
    text("ten megabytes of noise", lambda: _noise(MOST)),
    text("noise above ASCII", lambda: _noise(MOST, 0x80)),
    text("noise in capitals with high bytes", lambda: _noise(MOST, 0x41, 0xFF)),
    text("the escape sequences of ISO 2022", lambda: filled(b"\x1b$B\x1b(B\x1b$A", MB)),
    text(
        "encodings by turns", lambda: b"".join(PROSE.encode(e) for e in ("utf-8", "utf-16-le", "cp1252", "utf-32-be"))
    ),
    *(
        page(f"a page that declares {name}", html("<p>Café</p>", f'<meta charset="{name}">').encode("cp1252"), "record")
        for name in (
            "zlib",
            "bz2",
            "rot13",
            "uu",
            "punycode",
            "idna",
            "unicode_escape",
            "undefined",
            "utf-7",
            "..",
            "x" * 40,
        )
    ),
    page("a page that declares UTF-16 in ASCII", html("", '<meta charset="utf-16">'), "record"),
    page("a page of many declarations", lambda: html("", '<meta charset="koi8-r">' * 20_000)),
    page("a declaration without an end", lambda: "<html><meta " + "charset " * MB + html("")),
    page("a page in UTF-16", html("").encode("utf-16"), "record"),
    page("a page in UTF-32", html("").encode("utf-32"), "record"),
    page("a page with NULs between its letters", html("").encode("utf-16-le"), "record"),
    text("a headline of replacement characters", f"{chr(0xFFFD) * 60}\n\n{PROSE}"),
    text("mojibake", GOOD.replace("“", "â€œ").replace("”", "â€\x9d"), "record"),
    text("mojibake of mojibake", GOOD.encode().decode("cp1252", "replace").encode().decode("cp1252", "replace")),
    text("ten megabytes of mojibake", lambda: filled("â€œÃ©Â ðŸ˜€")),
    text("nearly a megabyte of mojibake", lambda: f"{HEADLINE}\n\n".encode() + filled("â€œÃ©Â it ðŸ˜€ ", 900_000)),
]
