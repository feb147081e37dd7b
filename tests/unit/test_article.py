"""What the record refuses, whoever makes it."""

import pytest
from pydantic import ValidationError

from schemas.article import Article, Evidence, Published, Topic
from tests.records import record


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        record().headline = "Another"


def test_the_text_is_the_body_joined_by_blank_lines() -> None:
    with pytest.raises(ValidationError, match="joined by blank lines"):
        record("A paragraph.", text="Something else.")


def test_the_primary_topic_is_one_of_the_topics() -> None:
    with pytest.raises(ValidationError, match="primary_topic"):
        record(primary_topic="defense")


@pytest.mark.parametrize("start", [0, 3])
def test_evidence_stands_at_its_offsets(start: int) -> None:
    span = Evidence(field="text", start=start, end=start + 9, text="paragraph", weight=1.0)
    with pytest.raises(ValidationError, match="does not stand"):
        record(topics=(Topic(id="a", name="A", qcode=None, confidence=0.9, evidence=(span,)),))


def test_offsets_count_code_points_and_not_bytes() -> None:
    span = Evidence(field="text", start=3, end=7, text="🛰🛰ok", weight=1.0)
    article: Article = record("é “🛰🛰ok”", topics=(Topic(id="a", name="A", qcode=None, confidence=1, evidence=(span,)),))
    assert article.text[3:7] == "🛰🛰ok"


@pytest.mark.parametrize(
    ("value", "zone"),
    [("2024-10-17T13:00:00", True), ("2024-10-17T13:00:00Z", False), ("2024-02-30", False), ("17.10.2024", False)],
)
def test_a_date_that_is_not_real_or_lies_about_its_zone_is_refused(value: str, *, zone: bool) -> None:
    with pytest.raises(ValidationError):
        Published(value=value, timezone_known=zone)
