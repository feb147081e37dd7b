"""Pages: deep, wide, unfinished, overloaded."""

from collections.abc import Callable

from tests.hostile.case import GOOD, HEADLINE, MB, MOST, PARAGRAPHS, Case, filled, html, numbered, page

_WIDE = (
    "<p>a</p>",
    "<p>",
    "<br>",
    "<b>a</b>",
    "<a href=x>a</a>",
    "<li>a",
    "<h2>a</h2>",
    "<td>a",
    "<img src=a>",
    "<hr>",
    "<span></span>",
    "<div>a</div>",
    "<blockquote>a</blockquote>",
    "<form><input></form>",
    "<iframe></iframe>",
    "<svg><g/></svg>",
    "<math><mi>a</mi></math>",
    "<figure><figcaption>a</figcaption></figure>",
    "<i class=wp-caption-text>a</i>",
    "<time datetime=2024-01-01>a</time>",
    "<script>a</script>",
    "<style>a</style>",
    "<noscript>a</noscript>",
    "<template>a</template>",
    "<!---->",
    "<?a?>",
    "</p>",
    "<x-y>a</x-y>",
    "<html><body>",
    "<select><option>a",
)
_DEEP = (
    "div",
    "p",
    "b",
    "span",
    "ul><li",
    "table><tr><td",
    "blockquote",
    "font",
    "a href=x",
    "form",
    "svg",
    "x-y",
    "article",
)
_UNCLOSED = (
    ("comment", "<!-- "),
    ("CDATA section", "<![CDATA["),
    ("tag", "<p class='"),
    ("script", "<script>"),
    ("style", "<style>"),
    ("title", "<title>"),
    ("textarea", "<textarea>"),
    ("plaintext", "<plaintext>"),
    ("processing instruction", "<?xml "),
    ("doctype", "<!doctype "),
    ("entity", "&"),
)


def _flood(piece: str, size: int) -> Callable[[], bytes]:
    return lambda: b"<html><body>" + filled(piece, size)


def _beside_an_article(piece: str, size: int) -> Callable[[], str]:
    return lambda: html(filled(piece, size).decode())


def _nested(tag: str, depth: int) -> str:
    name = tag.rpartition("<")[2].split()[0]
    return f"<{tag}>" * depth + PARAGRAPHS + f"</{name}>" * depth


