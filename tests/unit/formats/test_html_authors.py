"""Who wrote a page: what it tells programs, and what it shows its readers."""

import json

import pytest

from worker.formats.html_metadata import read_metadata
from worker.formats.html_tree import parse

HEADLINE = "Harbour wall holds through the night"
TEXT = "<p>" + "The wall held, the harbour office said, and the lower town stayed dry. " * 30 + "</p>"


def page(*, above: str = "", byline: str = "", below: str = "", head: str = "", linked: object = None) -> str:
    script = f'<script type="application/ld+json">{json.dumps(linked)}</script>' if linked else ""
    top = f"<head><title>{HEADLINE}</title>{head}{script}</head>"
    return f"<html>{top}<body>{above}<article><h1>{HEADLINE}</h1>{byline}{TEXT}</article>{below}</body></html>"


def authors(markup: str) -> tuple[str, ...]:
    return read_metadata(parse(markup)).authors


def article(**facts: object) -> dict[str, object]:
    return {"@type": "NewsArticle", "headline": HEADLINE, "datePublished": "2025-05-17", **facts}


@pytest.mark.parametrize(
    ("linked", "names"),
    [
        (article(author={"@type": "Person", "name": "Jane Doe"}), ("Jane Doe",)),
        (article(author=[{"@type": "Person", "name": "Jane Doe"}, {"name": "John Roe"}]), ("Jane Doe", "John Roe")),
        (article(author=["Jane Doe", "John Roe"]), ("Jane Doe", "John Roe")),
        (article(author={"@type": "Person", "name": "Krystle"}), ("Krystle",)),
        (article(author={"name": "Krystle"}), ()),
        (article(author={"@type": "Organization", "name": "Sandhaven Harbour"}), ()),
        (article(author={"@type": "NewsMediaOrganization", "name": "Valley Voice"}, creator="Jane Doe"), ("Jane Doe",)),
        (
            {"@type": "WebPage", "datePublished": "2025", "author": {"@type": "Person", "name": "Jane Doe"}},
            ("Jane Doe",),
        ),
        ({"@type": "Comment", "datePublished": "2025", "author": {"@type": "Person", "name": "John Roe"}}, ()),
        (
            [article(author={"@id": "#jane"}), {"@type": "Person", "@id": "#jane", "name": "Jane Doe"}],
            ("Jane Doe",),
        ),
        ([article(author={"@id": "#desk"}), {"@type": "Organization", "@id": "#desk", "name": "Sand Haven"}], ()),
        ([article(author={"@id": "#nobody"})], ()),
    ],
)
def test_json_ld_names_people_and_not_organisations(linked: object, names: tuple[str, ...]):
    assert authors(page(linked=linked)) == names


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ('<p class="byline">By Jane Doe</p>', ("Jane Doe",)),
        ('<p class="byline">By <a href="/a">Jane Doe</a> and <a href="/b">John Roe</a></p>', ("Jane Doe", "John Roe")),
        ('<div class="byline"><a href="/a">Jane Doe</a><a href="/s">Harbour Specials</a></div>', ("Jane Doe",)),
        ('<div class="byline"><span class="author-name">Jane Doe</span> Harbour Town</div>', ("Jane Doe",)),
        ('<div class="ArticleAuthor"><b>Jane Doe</b><br>Health Editor</div>', ("Jane Doe",)),
        ('<span>By</span><p><a href="/staff/jane-doe/">Jane Doe</a></p>', ("Jane Doe",)),
        ('<a rel="author">Jane Doe</a>', ("Jane Doe",)),
        ('<span itemprop="author"><span itemprop="name">Jane Doe</span></span>', ("Jane Doe",)),
        ('<div class="authorline">Von Lena Groß, Sandhafen</div>', ("Lena Groß",)),
        ('<p class="byline">Newsroom</p>', ()),
        ('<p>Reviewed by <span class="author">John Roe</span></p>', ()),
        ('<figure><span class="author">John Roe</span></figure>', ()),
        ('<div class="photo-author">John Roe</div>', ()),
        (f'<p>{"It was a long night. " * 10}<a href="/staff/john-roe">John Roe</a></p>', ()),
        ("<p>Jane Doe</p>", ()),
    ],
)
def test_a_page_without_metadata_shows_its_authors(byline: str, names: tuple[str, ...]):
    assert authors(page(byline=byline)) == names


def test_those_who_wrote_something_else_are_not_the_articles_authors():
    teaser = '<article><h2>Another wall</h2><p class="byline">By John Roe</p></article>'
    comment = '<div class="comments"><span class="author">Jack Poe</span></div>'
    byline = '<p class="byline">By Jane Doe</p>'
    assert authors(page(above=teaser, byline=byline, below=teaser + comment)) == ("Jane Doe",)
    assert authors(page(above=teaser, below=teaser + comment)) == ()


def test_an_author_above_the_headline_or_alone_below_the_text_is_the_articles():
    byline = '<div class="author">Jane Doe</div>'
    assert authors(page(above=byline)) == authors(page(below=byline)) == ("Jane Doe",)
    assert authors(page(below=byline + TEXT + '<div class="author">John Roe</div>')) == ()


def test_the_author_closest_to_the_headline_is_the_articles():
    jane, john = '<div class="author">Jane Doe</div>', '<div class="author">John Roe</div>'
    assert authors(page(byline=jane, below=john)) == ("Jane Doe",)
    assert authors(page(above=jane, below=john)) == ("Jane Doe",)
    assert authors(page(above=john, byline=jane)) == ("Jane Doe",)


def test_what_is_told_to_programs_comes_first():
    byline = '<p class="byline">By John Roe</p>'
    linked = article(author={"@type": "Person", "name": "Jane Doe"})
    assert authors(page(byline=byline, linked=linked)) == ("Jane Doe",)
    assert authors(page(byline=byline, head='<meta name="author" content="Jane Doe">')) == ("Jane Doe",)
    assert authors(page(byline=byline, head='<meta name="author" content="Newsroom">')) == ("John Roe",)


def test_the_card_of_a_post_is_believed_where_nothing_else_names_an_author():
    card = '<meta name="twitter:label1" content="{}"><meta name="twitter:data1" content="Jane Doe">'
    assert authors(page(head=card.format("Written by"))) == ("Jane Doe",)
    assert authors(page(head=card.format("Reading time"))) == ()
    assert authors(page(head=card.format("Written by") + '<meta name="author" content="Newsroom">')) == ()


def test_the_site_is_not_its_own_author():
    assert (
        authors(
            page(
                head='<meta property="og:site_name" content="Valley Voice">',
                byline="<i class='author'>Valley Voice</i>",
            )
        )
        == ()
    )
