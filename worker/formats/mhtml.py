"""MHTML: the page that a browser saved with all that belongs to it; only the page itself is read."""

from dataclasses import replace

from worker.errors import Rejected
from worker.formats import html, mime
from worker.formats.encoding import decode
from worker.formats.links import absolute
from worker.models import Document, RawArticle

_PAGES = ("text/html", "application/xhtml+xml")


def read(document: Document) -> RawArticle:
    """Read the page in an MHTML file.

    Raises:
        Rejected: ``too_complex``, ``no_body`` where there is no page in it, or as ``html.read``.
    """
    message = mime.parse(document.data)
    root = _root(message)
    if root is None:
        raise Rejected("parse", "no_body", "there is no web page among its parts", "body")
    decoded = decode(mime.content(root), mime.charset(root))
    # With a mark, so that nothing the page declares can overrule the encoding that its part declared.
    page = html.read(replace(document, data=b"\xef\xbb\xbf" + decoded.text.encode("utf-8", "surrogatepass")))
    address = mime.header(message, "Snapshot-Content-Location") or mime.header(root, "Content-Location")
    return replace(
        page,
        media_type="multipart/related",
        encoding=decoded.encoding,
        url=page.url or absolute(address),
        warnings=(*decoded.warnings, *page.warnings),
    )


def _root(message: mime.Part) -> mime.Part | None:
    """The part that the message names as its start, else the first page."""
    start = message.get_param("start")
    first = None
    for part in mime.parts(message):
        if part.get_content_type() in _PAGES:
            if isinstance(start, str) and mime.header(part, "Content-ID") == start.strip():
                return part
            first = first or part
    return first
