"""Feeds: RSS and Atom, each entry an article, given on as a small JSON document."""

import io
import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

import feedparser

from worker.errors import Rejected
from worker.formats.moments import read_internet_date
from worker.formats.xml_tree import decode_xml
from worker.models import Document

MAX_ENTRIES = 1_000
MAX_TAGS = 60_000  # outside of CDATA: the parser takes up to 60 microseconds for each
MAX_REFERENCES = 300_000  # and up to 5 for each of these
MAX_NAMESPACES = 10_000  # declared; all that are open are copied at each
_HTML = ("text/html", "application/xhtml+xml")

logging.getLogger("feedparser").setLevel(logging.CRITICAL)  # what it warns of, the warnings of a record say


def unpack(document: Document) -> Iterator[Document]:
    """The entries of a feed, each with its number; one that says nothing is rejected by itself.

    Raises:
        Rejected: ``undecodable``, ``damaged``, ``too_complex``, ``too_many_articles``, or ``empty`` for a feed
            without entries.
    """
    text = decode_xml(document.data).text
    _check(text)
    # A stream, not the text itself: that would be taken for an address or the name of a file. Nothing in a feed is
    # made safe here, for nothing of it is shown: its HTML is read as an article's.
    feed: Any = feedparser.parse(
        io.BytesIO(text.encode()),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not feed.entries:
        broken = feed.get("bozo_exception")
        if broken:
            raise Rejected("parse", "damaged", f"is no feed that can be read: {str(broken)[:200]}")
        raise Rejected("parse", "empty", "the feed has no entries")
    for number, entry in enumerate(feed.entries, start=1):
        yield _entry(document, number, entry, feed.feed)


def _check(text: str) -> None:
    """Refuse what would keep the parser busy for too long."""
    if text.count("<item") + text.count("<entry") > 2 * MAX_ENTRIES:
        raise Rejected("parse", "too_many_articles", f"far more than {MAX_ENTRIES} entries")
    outside = [piece.partition("<![CDATA[")[0] for piece in text.split("]]>")]
    for what, sign, most in (
        ("tags", "<", MAX_TAGS),
        ("references", "&", MAX_REFERENCES),
        ("namespaces", "xmlns", MAX_NAMESPACES),
    ):
        if (count := sum(piece.count(sign) for piece in outside)) > most:
            raise Rejected("parse", "too_complex", f"{count} {what}; at most {most} are read")


def _entry(document: Document, number: int, entry: Mapping[str, Any], feed: Mapping[str, Any]) -> Document:
    content = _content(entry)
    summary = entry.get("summary")
    title = entry.get("title")
    if not content and not summary and not title:
        return document.refused(str(number), Rejected("parse", "no_body", f"entry {number} holds no text", "body"))
    fields = {
        "title": title,
        "body": content or summary,
        "summary": summary if content and summary != content else None,
        "authors": _authors(entry) or _authors(feed),
        "date": _date(entry),
        "url": entry.get("link"),
        "source": (entry.get("source") or feed).get("title"),
    }
    known = {name: value for name, value in fields.items() if value}
    return document.contained(str(number), json.dumps(known).encode())


def _content(entry: Mapping[str, Any]) -> str:
    """The text of an entry, where it holds more than a summary; that in HTML rather than another."""
    contents = [part for part in entry.get("content", ()) if part.get("value")]
    best = next((part for part in contents if part.get("type") in _HTML), contents[0] if contents else None)
    return str(best["value"]) if best else ""


def _authors(entry: Mapping[str, Any]) -> list[str]:
    found = [person.get("name") for person in entry.get("authors", ())]
    return [name for name in found if name]


def _date(entry: Mapping[str, Any]) -> str | None:
    """When it was published, in its own words where they are no date that a mail could have."""
    stated = entry.get("published") or entry.get("created") or entry.get("updated")
    if not stated:
        return None
    moment = read_internet_date(str(stated))
    return moment.value if moment else str(stated)
