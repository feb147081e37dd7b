"""What can be told of a page before it is parsed: the parser's time grows with the square of a tag's attributes."""

import re

from worker.errors import Rejected

MAX_TAGS = 150_000  # a page of news has some 2,000, rarely 10,000
MAX_ATTRIBUTES = 500  # of one tag; on a page of news it has some 5, rarely 50

_ATTRIBUTE = r"[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?)?"
# Everything here is possessive and ends at the end of the text at the latest, so no character is looked at twice.
_PIECE = re.compile(
    r"<!--(?:-?>|(?:[^-]++|-(?!->))*+)"
    r"|<(?:script|style)\b(?:[^<]++|<(?!/(?:script|style)\b))*+"
    rf"|<[a-z][^\s/>]*+(?P<attributes>(?:[\s/]*+{_ATTRIBUTE})*+)",
    re.IGNORECASE,
)
_ONE = re.compile(_ATTRIBUTE)


def check_tags(page: str) -> None:
    """Refuse a page that would keep the parser busy for too long.

    Raises:
        Rejected: ``too_complex``.
    """
    tags = page.count("<")
    if tags > MAX_TAGS:
        raise Rejected("parse", "too_complex", f"{tags} tags; at most {MAX_TAGS} are read")
    for piece in _PIECE.finditer(page):
        start, end = piece.span("attributes")
        if end - start < 2 * MAX_ATTRIBUTES:
            continue
        attributes = sum(1 for _ in _ONE.finditer(page, start, end))
        if attributes > MAX_ATTRIBUTES:
            detail = f"a tag with {attributes} attributes; at most {MAX_ATTRIBUTES} are read"
            raise Rejected("parse", "too_complex", detail)
