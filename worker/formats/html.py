"""Saved web pages: their blocks, which of them are the article's, and what the page says of it. Nothing is fetched."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from schemas.article import Link
from worker.errors import Rejected
from worker.formats.encoding import peek
from worker.formats.html_blocks import MAX_LINKS, PageBlock, page_blocks
from worker.formats.html_body import with_body
from worker.formats.html_metadata import read_metadata
from worker.formats.html_tree import parse
from worker.formats.links import absolute
from worker.formats.mojibake import read_text
from worker.models import Document, RawArticle

_CHARSET = re.compile(r"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-z0-9_.:-]{2,40})", re.IGNORECASE)


def read(document: Document) -> RawArticle:
    """Read an HTML page.

    Raises:
        Rejected: ``undecodable``, ``binary``, ``too_complex``, ``too_long``, ``too_many_lines``, or ``no_body`` where
            nothing on it can be read.
    """
    declared = _CHARSET.search(peek(document.data))
    decoded = read_text(document.data, declared[1] if declared else None)
    return read_page(decoded.text, decoded.encoding, decoded.warnings)


def read_page(page: str, encoding: str, warnings: tuple[str, ...]) -> RawArticle:
    """Read the source of a page; raises as ``read`` does.

    Args:
        page: The source, decoded.
        encoding: What it was decoded from; likewise the warnings.
        warnings: For people.
    """
    tree = parse(page)
    blocks = page_blocks(tree) if tree is not None else []
    if tree is None or not blocks:
        raise Rejected("parse", "no_body", "there is no readable text on the page", "body")
    metadata = read_metadata(tree)
    found = with_body(blocks, metadata)
    kept = [block for block, raw in zip(blocks, found, strict=True) if raw.in_body]
    return RawArticle(
        media_type="text/html",
        encoding=encoding,
        blocks=tuple(found),
        headline=metadata.headline,
        standfirst=metadata.description,
        byline=metadata.authors,
        published=metadata.published,
        modified=metadata.modified,
        source_name=metadata.site_name,
        url=metadata.url,
        links=tuple(islice(_links(kept, metadata.url), MAX_LINKS)),
        warnings=warnings,
    )


def _links(blocks: Sequence[PageBlock], base: str | None) -> Iterator[Link]:
    for block in blocks:
        for text, address in block.links:
            if url := absolute(address, base):
                yield Link(text=text, url=url)
