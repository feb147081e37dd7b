"""JSON Lines: one article a line, as an object with a headline and a text."""

import json
from collections.abc import Iterator

from worker.models import Document


def unpack(document: Document) -> Iterator[Document]:
    """The article of each line that is not blank, called by the number of its line."""
    for number, line in enumerate(document.data.splitlines(), start=1):
        if line.strip():
            yield document.contained(str(number), _text_of(line))


def _text_of(line: bytes) -> bytes:
    """Its headline above its text; nothing where it lacks them, to be refused as empty."""
    try:
        article = json.loads(line)
        return f"{article['headline']}\n\n{article['text']}".encode()
    except (ValueError, KeyError, TypeError):
        return b""
