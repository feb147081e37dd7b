"""NITF (IPTC): an article as agencies mark it up, alone in its file or within NewsML-G2."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from schemas.article import Link, Published
from worker.cleaning.bylines import clean_names
from worker.cleaning.tables import words
from worker.errors import Rejected
from worker.formats.bounds import bounded
from worker.formats.encoding import Decoded
from worker.formats.links import absolute
from worker.formats.mojibake import mended
from worker.formats.moments import read_stamp
from worker.formats.xml_tree import child_text, decode_xml, parse_xml, text_of
from worker.models import Document, RawArticle, RawBlock, RawKind

MAX_LINKS = 1_000
_KINDS: dict[str, RawKind] = {
    "hl2": "heading",
    "li": "list_item",
    "dt": "list_item",
    "dd": "list_item",
    "pre": "paragraph",
}
_INLINE = frozenset(
    words(
        """
    a alt-code br chron city classifier copyrite country em event frac function lang location money num object.title
    org person postaddr pronounce q region series state sub sublocation sup virtloc
    """
    )
)
_DATES = (
    ("head/docdata/date.issue", "norm"),
    ("head/pubdata", "date.publication"),
    ("body/body.head/dateline/story.date", "norm"),
    ("head/docdata/date.release", "norm"),
)


def read(document: Document) -> RawArticle:
    """Read a NITF document.

    Raises:
        Rejected: ``undecodable``, ``binary``, ``damaged``, ``too_complex``, ``too_long``, ``too_many_lines`` or
            ``no_body``.
    """
    decoded = mended(decode_xml(document.data))
    return article(parse_xml(decoded), decoded)


def article(root: Any, decoded: Decoded) -> RawArticle:
    """The article in a ``nitf`` element; ``decoded``: the text that it was parsed from.

    Raises:
        Rejected: ``too_long``, ``too_many_lines`` or ``no_body``.
    """
    top, content = root.find("body/body.head"), root.find("body/body.content")
    blocks = bounded(_blocks(content)) if content is not None else ()
    if not any(block.kind != "caption" for block in blocks):
        raise Rejected("parse", "no_body", "its body.content holds no text", "body")
    return RawArticle(
        media_type="application/nitf+xml",
        encoding=decoded.encoding,
        blocks=with_place(blocks, child_text(top, "dateline/location")),
        headline=child_text(top, "hedline/hl1") or child_text(root, "head/title") or None,
        standfirst=child_text(top, "abstract") or child_text(top, "hedline/hl2") or None,
        byline=clean_names(_authors(top)),
        published=_published(root),
        source_name=_source(root, top),
        links=tuple(islice(_links(content), MAX_LINKS)),
        warnings=decoded.warnings,
    )


def with_place(blocks: tuple[RawBlock, ...], place: str) -> tuple[RawBlock, ...]:
    """The blocks with the dateline's place before the first paragraph, as the article would be printed."""
    at = next((index for index, block in enumerate(blocks) if block.kind == "paragraph"), None)
    if at is None or not place or blocks[at].text.casefold().startswith(place.casefold()):
        return blocks
    first = RawBlock("paragraph", f"{place} — {blocks[at].text}", blocks[at].gap)
    return (*blocks[:at], first, *blocks[at + 1 :])


def _blocks(parent: Any) -> Iterator[RawBlock]:
    """The blocks in an element, whose own text is one where it has any: some write without paragraphs."""
    loose: list[str] = [parent.text or ""]
    for child in parent:
        if isinstance(child.tag, str) and child.tag not in _INLINE:
            yield from _paragraph(loose)
            yield from _element(child)
            loose = []
        elif isinstance(child.tag, str):  # else a reference to an entity
            loose.append(text_of(child))
        loose.append(child.tail or "")
    yield from _paragraph(loose)


def _element(element: Any) -> Iterator[RawBlock]:
    tag = element.tag
    if tag in _KINDS or tag == "p":
        if text := text_of(element):
            yield RawBlock(_KINDS.get(tag, "paragraph"), text)
    elif tag == "bq":
        yield from _quotation(element)
    elif tag == "table":
        for row in element.iter("tr"):
            if text := " | ".join(cell for cell in map(text_of, row) if cell):
                yield RawBlock("paragraph", text)
    elif tag == "media":
        yield from (
            RawBlock("caption", text) for caption in element.iter("media-caption") if (text := text_of(caption))
        )
    else:
        yield from _blocks(element)


def _quotation(element: Any) -> Iterator[RawBlock]:
    """The blocks of a quotation, the last with the name of whoever is quoted."""
    said = child_text(element, "credit")
    inner = [block for block in _blocks(element) if block.text != said]
    for number, block in enumerate(inner, start=1):
        text = f"{block.text} — {said}" if said and number == len(inner) else block.text
        yield RawBlock("quote" if block.kind == "paragraph" else block.kind, text)


def _paragraph(pieces: list[str]) -> Iterator[RawBlock]:
    if text := " ".join("".join(pieces).split()):
        yield RawBlock("paragraph", text)


def _authors(top: Any | None) -> list[str]:
    """What its bylines say: the people where they are marked, else all but the title."""
    if top is None:
        return []
    found = []
    for byline in top.iterfind("byline"):
        people = [text for person in byline.iterfind(".//person") if (text := text_of(person))]
        title = child_text(byline, "byttl")
        found += people or [text_of(byline).replace(title, "") if title else text_of(byline)]
    return found


def _source(root: Any, top: Any | None) -> str | None:
    publication, holder = root.find("head/pubdata"), root.find("head/docdata/doc.copyright")
    return (
        child_text(top, "distributor/org")
        or child_text(top, "distributor")
        or (publication.get("name") if publication is not None else None)
        or (holder.get("holder") if holder is not None else None)
    )


def _published(root: Any) -> Published | None:
    stamps = (element.get(name) for path, name in _DATES for element in root.iterfind(path))
    return next((date for stamp in stamps if (date := read_stamp(stamp))), None)


def _links(content: Any) -> Iterator[Link]:
    for anchor in content.iter("a"):
        if (text := text_of(anchor)) and (url := absolute(anchor.get("href"))):
            yield Link(text=text[:1_000], url=url)
