"""HTML to a tree that is safe to walk: nothing is fetched, and nothing takes longer than its size allows."""

from typing import Any

from lxml import etree

from worker.formats.html_scan import check_tags

_MAX_ATTRIBUTE = 5_000  # characters
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())


def parse(text: str) -> Any | None:
    """The tree of a page or a piece of one; None where there is nothing to be seen.

    Raises:
        Rejected: ``too_complex``.
    """
    check_tags(text)
    # The text is decoded already, so whatever encoding the page declares is overruled. Not huge_tree: the parser's
    # own limits on depth and size are what keeps it and its users from running out of stack.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = etree.fromstring(_xml_bytes(text), parser=parser)
    except etree.LxmlError:  # nothing but comments, or nothing at all
        return None
    if tree is not None:
        _drop_long_attributes(tree)
    return tree


def _xml_bytes(text: str) -> bytes:
    """A text as UTF-8, but for what XML has no place for: controls, halves of characters and no characters."""
    data = text.encode(errors="ignore").translate(None, _CONTROLS)
    for code in _NO_CHARACTERS:
        data = data.replace(code, b"")
    return data


def _drop_long_attributes(tree: Any) -> None:
    """Forget what is no word about an article: pictures in data addresses, mostly."""
    for element in tree.xpath(f"//*[@*[string-length() > {_MAX_ATTRIBUTE}]]"):
        for name, value in element.items():
            if len(value) > _MAX_ATTRIBUTE:
                del element.attrib[name]
