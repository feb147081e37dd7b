import re

import pytest

from schemas.topics import TAXONOMY_VERSION, TOPICS, TopicDefinition


def test_the_taxonomy_is_the_agreed_one() -> None:
    assert TAXONOMY_VERSION == "1.0"
    assert " ".join(TOPICS) == (
        "defense diplomacy conflict terrorism sanctions politics elections human_rights migration crime_justice "
        "disaster economy trade energy agriculture transport health environment science_technology education labour "
        "culture sport religion society"
    )


def test_every_topic_stands_under_its_own_id_with_a_qcode_of_its_own() -> None:
    assert all(key == topic.id for key, topic in TOPICS.items())
    assert all(re.fullmatch(r"medtop:\d{8}", topic.qcode) for topic in TOPICS.values())
    assert len({topic.qcode for topic in TOPICS.values()}) == len(TOPICS)


def test_the_taxonomy_cannot_be_changed_at_run_time() -> None:
    with pytest.raises(TypeError):
        TOPICS["x"] = TopicDefinition("x", "X", "medtop:00000000")  # type: ignore[index]
    with pytest.raises(AttributeError):
        TOPICS["sport"].name = "Sports"  # type: ignore[misc]