CASES: list[Case] = [
    *(page(f"a megabyte of {piece}", _beside_an_article(piece, MB)) for piece in _WIDE),
    *(page(f"ten megabytes of {piece}", _flood(piece, MOST - 20)) for piece in _WIDE),
    *(page(f"300 kilobytes of {piece}", _beside_an_article(piece, 300_000)) for piece in _WIDE),
    *(page(f"100,000 nested <{tag}>", lambda tag=tag: _nested(tag, 100_000)) for tag in _DEEP),
    *(page(f"an article within 200 <{tag}>", lambda tag=tag: html(_nested(tag, 200)), "record") for tag in _DEEP),
    *(page(f"an article alone within 300 <{tag}>", lambda tag=tag: _nested(tag, 300)) for tag in _DEEP),
    *(page(f"an unclosed {name}", lambda piece=piece: html("") + piece + GOOD) for name, piece in _UNCLOSED),
    *(page(f"an unclosed {name} first", lambda piece=piece: f"<html>{piece}{html('')}") for name, piece in _UNCLOSED),
    *(
        page(f"a megabyte after an unclosed {name}", lambda piece=piece: html(piece + "a <p>" * 200_000))
        for name, piece in _UNCLOSED
    ),
    *(page(f"ten megabytes of {name} openings", _flood(piece, MOST - 20)) for name, piece in _UNCLOSED),
    page(
        "300,000 attributes on one tag", lambda: html(f"<p {numbered('a{}=1 ', 300_000)}>a</p>"), "record too_complex"
    ),
    page("300,000 attributes around the article", lambda: f"<body {numbered('a{} ', 300_000)}>{html('')}"),
    page("two million attributes", lambda: "<html><body " + numbered("a{} ", 1_100_000)),
    page("one attribute again and again", lambda: html(f"<p {'class=a ' * 500_000}>a</p>")),
    page("thirty attributes on each tag", lambda: html(f"<p {numbered('a{}=1 ', 30)}>a</p>" * 4_000)),
    page("3,000 attributes on each tag", lambda: html(f"<p {numbered('a{}=1 ', 3_000)}>a</p>" * 200)),
    page("an attribute of nine megabytes", lambda: html(f"<p title='{'a ' * 4_500_000}'>a</p>")),
    page("classes without end", lambda: html(f"<p class='{numbered('c{} ', 300_000)}'>a</p>")),
    page("a tag name of a megabyte", lambda: html(f"<{'x' * MB}>a")),
    page(
        "an image in a data address",
        lambda: html(f"<img src='data:image/png;base64,{'iVBORw0KGgo' * 300_000}'>"),
        "record",
    ),
    page("an article in a data address", f"<html><body><iframe src='data:text/html,{html('')}'></iframe>"),
    page(
        "links to data and scripts",
        html("<a href='data:text/html,x'>a</a><a href='javascript:alert(1)'>b</a>"),
        "record",
    ),
    page("a hundred thousand links", lambda: html(numbered("<a href='/{}'>link {}</a> ", 30_000))),
    page(
        "links of a megabyte",
        lambda: html(f"<p>The <a href='https://example.org/{'a/' * 500_000}'>river</a> rose.</p>"),
    ),
    page(
        "links that are no addresses", html("<p>a <a href='http://[::1'>b</a> <a href='//\ud800'>c</a></p>"), "record"
    ),
    page("a meta refresh", html("", "<meta http-equiv=refresh content='0;url=http://example.org/'>"), "record"),
    page("a base address", html("<a href=a>a</a>", "<base href='file:///etc/'>"), "record"),
    page(
        "frames of local files", html("<iframe src='file:///etc/passwd'></iframe><object data='/etc/passwd'>"), "record"
    ),
    page("five megabytes of script", lambda: html(f"<script>{'if(a<b&&c>d){e()};' * 280_000}</script>")),
    page("five megabytes of style", lambda: html(f"<style>{'a>b{c:d}' * 600_000}</style>"), "record"),
    page("five megabytes of comment", lambda: html(f"<!--{'a <p> b ' * 600_000}-->")),
    page("a table of 10,000 rows", lambda: html(f"<table>{'<tr><td>a<td>b' * 10_000}</table>")),
    page("a table of 5,000 columns", lambda: html(f"<table><tr>{'<td>a' * 5_000}</table>")),
    page("tables in tables", lambda: html("<table><tr><td>The river rose. " * 80)),
    page("wide tables in tables", lambda: html("<table><tr>" + "<td>The river rose in the night. " * 200)),
    page("lists in lists", lambda: html("<ul><li>The river rose. " * 120)),
    page("quotations in quotations", lambda: html("<blockquote>The river rose. " * 250)),
    page("an article in a table", lambda: f"<table><tr><td>{html('')}"),
    page("breaks between all words", lambda: html("<p>" + "The river rose.<br>" * 20_000 + "</p>")),
    page("one paragraph of much mark-up", lambda: html("<p>" + "The <b>river</b> <i>rose</i> " * 20_000 + "</p>")),
    page("one long paragraph", lambda: html("<p>" + "The river rose in the night. " * 32_000 + "</p>")),
    page("a long article", lambda: html("<p>The river rose in the night, the mayor said on Tuesday.</p>" * 9_000)),
    page("different paragraphs", lambda: html(numbered("<p>The river rose {} metres, the mayor said.</p>", 9_000))),
    page(
        "a page headline of a megabyte",
        lambda: f"<title>{'river ' * 170_000}</title><h1>{'river ' * 150_000}</h1>{PARAGRAPHS}",
    ),
    page("ten thousand main headings", lambda: html(numbered("<h1>Heading number {} of many</h1>", 10_000))),
    page("main headings in main headings", lambda: html("<h1><div>The river rose " * 120)),
    page(
        "ten thousand titles", lambda: f"<html>{numbered('<title>Title number {} of many</title>', 10_000)}{html('')}"
    ),
    page(
        "titles against headings",
        lambda: html(
            numbered("<h1>a b c {}</h1>", 3_000), numbered("<meta property=og:title content='c b a {}'>", 3_000)
        ),
    ),
    page(
        "captions without end",
        lambda: html(numbered("<figure><figcaption>Caption {} of many</figcaption></figure>", 15_000)),
    ),
    page("captions in captions", lambda: html("<figcaption>a bridge <i class=wp-caption-text>b " * 120)),
    page("misnested formatting", lambda: html("<b><i><u><p>a</b></i></u>" * 20_000)),
    page("formatting never closed", lambda: html("<b><p>The river rose" * 20_000)),
    page("forms in tables", lambda: html("<table><form><tr><form><td>a</form>" * 10_000)),
    page("end tags alone", lambda: html("</div>" * 150_000)),
    page("mathematics of namespaces", lambda: html("<a:b xmlns:a='x'><c:d>" * 20_000)),
    page("a page in a page in a page", lambda: html(html("") * 300)),
    page("cut in a tag", html("")[:-20] + "<p clas"),
    page("cut in the middle", html("")[:600]),
    page("scripts alone", "<html><script>document.write('x')</script></html>", "no_body"),
    page("images alone", "<html><body>" + "<img src=a>" * 1_000, "no_body"),
    page("a noscript page", f"<html><body><noscript>{PARAGRAPHS}</noscript>"),
    page("a page in capitals", html("").upper()),
    page("upside down", f"</html></body>{PARAGRAPHS}<h1>{HEADLINE}</h1><head><body><html>"),
]
