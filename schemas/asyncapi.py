"""The AsyncAPI 3 document: the streams, and every field of their entries, with an example of each."""

import json
from collections.abc import Mapping
from typing import Any

from schemas.article import SCHEMA_VERSION, Reclassified
from schemas.event import (
    CONTENT_TYPE,
    CORRECTED,
    MAJOR,
    PUBLISHED,
    RECLASSIFIED,
    REJECTED,
    TRACEPARENT,
    Event,
    EventType,
    to_entry,
)
from schemas.examples import EXAMPLES
from schemas.rejection import Rejection

Json = dict[str, Any]

_SUMMARIES: Mapping[EventType, str] = {
    PUBLISHED: "An article, for the first time.",
    CORRECTED: "A new version of an article that was published before.",
    RECLASSIFIED: "A published article has other topics now; nothing else of it has changed.",
    REJECTED: "A file, or an article in a file of several, gave no record.",
}
_PREFIX = "The name begins with COPYDESK_PREFIX, which is `copydesk` where nobody has set it."


def asyncapi() -> Json:
    """The document, its payloads as references to the files of JSON Schema beside it."""
    articles = [name for name in map(message_name, EXAMPLES) if name != "rejected"]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "copydesk",
            "version": f"{SCHEMA_VERSION}.0",
            "license": {"name": "MIT"},
            "description": "Clean, validated, classified news articles as entries of Redis streams: CloudEvents 1.0 in "
            "binary mode, each attribute a string field of its own (`headers` here), and the record as JSON in the "
            "field `data` (`payload` here).",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {
            "articles": _channel("copydesk:articles", "Every article.", articles),
            "articlesOfTopic": _channel(
                "copydesk:articles:{topic}", "Where they are switched on: the articles of one topic.", articles
            )
            | {"parameters": {"topic": {"description": "The id of a topic.", "examples": ["diplomacy", "sport"]}}},
            "rejected": _channel("copydesk:rejected", "What gave no record, and what to do about it.", ["rejected"]),
        },
        "operations": {
            "publishArticle": _sending("articles", articles),
            "publishArticleOfTopic": _sending("articlesOfTopic", articles),
            "publishRejection": _sending("rejected", ["rejected"]),
        },
        "components": {"messages": {message_name(kind): _message(kind, event) for kind, event in EXAMPLES.items()}},
    }


def message_name(event_type: str) -> str:
    """What the document calls the message of a type: ``published`` for ``io.copydesk.article.published.v1``."""
    return event_type.split(".")[3]


def headers_of(event_type: EventType) -> Json:
    """JSON Schema of an entry's fields other than ``data``."""
    properties: dict[str, Json] = {
        "ce_specversion": {"const": "1.0"},
        "ce_id": _said("The same for the same event, however often it is sent.", minLength=1),
        "ce_source": _said("`/copydesk/<inbox>`.", minLength=1),
        "ce_type": {"const": event_type},
        "ce_time": _said("When it was published.", format="date-time"),
        "ce_subject": _said("The article's id; of a rejection, the file's path.", minLength=1),
        "ce_dataschema": _said(
            "The JSON Schema of `data`: a newer minor version only adds, a newer major one breaks.",
            pattern=rf"^urn:copydesk:schema:{_schema_name(event_type)}:{MAJOR}\.\d{{1,6}}$",
        ),
        "content-type": {"const": CONTENT_TYPE},
        "traceparent": _said("W3C Trace Context of the file's journey.", pattern=TRACEPARENT),
    }
    if event_type != REJECTED:
        properties |= {
            "topic": _said("The id of the primary topic; empty: none was given."),
            "topics": _said("The ids of all topics, strongest first, then those taken away, parted by commas."),
            "lang": _said("The code of the language.", pattern="^[a-z]{2,3}$"),
        }
    return {"type": "object", "properties": properties, "required": list(properties)}


def _said(description: str, **keywords: Any) -> Json:
    return {"type": "string", "description": description, **keywords}


def _channel(address: str, description: str, messages: list[str]) -> Json:
    return {
        "address": address,
        "description": f"{description} {_PREFIX}",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {"redis": {}},
    }


def _sending(channel: str, messages: list[str]) -> Json:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in messages],
    }


def _message(event_type: EventType, example: Event) -> Json:
    entry = to_entry(example)
    payload = json.loads(entry.pop("data"))
    return {
        "name": event_type,
        "summary": _SUMMARIES[event_type],
        "contentType": CONTENT_TYPE,
        "headers": headers_of(event_type),
        "payload": {"$ref": f"./{_schema_name(event_type)}-{SCHEMA_VERSION}.json"},
        "examples": [{"headers": entry, "payload": payload}],
    }


def _schema_name(event_type: EventType) -> str:
    data = EXAMPLES[event_type].data
    return {Rejection: "rejection", Reclassified: "reclassification"}.get(type(data), "article")
