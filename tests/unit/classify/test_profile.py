"""Profiles: what they are of, what their files may hold, and that the packaged one is the model's."""

import json
from typing import Any

import numpy as np
import pytest

from schemas.topics import TOPICS
from tests.unit.classify.articles import article
from worker.classify.model import MAX_MODEL_WORDS, Vocabulary, packaged
from worker.classify.profile import NONE, Profile, Seen, packaged_profile, profile_of, unknown_share
from worker.classify.weighing import fields_of
from worker.errors import Misconfigured

WHOLE: dict[str, Any] = {
    "model": "m",
    "languages": {"en": 3, "fr": 1},
    "topics": {"sport": 2, NONE: 1},
    "unknown_words": 0.25,
    "confidence": 0.75,
}


def vocabulary(*words: str) -> Vocabulary:
    return Vocabulary({word: number for number, word in enumerate(words)}, np.ones(len(words), np.float32))


def test_a_profile_counts_topics_and_averages() -> None:
    seen = [Seen("sport", 0.7, 0.1), Seen(None, 0.55, 0.3), Seen("sport", 0.9, 0.2)]
    profile = profile_of("m", {"fr": 1, "en": 3}, seen)
    assert profile.topics == {"sport": 2, NONE: 1}
    assert (profile.articles, profile.measured, profile.abstained, profile.filed) == (4, 3, 1, 2)
    assert profile.confidence == pytest.approx(0.8)
    assert profile.unknown_words == pytest.approx(0.2)


def test_a_profile_of_nothing_has_no_means() -> None:
    profile = profile_of("m", {}, [])
    assert (profile.articles, profile.measured, profile.unknown_words, profile.confidence) == (0, 0, None, None)


def test_where_every_article_was_left_without_topic_there_is_no_confidence() -> None:
    assert profile_of("m", {"en": 1}, [Seen(None, 0.5, 0.1)]).confidence is None


def test_unknown_words_are_counted_once_each_over_all_fields() -> None:
    fields = fields_of(article("Rain again", "Rain, rain and wind.", standfirst="Wind rises"))
    assert unknown_share(fields, vocabulary("rain", "wind")) == pytest.approx(3 / 5)  # again, and, rises


def test_words_beyond_those_that_the_model_reads_do_not_count() -> None:
    fields = fields_of(article("Rain", "rain " * MAX_MODEL_WORDS + "unheard"))
    assert unknown_share(fields, vocabulary("rain")) == 0


def test_an_article_without_words_has_no_unknown_ones() -> None:
    assert unknown_share(fields_of(article("…", "…")), vocabulary("rain")) == 0


def test_a_file_gives_its_profile_back() -> None:
    profile = Profile(**WHOLE)
    assert Profile.load(profile.model_dump_json().encode(), "b.json") == profile


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"unknown_words": 1.5}, "unknown_words"),
        ({"topics": {"sport": -1}}, "topics.sport"),
        ({"topics": {"sport": "2"}}, "topics.sport"),
        ({"topics": {"sport": 9}}, "more articles"),
        ({"topics": {}}, "do not fit"),
        ({"topics": {NONE: 3}}, "do not fit"),
        ({"confidence": None}, "do not fit"),
        ({"confidence": float("nan")}, "confidence"),
        ({"model": ""}, "model"),
        ({"mood": 1}, "mood"),
    ],
)
def test_a_file_that_is_no_profile_is_named_with_place_and_next_step(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(Misconfigured, match=r"^b\.json: this is no baseline") as caught:
        Profile.load(json.dumps(WHOLE | changed).encode(), "b.json")
    assert said in str(caught.value)
    assert "copydesk drift --save" in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b'"text"', b"{}"])
def test_anything_else_is_no_profile_either(data: bytes) -> None:
    with pytest.raises(Misconfigured, match=r"^b\.json: this is no baseline"):
        Profile.load(data, "b.json")


def test_the_packaged_baseline_is_the_packaged_models() -> None:
    profile, model = packaged_profile(), packaged()
    assert profile.model == model.id
    assert profile.topics.keys() - {NONE} <= TOPICS.keys()
    assert profile.measured > 500
