"""What is sent of an event: a CloudEvent in structured mode, signed as Standard Webhooks says."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from schemas.event import ArticleEvent, to_entry
from worker import __version__


def body_of(event: ArticleEvent) -> bytes:
    """The event as CloudEvents' JSON format: the stream entry's own attributes, and the record as it stands there."""
    entry = to_entry(event)
    data, content_type = entry.pop("data"), entry.pop("content-type")
    attributes = {name.removeprefix("ce_"): value for name, value in entry.items() if value}
    head = json.dumps(attributes | {"datacontenttype": content_type}, ensure_ascii=False)
    return f'{head[:-1]}, "data": {data}}}'.encode()


def headers_of(event: ArticleEvent, body: bytes, keys: Sequence[bytes], now: float) -> Mapping[str, str]:
    """The headers of one try to deliver an event.

    Args:
        event: What is sent.
        body: Of the request.
        keys: That sign it: one signature for each.
        now: Seconds since the epoch.
    """
    message_id = quote(event.id.replace(".", "_"), safe="~:")  # a dot separates what is signed
    timestamp = str(int(now))
    return {
        "content-type": "application/cloudevents+json; charset=utf-8",
        "user-agent": f"copydesk/{__version__}",
        "traceparent": event.traceparent,
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(key, f"{message_id}.{timestamp}.".encode() + body) for key in keys),
    }


def _signature(key: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
