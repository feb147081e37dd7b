"""Reading: one module per input format, each with ``read(document) -> RawArticle``."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from worker.errors import Rejected
from worker.formats.encoding import peek
from worker.formats.magic import recognise
from worker.models import Document, RawArticle

__all__ = ["FORMATS", "Format", "read_document"]

_HEAD = 4096  # characters from which a format is told
_BLANK = b" \t\r\n\v\f\x00"
_LEADING = re.compile(r"(?:\s+|<\?xml[^>]{0,200}\?>|<!--(?:(?!-->).){0,1000}-->)*+", re.DOTALL)
_HTML_START = re.compile(
    r"<(?:!doctype\s+html|(?:html|head|body|title|meta|link|script|style|div|main|article|section|header|nav|h[1-6]|p"
    r"|span|table|img|figure|ul|ol|a|b|strong|em|center|font)[\s>/])",
    re.IGNORECASE,
)
_HTML_ANYWHERE = re.compile(r"<(?:html|body|p|div|br|h1|article)[\s>/]", re.IGNORECASE)
_JSON_START = re.compile(r'[{\[]\s*[{\["]')
_MAIL_HEADER = re.compile(r"(?:return-path|received|mime-version|message-id|delivered-to):\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Format:
    """A format and how it is told from others.

    Attributes:
        name: For people, with its article.
        begins: Whether the beginning of a file (decoded leniently, without leading blanks) is surely of it.
        suffixes: Of file names, lower case; they decide where no beginning does.
        may_be: Whether a file of such a name may be of it after all, judging by its beginning.
        module: Where ``read`` is, imported when first needed; None: it is known but not read yet.
    """

    name: str
    begins: Callable[[str], bool]
    suffixes: tuple[str, ...] = ()
    may_be: Callable[[str], bool] = lambda _head: True
    module: str | None = None


FORMATS = (
    Format(
        "an HTML page",
        lambda head: _HTML_START.match(head) is not None,
        (".html", ".htm", ".xhtml"),
        lambda head: _HTML_ANYWHERE.search(head) is not None,
        "worker.formats.html",
    ),
    Format("an XML document", lambda head: head.startswith(("<?xml", "<rss", "<feed", "<nitf", "<newsItem"))),
    Format("a JSON document", lambda head: _JSON_START.match(head) is not None),
    Format("an e-mail", lambda head: _MAIL_HEADER.match(head) is not None),
)
TEXT = "worker.formats.text"


def read_document(document: Document) -> RawArticle:
    """Read a file of any known format, told by its content first and its name second.

    Raises:
        Rejected: ``empty``, ``binary``, ``unknown_type``, ``undecodable``, ``too_complex``, ``too_long``,
            ``too_many_lines`` or ``no_body``.
    """
    if not document.data.strip(_BLANK):
        raise Rejected("parse", "empty", "it holds no text" if document.data else "it holds no bytes")
    if found := recognise(document.data):
        looks, reason = found
        raise Rejected("parse", reason, f"looks like {looks}")
    module = import_module(_module(document))
    read = cast("Callable[[Document], RawArticle]", module.read)
    return read(document)


def _module(document: Document) -> str:
    head = peek(document.data, _HEAD).lstrip("\ufeff")
    suffix = posixpath.splitext(document.path)[1].lower()
    bare = head[match.end() :] if (match := _LEADING.match(head)) else head
    for candidate in FORMATS:
        named = suffix in candidate.suffixes and candidate.may_be(head)
        if candidate.begins(bare) or candidate.begins(head.lstrip()) or named:
            if candidate.module is None:
                raise Rejected("parse", "unknown_type", f"looks like {candidate.name}")
            return candidate.module
    return TEXT
