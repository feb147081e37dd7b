"""Whole articles, as people save and paste them: every part is where it belongs."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.article import Published
from worker.cleaning import clean
from worker.errors import Rejected
from worker.formats import read_document
from worker.models import CleanArticle, Document, RawArticle, RawBlock

SAMPLES = Path(__file__).parents[2] / "samples"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def cleaned(name: str) -> CleanArticle:
    return clean(read_document(Document(name, (SAMPLES / name).read_bytes(), NOW)))


def texts(article: CleanArticle, kind: str) -> list[str]:
    return [block.text for block in article.body if block.kind == kind]


def kinds(article: CleanArticle) -> list[str]:
    return [removed.kind for removed in article.removed]


def pasted(*lines: str) -> CleanArticle:
    return clean(read_document(Document("a.txt", "\n".join(lines).encode(), NOW)))


def test_a_page_pasted_with_everything_around_it_keeps_only_the_article():
    article = cleaned("nato-talks.txt")
    headline = "Alliance ministers agree to “steady” help for Ukraine but set no date for membership"
    assert article.headline == headline
    assert article.standfirst == (
        "NATO's secretary-general said that the door stays open while ministers avoided any promise about when it"
        " will be walked through."
    )
    assert article.published == Published(value="2025-11-12T09:30:00", timezone_known=False)
    assert article.byline == ()
    assert article.captions == ("Secretary-General Anna Lindqvist at the Brussels headquarters.",)
    assert [block.kind for block in article.body] == (
        ["paragraph"] * 3 + ["list_item"] * 4 + ["paragraph", "heading", "paragraph", "paragraph"]
    )
    assert texts(article, "list_item") == [
        "Air defence for eleven cities before the winter.",
        "A shared fund for the repair of power stations.",
        "Talks on accession every quarter, led by ambassadors.",
        "Joint purchases of artillery shells until 2027.",
    ]
    assert texts(article, "heading") == ["What comes next"]
    assert texts(article, "paragraph")[1:3] == [
        "The ministers spoke behind closed doors for six hours. They are to meet again in February.",
        "The plan they agreed on has four parts:",
    ]
    assert article.body[-1].text == "Diplomats expect the question to return at the summit in The Hague next summer."
    assert kinds(article) == ["repeated_headline", "related", "donation"]
    assert article.removed[0].text == headline
    assert article.removed[1].text == "Related:"
    assert article.removed[2].text.startswith("You could close this page now.")
    assert "Related" not in article.text
    assert "cup of coffee" not in article.text


def test_an_article_with_byline_date_and_photo_credit():
    article = cleaned("troop-exercise.txt")
    assert article.headline == "Ten thousand troops cross the Vistula in largest exercise for a decade"
    assert article.standfirst is None
    assert article.byline == ("Marta Kowal", "Piotr Zielony")
    assert article.published == Published(value="2025-06-04T08:15:00", timezone_known=False)
    assert article.captions == (
        "Soldiers guide a tank onto a floating bridge near Grudziadz. Photo: Army Press Office",
    )
    assert texts(article, "heading") == ["Lessons from the front"]
    assert len(texts(article, "paragraph")) == 5
    assert article.body[0].text.startswith("GRUDZIADZ, Poland — Engineers from five countries")
    assert [(removed.kind, removed.text) for removed in article.removed] == [
        ("share", "Share on Facebook"),
        ("related", "Read more: Why armies are buying bridges again"),
        ("copyright", "© 2025 The Border Courier. All rights reserved."),
    ]


def test_a_match_report_below_the_name_of_its_section():
    article = cleaned("football.txt")
    assert article.headline == "Late header sends Harbour City through to first cup final in 31 years"
    assert article.standfirst == (
        "Substitute Dario Neri scored in the 94th minute as Harbour City beat holders Northgate 2-1."
    )
    assert article.published == Published(value="2025-04-12T22:05:00", timezone_known=False)
    assert [block.kind for block in article.body] == ["paragraph"] * 5
    assert article.body[-1].text == "Harbour City will play Eastfield or Moorside in the final on 17 May."
    assert [(removed.kind, removed.text) for removed in article.removed] == [
        ("navigation", "Sport"),
        ("advertisement", "Advertisement"),
        ("comments", "12 Comments\nBest night of my life, what a team!"),
    ]


def test_a_plain_article_is_left_as_it_is():
    article = cleaned("harvest.txt")
    lines = (SAMPLES / "harvest.txt").read_text(encoding="utf-8").split("\n\n")
    assert article.headline == lines[0]
    assert article.text == "\n\n".join(lines[1:]).strip()
    assert article.standfirst is None
    assert article.published is None
    assert article.removed == ()


def test_hard_wrapped_text_is_joined_into_paragraphs():
    article = cleaned("rail-strike.txt")
    assert article.headline == "Train drivers to strike for 48 hours from Thursday in dispute over rosters"
    assert [block.kind for block in article.body] == ["paragraph"] * 3 + ["list_item"] * 3 + ["paragraph"]
    assert article.body[0].text == (
        "Most long-distance trains will stand still from Thursday morning until Saturday after talks between the"
        " drivers' union and the railway broke down over new rosters."
    )
    assert texts(article, "list_item") == [
        "the airport lines in the three largest cities, which will run at least once an hour;",
        "night trains to the coast;",
        "freight for power stations.",
    ]
    assert article.body[-1].text.endswith("A long-term deal is not in sight, both sides said.")
    assert article.removed == ()


def test_an_agency_in_the_byline_is_nobodys_name():
    article = cleaned("ferry-agency.txt")
    assert article.byline == ("Ingrid Solheim",)
    assert article.published == Published(value="2025-03-02T06:40:00+01:00", timezone_known=True)
    assert [block.kind for block in article.body] == ["paragraph"] * 4
    assert article.body[0].text.startswith("BERGEN (Reuters) - A ferry carrying 212 people")


def test_a_saved_web_page_gives_its_article():
    article = cleaned("flood.html")
    assert article.headline == "River bursts its banks and cuts off three villages"
    assert article.standfirst == (
        "Two hundred people spent the night in a school after the Aune rose four metres in six hours."
    )
    assert article.byline == ("Clara Whitfield", "Tom Ashe")
    assert article.published == Published(value="2025-02-11T07:45:00+01:00", timezone_known=True)
    assert article.captions == ("The Aune at Millbridge on Tuesday morning.",)
    assert [block.kind for block in article.body] == (
        ["paragraph", "paragraph", "heading", "paragraph", "list_item", "list_item", "quote", "paragraph"]
    )
    assert texts(article, "quote") == ["It was like standing in the sea, and the sea was coming up the stairs."]
    assert [(link.text, link.url) for link in article.links] == [("water authority", "https://water.example/levels")]
    for scrap in ("cookie", "Share on", "flood map", "All rights", "Millbridge on Tuesday morning"):
        assert scrap not in article.text


def test_the_article_is_found_in_a_page_pasted_with_its_menus():
    menu = ["  * Home", "  * News", "  * Sport", "  * Weather", "  * Travel", "  * Business", "  * Sign in", "  * More"]
    footer = ["  * About us", "  * Contact", "  * Jobs", "  * Terms of use", "© 2025 The Valley Echo"]
    article_lines = (SAMPLES / "harvest.txt").read_text(encoding="utf-8").split("\n")
    article = pasted(*menu, "", *article_lines, "", *footer)
    plain = cleaned("harvest.txt")
    assert article.headline == plain.headline
    assert article.text == plain.text
    assert set(kinds(article)) <= {"navigation", "copyright"}
    assert "Weather" in article.removed[0].text


def test_a_long_paragraph_alone_has_no_headline():
    with pytest.raises(Rejected) as caught:
        pasted("The harvest fell. " * 30)
    assert (caught.value.stage, caught.value.reason) == ("clean", "no_headline")


def test_a_headline_alone_has_no_body():
    with pytest.raises(Rejected) as caught:
        pasted("Wheat harvest falls to lowest level in twelve years")
    assert (caught.value.stage, caught.value.reason) == ("clean", "no_body")


def test_a_headline_in_the_metadata_is_believed():
    raw = RawArticle(
        "text/html", "utf-8", (RawBlock("paragraph", "The river rose by four metres."),), headline=" A\xa0b "
    )
    assert clean(raw).headline == "A b"


def test_the_time_of_a_change_is_used_only_where_there_is_no_other():
    body = "The harvest came to nine million tonnes this year, the office said."
    both = pasted("Wheat harvest falls", "Updated 3 May 2024 10:00", "Published 2 May 2024", "", body)
    assert both.published == Published(value="2024-05-02", timezone_known=False)
    one = pasted("Wheat harvest falls", "Updated 3 May 2024 10:00", "", body)
    assert one.published == Published(value="2024-05-03T10:00:00", timezone_known=False)


def test_a_paragraph_that_comes_twice_is_kept_once():
    body = "The harvest came to nine million tonnes this year, the office said."
    article = pasted("Wheat harvest falls", "", body, "", "Millers will import more.", "", body)
    assert [block.text for block in article.body] == [body, "Millers will import more."]
    assert kinds(article) == ["duplicate"]


def test_authors_are_told_by_their_roles():
    body = "The harvest came to nine million tonnes this year, the office said."
    article = pasted("Wheat harvest falls", "", "Jane Doe", "Farming correspondent", "", "John Roe", "Editor", "", body)
    assert article.byline == ("Jane Doe", "John Roe")


def test_a_line_whose_points_go_on_with_its_sentence_is_no_heading():
    body = "The harvest came to nine million tonnes this year, the office said."
    article = pasted(
        "Wheat harvest falls",
        "",
        body,
        "",
        "The ministry will now",
        "",
        "- buy wheat from abroad for the winter",
        "- wait",
    )
    assert [block.kind for block in article.body] == ["paragraph", "paragraph", "list_item", "list_item"]


def test_quoted_people_may_plead():
    plea = "“Please consider donating to us, support our work, your support matters,” said the abbot of the monastery."
    article = pasted("Monks ask for help after the fire", "", "The roof is gone, the abbot said on Monday.", "", plea)
    assert article.body[-1].text == plea
