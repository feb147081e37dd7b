"""Addresses in documents: only those of web pages are kept, and none is ever fetched."""

from urllib.parse import urljoin, urlsplit

MAX_URL = 2_000  # characters


def absolute(url: str | None, base: str | None = None) -> str | None:
    """The address of a web page, complete; None for any other (of a file, a script, a mailbox) and for nonsense."""
    if not url or len(url) > MAX_URL:
        return None
    try:
        whole = urljoin(base or "", url.strip())
        parts = urlsplit(whole)
    except ValueError:
        return None
    return whole if parts.scheme in {"http", "https"} and parts.netloc and len(whole) <= MAX_URL else None
