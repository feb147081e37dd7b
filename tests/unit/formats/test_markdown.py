import pytest

from tests.unit.formats.reading import FIRST, HEADLINE, article, blocks, document, rejection, sample
from worker.formats.markdown import MAX_CHARACTERS, MAX_MARKS
from worker.models import RawArticle

TEXT = "The river rose by four metres in the night, the mayor said."


def read(text: str) -> RawArticle:
    return article(document(text, "a.md"))


def test_an_article_from_pandoc_is_read_with_its_fields_and_blocks():
    raw = article(sample("lighthouse.md"))
    assert (raw.media_type, raw.headline, raw.byline) == ("text/markdown", HEADLINE, ("Ingrid Solbakken",))
    assert raw.published is not None
    assert raw.published.value == "2025-03-14"
    assert ("paragraph", FIRST) in blocks(raw)
    assert ("heading", "A lamp from a museum") in blocks(raw)
    assert ("list_item", "The tower is 31 metres high and was built in 1874.") in blocks(raw)
    assert blocks(raw)[-2][0] == "quote"
    assert [(link.text, link.url) for link in raw.links] == [("maritime museum", "https://example.org/museum")]
    assert ("heading", HEADLINE) not in blocks(raw)


@pytest.mark.parametrize(
    "fields",
    [
        "---\ntitle: 'River rises'\nauthor:\n  - Jane Doe\n  - Max Roe\ndate: 2024-03-05T10:00:00+01:00\n---\n",
        (
            "---\ntitle: River\n  rises\nauthors: [\"Jane Doe\", 'Max Roe']\n"
            "date: Tue, 5 Mar 2024 10:00:00 +0100 # a day\n...\n"
        ),
        (
            '+++\ntitle = "River rises"\nauthor = "Jane Doe and Max Roe"\n'
            'date = 2024-03-05T10:00:00+01:00\n[menu]\ntitle = "x"\n+++\n'
        ),
        (
            "---\r\ntitle: >-\r\n  River\r\n  rises\r\nauthor:\r\n- name: Jane Doe\r\n  email: a@example.org\r\n"
            "- name: Max Roe\r\ndate: 2024-03-05T10:00:00+01:00\r\n---\r\n"
        ),
    ],
)
def test_front_matter_is_read_as_every_generator_writes_it(fields: str):
    raw = read(f"{fields}\n{TEXT}\n")
    assert (raw.headline, raw.byline) == ("River rises", ("Jane Doe", "Max Roe"))
    assert raw.published is not None
    assert raw.published.value == "2024-03-05T10:00:00+01:00"
    assert blocks(raw) == [("paragraph", TEXT)]


def test_front_matter_without_an_end_is_text():
    raw = read(f"---\n{TEXT}\n")
    assert raw.headline is None
    assert blocks(raw) == [("paragraph", TEXT)]


def test_the_first_heading_is_the_headline_if_it_is_the_only_one_of_its_level():
    assert read(f"# River rises\n\n{TEXT}").headline == "River rises"
    assert read(f"# One\n\n{TEXT}\n\n# Two\n\n{TEXT}").headline is None
    assert read(f"{TEXT}\n\n# Two\n\n{TEXT}").headline is None


def test_html_is_read_and_never_run_or_shown():
    raw = read(
        f"# River\n\n<script>alert(1)</script>\n\n<div><p>{TEXT}</p></div>\n\n"
        "A <b onclick='x'>bridge</b><br>fell.\n\n<!-- no -->"
    )
    assert blocks(raw) == [("paragraph", TEXT), ("paragraph", "A bridge fell.")]


def test_only_links_to_web_pages_are_kept():
    raw = read(
        "# River\n\nThe [mayor](https://example.org/a) and [a](javascript:alert(1)) [file](file:///etc/passwd) said."
    )
    assert [(link.text, link.url) for link in raw.links] == [("mayor", "https://example.org/a")]


def test_tables_code_and_captions_are_blocks():
    raw = read(
        '# River\n\n|Year|Mark|\n|-|-|\n|1874|4 m|\n\n```\ncode\n  more\n```\n\n![alt](a.png "The bridge")\n\n1. one\n'
    )
    assert blocks(raw) == [
        ("paragraph", "Year | Mark"),
        ("paragraph", "1874 | 4 m"),
        ("paragraph", "code more"),
        ("caption", "The bridge"),
        ("list_item", "one"),
    ]


def test_a_title_without_a_text_has_no_body():
    assert rejection(document("---\ntitle: River\n---\n# River\n", "a.md")).reason == "no_body"


def test_what_would_keep_the_parser_busy_is_refused():
    assert rejection(document("a " * MAX_CHARACTERS, "a.md")).reason == "too_long"
    assert rejection(document("[" * (MAX_MARKS + 1), "a.md")).reason == "too_complex"
