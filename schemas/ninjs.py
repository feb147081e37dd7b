"""The record as ninjs 3.1, IPTC's news in JSON (https://iptc.org/standards/ninjs/)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from itertools import groupby
from typing import Any

from schemas.article import Article, BlockKind, Entity, Topic
from schemas.identifiers import article_uri, concept_uri

_SCHEMA = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"
_TAGS: dict[BlockKind, str] = {"heading": "h2", "list_item": "li", "paragraph": "p", "quote": "p"}
_AROUND: dict[BlockKind, str] = {"list_item": "ul", "quote": "blockquote"}
_LISTS = {"person": "people", "organisation": "organisations", "place": "places"}
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_ninjs(article: Article) -> dict[str, Any]:
    """The article as an object of ninjs 3.1, ready for ``json.dumps``.

    ``versionCreated`` is when the file was received. ninjs wants times with a zone: ``contentCreated`` is there only
    where the article says one, for none is invented. What ninjs has no place for (evidence, quotes, keywords, links,
    provenance) is left out.
    """
    found = {
        "uri": article_uri(article.id),
        "type": "text",
        "representationType": "full",
        "version": str(article.version),
        "versionCreated": _moment(article.provenance.received_at),
        "contentCreated": _content_created(article),
        "pubStatus": "usable",
        "language": article.language.code,
        "headlines": [{"role": "main", "contentType": "text/plain", "value": article.headline}],
        "by": ", ".join(article.byline),
        "descriptions": _descriptions(article),
        "bodies": _bodies(article),
        "subjects": [_subject(topic) for topic in article.topics],
        "infoSources": [{"name": article.source.name}] if article.source.name else [],
        "altIds": [{"role": "url", "value": article.source.url}] if article.source.url else [],
        "standard": {"name": "ninjs", "version": "3.1", "schema": _SCHEMA},
        **{name: [_concept(each) for each in article.entities if each.kind == kind] for kind, name in _LISTS.items()},
    }
    return {name: value for name, value in found.items() if value}


def to_xhtml(article: Article) -> str:
    """The body as a well-formed element of XHTML; characters that XML forbids are left out."""
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{"".join(_elements(article))}</div>'


def _elements(article: Article) -> Iterator[str]:
    for kind, blocks in groupby(article.body, lambda block: block.kind):
        tag, around = _TAGS[kind], _AROUND.get(kind)
        inner = "".join(f"<{tag}>{_escaped(block.text)}</{tag}>" for block in blocks)
        yield f"<{around}>{inner}</{around}>" if around else inner


def _escaped(text: str) -> str:
    return escape(_NOT_IN_XML.sub("", text), quote=False).replace("\r", "&#13;")


def _moment(received: datetime) -> str:
    """A time as RFC 3339 writes it; one without a zone is in UTC, by the contract."""
    moment = received.astimezone(UTC) if received.tzinfo else received.replace(tzinfo=UTC)
    return moment.isoformat().replace("+00:00", "Z")


def _content_created(article: Article) -> str | None:
    published = article.published
    return published.value if published and published.timezone_known else None


def _descriptions(article: Article) -> list[dict[str, str]]:
    texts = [("standfirst", article.standfirst), *(("caption", caption) for caption in article.captions)]
    return [{"role": role, "contentType": "text/plain", "value": text} for role, text in texts if text]


def _bodies(article: Article) -> list[dict[str, Any]]:
    counts = {"charCount": len(article.text), "wordCount": article.word_count}
    forms = [("application/xhtml+xml", to_xhtml(article)), ("text/plain", article.text)]
    return [{"role": "main", "contentType": form, **counts, "value": value} for form, value in forms]


def _subject(topic: Topic) -> dict[str, Any]:
    uri = concept_uri(topic.qcode)
    return {
        "name": topic.name,
        "rel": "about",
        **({"uri": uri} if uri else {}),
        "literal": topic.qcode or topic.id,
        "creator": "copydesk",
        "confidence": round(100 * topic.confidence),
    }


def _concept(entity: Entity) -> dict[str, str]:
    return {"name": entity.text, "rel": "mentions", **({"literal": entity.id} if entity.id else {})}
