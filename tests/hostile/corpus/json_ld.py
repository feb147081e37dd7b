"""JSON in pages and JSON as files: large, deep, and not quite JSON."""

import json
from collections.abc import Callable

from tests.hostile.case import GOOD, HEADLINE, MB, MOST, PROSE, Case, filled, html, numbered, page, text

_ARTICLE = {"@type": "NewsArticle", "headline": HEADLINE, "datePublished": "2024-05-17", "articleBody": PROSE}


def _scripts(*contents: str) -> str:
    return html("", "".join(f"<script type='application/ld+json'>{content}</script>" for content in contents))


def _ld(content: str | Callable[[], str]) -> Callable[[], str]:
    return lambda: _scripts(content() if callable(content) else content)


def _sized(piece: str, size: int = 9 * MB) -> str:
    return filled(piece, size).decode()


_CONTENTS: tuple[tuple[str, str | Callable[[], str]], ...] = (
    ("ten megabytes of text", lambda: json.dumps(_ARTICLE | {"articleBody": _sized("river ")})),
    ("ten megabytes of lists", lambda: f"[{_sized('[],')}[]]"),
    ("ten megabytes of objects", lambda: f"[{_sized('{},')}{{}}]"),
    ("ten megabytes of numbers", lambda: f"[{_sized('0,')}0]"),
    ("ten megabytes of keys", lambda: "{" + numbered('"k{}":0,', 700_000) + '"a":0}'),
    ("ten megabytes of one key", lambda: "{" + _sized('"a":0,') + '"a":0}'),
    ("ten megabytes of escapes", lambda: f'{{"headline":"{_sized(chr(92) + "u0061")}"}}'),
    ("a megabyte of lists of lists", lambda: f"[{_sized('[[]],', 990_000)}[]]"),
    (
        "nearly a megabyte of articles",
        lambda: f"[{_sized(json.dumps({'@type': 'Article', 'headline': 'a'}) + ',', 950_000)}{{}}]",
    ),
    ("a hundred thousand brackets", "[" * 100_000 + "]" * 100_000),
    ("a hundred thousand braces", '{"a":' * 100_000 + "1" + "}" * 100_000),
    ("nine hundred levels", '{"@graph":[' * 450 + json.dumps(_ARTICLE) + "]}" * 450),
    ("brackets never closed", "[" * 500_000),
    ("wide lists in wide lists", lambda: json.dumps([[[0] * 50] * 100] * 100)),
    ("NaN and infinity", '{"@type":"NewsArticle","headline":NaN,"datePublished":Infinity,"author":-Infinity}'),
    (
        "the same key twice",
        '{"@type":"Thing","@type":"NewsArticle","headline":"First of two","headline":"Second of two"}',
    ),
    ("a number of a million digits", '{"@type":"NewsArticle","headline":' + "9" * 1_000_000 + "}"),
    ("numbers out of range", '{"@type":"NewsArticle","headline":1e99999,"datePublished":-1e-99999,"author":9e999}'),
    ("types of every sort", '{"@type":[null,1,true,{},[],"NewsArticle"],"headline":[[["a"]]],"author":[null,1,[{}]]}'),
    ("lone surrogates", '{"@type":"NewsArticle","headline":"The river \\ud800 rose \\udfff at night"}'),
    ("NULs and controls", '{"@type":"NewsArticle","headline":"The river \\u0000\\u001b rose\\u2028 at night"}'),
    ("bidi marks", '{"@type":"NewsArticle","headline":"\\u202eThe river rose at night"}'),
    ("a headline of a megabyte", lambda: json.dumps(_ARTICLE | {"headline": "river " * 150_000})),
    ("an address of a megabyte", lambda: json.dumps(_ARTICLE | {"url": "https://example.org/" + "a" * 900_000})),
    (
        "ten thousand authors",
        lambda: json.dumps(_ARTICLE | {"author": [{"name": f"Jane Doe{n}"} for n in range(10_000)]}),
    ),
    ("authors in authors", lambda: json.dumps(_ARTICLE | {"author": [[{"name": ["Jane Doe"]}]]})),
    ("comments around it", f"<!--{json.dumps(_ARTICLE)}-->"),
    ("half of it", json.dumps(_ARTICLE)[:100]),
    ("nothing", ""),
    ("a trailing comma", '{"@type":"NewsArticle","headline":"a",}'),
    ("Python", "__import__('os').system('reboot')"),
    ("a context on the network", '{"@context":"http://localhost:1/x","@type":"NewsArticle","headline":"a"}'),
)

CASES: list[Case] = [
    *(page(f"JSON-LD: {name}", _ld(content), "record") for name, content in _CONTENTS),
    page("JSON-LD: ten thousand scripts", lambda: _scripts(*["{}"] * 10_000)),
    page(
        "JSON-LD: ten thousand articles",
        lambda: _scripts(*[json.dumps({"@type": "NewsArticle", "headline": "a"})] * 10_000),
    ),
    page("JSON-LD: deep in ten thousand scripts", lambda: _scripts(*["[" * 900] * 10_000)),
    page("JSON-LD: five scripts of two megabytes", lambda: _scripts(*[f"[{_sized('[],', 2 * MB - 2000)}[]]"] * 5)),
    *(
        text(
            f"a JSON file of {name}",
            content,
            "record damaged no_headline no_body too_complex",
            "a.json",
        )
        for name, content in (
            ("NaN", '{"headline": NaN, "body": Infinity}'),
            ("the same key twice", '{"headline": "a", "headline": "b"}'),
            ("a hundred thousand brackets", "[" * 100_000),
            ("a number of a million digits", '{"n": ' + "9" * 1_000_000 + "}"),
            ("an article", json.dumps(_ARTICLE)),
            ("an article within a text", f"{GOOD}\n\n{json.dumps(_ARTICLE)}"),
            ("lines", json.dumps(_ARTICLE) + "\n" + json.dumps(_ARTICLE)),
        )
    ),
    text("a JSON file of ten megabytes", lambda: b"[" + filled(b"[1],", MOST - 10) + b"[]]", file="a.json"),
]
