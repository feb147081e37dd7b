"""Where a saved page says when its article was published."""

import pytest

from tests.unit.formats.reading import document
from worker.formats import read_document

ARTICLE = "<main><h1>The ferry runs again</h1><p>The first boat left at dawn with forty passengers.</p>%s</main>"


def published(head: str, body: str = "") -> str | None:
    found = read_document(
        document(f"<html><head>{head}</head><body>{ARTICLE % body}</body></html>", "a.html")
    ).published
    return found.value if found else None


def node(kind: str, **members: str) -> str:
    stated = "".join(f', "{name}": "{value}"' for name, value in members.items())
    return f'<script type="application/ld+json">{{"@type": "{kind}"{stated}}}</script>'


@pytest.mark.parametrize(
    ("head", "value"),
    [
        ('<meta property="article:published_time" content="2024-05-17T10:00:00Z">', "2024-05-17T10:00:00+00:00"),
        ('<meta name="published-date" content="17 May 2024">', "2024-05-17"),
        ('<meta name="citation_publication_date" content="2024/05/17">', "2024-05-17"),
        ('<meta name="date" content="05/06/2024">', None),
        ('<meta name="date" content="soon"><meta name="pubdate" content="2024-05-17">', "2024-05-17"),
        ('<meta name="date" content="2024-05-17' + " " * 3000 + '">', None),
        (node("NewsArticle", headline="A", datePublished="2024-05-17"), "2024-05-17"),
        (node("WebPage", datePublished="2024-05-17"), "2024-05-17"),
        (node("Comment", datePublished="2024-05-17"), None),
        (
            node("WebPage", datePublished="2024-05-16") + node("Article", headline="A", datePublished="2024-05-17"),
            "2024-05-17",
        ),
        ('<link rel="canonical" href="https://news.example/2024/05/17/ferry">', "2024-05-17"),
        ('<link rel="canonical" href="https://news.example/2024/45/17/ferry">', None),
    ],
)
def test_the_head_of_a_page_tells_the_date(head: str, value: str | None):
    assert published(head) == value


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ('<time datetime="2024-05-17">Friday</time>', "2024-05-17"),
        ('<span itemprop="datePublished" content="2024-05-17">Friday</span>', "2024-05-17"),
        ('<time datetime="noon">Friday</time>', None),
        ('</main><time datetime="2024-05-17">Friday</time>', "2024-05-17"),
        (
            '</main><time datetime="2024-05-17T10:00">A</time><time datetime="2024-05-17">B</time>',
            "2024-05-17T10:00:00",
        ),
        ('</main><time datetime="2024-05-17">A</time><time datetime="2024-05-16">B</time>', None),
    ],
)
def test_the_body_of_a_page_tells_the_date(body: str, value: str | None):
    assert published("", body) == value


def test_a_page_that_knows_only_of_a_change_says_so():
    page = node("NewsArticle", headline="A", dateModified="2024-05-17")
    found = read_document(document(f"<html><head>{page}</head><body>{ARTICLE % ''}</body></html>", "a.html"))
    assert found.published is None
    assert found.modified is not None
    assert found.modified.value == "2024-05-17"
