"""File names, which are hostile input like everything else that is dropped."""

import os

MAX_NAME_BYTES = 255  # NAME_MAX of every common file system


def display(path: str) -> str:
    r"""A path that is safe to log, to print and to put into a record.

    Args:
        path: As the file system gave it (undecodable bytes as surrogates).

    Returns:
        The same, with bytes that are not UTF-8 as ``\xff`` and control, format and bidi characters as their
        escapes, so that no name can break a line, a terminal or a JSON document.
    """
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def shortened(name: str, ending: str) -> str:
    """The name with the ending added, cut (between characters) to what a file system takes."""
    raw = os.fsencode(name)
    cut = min(len(raw), MAX_NAME_BYTES - len(os.fsencode(ending)))
    back = 0
    while back < 3 and cut - back < len(raw) and raw[cut - back] & 0xC0 == 0x80:  # a continuation byte of UTF-8
        back += 1
    return os.fsdecode(raw[: cut - back]) + ending


def with_suffix(name: str, suffix: str) -> str:
    """The name with a suffix before its ending: ``a.txt`` and ``x7`` give ``a.x7.txt``."""
    stem, ending = os.path.splitext(name)
    return shortened(stem, f".{suffix}{ending[:20]}")
