"""``copydesk tail``: the entries of a real stream in each form."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import ValidationError

from schemas.article import Article
from schemas.event import PUBLISHED, REJECTED, to_entry
from schemas.examples import EXAMPLES
from schemas.news_article import to_news_article
from schemas.ninjs import to_ninjs
from tests.integration.conftest import Stack

ARTICLE = EXAMPLES[PUBLISHED].data


@pytest.fixture
def stack(make_stack: Callable[..., Stack]) -> Stack:
    """An article and a rejection on the streams; nothing runs."""
    stack = make_stack()
    stack.client.xadd(stack.keys.articles, to_entry(EXAMPLES[PUBLISHED]))
    stack.client.xadd(stack.keys.rejected, to_entry(EXAMPLES[REJECTED]))
    return stack


def tail(stack: Stack, *options: str, status: int = 0) -> str:
    return stack.run("tail", "--from-start", "--count", "1", *options, status=status)


@pytest.mark.parametrize("options", [["--json"], ["--format", "json"], ["--json", "--format", "json"]])
def test_json_is_the_record_of_the_contract(stack: Stack, options: list[str]) -> None:
    assert Article.model_validate_json(tail(stack, *options)) == ARTICLE


@pytest.mark.parametrize(("form", "made"), [("ninjs", to_ninjs), ("newsarticle", to_news_article)])
def test_a_form_of_others_is_one_object_a_line(stack: Stack, form: str, made: Callable[[Any], Any]) -> None:
    output = tail(stack, "--format", form)
    assert output.count("\n") == 1
    assert json.loads(output) == made(ARTICLE)


def test_text_is_for_people(stack: Stack) -> None:
    assert tail(stack).startswith("diplomacy     Norland and Suderia go back to talks")
    assert tail(stack, "--format", "text") == tail(stack)


def test_a_rejection_is_shown_as_the_contract_has_it(stack: Stack) -> None:
    assert json.loads(tail(stack, "--rejected", "--format", "json"))["reason"] == "binary"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--rejected", "--format", "ninjs"], "a rejection is no article and has no ninjs: use --format json"),
        (["--json", "--format", "newsarticle"], "--json and --format newsarticle exclude each other: leave one out"),
    ],
)
def test_forms_that_cannot_be_are_refused_with_what_to_do(stack: Stack, options: list[str], message: str) -> None:
    assert message in tail(stack, *options, status=2)


def test_an_entry_that_breaks_the_contract_is_noticed_when_a_stack_is_closed(stack: Stack) -> None:
    (_, fields), *_ = stack.client.xrange(stack.keys.articles)
    stack.client.xadd(stack.keys.articles, {**fields, b"lang": b"English"})
    with pytest.raises(ValidationError, match="English"):
        stack.check_contract()
    stack.client.delete(stack.keys.articles)
    stack.check_contract()
