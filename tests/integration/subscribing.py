"""A program of a subscriber: notes each event before and after it handles it, and fails on poison.

``python -m tests.integration.subscribing URL STREAM GROUP NOTES [OPTIONS AS JSON]``
"""

import json
import os
import sys

from schemas.event import ArticleEvent
from schemas.subscriber import Subscription


def handle(event: ArticleEvent, notes: int) -> None:
    os.write(notes, f"begin {event.id}\n".encode())
    if event.data.headline.startswith("poison"):
        raise LookupError(f"no desk for {event.id}")
    os.write(notes, f"end {event.id}\n".encode())


def main() -> None:
    url, stream, group, folder, *options = sys.argv[1:]
    notes = os.open(f"{folder}/{os.getpid()}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with Subscription(url, group, stream=stream, **json.loads(options[0] if options else "{}")) as events:
        for event in events:
            handle(event, notes)
    os.write(notes, b"left\n")


if __name__ == "__main__":
    main()
