"""Names for an article and its topics that hold everywhere: URIs."""

from urllib.parse import quote

MEDIA_TOPICS = "http://cv.iptc.org/newscodes/mediatopic/"
"""The vocabulary of IPTC's Media Topics."""

_PREFIX = "medtop:"


def article_uri(article_id: str) -> str:
    """The URN of an article, the same for all its versions."""
    return f"urn:copydesk:article:{quote(article_id, safe='')}"


def concept_uri(qcode: str | None) -> str | None:
    """The URI of an IPTC Media Topic, for example of ``medtop:20000639``; None for any other qcode."""
    code = (qcode or "").removeprefix(_PREFIX)
    return f"{MEDIA_TOPICS}{code}" if qcode == f"{_PREFIX}{code}" and code.isascii() and code.isdigit() else None
