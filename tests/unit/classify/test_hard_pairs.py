"""Articles that are easily filed under a wrong topic; ``hard_pairs`` tells how they and their topics were chosen."""

import pytest

from schemas.topics import TOPICS
from tests.unit.classify.hard_pairs import HARD_PAIRS
from worker.classify import load_classifier

CLASSIFY = load_classifier()
INVITATION = HARD_PAIRS["an alliance puts off an invitation"].article

OF_DIPLOMACY = ("invit", "join", "member", "ambassador", "envoy", "summit", "declaration", "talks", "foreign")
OF_DEFENSE = ("patriot", "interceptor", "155", "millimetre", "shells", "brigade", "train ")
OF_BOTH = ("nato", "alliance", "allies")

each_pair = pytest.mark.parametrize("name", HARD_PAIRS)


def strongest_words(topic: str) -> list[str]:
    """The five pieces of the invitation's text that spoke most strongly for the topic, in lower case."""
    found = [span for given in CLASSIFY(INVITATION, "en").topics if given.id == topic for span in given.evidence]
    return [span.text.lower() for span in found if span.weight > 0][:5]


def those_of(stems: tuple[str, ...], words: list[str]) -> list[str]:
    return [word for word in words if any(stem in f"{word} " for stem in stems)]


@each_pair
def test_an_easily_mistaken_article_is_filed_by_its_strongest_topic(name: str) -> None:
    text, given, _ = HARD_PAIRS[name]
    assert CLASSIFY(text, "en").primary == given[0]


@each_pair
def test_an_easily_mistaken_article_gets_every_topic_that_it_is_about(name: str) -> None:
    text, given, _ = HARD_PAIRS[name]
    assert {topic.id for topic in CLASSIFY(text, "en").topics} >= set(given)


@each_pair
def test_an_easily_mistaken_article_gets_no_topic_that_it_only_sounds_like(name: str) -> None:
    text, _, never = HARD_PAIRS[name]
    assert {topic.id for topic in CLASSIFY(text, "en").topics} & never == set()


@each_pair
def test_a_pair_names_topics_of_the_taxonomy_and_does_not_contradict_itself(name: str) -> None:
    _, given, never = HARD_PAIRS[name]
    assert {*given, *never} <= set(TOPICS)
    assert len(set(given)) == len(given)
    assert never.isdisjoint(given)


def test_an_invitation_put_off_is_surely_diplomacy_and_then_defense() -> None:
    strongest = CLASSIFY(INVITATION, "en").topics[:2]
    assert [topic.id for topic in strongest] == ["diplomacy", "defense"]
    assert min(topic.confidence for topic in strongest) >= 0.8


@pytest.mark.parametrize(
    ("topic", "own", "foreign"), [("diplomacy", OF_DIPLOMACY, OF_DEFENSE), ("defense", OF_DEFENSE, OF_DIPLOMACY)]
)
def test_an_invitation_put_off_is_explained_by_words_of_diplomacy_and_of_weapons(
    topic: str, own: tuple[str, ...], foreign: tuple[str, ...]
) -> None:
    words = strongest_words(topic)
    assert those_of(own, words)
    assert len(those_of(own + OF_BOTH, words)) >= 3
    assert those_of(foreign, words) == []
