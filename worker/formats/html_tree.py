"""HTML to a tree that is safe to walk: nothing is fetched, and nothing takes longer than its size allows."""

import re
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from worker.formats.html_scan import check_tags

_MAX_ATTRIBUTE = 5_000  # characters
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def parse(text: str) -> Any | None:
    """The tree of a page or a piece of one; None where there is nothing to be seen.

    Raises:
        Rejected: ``too_complex``.
    """
    check_tags(text)
    # The text is decoded already, so whatever encoding the page declares is overruled. Not huge_tree: the parser's
    # own limits on depth and size are what keeps it and its users from running out of stack.
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(_NOT_XML.sub("", text).encode(), parser=parser)
    except etree.LxmlError:  # nothing but comments, or nothing at all
        return None
    _drop_long_attributes(tree)
    return tree


def _drop_long_attributes(tree: Any) -> None:
    """Forget what is no word about an article: pictures in data addresses, mostly."""
    for element in tree.xpath(f"//*[@*[string-length() > {_MAX_ATTRIBUTE}]]"):
        for name, value in element.items():
            if len(value) > _MAX_ATTRIBUTE:
                del element.attrib[name]
