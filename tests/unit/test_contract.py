"""The published documents: valid by what their standards say, and true of the entries that are written."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from schemas.article import Article
from schemas.event import (
    CORRECTED,
    PUBLISHED,
    RECLASSIFIED,
    REJECTED,
    Event,
    EventType,
    from_entry,
    to_entry,
)
from schemas.examples import EXAMPLES
from schemas.generate import drifted
from schemas.rejection import Rejection
from tests.contract import check_entries, document
from tests.records import MOMENT, TRACEPARENT, rejection
from tests.strategies import articles, rejections

OFFICIAL = Path(__file__).parents[1] / "data" / "asyncapi" / "3.0.0.json"
SCHEMAS = ("article-1.0.json", "reclassification-1.0.json", "rejection-1.0.json")
TYPES: tuple[EventType, ...] = (PUBLISHED, CORRECTED, RECLASSIFIED, REJECTED)


def event_of(data: Article | Rejection) -> Event:
    kind = REJECTED if isinstance(data, Rejection) else PUBLISHED
    return Event(id="e", source="/copydesk/i", type=kind, time=MOMENT, subject="s", traceparent=TRACEPARENT, data=data)


def asyncapi_errors(found: dict[str, Any]) -> list[str]:
    official = json.loads(OFFICIAL.read_text(encoding="utf-8"))
    return [error.message for error in jsonschema.Draft7Validator(official).iter_errors(found)]


def test_the_generated_files_say_what_the_models_say() -> None:
    assert drifted() == []


def test_the_asyncapi_document_is_valid_by_the_official_schema() -> None:
    assert asyncapi_errors(document("asyncapi.json")) == []


@pytest.mark.parametrize("part", ["channels", "operations", "info"])
def test_the_official_schema_would_find_a_mistake(part: str) -> None:
    found = document("asyncapi.json")
    found[part] = {"surprise": 1}
    assert asyncapi_errors(found)


def test_every_reference_in_the_asyncapi_document_leads_somewhere() -> None:
    whole = document("asyncapi.json")

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [found for member in value.values() for found in references(member)]
        return [found for member in value for found in references(member)] if isinstance(value, list) else []

    found = references(whole)
    assert len(found) > 20
    for reference in found:
        if reference.startswith("./"):
            assert document(reference)["$id"]
            continue
        place: Any = whole
        for name in reference.removeprefix("#/").split("/"):
            place = place[name]
        assert place


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_of_draft_2020_12_and_so_are_its_examples(name: str) -> None:
    schema = document(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["examples"]
    for example in schema["examples"]:
        jsonschema.Draft202012Validator(schema).validate(example)


@pytest.mark.parametrize("kind", TYPES)
def test_the_examples_are_entries_that_can_be_read(kind: EventType) -> None:
    name = kind.split(".")[3]
    (example,) = document("asyncapi.json")["components"]["messages"][name]["examples"]
    entry = example["headers"] | {"data": json.dumps(example["payload"])}
    assert from_entry(entry) == EXAMPLES[kind]
    check_entries([entry], "rejected" if kind == REJECTED else "articles")


@pytest.mark.parametrize("kind", TYPES)
def test_every_field_of_an_entry_is_described(kind: EventType) -> None:
    described = document("asyncapi.json")["components"]["messages"][kind.split(".")[3]]["headers"]["properties"]
    assert {*described, "data"} == set(to_entry(EXAMPLES[kind]))


@given(articles())
def test_whatever_an_article_says_its_entry_is_as_the_documents_say(article: Article) -> None:
    check_entries([to_entry(event_of(article))], "articles")


@given(rejections)
def test_whatever_a_rejection_says_its_entry_is_as_the_documents_say(why: Rejection) -> None:
    check_entries([to_entry(event_of(why))], "rejected")


@pytest.mark.parametrize("field", sorted(to_entry(EXAMPLES[PUBLISHED])))
def test_an_entry_that_lacks_a_field_breaks_the_documents(field: str) -> None:
    entry = to_entry(EXAMPLES[PUBLISHED])
    del entry[field]
    with pytest.raises((jsonschema.ValidationError, AssertionError, KeyError), match=field):
        check_entries([entry], "articles")


@pytest.mark.parametrize("field", sorted(Article.model_fields))
def test_a_record_always_has_every_field(field: str) -> None:
    entry = to_entry(EXAMPLES[PUBLISHED])
    data = json.loads(entry["data"])
    del data[field]
    with pytest.raises(jsonschema.ValidationError, match=field):
        check_entries([entry | {"data": json.dumps(data)}], "articles")


def test_a_record_with_an_unknown_field_breaks_the_documents() -> None:
    entry = to_entry(EXAMPLES[PUBLISHED])
    with pytest.raises(jsonschema.ValidationError, match="surprise"):
        check_entries([entry | {"data": entry["data"][:-1] + ',"surprise":1}'}], "articles")


def test_a_rejection_has_no_place_on_the_article_stream() -> None:
    with pytest.raises(AssertionError, match="rejected"):
        check_entries([to_entry(event_of(rejection()))], "articles")
