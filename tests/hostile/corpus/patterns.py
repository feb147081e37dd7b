"""For each regular expression of the project, and for the rule matcher, the input that would keep it busy.

What a pattern sees is bounded by the code around it (a line of 140, 200, 700 or 1,500 characters; a head of 4,096),
so each attack is a file of as many such lines as are read, and one of a single line as long as may be.
``test_patterns.py`` tries the patterns themselves, without the bounds.
"""

from collections.abc import Callable
from importlib import resources

from tests.hostile.case import HEADLINE, MOST, PROSE, Case, html, numbered, page, text
from worker.classify.rules import load

_LINES = 9_000  # of as many characters at most:
_SPREAD = 980_000

ATTACKS = (
    ("labels: most … on on on", "most" + " on" * 31 + " " + "x" * 41),
    ("labels: top from from", "top" + " from" * 17 + " " + "x" * 41 + "!x"),
    ("labels: trending stories", "trending" + " stories" * 16 + "x"),
    ("labels: skip to", "skip to " + "a " * 60 + "x"),
    ("labels: marks around nothing", "!" * 139 + "x"),
    ("labels: marks between", "share" + "!" * 60 + "menu" + "!" * 60 + "x"),
    ("share bars", "share " * 22 + "xy"),
    ("share bars with marks", "share|email|" * 11 + "qq"),
    ("comments: 9 comments on", "9" * 6 + " comments on" + " x" * 60),
    ("openings: follow … on", "follow " + "a " * 130),
    ("openings: sign up for", "sign up for " + "the new " * 33),
    ("openings: we may earn", ("a b " * 9 + "may earn a x ") * 5),
    ("notices: sign up … newsletter", "sign up " * 180),
    ("notices: support", ("support our a journalist " * 60)[:1_490]),
    ("notices: uses cookies", "and uses a b c cookie " * 65),
    ("notices: our team", "our small, " * 130),
    ("notices: made of triggers", "consent accept all your experience cookies " * 34),
    ("captions: credits", "photo " * 115),
    ("captions: sources", "reuters / " * 69),
    ("captions: verbs", "Aed Bed Ced Ded Eed Fed Ged Hed Ied Jed Ked"),
    ("captions: a word of letters", "A B C " + "e" * 600),
    ("bylines: commas", "By " + "Jane Doe, " * 15),
    ("bylines: blanks and dashes", "By Jane" + " - " * 50),
    ("bylines: brackets", "By Jane Doe " + "(" * 140),
    ("bylines: at signs", "By " + "a@" * 75),
    ("bylines: quotes", "By Jane “" + "“" * 140),
    ("bylines: addresses", "By " + "http://" * 21),
    ("bylines: apostrophes", "By " + "a'" * 70 + "!"),
    ("dates: days and months", "1 of May " * 22),
    ("dates: months", "May " * 49),
    ("dates: blanks", "1 May" + " " * 1 + "-" * 150 + " 2024"),
    ("dates: numbers", "1.1.1.1." * 24),
    ("dates: times", "17 May 2024 at 10:00:00.000000 pm " * 5),
    ("dates: times before", "10:00 AM GMT on Friday, " * 8),
    ("dates: minutes to read", "1 min read ago " * 13),
    ("dates: marks", "2024-05-17" + "_-|·" * 45),
    ("sentence ends", "the river rose" + ".”)]" * 60),
    ("bullets", "•" * 190),
    ("words of one letter", "a " * 95),
    ("abbreviations", "A.B.C.D.E.F.G." * 13),
    ("possessives", "a's " * 45),
    ("gaps", "talks - / & ' " * 13),
    ("mojibake", "Ãâ€ðŸ" * 20),
)


def _in_lines(attack: str) -> Callable[[], str]:
    return lambda: f"{HEADLINE}\n\n{PROSE}\n\n" + f"{attack}\n" * min(_LINES, _SPREAD // (len(attack) + 1))


def _above(attack: str) -> Callable[[], str]:
    return lambda: f"{attack}\n\n" * min(_LINES // 2, _SPREAD // (len(attack) + 2)) + f"{HEADLINE}\n\n{PROSE}"


def _in_one_line(attack: str) -> Callable[[], str]:
    return lambda: f"{HEADLINE}\n\n" + attack * (_SPREAD // len(attack))


def _in_a_page(attack: str) -> Callable[[], str]:
    line = attack.replace("&", "&amp;").replace("<", "&lt;")
    return lambda: html(f"<p>{line}</p>" * min(4_000, 450_000 // (len(line) + 7)))


def _rule_words() -> list[str]:
    rules = load(resources.files("worker.classify").joinpath("rules.toml").read_bytes(), "rules.toml").rules
    phrases = [phrase for rule in rules for phrase in (*rule.patterns, *rule.unless)]
    return [option.replace("*", "").strip("()") for phrase in phrases for option in phrase.replace("|", " ").split()]


def _every_rule() -> str:
    return f"{HEADLINE}\n\n" + " ".join(_rule_words() * 8)[:_SPREAD]


def _one_rule_word() -> str:
    words = _rule_words()
    return f"{HEADLINE}\n\n" + f"{max(words, key=words.count)} " * 80_000


def _rule_words_as_headlines() -> str:
    return " ".join(_rule_words()[:28]) + f"\n\n{PROSE}\n\n" + " ".join(_rule_words())


CASES: list[Case] = [
    *(text(f"in lines: {name}", _in_lines(attack)) for name, attack in ATTACKS),
    *(text(f"above the text: {name}", _above(attack)) for name, attack in ATTACKS),
    *(text(f"in one line: {name}", _in_one_line(attack)) for name, attack in ATTACKS),
    *(page(f"in paragraphs: {name}", _in_a_page(attack)) for name, attack in ATTACKS),
    text("every word of every rule", _every_rule, "record"),
    text("one word of the rules", _one_rule_word, "record"),
    text("rules in the headline", _rule_words_as_headlines),
    text("words in front of rules", lambda: f"{HEADLINE}\n\n" + "the minister of foreign affairs of the " * 20_000),
    text("different words that are no rule's", lambda: f"{HEADLINE}\n\n" + numbered("w{}x ", 120_000)),
    text("long words", lambda: f"{HEADLINE}\n\n" + ("a" * 5_000 + " ") * 190),
    text("the head of a file: comments", lambda: "<!--" + "<!--" * 2_000 + PROSE),
    text("the head of a file: blanks", lambda: " \n" * 3_000 + HEADLINE + "\n\n" + PROSE),
    text("the head of a file: blanks and brackets", lambda: "[" + " " * 500_000 + PROSE),
    text("the head of a file: declarations", lambda: "<?xml " * 2_000 + PROSE),
    page("the head of a page: charsets", lambda: "<html>" + "<meta charset" * 20_000 + html("")),
    page("the head of a page: meta", lambda: "<html>" + "<meta " * 20_000 + html("")),
    page("a megabyte of blank lines", lambda: html("<pre>" + "\n \n" * 250_000 + "a")),
    page("a megabyte of blanks in lines", lambda: html("<div>a</div>" + "\n" + " " * 900_000 + "a")),
    page("ten megabytes of white space", lambda: html("<pre>" + " \n" * ((MOST - 2_000) // 2))),
]
