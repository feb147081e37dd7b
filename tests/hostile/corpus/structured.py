"""JSON, feeds, NITF and NewsML-G2: too deep, too many, of the wrong kind, or with entities that grow or fetch."""

import json

from tests.hostile.case import HEADLINE, MB, PARAGRAPHS, PROSE, Case, filled, numbered, text

_FIELDS = {"title": HEADLINE, "body": PROSE}
_ARTICLE = json.dumps(_FIELDS)
_KINDS = (
    "title",
    "body",
    "author",
    "published",
    "url",
    "source",
    "summary",
    "image",
    "bodies",
    "associations",
    "altids",
)
_WRONG: tuple[object, ...] = (
    5,
    True,
    None,
    [],
    {},
    [[]],
    [None],
    {"a": 1},
    [{"name": {"name": []}}],
    "\ud800",
    "",
    " ",
    1e400,
)


def _with(name: str, value: object) -> str:
    return json.dumps({**_FIELDS, name: value})


_LAUGHS = "<!ENTITY l0 'lol'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
_DTDS = (
    ("billion laughs", _LAUGHS),
    ("a quadratic blow-up", f"<!ENTITY l11 '{'a' * 100_000}'>"),
    ("an entity of itself", "<!ENTITY l11 '&x;'><!ENTITY x '&l11;'>"),
    ("an external entity", "<!ENTITY l11 SYSTEM 'file:///etc/passwd'>"),
    ("an external entity on the network", "<!ENTITY l11 SYSTEM 'http://localhost:1/x'>"),
    ("a parameter entity", "<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;"),
)


def nitf(inner: str, top: str = "", doctype: str = "") -> str:
    """A NITF document."""
    head = f"<body.head><hedline><hl1>{HEADLINE}</hl1></hedline>{top}</body.head>"
    return f"<?xml version='1.0'?>{doctype}<nitf><body>{head}<body.content>{inner}</body.content></body></nitf>"


def newsml(inner: str, count: int = 1) -> str:
    """A message of news items."""
    meta = f"<contentMeta><headline>{HEADLINE}</headline></contentMeta>"
    item = f"<newsItem>{meta}<contentSet>{inner}</contentSet></newsItem>"
    return f"<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'><itemSet>{item * count}</itemSet></newsMessage>"


def feed(item: str, count: int = 1, top: str = "") -> str:
    """A feed whose items are alike."""
    return f"<?xml version='1.0'?>{top}<rss version='2.0'><channel><title>a</title>{item * count}</channel></rss>"


_ITEM = f"<item><title>{HEADLINE}</title><description><![CDATA[{PARAGRAPHS}]]></description></item>"

