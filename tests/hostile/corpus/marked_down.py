"""Markdown that keeps parsers busy: marks without ends, nesting without end, front matter that is none."""

from tests.hostile.case import GOOD, HEADLINE, MB, PROSE, Case, filled, numbered, text

_SIZE = 190_000
_MARKS = (
    ("brackets", "["), ("closed brackets", "[a]"), ("links without ends", "[a](b"), ("links of links", "[a]("),
    ("pictures", "!["), ("stars", "*a **a "), ("underlines", "_a__ "), ("ticks", "`a``"), ("tags", "<a "),
    ("comments", "<!-- "), ("instructions", "<?a "), ("addresses", "<http://a"), ("references", "&amp;"),
    ("backslashes", "\\"), ("angles", "<"), ("cells", "|a"), ("tabs", "\t"), ("quotation marks", "> "),
    ("tildes", "~~a"),
    ("titles", '[a](b "'), ("declarations", "<!A "), ("character data", "<![CDATA["), ("emphasis", "****a"),
)  # fmt: skip
_LINES = (
    ("quotations", "> a\n"), ("lists", "- a\n"), ("numbers", "1. a\n"), ("headings", "# a\n"), ("fences", "```\n"),
    ("definitions", "[a]: b\n"), ("underlined headings", "a\n=\n"), ("rules", "---\n"), ("rows", "|-|\n"),
    ("HTML", "<div>\n\n"), ("open comments", "<!--a\n\n"),
)  # fmt: skip


def page(name: str, content: object, expect: str = "") -> Case:
    """A case that is called Markdown."""
    return text(name, content, expect, "a.md")  # type: ignore[arg-type]


CASES: list[Case] = [
    *(
        page(f"Markdown of {name}", lambda mark=mark: f"# {HEADLINE}\n\n".encode() + filled(mark, _SIZE))
        for name, mark in _MARKS
    ),
    *(
        page(f"Markdown of lines of {name}", lambda line=line: f"# {HEADLINE}\n\n".encode() + line.encode() * 4_900)
        for name, line in _LINES
    ),
    page(
        "Markdown of lists in lists",
        lambda: "".join(f"{' ' * 2 * n}- a\n" for n in range(600)),
        "record no_headline no_body",
    ),
    page(
        "Markdown of quotations in quotations",
        lambda: f"# {HEADLINE}\n\n" + (">" * 5_000 + " a\n") * 60,
        "record no_body",
    ),
    page(
        "Markdown of a wide table",
        lambda: f"# {HEADLINE}\n\n" + "|a" * 30_000 + "\n" + "|-" * 30_000 + "\n" + "|b" * 30_000,
    ),
    page("Markdown of tables of tables", lambda: f"# {HEADLINE}\n\n" + "|a|b|\n|-|-|\n|c|d|\n\n" * 2_400),
    page("Markdown too long", lambda: f"# {HEADLINE}\n\n" + "The river rose. " * 40_000, "too_long"),
    page(
        "Markdown with front matter without an end", f"---\ntitle: {HEADLINE}\n" + PROSE, "record no_headline no_body"
    ),
    page("Markdown with front matter of a megabyte", lambda: f"---\ntitle: {'a ' * 200_000}\n---\n" + PROSE),
    page(
        "Markdown with many fields",
        lambda: "---\n" + numbered("k{}: v\n", 150) + f"title: {HEADLINE}\n---\n{PROSE}",
        "record",
    ),
    page(
        "Markdown with too many fields",
        lambda: "---\n" + numbered("k{}: v\n", 9_000) + f"---\n{GOOD}",
        "record no_headline no_body",
    ),
    page(
        "Markdown with fields that run",
        f"---\ntitle: !!python/object/apply:os.system ['reboot']\nauthor: &a [*a, *a]\n---\n{PROSE}",
        "record",
    ),
    page("Markdown with quotes without ends", f'---\ntitle: "{HEADLINE}\nauthor: [\'a, "b\n---\n{PROSE}', "record"),
    page(
        "Markdown with a script",
        f"# {HEADLINE}\n\n<script>alert(1)</script>\n\n{PROSE}\n\n[a](javascript:alert(1))",
        "record",
    ),
    page("Markdown with HTML of a megabyte", lambda: f"# {HEADLINE}\n\n" + "<div>" * (MB // 20) + "\n\n" + PROSE),
]
