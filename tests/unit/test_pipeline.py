"""The pipeline as a whole: what makes an article the same one, and what it is refused for."""

from datetime import UTC, datetime

import pytest

from schemas.article import Article
from schemas.topics import TAXONOMY_VERSION
from tests.articles import article
from worker import __version__
from worker.classify import load_classifier
from worker.errors import HINTS, Rejected
from worker.models import Document
from worker.pipeline import process
from worker.rejections import explain

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
classify = load_classifier(None)


def run(text: str, path: str = "a.txt") -> Article:
    return process(Document(path, text.encode(), NOW), classify)


def test_a_record_says_where_it_came_from() -> None:
    record = run(article(1), "news/a.txt")
    assert record.source.folder == "news"
    assert record.provenance.path == "news/a.txt"
    assert record.provenance.received_at == NOW
    assert record.provenance.pipeline_version == __version__
    assert record.provenance.taxonomy_version == TAXONOMY_VERSION
    assert record.provenance.size == len(article(1).encode())


def test_the_same_text_is_the_same_article_with_the_same_content() -> None:
    first, second = run(article(1), "a.txt"), run(article(1) + "\n\n", "b.txt")
    assert first.id == second.id
    assert first.dedupe == second.dedupe
    assert first.provenance.file_sha256 != second.provenance.file_sha256


def test_a_changed_paragraph_is_the_same_article_with_other_content() -> None:
    first, second = run(article(1, "It rained all day.")), run(article(1, "It snowed all day."))
    assert first.id == second.id
    assert first.dedupe != second.dedupe


def test_another_folder_or_headline_is_another_article() -> None:
    assert len({run(article(1)).id, run(article(1), "x/a.txt").id, run(article(2)).id}) == 3


def test_every_topic_has_evidence_that_stands_where_it_says() -> None:
    record = run(article(1))
    assert record.primary_topic == "diplomacy"
    for topic in record.topics:
        assert topic.evidence
        for span in topic.evidence:
            assert getattr(record, span.field)[span.start : span.end] == span.text


def dated(line: str) -> str:
    headline, _, rest = article(1).partition("\n\n")
    return f"{headline}\n\n{line}\n\n{rest}"


@pytest.mark.parametrize("line", ["February 1, 2026", "Jan 31, 2026 - 23:00"])
def test_a_date_within_a_day_is_no_future(line: str) -> None:
    published = run(dated(line)).published
    assert published is not None
    assert not published.timezone_known


def test_an_article_from_the_future_is_refused_by_field() -> None:
    with pytest.raises(Rejected) as error:
        run(dated("March 3, 2027"))
    assert (error.value.stage, error.value.reason, error.value.field) == ("validate", "future_date", "published")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("\n \n", "empty"),
        ("Ministers meet in Geneva to talk about talks", "no_body"),
        ("\x00\x01\x02\x03" * 50, "binary"),
    ],
)
def test_what_is_no_article_has_its_own_reason(text: str, reason: str) -> None:
    with pytest.raises(Rejected) as error:
        run(text)
    assert error.value.reason == reason
    why = explain(error.value, Document("a.txt", text.encode(), NOW))
    assert why.hint == HINTS[error.value.reason]
    assert why.detail


ENGLISH = "The ministers met in the capital on Tuesday to talk about the budget of the coming year."
FRENCH = "Les ministres se sont réunis mardi dans la capitale pour parler du budget de l’année à venir."


@pytest.mark.parametrize(("body", "value", "order"), [(ENGLISH, "2024-03-04", "month"), (FRENCH, "2024-04-03", "day")])
def test_a_date_that_can_be_read_two_ways_is_decided_by_the_language_and_noted(
    body: str, value: str, order: str
) -> None:
    record = run(f"A new budget is near\n\n03/04/2024\n\n{body} {body}\n\n{body}\n")
    assert record.published is not None
    assert record.published.value == value
    assert [warning for warning in record.provenance.warnings if f"the {order} was taken to come first" in warning]


def test_mojibake_is_noted_in_the_record() -> None:
    body = "Les ministres se sont rÃ©unis mardi dans la capitale oÃ¹ ils ont parlÃ© du budget."
    record = run(f"Un budget est proche\n\n17 mai 2024\n\n{body}\n")
    assert "réunis" in record.text
    assert any("read again" in warning for warning in record.provenance.warnings)
