"""What ninjs 3.1 asks of the properties that we write, in our own words.

Written down from IPTC's schema (http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json): the names, the types, what must
be there, and that no other name may be. Formats are patterns here, so that they are checked with no more libraries.
"""

from typing import Any

from jsonschema import Draft202012Validator

TEXT = {"type": "string"}
COUNT = {"type": "integer"}
PERCENT = {"type": "integer", "minimum": 0, "maximum": 100}
URI = {"type": "string", "pattern": r"^[a-z][a-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+$"}
DATE_TIME = {
    "type": "string",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$",
}


def closed(*required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def every(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


VALUE = closed("value", role=TEXT, contentType=TEXT, value=TEXT)
CONCEPT = closed(name=TEXT, rel=TEXT, uri=URI, literal=TEXT)

NINJS = Draft202012Validator(
    closed(
        "uri",
        uri=URI,
        type={"enum": ["text", "audio", "video", "picture", "graphic", "composite", "component", "event", "planning"]},
        representationType={"enum": ["full", "partial"]},
        version=TEXT,
        versionCreated=DATE_TIME,
        contentCreated=DATE_TIME,
        pubStatus={"enum": ["usable", "withheld", "canceled"]},
        language=TEXT,
        by=TEXT,
        headlines=every(VALUE),
        descriptions=every(VALUE),
        bodies=every(
            closed("value", role=TEXT, contentType=TEXT, charCount=COUNT, wordCount=COUNT, value=TEXT),
        ),
        subjects=every(
            closed(name=TEXT, rel=TEXT, uri=URI, literal=TEXT, creator=TEXT, relevance=PERCENT, confidence=PERCENT)
        ),
        people=every(CONCEPT),
        organisations=every(CONCEPT),
        places=every(CONCEPT),
        infoSources=every(closed(name=TEXT, role=TEXT, uri=URI, literal=TEXT)),
        altIds=every(closed(role=TEXT, value=TEXT)),
        standard=closed(name=TEXT, version=TEXT, schema=URI),
    )
)
