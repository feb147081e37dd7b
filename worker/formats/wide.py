"""UTF-16 and UTF-32 whose byte order mark got lost."""

from bisect import bisect

HEAD = 8_192  # bytes that are looked at
_NARROW = bytes({*range(9), *range(0x0E, 0x1B), *range(0x1C, 0x20)})  # bytes that text in other encodings does not hold
_PRINTABLE = bytes(range(0x20, 0x7F))
_FEWEST, _MOST_PRINTABLE = 0.01, 0.95  # of the bytes; text in ASCII with a few NULs is none of these encodings
_LEAST = 0.98  # of the characters are of scripts in which news are written
_SPACES = " \n、。，"
_BLOCKS = (
    (0x09, 0x0A), (0x0D, 0x0D), (0x20, 0x7E), (0xA0, 0x6FF), (0x900, 0xEFF), (0x10A0, 0x11FF), (0x1E00, 0x206F),
    (0x20A0, 0x214F), (0x3000, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFE00, 0xFFEF), (0x1F300, 0x1FAFF),
)  # fmt: skip
_EDGES = [edge for first, last in _BLOCKS for edge in (first, last + 1)]


def wide_encoding(data: bytes) -> str | None:
    """The encoding in which the bytes are text, spaces and all; None for everything but UTF-16 and UTF-32."""
    head = data[: min(HEAD, len(data) // 4 * 4 or len(data))]
    narrow, printable = (len(head) - len(head.translate(None, some)) for some in (_NARROW, _PRINTABLE))
    if narrow <= _FEWEST * len(head) or printable >= _MOST_PRINTABLE * len(head):
        return None
    spaces, found = 0, None
    for encoding, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        if len(data) % width:
            continue
        text = head.decode(encoding, "replace")
        usual = sum(1 for char in text if bisect(_EDGES, ord(char)) % 2)
        count = sum(map(text.count, _SPACES))
        if usual >= _LEAST * len(text) and count > spaces:
            spaces, found = count, encoding
    return found
