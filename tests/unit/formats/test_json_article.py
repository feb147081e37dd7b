import json
from typing import Any

import pytest

from tests.unit.formats.reading import (
    FIRST,
    HEADLINE,
    HERRING,
    article,
    articles,
    blocks,
    document,
    fates,
    labels,
    rejection,
    sample,
)
from worker.formats import read_document
from worker.formats.json_article import MAX_BRACKETS
from worker.models import RawArticle

TEXT = "The river rose by four metres in the night, the mayor said."
MORE = "Nobody was hurt."


def read(**fields: Any) -> RawArticle:
    return article(document(json.dumps({"title": "River rises", "body": TEXT, **fields}), "a.json"))


def test_a_list_from_a_database_holds_an_article_for_each_row():
    first, second = articles(sample("news.json"))
    assert labels(sample("news.json")) == ["1", "2"]
    assert (first.headline, first.byline, first.url) == (
        HEADLINE,
        ("Ingrid Solbakken",),
        "https://courier.example.org/lighthouse",
    )
    assert first.standfirst == "Volunteers found the lens of the old light in a cellar."
    assert blocks(first)[0] == ("line", FIRST)
    assert (second.headline, second.byline) == (HERRING, ("Tomas Eide", "Oddny Berg"))
    assert [kind for kind, _ in blocks(second)] == ["paragraph", "paragraph"]


def test_schema_orgs_article_is_found_in_its_graph():
    raw = article(sample("graph.json"))
    assert (raw.headline, raw.byline, raw.source_name) == (HEADLINE, ("Ingrid Solbakken",), "The Harbour Courier")
    assert raw.url == "https://courier.example.org/lighthouse"
    assert raw.published is not None
    assert (raw.published.value, raw.published.timezone_known) == ("2025-03-14T18:30:00+01:00", True)
    assert blocks(raw)[0] == ("caption", "The lighthouse on Friday evening.")
    assert blocks(raw)[1] == ("line", FIRST)


def test_ninjs_3_is_read_by_its_main_rendition_and_roles():
    raw = article(sample("lighthouse.ninjs3.json"))
    assert (raw.headline, raw.byline, raw.source_name) == (HEADLINE, ("Ingrid Solbakken",), "The Harbour Courier")
    assert raw.standfirst == "Volunteers found the lens of the old light in a cellar."
    assert raw.published is not None
    assert raw.published.value == "2025-03-14T18:30:00+01:00"
    assert blocks(raw)[:3] == [
        ("caption", "The lighthouse on Friday evening."),
        ("paragraph", FIRST),
        ("heading", "A lamp from a museum"),
    ]
    assert [link.url for link in raw.links] == ["http://courier.example.org/museum"]
    assert "Three boats came home." not in str(raw)


def test_ninjs_1_is_read_and_its_urn_is_no_address():
    raw = article(sample("lighthouse.ninjs1.json"))
    assert (raw.headline, raw.byline, raw.url) == (HEADLINE, ("Ingrid Solbakken",), None)
    assert raw.source_name == "The Harbour Courier"
    assert blocks(raw)[0] == ("caption", "The lighthouse on Friday evening.")


def test_one_object_is_the_document_itself():
    found = document(json.dumps({"title": "River rises", "text": TEXT}), "a.json")
    assert labels(found) == [None]
    assert article(found).headline == "River rises"


@pytest.mark.parametrize("name", ["articles", "items", "results", "documents"])
def test_an_object_that_wraps_a_list_is_that_list(name: str):
    members = [{"title": f"River rises for day {n}", "content": TEXT} for n in range(3)]
    assert [raw.headline for raw in articles(document(json.dumps({"status": "ok", name: members})))] == [
        member["title"] for member in members
    ]


def test_an_article_with_items_of_its_own_is_one_article():
    assert labels(document(json.dumps({"title": "River", "body": TEXT, "items": [{"title": "x"}]}))) == [None]


def test_an_article_in_a_list_is_not_unpacked_again():
    inner = {"items": [{"title": "River rises", "body": TEXT}]}
    assert fates(document(json.dumps([inner]))) == ["no_body"]


def test_members_that_are_no_articles_are_rejected_by_themselves():
    good = {"title": "River rises", "body": TEXT}
    assert fates(document(json.dumps([good, 5, {}, {"title": "x"}, good]))) == [
        "read",
        "damaged",
        "damaged",
        "no_body",
        "read",
    ]


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({"body": f"{TEXT}\n\n{MORE}"}, "line"),
        ({"body": [TEXT, MORE]}, "line"),
        ({"body": None, "html": f"<p>{TEXT}</p><p>{MORE}</p>"}, "paragraph"),
        ({"body": None, "content": {"rendered": f"<p>{TEXT}</p>\n<p>{MORE}</p>"}}, "paragraph"),
        ({"body": f"<b>The</b> {TEXT[4:]}\n\n{MORE}"}, "paragraph"),
    ],
)
def test_a_body_is_read_as_what_it_is(fields: dict[str, Any], kinds: str):
    assert blocks(read(**fields)) == [(kinds, TEXT), (kinds, MORE)]


def test_references_in_a_plain_body_are_characters_and_its_lines_stay():
    assert [text for _, text in blocks(read(body="Fish &amp; chips\nare 3 < 4 pounds"))] == [
        "Fish & chips",
        "are 3 < 4 pounds",
    ]


@pytest.mark.parametrize(
    "author",
    [
        "By Jane Doe and Max Roe",
        ["Jane Doe", "Max Roe"],
        [{"name": "Jane Doe"}, {"@type": "Person", "name": "Max Roe"}],
    ],
)
def test_authors_are_read_in_every_shape(author: object):
    assert read(author=author).byline == ("Jane Doe", "Max Roe")


def test_a_summary_that_repeats_the_beginning_is_none():
    assert read(summary="The river rose by four metres […]").standfirst is None
    assert read(summary="<p>The town is <b>flooded</b>.</p>").standfirst == "The town is flooded."


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "urn:x", 5, None, ["https://["]])
def test_what_is_no_address_of_a_page_is_none(url: object):
    assert read(url=url).url is None


def test_numbers_that_json_does_not_have_and_equal_names_are_survived():
    text = (
        json.dumps({"title": "x", "body": TEXT})[:-1]
        + ', "date": NaN, "x": 1e999, "y": '
        + "9" * 9_000
        + ', "title": "River"}'
    )
    assert article(document(text)).headline == "River"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"title": "River"', "damaged"),
        ('[{"title": "River"}', "damaged"),
        ("[" * 50_000, "too_complex"),
        ('{"a":' * 50_000, "too_complex"),
        ("[" + "[]," * MAX_BRACKETS + "[]]", "too_complex"),
        ('{"items": [ ]}', "empty"),
        ('{"items": {"a": 1}}', "no_body"),
        ('{"title": "River", "body": " "}', "no_body"),
        ('{"title": "River", "body": {"a": {"b": []}}, "bodies": [5, {"value": 5}]}', "no_body"),
    ],
)
def test_what_is_no_article_is_refused(text: str, reason: str):
    assert rejection(document(text, "a.json")).reason == reason


def test_each_article_of_a_list_is_a_document():
    assert len(articles(document(json.dumps([{"title": "River", "body": TEXT}] * 20)))) == 20


def test_a_list_is_no_single_article():
    with pytest.raises(Exception, match="is no JSON object"):
        read_document(document("[[5]]"))
