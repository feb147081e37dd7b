"""Text repair: pure functions from str to str. Words, quotes and dashes are never rewritten."""

import re

# What must not be seen: soft hyphens, zero-width spaces, marks. Joiners stay: scripts and emoji need them.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x9f\ud800-\udfff]")
_C1 = re.compile("[\x80-\x9f]")
# Of all this, only U+2800 and U+3164 count as printable in Python.
_SPACE = re.compile(r"[\s\u2800\u3164\x1c-\x1f]+")


def repair(text: str) -> str:
    """One line of clean text: encoding faults undone, invisible characters gone, white space collapsed."""
    if text.isprintable() and "  " not in text and "\u2800" not in text and "\u3164" not in text:
        return text.strip(" ")
    text = _C1.sub(_from_windows, text)
    text = _INVISIBLE.sub("", text)
    text = _CONTROL.sub("", text)
    return _SPACE.sub(" ", text).strip(" ")


def _from_windows(match: re.Match[str]) -> str:
    """C1 controls are, in practice, windows-1252 that was taken for Latin-1."""
    return match[0].encode("latin-1").decode("cp1252", "ignore")
