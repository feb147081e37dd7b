"""The record in the formats of others: ninjs and schema.org's NewsArticle."""

import json
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given

from schemas.article import Article, Block, Entity, Published, Source, Topic
from schemas.event import PUBLISHED
from schemas.examples import EXAMPLES
from schemas.identifiers import concept_uri
from schemas.news_article import to_news_article
from schemas.ninjs import to_ninjs, to_xhtml
from tests.ninjs_rules import NINJS
from tests.records import record
from tests.strategies import articles
from tests.unit.formats.reading import document
from worker.formats import read_document

XHTML = "{http://www.w3.org/1999/xhtml}"


def example() -> Article:
    found = EXAMPLES[PUBLISHED].data
    assert isinstance(found, Article)
    return found


@given(articles())
def test_whatever_an_article_says_its_ninjs_is_as_the_standard_asks(article: Article) -> None:
    found = json.loads(json.dumps(to_ninjs(article)))
    NINJS.validate(found)
    assert found["headlines"][0]["value"] == article.headline
    assert found["bodies"][1] == {
        "role": "main",
        "contentType": "text/plain",
        "charCount": len(article.text),
        "wordCount": article.word_count,
        "value": article.text,
    }
    assert datetime.fromisoformat(found["versionCreated"]) == article.provenance.received_at


@pytest.mark.parametrize(
    "mistake", [{"uri": "a b"}, {"versionCreated": "2026-01-31T12:00:00"}, {"wordCount": 3}, {"pubStatus": "done"}]
)
def test_the_rules_would_find_a_mistake(mistake: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        NINJS.validate(to_ninjs(record()) | mistake)


@given(articles())
def test_the_body_is_well_formed_xhtml_with_every_block(article: Article) -> None:
    root = ElementTree.fromstring(to_xhtml(article))  # noqa: S314 - what we have just written
    texts = [element.text or "" for element in root.iter() if element.tag not in (f"{XHTML}{n}" for n in NOT_TEXT)]
    assert len(texts) == len(article.body)
    for text, block in zip(texts, article.body, strict=True):
        assert text == "".join(character for character in block.text if allowed(character))


NOT_TEXT = ("div", "ul", "blockquote")


def allowed(character: str) -> bool:
    return (
        character in "\t\n\r"
        or " " <= character <= "\ud7ff"
        or (character >= "\ue000" and character not in "\ufffe\uffff")
    )


def test_what_belongs_together_stands_together() -> None:
    body = (
        Block(kind="heading", text="Terms & times"),
        Block(kind="list_item", text="One"),
        Block(kind="list_item", text="Two <2>"),
        Block(kind="quote", text="“Yes.”"),
        Block(kind="paragraph", text="It rained."),
    )
    article = record(body=body, text="\n\n".join(block.text for block in body))
    assert to_xhtml(article) == (
        '<div xmlns="http://www.w3.org/1999/xhtml"><h2>Terms &amp; times</h2>'
        "<ul><li>One</li><li>Two &lt;2&gt;</li></ul>"
        "<blockquote><p>“Yes.”</p></blockquote><p>It rained.</p></div>"
    )


def test_ninjs_holds_what_the_record_says() -> None:
    found = to_ninjs(example())
    assert (found["uri"], found["version"]) == ("urn:copydesk:article:5d0c1ab24e9f7c3386b1a0de", "1")
    assert (found["by"], found["language"]) == ("Teodor Halm", "en")
    assert found["contentCreated"] == "2026-03-04T08:30:00+01:00"
    assert found["subjects"] == [
        {
            "name": "Diplomacy",
            "rel": "about",
            "uri": "http://cv.iptc.org/newscodes/mediatopic/20000639",
            "literal": "medtop:20000639",
            "creator": "copydesk",
            "confidence": 91,
        }
    ]
    assert [(each["role"], each["value"]) for each in found["descriptions"]] == [
        ("standfirst", "No date for a treaty has been set."),
        ("caption", "The delegations in Haven."),
    ]
    assert found["infoSources"] == [{"name": "Haven Courier"}]
    assert found["altIds"] == [{"role": "url", "value": "https://courier.example/talks"}]


@pytest.mark.parametrize("value", ["2026-03-04", "2026-03-04T08:30:00"])
def test_no_zone_is_invented(value: str) -> None:
    article = record(published=Published(value=value, timezone_known=False))
    assert "contentCreated" not in to_ninjs(article)
    assert to_news_article(article)["datePublished"] == value


def test_a_topic_of_ones_own_has_no_uri_of_iptc() -> None:
    own = Topic(id="drones", name="Drones", qcode=None, confidence=0.75)
    article = record(topics=(own,), primary_topic="drones")
    (subject,) = to_ninjs(article)["subjects"]
    assert (subject["literal"], "uri" in subject) == ("drones", False)
    assert to_news_article(article)["about"] == [{"@type": "DefinedTerm", "name": "Drones", "termCode": "drones"}]


@pytest.mark.parametrize("qcode", [None, "", "medtop:", "medtop:a", "subj:20000639", "20000639", "medtop:²"])
def test_only_a_media_topic_has_a_uri_of_iptc(qcode: str | None) -> None:
    assert concept_uri(qcode) is None


def test_entities_are_told_by_their_kind() -> None:
    kinds = {"person": "Ilva Marnet", "organisation": "Haven Port", "place": "Haven"}
    entities = tuple(Entity(text=text, kind=kind, id=None) for kind, text in kinds.items())  # type: ignore[arg-type]
    found = to_ninjs(record(entities=entities))
    NINJS.validate(found)
    assert [found[name][0]["name"] for name in ("people", "organisations", "places")] == list(kinds.values())
    assert [each["@type"] for each in to_news_article(record(entities=entities))["mentions"]] == [
        "Person",
        "Organization",
        "Place",
    ]


def test_a_news_article_holds_what_the_record_says() -> None:
    found = to_news_article(example())
    assert (found["@context"], found["@type"]) == ("https://schema.org", "NewsArticle")
    assert found["author"] == [{"@type": "Person", "name": "Teodor Halm"}]
    assert found["publisher"] == {"@type": "Organization", "name": "Haven Courier"}
    assert (found["url"], found["articleSection"]) == ("https://courier.example/talks", "Diplomacy")
    assert found["articleBody"] == example().text
    assert found["about"] == [
        {
            "@id": "http://cv.iptc.org/newscodes/mediatopic/20000639",
            "@type": "DefinedTerm",
            "name": "Diplomacy",
            "termCode": "medtop:20000639",
            "inDefinedTermSet": "http://cv.iptc.org/newscodes/mediatopic/",
        }
    ]


def test_what_is_not_known_is_not_there() -> None:
    found = to_news_article(record(source=Source()))
    assert not found.keys() & {"url", "author", "datePublished", "publisher", "about", "image", "description"}


@pytest.mark.parametrize("form", [to_ninjs, to_news_article])
def test_what_goes_out_can_come_in_again(form: Any) -> None:
    article = example()
    raw = read_document(document(json.dumps(form(article)), "again.json"))
    assert (raw.headline, raw.byline, raw.source_name) == (article.headline, article.byline, article.source.name)
    assert (raw.standfirst, raw.url) == (article.standfirst, article.source.url)
    assert [block.text for block in raw.blocks if block.kind != "caption"] == [block.text for block in article.body]
