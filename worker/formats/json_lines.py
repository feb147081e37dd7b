"""JSON Lines: an article on every line."""

import re
from collections.abc import Iterator

from worker.errors import Rejected
from worker.formats.encoding import decode
from worker.formats.json_article import load
from worker.models import Document

_LINE = re.compile(r"\S[^\n]*")  # which passes over empty lines, however many


def unpack(document: Document) -> Iterator[Document]:
    """The objects on its lines, each with the number of its line; a line that is none is rejected by itself.

    Raises:
        Rejected: ``undecodable`` or ``binary``.
    """
    text = decode(document.data).text
    number, counted = 1, 0
    for match in _LINE.finditer(text):
        number += text.count("\n", counted, match.start())
        counted = match.start()
        yield _article(document, number, match[0].rstrip())


def _article(document: Document, number: int, line: str) -> Document:
    data = line.encode("utf-8", "surrogatepass")
    try:
        value = load(line)
    except Rejected as error:
        return document.refused(str(number), Rejected(error.stage, error.reason, f"line {number} {error.detail}"), data)
    if isinstance(value, dict) and value:
        return document.contained(str(number), data)
    return document.refused(str(number), Rejected("parse", "damaged", f"line {number} is no JSON object"), data)
