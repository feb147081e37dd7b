"""NewsML-G2 (IPTC): news items, alone or many in a message; their text in NITF, XHTML or plain."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from schemas.article import Published
from worker.cleaning.bylines import clean_names
from worker.errors import Rejected
from worker.formats import nitf
from worker.formats.bounds import bounded
from worker.formats.encoding import Decoded
from worker.formats.fragments import Fragment, read_fragment, read_text
from worker.formats.mojibake import mended
from worker.formats.moments import read_stamp
from worker.formats.xml_tree import child_text, decode_xml, parse_xml, text_of
from worker.models import Document, RawArticle

MEDIA_TYPE = "application/vnd.iptc.g2.newsitem+xml"
_DATES = ("contentMeta/contentCreated", "itemMeta/versionCreated", "itemMeta/firstCreated")
_NO_TEXT = ("picture", "graphic", "video", "audio", "animation")  # kinds of items that may stand beside an article
_NOT_SUMMARIES = ("caption", "keyword", "note")


def unpack(document: Document) -> Iterator[Document]:
    """The news items in a message, each with its number; pictures and the like are passed over.

    Raises:
        Rejected: ``undecodable``, ``damaged``, ``too_complex``, or ``no_body`` where it holds no item of text.
    """
    root = parse_xml(decode_xml(document.data))
    if root.tag == "newsItem":
        yield document
        return
    items = [(number, item) for number, item in enumerate(root.iter("newsItem"), start=1) if _is_text(item)]
    if not items:
        raise Rejected("parse", "no_body", f"its {root.tag} lists items and holds none with text", "body")
    for number, item in items:
        item.tail = None
        yield document.contained(str(number), etree.tostring(item, encoding="utf-8"))


def read(document: Document) -> RawArticle:
    """Read one news item.

    Raises:
        Rejected: ``undecodable``, ``damaged``, ``too_complex``, ``too_long``, ``too_many_lines`` or ``no_body``.
    """
    decoded = mended(decode_xml(document.data))
    item = parse_xml(decoded)
    body = _nitf(item, decoded) or _other(item, decoded)
    meta = item.find("contentMeta")
    source = _source(item)
    return replace(
        body,
        media_type=MEDIA_TYPE,
        headline=child_text(meta, "headline") or body.headline or child_text(item, "itemMeta/title") or None,
        standfirst=_summary(meta) or body.standfirst,
        byline=clean_names(_authors(meta), source) or body.byline,
        published=_published(item) or body.published,
        source_name=source or body.source_name,
    )


def _is_text(item: Any) -> bool:
    kind = item.find("itemMeta/itemClass")
    name = (kind.get("qcode") or kind.get("uri") or "") if kind is not None else ""
    return not name.lower().endswith(_NO_TEXT)


def _nitf(item: Any, decoded: Decoded) -> RawArticle | None:
    found = item.find("contentSet/inlineXML/nitf")
    return nitf.article(found, decoded) if found is not None else None


def _other(item: Any, decoded: Decoded) -> RawArticle:
    fragment = next((found for found in _fragments(item) if found.blocks), None)
    if fragment is None:
        far = item.find("contentSet/remoteContent") is not None
        detail = "its text lies elsewhere, which is never fetched" if far else "its contentSet holds no text"
        raise Rejected("parse", "no_body", detail, "body")
    return RawArticle(
        media_type=MEDIA_TYPE,
        encoding=decoded.encoding,
        blocks=bounded(nitf.with_place(fragment.blocks, child_text(item, "contentMeta/dateline"))),
        links=fragment.links,
        warnings=decoded.warnings,
    )


def _fragments(item: Any) -> Iterator[Fragment]:
    """The renditions of its text: mark-up first, for it names its blocks."""
    for inline in item.iterfind("contentSet/inlineXML"):
        yield read_fragment("".join(etree.tostring(child, encoding="unicode", method="html") for child in inline))
    for data in item.iterfind("contentSet/inlineData"):
        yield read_text("".join(data.itertext()))


def _summary(meta: Any | None) -> str | None:
    for element in meta.iterfind("description") if meta is not None else ():
        role = (element.get("role") or "").lower()
        if not role.endswith(_NOT_SUMMARIES) and (text := text_of(element)):
            return text
    return None


def _authors(meta: Any | None) -> list[str]:
    """Its bylines; where there is none, the people who are its creators."""
    if meta is None:
        return []
    return [text_of(by) for by in meta.iterfind("by")] or [text_of(name) for name in meta.iterfind("creator/name")]


def _source(item: Any) -> str | None:
    provider = item.find("itemMeta/provider")
    literal = provider.get("literal") if provider is not None else None
    return child_text(item, "contentMeta/creditline") or child_text(item, "itemMeta/provider/name") or literal


def _published(item: Any) -> Published | None:
    return next((date for path in _DATES if (date := read_stamp(child_text(item, path)))), None)
