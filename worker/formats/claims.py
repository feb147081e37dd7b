"""What a document's properties claim of it, and how far that is believed."""

import re
from collections.abc import Sequence

from worker.cleaning.bylines import read_byline
from worker.formats.flow import Flow
from worker.models import RawArticle, RawBlock

_TOP = 12  # blocks in which a headline stands
_WORDS = re.compile(r"\w+")
_NOT_TITLES = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b|(?:untitled|document|dokument|unbenannt|sans titre|slide|template)\b"
    r"|(?:powerpoint|word) |.{0,300}\.[a-z]{2,5}\Z|\S{0,300}\Z|https?:",
    re.IGNORECASE,
)


def believed_title(title: str | None, blocks: Sequence[RawBlock]) -> str | None:
    """A document's title, where it is its headline; None where it is none, or where the text tells better.

    Titles in properties are often a program's, a file's name or left over from a template. One that the text repeats
    near its top is the headline; another is believed only where the text begins without any.
    """
    title = " ".join((title or "").split())
    if not title or len(title) > 300 or _NOT_TITLES.match(title):
        return None
    words = _folded(title)
    if any(_folded(block.text) == words for block in blocks[:_TOP]):
        return title
    begins_with_text = bool(blocks) and blocks[0].kind in {"line", "paragraph"} and len(blocks[0].text.split()) > 30
    return title if begins_with_text and len(title.split()) >= 3 else None


def article(media_type: str, encoding: str, flow: Flow, title: str | None) -> RawArticle:
    """The article of a document from a word processor.

    Args:
        media_type: Of the document.
        encoding: Likewise.
        flow: Its text.
        title: From its properties.
    """
    blocks = tuple(flow.blocks)
    standfirst = flow.subtitle
    if standfirst and (len(standfirst.split()) < 5 or read_byline(standfirst)):
        standfirst = None
    if standfirst:
        blocks = tuple(block for block in blocks if block.text != standfirst)
    return RawArticle(
        media_type=media_type,
        encoding=encoding,
        blocks=blocks,
        headline=flow.title or believed_title(title, blocks),
        standfirst=standfirst,
        links=tuple(flow.links),
    )


def _folded(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))
