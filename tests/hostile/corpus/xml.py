"""XML, and pages that hope to be read as XML: entities, includes, instructions."""

from tests.hostile.case import HEADLINE, MB, PARAGRAPHS, Case, html, numbered, page, text

_LAUGHS = "<!DOCTYPE html [<!ENTITY l0 'lol'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
_BODY = f"<html><body><h1>{HEADLINE}</h1>{PARAGRAPHS}<p>&x; &l11;</p></body></html>"
_DTDS = (
    ("billion laughs", f"{_LAUGHS}]>"),
    ("a quadratic blow-up", f"<!DOCTYPE html [<!ENTITY x '{'a' * 100_000}'>]>"),
    ("an entity of itself", "<!DOCTYPE html [<!ENTITY x '&y;'><!ENTITY y '&x;'>]>"),
    ("an external entity", "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"),
    ("an external entity on the network", "<!DOCTYPE html [<!ENTITY x SYSTEM 'http://localhost:1/x'>]>"),
    ("a parameter entity", "<!DOCTYPE html [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]>"),
    ("an external DTD", "<!DOCTYPE html SYSTEM 'file:///dev/zero'>"),
    ("a DTD on the network", "<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0//EN' 'http://localhost:1/x.dtd'>"),
    ("a doctype of a megabyte", "<!DOCTYPE html [" + "<!ELEMENT a (b)>" * 60_000 + "]>"),
    ("a hundred thousand entities", "<!DOCTYPE html [" + numbered("<!ENTITY e{} 'a'>", 40_000) + "]>"),
)
_DECLARATION = "<?xml version='1.0' encoding='utf-8'?>"

CASES: list[Case] = [
    *(page(f"a page with {name}", dtd + _BODY) for name, dtd in _DTDS),
    *(
        text(
            f"XML with {name}",
            f"{_DECLARATION}{dtd}<nitf><p>&x; &l11;</p></nitf>",
            "unknown_type no_headline no_body record",
            "a.xml",
        )
        for name, dtd in _DTDS
    ),
    page(
        "XInclude",
        html("<x:include xmlns:x='http://www.w3.org/2001/XInclude' href='/etc/passwd' parse='text'/>"),
        "record",
    ),
    page("a style sheet instruction", "<?xml-stylesheet href='file:///etc/passwd'?>" + html(""), "record"),
    page("an instruction without an end", "<?php " + html("")),
    page("a hundred thousand instructions", lambda: html("<?a b?>" * 100_000)),
    page("quadratic references", lambda: html("<p>" + "&amp;" * 150_000 + "</p>")),
    page("references without names", lambda: html("<p>" + "&" * MB + "</p>")),
    page("references without ends", lambda: html("<p>" + "&abcdefgh" * 100_000 + "</p>")),
    page(
        "XHTML",
        f"{_DECLARATION}<html xmlns='http://www.w3.org/1999/xhtml'><body><h1>{HEADLINE}</h1>{PARAGRAPHS}</body></html>",
        "record",
    ),
    page(
        "XHTML that is cut",
        f"{_DECLARATION}<html xmlns='http://www.w3.org/1999/xhtml'><body><h1>{HEADLINE}</h1>{PARAGRAPHS}<p",
    ),
    page("CDATA around the article", f"<html><body><![CDATA[{PARAGRAPHS}]]></body></html>"),
    text("a declaration of a megabyte", "<?xml " + "a='b' " * 200_000 + "?><html>"),
    text("comments before everything", lambda: "<!-- a -->" * 90_000 + html("")),
    text(
        "a hundred thousand nested elements of XML", "<?xml version='1.0'?>" + "<a>" * 100_000, "unknown_type no_body"
    ),
    text("a feed", "<rss><channel>" + f"<item><title>{HEADLINE}</title></item>" * 1_000, "damaged no_body"),
    text("SVG", "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>"),
]
