"""Telling a file's format: by its content first and its name second."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass

from worker.errors import Rejected
from worker.formats import magic
from worker.formats.encoding import peek
from worker.models import Document

_HEAD = 4096  # characters from which a format is told
_BLANK = b" \t\r\n\v\f\x00"
_LEADING = re.compile(
    r"(?:\s+|<\?xml[^>]{0,200}\?>|<!doctype\s(?!html)[^>\[]{0,300}+(?:\[[^\]]{0,2000}+\]\s{0,9})?>"
    r"|<!--(?:(?!-->).){0,1000}-->)*+",
    re.DOTALL | re.IGNORECASE,
)
_HTML_START = re.compile(
    r"<(?:!doctype\s+html|(?:html|head|body|title|meta|link|script|style|div|main|article|section|header|nav|h[1-6]|p"
    r"|span|table|img|figure|ul|ol|a|b|strong|em|center|font)[\s>/])",
    re.IGNORECASE,
)
_HTML_ANYWHERE = re.compile(r"<(?:html|body|p|div|br|h1|article)[\s>/]", re.IGNORECASE)
_JSON_START = re.compile(r'[{\[]\s*[{\["]')
_JSON_LINE = re.compile(r'\{.*"\s*:.*\}[ \t]*\r?\n\s*\{"')
_MAIL_HEADER = re.compile(
    r"(?:return-path|received|mime-version|message-id|delivered-to|from|to|subject|date|content-type|x-[\w-]{1,40})"
    r":[^\n]{1,998}\n(?:(?:[!-9;-~]{1,70}:|[ \t])[^\n]{0,998}\n)*+",
    re.IGNORECASE,
)
_MAIL_SIGNS = re.compile(
    r"^(?:mime-version|message-id|received|return-path|content-type):", re.IGNORECASE | re.MULTILINE
)
_SAVED_PAGE = re.compile(r"^(?:snapshot-content-location:|from:\s*\W?saved by )", re.IGNORECASE | re.MULTILINE)
_RELATED = re.compile(r"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_SENT = re.compile(r"^(?:to|cc|received|return-path|message-id|delivered-to):", re.IGNORECASE | re.MULTILINE)
_FRONT_MATTER = re.compile(r"(?:---|\+\+\+)[ \t]*\n\w{1,30}[ \t]*[:=]")


@dataclass(frozen=True, slots=True)
class Format:
    """A format and how it is told from others.

    Attributes:
        name: For people, with its article.
        module: In ``worker.formats``, imported when first needed.
        begins: Whether a beginning (decoded leniently, without leading blanks) is surely of it.
        suffixes: Of file names, lower case; they decide where no beginning does.
        may_be: Whether a file of such a name may be of it after all, judging by its beginning.
        container: Whether it holds documents rather than an article.
        nests: Whether these are files of any format, containers too; else each is an article.
    """

    name: str
    module: str
    begins: Callable[[str], bool] = lambda _head: False
    suffixes: tuple[str, ...] = ()
    may_be: Callable[[str], bool] = lambda _head: True
    container: bool = False
    nests: bool = False


def _root(*names: str) -> Callable[[str], bool]:
    """Whether a beginning is that of an XML document whose root has such a name, whatever its prefix."""
    pattern = re.compile(rf"<(?:[\w.-]{{1,30}}:)?(?:{'|'.join(names)})[\s>/]")
    return lambda head: pattern.match(head) is not None


def _starts(*signs: str) -> Callable[[str], bool]:
    return lambda head: head.startswith(signs)


def _found(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda head: pattern.match(head) is not None


def _is_mail(head: str) -> bool:
    headers = _MAIL_HEADER.match(head)
    return headers is not None and _MAIL_SIGNS.search(headers[0]) is not None


def _is_saved_page(head: str) -> bool:
    """Whether it is a page that a browser saved: a mail with pictures in it is made likewise, but was sent."""
    headers = _MAIL_HEADER.match(head)
    if headers is None:
        return False
    return _SAVED_PAGE.search(headers[0]) is not None or (
        _RELATED.search(headers[0]) is not None and _SENT.search(headers[0]) is None
    )


TEXT = Format("a plain text", "text")
_BINARY = {
    "pdf": Format("a PDF document", "pdf"),
    "rtf": Format("an RTF document", "rtf"),
    "docx": Format("a Word document", "docx"),
    "odt": Format("an OpenDocument text", "odt"),
    "epub": Format("an EPUB book", "epub", container=True),
    "zip": Format("a ZIP archive", "archive", container=True, nests=True),
    "gzip": Format("a gzip archive", "archive", container=True, nests=True),
}
_TEXTUAL = (
    Format("a saved web page (MHTML)", "mhtml", _is_saved_page, (".mht", ".mhtml"), _found(_MAIL_HEADER)),
    Format("an e-mail", "mail", _is_mail, (".eml",), _found(_MAIL_HEADER)),
    Format("a feed", "feed", _root("rss", "feed", "RDF"), container=True),
    Format("a NewsML-G2 document", "newsml", _root("newsItem", "newsMessage", "packageItem"), container=True),
    Format("a NITF document", "nitf", _root("nitf")),
    Format("JSON Lines", "json_lines", _found(_JSON_LINE), (".jsonl", ".ndjson"), _starts("{"), container=True),
    Format("a JSON document", "json_article", _found(_JSON_START), (".json",), _starts("{", "["), container=True),
    Format(
        "an HTML page",
        "html",
        _found(_HTML_START),
        (".html", ".htm", ".xhtml"),
        lambda head: _HTML_ANYWHERE.search(head) is not None,
    ),
    Format("Markdown", "markdown", _found(_FRONT_MATTER), (".md", ".markdown")),
)


def recognise(document: Document) -> Format:
    """The format of a file.

    Raises:
        Rejected: ``empty``, ``binary`` or ``unknown_type``.
    """
    if not document.data.strip(_BLANK):
        raise Rejected("parse", "empty", "it holds no text" if document.data else "it holds no bytes")
    if found := magic.recognise(document.data):
        if found.format:
            return _BINARY[found.format]
        raise Rejected("parse", found.reason, f"looks like {found.name}")
    head = peek(document.data, _HEAD).lstrip("\ufeff")
    suffix = posixpath.splitext(document.name)[1].lower()
    bare = head[match.end() :] if (match := _LEADING.match(head)) else head
    for candidate in _TEXTUAL:
        named = suffix in candidate.suffixes and candidate.may_be(head.lstrip())
        if candidate.begins(bare) or candidate.begins(head.lstrip()) or named:
            return candidate
    if head.lstrip().startswith("<?xml"):
        raise Rejected("parse", "unknown_type", "looks like an XML document of a kind that is not read")
    return TEXT
