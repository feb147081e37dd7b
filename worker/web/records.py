"""The newest record of an article: from its ledger to its entry."""

from dataclasses import dataclass
from typing import Any

import redis

from worker.connection import text_of
from worker.keys import Keys
from worker.reclassify import place_field, topics_field


@dataclass(frozen=True, slots=True)
class Found:
    """Where an article is.

    Attributes:
        data: Its newest record as JSON; empty where there is none to be had.
        why: Why not, in words.
        again: Whether it will come by itself.
    """

    data: bytes = b""
    why: str = ""
    again: bool = False


def newest(client: "redis.Redis", keys: Keys, article: str) -> Found:
    """The newest version of an article, with the topics that it was given last.

    Raises:
        redis.RedisError: The server does not answer.
    """
    stored: Any = client.hgetall(keys.ledger(article))
    ledger = {text_of(name): text_of(value) for name, value in stored.items()}
    version = ledger.pop("version", "")
    current = ((name, place) for name, place in ledger.items() if ":" not in name and place.endswith(f" {version}"))
    content, place = next(current, ("", ""))
    if not version or not content:
        return Found(why="no article has this id, or it was last seen more than COPYDESK_LEDGER_DAYS ago")
    entry = place.partition(" ")[0]
    if entry == "-":
        return Found(why="its entry was lost and is being published again", again=True)
    for place in (_reclassified(ledger, content, entry), entry):
        found: Any = client.xrange(keys.articles, place, place, count=1) if place else ()
        if found:
            return Found(found[0][1][b"data"])
    return Found(why=f"its version {version} was published as {entry}, which is no longer kept")


def _reclassified(ledger: dict[str, str], content: str, entry: str) -> str:
    """The entry that tells the newest topics of some content; empty where those of its own entry are the newest."""
    number, _, of = (*ledger.get(topics_field(content), "").split(" "), "", "")[:3]
    at, _, place = ledger.get(place_field(content), "").partition(" ")
    return place if of == entry and at == number else ""
