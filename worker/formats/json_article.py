"""JSON: an article in schema.org's words, in ninjs (IPTC), or in plain ones; or several in one file."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from worker.cleaning.bylines import clean_names
from worker.errors import Rejected
from worker.formats.bounds import bounded
from worker.formats.encoding import Decoded, decode
from worker.formats.fragments import Fragment, flat, read_fragment, read_text
from worker.formats.json_ld import strings
from worker.formats.links import absolute
from worker.formats.mojibake import mended_json
from worker.formats.moments import read_internet_date, read_stamp
from worker.models import Document, RawArticle, RawBlock

Fields = Mapping[str, Any]  # an object, its names in lower case

MAX_MEMBERS = 2_000  # of a list within an article: its paragraphs, authors, pictures
MAX_FIELDS = 10_000  # of an object
MAX_SHORT = 5_000  # characters of what is no body
MAX_BRACKETS = 400_000  # each object or list takes up to thirty times its characters in memory
_LISTS = ("articles", "items", "results", "documents", "@graph")
_HTML = ("body_xhtml", "body_html", "content_html", "html")
_TEXT = ("articlebody", "body_text", "content_text", "body", "text", "content")
_BODIES = ("bodies", *_HTML, *_TEXT)
_HEADLINES = ("headline", "headlines", "title", "name")
_SUMMARIES = (
    "standfirst", "summary", "abstract", "description", "descriptions", "description_text", "description_html",
    "excerpt", "alternativeheadline",
)  # fmt: skip
_AUTHORS = ("authors", "author", "byline", "by", "creator")
_DATES = (
    "datepublished", "date_published", "published", "published_at", "publishedat", "publish_date", "pubdate",
    "versioncreated", "firstcreated", "contentcreated", "datecreated", "date",
)  # fmt: skip
_URLS = ("url", "link", "mainentityofpage", "uri", "altids", "@id")
_SOURCES = ("source", "publisher", "site", "infosources", "infosource", "copyrightholder")
_PICTURES = ("image", "images", "associations", "associatedmedia")
_NAMES = ("name", "value", "rendered", "@value", "literal", "title", "text")
_SUMMARY_ROLE = re.compile(r"summary|abstract|standfirst|lead|teaser", re.IGNORECASE)
_CUT = re.compile(r"(?:\[ ?(?:…|\.\.\.) ?\]|…|\.\.\.)\Z")


def load(text: str) -> Any:
    """The value of a JSON document; numbers that are none in JSON are null, and the last of equal names counts.

    Raises:
        Rejected: ``damaged`` or ``too_complex``.
    """
    if text.count("{") + text.count("[") > MAX_BRACKETS:
        raise Rejected("parse", "too_complex", f"more than {MAX_BRACKETS} objects and lists")
    try:
        return json.loads(text, strict=False, parse_constant=lambda _name: None, parse_int=float)
    except RecursionError as error:
        raise Rejected("parse", "too_complex", "objects and lists too deep within each other") from error
    except ValueError as error:
        raise Rejected("parse", "damaged", f"is no JSON: {error}") from error


def unpack(document: Document) -> Iterator[Document]:
    """The articles of a list, or of an object that holds one; the file itself where it is one article.

    Raises:
        Rejected: ``undecodable``, ``damaged``, ``too_complex``, or ``empty`` for a list of none.
    """
    members = _members(load(decode(document.data).text))
    if members is None:
        yield document
        return
    if not members:
        raise Rejected("parse", "empty", "its list of articles is empty")
    for number, member in enumerate(members, start=1):
        if isinstance(member, dict) and member:
            yield document.contained(str(number), _dumped(member))
        else:
            detail = f"number {number} of its list is no object, or one without fields"
            yield document.refused(str(number), Rejected("parse", "damaged", detail))


def read(document: Document) -> RawArticle:
    """Read an object that is one article.

    Raises:
        Rejected: ``undecodable``, ``damaged``, ``too_complex``, ``too_long``, ``too_many_lines`` or ``no_body``.
    """
    decoded = mended_json(decode(document.data))
    value = load(decoded.text)
    if not isinstance(value, dict):
        raise Rejected("parse", "damaged", "is no JSON object")
    return article(value, decoded)


def article(value: Mapping[str, Any], decoded: Decoded) -> RawArticle:
    """The article that an object holds; ``decoded``: the text that the object was read from.

    Raises:
        Rejected: ``too_complex``, ``too_long``, ``too_many_lines`` or ``no_body``.
    """
    fields = _lower(value)
    url = next((url for text in _texts(fields, _URLS) if (url := absolute(text))), None)
    body = _body(fields, url)
    if not body.blocks:
        raise Rejected("parse", "no_body", "none of its fields holds an article's text", "body")
    source = next(iter(_texts(fields, _SOURCES)), None)
    captions = (RawBlock("caption", text) for text in _captions(fields))
    return RawArticle(
        media_type="application/json",
        encoding=decoded.encoding,
        blocks=bounded((*captions, *body.blocks)),
        headline=next((text for name in _HEADLINES for value in _values(fields, name) if (text := _flat(value))), None),
        standfirst=_summary(fields, body),
        byline=clean_names(_texts(fields, _AUTHORS), source),
        published=next(
            (date for text in _texts(fields, _DATES) if (date := read_stamp(text) or read_internet_date(text))), None
        ),
        source_name=source,
        url=url,
        links=body.links,
        warnings=decoded.warnings,
    )


def _members(value: Any) -> Sequence[Any] | None:
    """The articles of a list; None where the value is one article, or nothing that is read."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return None
    fields = _lower(value)
    if any(_values(fields, name) for name in _BODIES):
        return None
    name = next((name for name in _LISTS if isinstance(fields.get(name), list)), None)
    if name is None:
        return None
    members: list[Any] = fields[name]
    # A graph holds pages, people and pictures too.
    return [node for node in members if isinstance(node, dict) and _is_text(node)] if name == "@graph" else members


