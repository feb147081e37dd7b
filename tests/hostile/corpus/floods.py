"""As many bytes as a file may have, of each sort of character: at once, in lines, in paragraphs and in a page."""

from collections.abc import Callable

from tests.hostile.case import HEADLINE, MOST, Case, filled, page, text

_SORTS = (
    ("letters", "a"),
    ("words", "word "),
    ("single letters", "a "),
    ("capitals", "A "),
    ("abbreviations", "U.S."),
    ("digits", "7"),
    ("numbers", "7 "),
    ("full stops", "."),
    ("sentences", "It rained. "),
    ("commas", ","),
    ("quotation marks", "“"),
    ("apostrophes", "'"),
    ("hyphens", "-"),
    ("at signs", "a@"),
    ("brackets", "("),
    ("slashes", "/"),
    ("backslashes", "\\"),
    ("accents", "é"),
    ("accented words", "é "),
    ("Cyrillic words", "да "),
    ("Chinese", "新"),
    ("emoji", "😀"),
    ("emoji words", "😀 "),
    ("combining marks", "\u0301"),
    ("zero-width spaces", "\u200b"),
    ("replacement characters", "\ufffd"),
    ("less-than signs", "<"),
    ("ampersands", "&"),
)

# Just within what is read as text: here the work is done, above it the file is refused.
_WITHIN = 990_000


def _long(piece: str) -> Callable[[], bytes]:
    return lambda: f"{HEADLINE}\n\n".encode() + filled(piece, MOST - 200)


def _within(piece: str) -> Callable[[], bytes]:
    return lambda: f"{HEADLINE}\n\n".encode() + filled(piece, _WITHIN * len(piece.encode()) // len(piece) - 200)


def _in_a_page(piece: str) -> Callable[[], bytes]:
    return lambda: b"<html><body><p>" + filled(piece, MOST - 100)


CASES: list[Case] = [
    *(text(f"ten megabytes of {name}", _long(piece)) for name, piece in _SORTS),
    *(text(f"a million characters: {name}", _within(piece)) for name, piece in _SORTS),
    *(page(f"a page of ten megabytes of {name}", _in_a_page(piece)) for name, piece in _SORTS),
    text("one byte more than may be", lambda: filled("a b ", MOST) + b"a"),
]