CASES: list[Case] = [
    *(
        text(
            f"JSON with {name} that is {str(value)[:20]!r}",
            _with(name, value),
            "record no_body no_headline damaged too_complex",
        )
        for name in _KINDS
        for value in _WRONG
    ),
    text("JSON of ten megabytes of brackets", lambda: b"[" * 10 * MB, "too_complex", "a.json"),
    text("JSON of five megabytes of objects", lambda: b'{"a":' * 2 * MB, "too_complex"),
    text("JSON of many lists", lambda: b"[" + filled("[[]],", 9 * MB) + b"[]]", "too_complex"),
    text("JSON of a few hundred levels", lambda: '{"a":' * 900 + "1" + "}" * 900),
    text(
        "JSON of a few thousand levels in an article",
        lambda: _ARTICLE[:-1] + ',"x":' + "[" * 3_000 + "]" * 3_000 + "}",
        "too_complex",
    ),
    text("JSON lists in lists of articles", lambda: "[" * 50 + _ARTICLE + "]" * 50, "damaged"),
    text("JSON of many numbers", lambda: b"[[" + filled("1,", 9 * MB) + b"1]]", "damaged"),
    text(
        "JSON of a huge number", lambda: f'{{"title": "a", "x": {"9" * 5 * MB}, "body": {json.dumps(PROSE)}}}', "record"
    ),
    text("JSON of numbers that are none", _ARTICLE[:-1] + ', "date": NaN, "x": -Infinity, "y": 1e999}', "record"),
    text(
        "JSON of equal names",
        _ARTICLE[:-1]
        + ', "title": "River rises in the night again", "title": 5, "title": "A town waits for the water"}',
        "record",
    ),
    text("JSON of many names", lambda: "{" + numbered('"k{}":1,', 500_000) + '"a":1}', "too_complex"),
    text("JSON cut off", _ARTICLE[:-40], "damaged"),
    text("JSON with something behind it", f"{_ARTICLE} and more", "damaged"),
    text("JSON with half characters", _ARTICLE.replace("e", "\\ud83d"), "record no_headline no_body"),
    text("JSON with raw control characters", json.dumps(_FIELDS).replace("\\n", "\n\x01"), "record"),
    text(
        "JSON of a hundred thousand articles",
        lambda: "[" + f"{_ARTICLE}," * 9_000 + _ARTICLE + "]",
        "too_many_articles",
    ),
    text("JSON of articles that say nothing", lambda: '{"items": [' + "{}," * 900 + "{}]}", "damaged"),
    text("JSON of strings", lambda: "[" + '"a",' * 900 + '"a"]', "damaged"),
    text("JSON of an empty list", '{"articles": [ ]}', "empty"),
    text("JSON with a page of HTML", lambda: json.dumps({"title": HEADLINE, "html": "<div>" * 200_000}), "too_complex"),
    text(
        "JSON with deep HTML",
        lambda: json.dumps({"title": HEADLINE, "html": "<div>" * 5_000 + PARAGRAPHS}),
        "record too_complex no_body",
    ),
    text(
        "JSON with a body of a million lines",
        lambda: json.dumps({"title": HEADLINE, "body": "a\n" * MB}),
        "too_long too_many_lines",
    ),
    text(
        "JSON with a script in it",
        json.dumps({"title": "<script>alert(1)</script>River rises", "html": PARAGRAPHS + "<script>a</script>"}),
        "record",
    ),
    text(
        "JSON with a title of markup",
        lambda: json.dumps({"title": "<b>" * 900_000, "body": PROSE}),
        "record no_headline",
    ),
    text(
        "JSON with a graph of itself",
        lambda: json.dumps({"@graph": [{"@id": "#a", "@graph": [{"@id": "#a"}]}] * 9}),
        "no_body empty",
    ),
    text("JSON Lines of half a million lines", lambda: b'{"a": 1}\n' * 500_000, "too_many_articles", "a.jsonl"),
    text(
        "JSON Lines of a million empty lines", lambda: f"{_ARTICLE}\n{_ARTICLE}\n" + "\n" * 5 * MB, "record", "a.jsonl"
    ),
    text("JSON Lines with bad lines", f"{_ARTICLE}\n{{\n{_ARTICLE}\n[]\n5\n\n\x00\n", "record", "a.jsonl"),
    text(
        "JSON Lines of brackets",
        lambda: _ARTICLE + "\n" + ("[" * 9_000 + "\n") * 500,
        "record too_many_articles",
        "a.jsonl",
    ),
    text("JSON Lines of deep lines", lambda: _ARTICLE + "\n" + ('{"a":' * 900 + "\n") * 900, "record", "a.jsonl"),
    *(
        text(
            f"NITF with {name}",
            nitf("<p>The river rose, &l11; the mayor said.</p>", doctype=f"<!DOCTYPE nitf [{dtd}]>"),
            "record damaged unknown_type",
        )
        for name, dtd in _DTDS
    ),
    *(
        text(
            f"NITF with {name} in an attribute",
            nitf("<p x='&l11;'>The river rose.</p>", doctype=f"<!DOCTYPE nitf [{dtd}]>"),
            "record damaged unknown_type",
        )
        for name, dtd in _DTDS
    ),
    *(
        text(
            f"a feed with {name}",
            feed(
                f"<item><title>{HEADLINE}</title><description>The river rose. &l11;</description></item>",
                top=f"<!DOCTYPE rss [{dtd}]>",
            ),
            "record damaged no_body unknown_type",
        )
        for name, dtd in _DTDS
    ),
    text("NITF of deep blocks", lambda: nitf("<block>" * 100_000), "damaged"),
    text("NITF of two hundred levels", lambda: nitf("<block>" * 200 + f"<p>{PROSE}</p>" + "</block>" * 200), "record"),
    text(
        "NITF of quotations in quotations", lambda: nitf("<bq>" * 200 + "a<credit>b</credit>" + "</bq>" * 200), "record"
    ),
    text("NITF of a million elements", lambda: nitf("<p/>" * MB), "too_complex"),
    text("NITF of many paragraphs", lambda: nitf("<p>a</p>" * 100_000), "too_many_lines"),
    text("NITF of many attributes", lambda: nitf("<p " + numbered("a{}='b' ", 100_000) + ">The river rose.</p>")),
    text(
        "NITF of many references",
        lambda: nitf(
            "<p>The river rose." + "&eacute;&nosuch;" * 100_000 + "</p>", doctype="<!DOCTYPE nitf SYSTEM 'a.dtd'>"
        ),
    ),
    text(
        "NITF with an include",
        nitf(f"<p>{PROSE}</p><x:include xmlns:x='http://www.w3.org/2001/XInclude' href='/etc/passwd' parse='text'/>"),
        "record",
    ),
    text("NITF of nothing", "<nitf/>", "no_body"),
    text("NITF cut off", nitf(f"<p>{PROSE}</p>")[:-20], "damaged"),
    text(
        "NITF of names that no one has",
        lambda: nitf(f"<p>{PROSE}</p>", top="<byline>" + "Jane Doe, " * 50_000 + "</byline>"),
        "record",
    ),
    text(
        "NITF of dates that are none",
        nitf(f"<p>{PROSE}</p>", top="<dateline><location/><story.date norm='99999999T999999Z'/></dateline>"),
        "record",
    ),
    text(
        "NewsML-G2 of two thousand items",
        lambda: newsml(f"<inlineData>{PROSE}</inlineData>", 2_000),
        "too_many_articles",
    ),
    text("NewsML-G2 of empty items", lambda: newsml("", 900), "no_body"),
    text("NewsML-G2 of far content", newsml("<remoteContent href='file:///etc/passwd'/>"), "no_body"),
    text(
        "NewsML-G2 of HTML that is none",
        newsml(
            "<inlineXML><html><body><p>a<b>c</b></p></body></html></inlineXML>"
            "<inlineData>&lt;p&gt;The river rose.&lt;/p&gt;</inlineData>"
        ),
        "record",
    ),
    text(
        "NewsML-G2 of deep HTML",
        lambda: newsml("<inlineXML>" + "<div>" * 230 + "a" + "</div>" * 230 + "</inlineXML>"),
        "record no_body no_headline damaged",
    ),
    text(
        "NewsML-G2 of packages alone",
        "<packageItem xmlns='http://iptc.org/std/nar/2006-10-01/'><groupSet/></packageItem>",
        "no_body",
    ),
    text("a news item in a news item", "<newsItem>" * 200 + "</newsItem>" * 200, "no_body"),
    text(
        "a feed of a hundred thousand entries",
        lambda: feed("<item><title>a</title></item>", 100_000),
        "too_many_articles too_complex",
    ),
    text("a feed of nine hundred entries", lambda: feed("<item><title>a</title></item>", 900), "no_body"),
    text("a feed with articles", lambda: feed(_ITEM, 50), "record"),
    text("a feed of nothing", feed(""), "empty"),
    text("a feed of empty entries", lambda: feed("<item/>", 500), "no_body"),
    text("a feed cut off", feed(_ITEM)[:-60]),
    text("a feed cut off in a tag", feed(_ITEM) + "<item><title"),
    text("a feed that is deep", lambda: feed("<a>" * 100_000), "too_complex damaged empty"),
    text("a feed of many elements", lambda: feed("<item><title>a</title>" + "<x:y/>" * 90_000 + "</item>")),
    text(
        "a feed of many categories",
        lambda: feed("<item><title>a</title>" + "<category>a</category>" * 40_000 + "</item>"),
    ),
    text("a feed of open tags", lambda: "<rss><channel><item>" + "<a <a <a " * 40_000),
    text("a feed of open comments", lambda: "<rss><channel><item><title>a" + "<!-- " * 80_000),
    text(
        "a feed of references",
        lambda: feed("<item><title>a</title><description>" + "&amp;lt;b&amp;gt;" * 200_000 + "</description></item>"),
    ),
    text(
        "a feed of ampersands",
        lambda: feed("<item><title>a</title><description>" + "& " * 400_000 + "</description></item>"),
    ),
    text(
        "a feed with deep HTML",
        lambda: feed("<item><title>a</title><description><![CDATA[" + "<div>" * 50_000 + "]]></description></item>"),
    ),
    text(
        "a feed of huge HTML",
        lambda: feed(
            "<item><title>a</title><description><![CDATA["
            + "<p>The river rose.</p>" * 200_000
            + "]]></description></item>"
        ),
    ),
    text(
        "a feed whose dates are none",
        feed(
            "<item><title>a</title><pubDate>" + "Tue, " * 5_000 + f"</pubDate><description>{PROSE}</description></item>"
        ),
    ),
    text(
        "a feed in another encoding",
        lambda: feed(_ITEM).replace("?>", " encoding='utf-7'?>", 1).encode("utf-16"),
        "record",
    ),
    text("a feed of its own prefix", f"<a:rss xmlns:a='b'><channel>{_ITEM}</channel></a:rss>"),
    text(
        "an Atom feed in XHTML",
        f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>{HEADLINE}</title><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{PARAGRAPHS}</div></content></entry></feed>",
        "record",
    ),
    text(
        "an Atom feed with base64",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>a</title><content type='application/pdf'>"
        + "QUFB" * 90_000
        + "</content></entry></feed>",
    ),
]