def _dumped(member: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(member).encode()
    except RecursionError as error:
        raise Rejected("parse", "too_complex", "objects and lists too deep within each other") from error


def _is_text(node: Mapping[str, Any]) -> bool:
    fields = _lower(node)
    return any(_values(fields, name) for name in _BODIES)


def _lower(value: Mapping[str, Any]) -> Fields:
    if len(value) > MAX_FIELDS:
        raise Rejected("parse", "too_complex", f"an object of {len(value)} fields; at most {MAX_FIELDS} are read")
    return {name.lower(): member for name, member in value.items()}


def _values(fields: Fields, name: str) -> list[str]:
    """The texts at a name: itself, those of a list, and of objects the one that they are for."""
    found = []
    value = fields.get(name)
    for member in value[:MAX_MEMBERS] if isinstance(value, list) else [value]:
        text: Any = member
        if isinstance(member, Mapping):
            inner = _lower(member)
            text = next((inner[key] for key in _NAMES if isinstance(inner.get(key), str)), None)
        if isinstance(text, str) and text.strip():
            found.append(text)
    return found


def _texts(fields: Fields, names: Sequence[str]) -> Iterator[str]:
    """The short texts at some names, repaired; of an address's object the address."""
    for name in names:
        yield from strings(_values(fields, name))
        value = fields.get(name)
        for member in value[:MAX_MEMBERS] if isinstance(value, list) else [value]:
            if isinstance(member, Mapping) and name in _URLS:
                yield from strings(member, "@id")


def _flat(text: str) -> str:
    return flat(text[:MAX_SHORT])


def _body(fields: Fields, url: str | None) -> Fragment:
    """The text: that which is called HTML first, for it names its blocks."""
    for member in _ranked(fields.get("bodies")):
        inner = _lower(member)
        for text in _values(inner, "value"):
            if (found := _blocks(text, "html" in str(inner.get("contenttype")).lower(), url)).blocks:
                return found
    for name in (*_HTML, *_TEXT):
        if texts := _values(fields, name):
            found = _blocks("\n\n".join(texts), name in _HTML, url)
            if found.blocks:
                return found
    return Fragment()


def _ranked(bodies: Any) -> list[Mapping[str, Any]]:
    """The bodies of ninjs 2 and 3: those in HTML first, else in their order."""
    members = [member for member in bodies if isinstance(member, Mapping)] if isinstance(bodies, list) else []
    return sorted(
        members[:MAX_MEMBERS], key=lambda member: "html" not in str(_lower(member).get("contenttype")).lower()
    )


def _blocks(text: str, markup: bool, url: str | None) -> Fragment:
    return read_fragment(text, url) if markup else read_text(text, url)


def _summary(fields: Fields, body: Fragment) -> str | None:
    """What stands for the article, where it is more than the beginning of its text."""
    beginning = flat(body.text[: 2 * MAX_SHORT])
    for name in _SUMMARIES:
        for text in _values(_summarising(fields) if name == "descriptions" else fields, name):
            summary = _CUT.sub("", _flat(text)).rstrip()
            if summary and not beginning.startswith(summary):
                return summary
    return None


def _summarising(fields: Fields) -> Fields:
    """An item of ninjs with those of its descriptions that describe the whole of it."""
    members = fields.get("descriptions")
    wanted = [member for member in members if isinstance(member, Mapping)] if isinstance(members, list) else []
    roles = [(member, _lower(member).get("role")) for member in wanted]
    return {
        "descriptions": [member for member, role in roles if not isinstance(role, str) or _SUMMARY_ROLE.search(role)]
    }


def _captions(fields: Fields) -> Iterator[str]:
    """The captions of the article's pictures: schema.org's images, and what ninjs associates with it."""
    for name in _PICTURES:
        value = fields.get(name)
        members = list(value.values()) if isinstance(value, Mapping) and name == "associations" else value
        for member in members[:MAX_MEMBERS] if isinstance(members, list) else [members]:
            if not isinstance(member, Mapping):
                continue
            inner = _lower(member)
            if inner.get("type") in ("text", "composite"):  # an article of its own
                continue
            names = ("caption", "descriptions", "description_text", "description")
            texts = (text for key in names for value in _values(inner, key) if (text := _flat(value)))
            if caption := next(texts, None):
                yield caption
