"""``copydesk tail``: follow a stream."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

import redis
from rich.console import Console
from rich.text import Text

from schemas.article import Article, Reclassified
from schemas.event import ArticleEvent, Event, from_entry
from schemas.news_article import to_news_article
from schemas.ninjs import to_ninjs
from schemas.rejection import Rejection
from worker.connection import text_of

BLOCK_MS = 500  # how long a signal to stop may wait
PAGE = 100

Form = Literal["text", "json", "ninjs", "newsarticle"]

_EXCHANGED: Mapping[Form, Callable[[Article], dict[str, Any]]] = {"ninjs": to_ninjs, "newsarticle": to_news_article}


def follow(
    client: "redis.Redis",
    stream: str,
    stop: threading.Event,
    *,
    form: Form,
    topics: set[str],
    start: str,
    count: int | None,
) -> None:
    """Print entries as they come, until told to stop or so many were printed.

    In any form but text each is one line; a rejection has no form but text and the contract's own JSON.

    Raises:
        redis.RedisError: The server went away.
    """
    console = Console(soft_wrap=True, highlight=False)
    printed = 0
    for event in read(client, stream, start, stop):
        if topics and not (isinstance(event, ArticleEvent) and topics.intersection(event.topics)):
            continue
        if form == "text":
            console.print(line_of(event))
        else:
            console.out(_as_json(event.data, form), highlight=False)
        printed += 1
        if printed == count:
            return


def read(client: "redis.Redis", stream: str, start: str, stop: threading.Event) -> Iterator[Event]:
    """The events of a stream from an id on (``0``: the oldest, ``$``: new ones), until told to stop."""
    last = start
    if start == "$":  # asked once: `$` again at each read would skip what came in between
        newest: Any = client.xrevrange(stream, count=1)
        last = text_of(newest[0][0]) if newest else "0"
    while not stop.is_set():
        found: Any = client.xread({stream: last}, count=PAGE, block=BLOCK_MS)
        for _, entries in found or ():
            for entry, fields in entries:
                last = text_of(entry)
                yield from_entry(fields)


def _as_json(data: Article | Rejection, form: Form) -> str:
    if form in _EXCHANGED and isinstance(data, Article):
        return json.dumps(_EXCHANGED[form](data), ensure_ascii=False)
    return data.model_dump_json()


def line_of(event: Event) -> Text:
    """An entry in one or two lines."""
    data = event.data
    if not isinstance(data, Article):
        return Text.assemble((f"{data.reason:<14}", "red"), f"{data.path}\n", (f"{'':<14}{data.detail}", "dim"))
    topics = ", ".join(f"{topic.id} {topic.confidence:.2f}" for topic in data.topics) or "no topic"
    version = f" (version {data.version})" if data.version > 1 else ""
    before = (
        f" (was: {', '.join(was.id for was in data.previous_topics) or 'no topic'})"
        if isinstance(data, Reclassified)
        else ""
    )
    return Text.assemble(
        (f"{data.primary_topic or '–':<14}", "green"),
        (data.headline, "bold"),
        f"{version}\n",
        (f"{'':<14}{topics}{before} · {data.word_count} words · {data.provenance.path}", "dim"),
    )
