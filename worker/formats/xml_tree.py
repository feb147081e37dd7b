"""XML to a tree that is safe to walk: nothing is fetched, no entity is expanded, and names have no namespaces."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

from lxml import etree

from worker.errors import Rejected
from worker.formats.encoding import Decoded, decode, peek

MAX_TAGS = 400_000  # a document of a thousand long articles has half of them
_DECLARED = re.compile(r"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([a-z0-9_.:-]{2,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*+<\?xml[^>]{0,1000}\?>")
_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[a-z]{2,31}\d{0,2};", re.IGNORECASE)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def decode_xml(data: bytes) -> Decoded:
    """An XML document's text, without its declaration and without characters that XML forbids.

    Raises:
        Rejected: ``undecodable``, ``binary``, or ``too_complex`` where it holds too many tags.
    """
    declared = _DECLARED.search(peek(data))
    decoded = decode(data, declared[1] if declared else None)
    tags = decoded.text.count("<")
    if tags > MAX_TAGS:
        raise Rejected("parse", "too_complex", f"{tags} tags; at most {MAX_TAGS} are read")
    text = decoded.text.lstrip("\ufeff")
    match = _DECLARATION.match(text)
    return replace(decoded, text=_NOT_XML.sub("", text[match.end() :] if match else text))


def parse_xml(decoded: Decoded) -> Any:
    """The root of a document, its elements named without their namespaces.

    Raises:
        Rejected: ``damaged``, which includes what is nested too deep or grows when it is read.
    """
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
    )
    try:
        root = etree.fromstring(_REFERENCE.sub(_character, decoded.text.strip()).encode(), parser)
    except etree.XMLSyntaxError as error:
        raise Rejected("parse", "damaged", f"is no well-formed XML: {str(error)[:200]}") from error
    for element in root.iter(etree.Element):
        if element.tag.startswith("{"):
            element.tag = element.tag.rpartition("}")[2]
    return root


def text_of(element: Any | None) -> str:
    """The text in an element, in one line; empty for None."""
    return " ".join("".join(_pieces(element)).split()) if element is not None else ""


def child_text(element: Any | None, path: str) -> str:
    """The text of the first element at a path that has any, in one line."""
    found = element.iterfind(path) if element is not None else ()
    return next((text for child in found if (text := text_of(child))), "")


def _pieces(element: Any) -> Iterator[str]:
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start" and isinstance(node.tag, str):  # else a reference to an entity, which stays unknown
            yield " " if node.tag == "br" else node.text or ""
        elif event == "end" and node is not element:
            yield node.tail or ""


def _character(match: re.Match[str]) -> str:
    """The character that a reference has in HTML, whose names documents use without the DTD that defines them."""
    text = unescape(match[0])
    return match[0] if text in {"<", "&", match[0]} else text
