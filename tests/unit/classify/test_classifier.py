import math
from pathlib import Path

import pytest

from schemas.article import Evidence, Topic
from schemas.topics import TOPICS
from tests.unit.classify import articles
from tests.unit.classify.articles import article
from worker.classify import BIAS, Cue, decide, load_classifier, primary_topic
from worker.errors import Misconfigured
from worker.models import CleanArticle

CLASSIFY = load_classifier()
FILLER = "The committee of gardeners met again and spoke about the colour of the benches and the height of the hedge. "
WRITTEN = [value for value in vars(articles).values() if isinstance(value, CleanArticle)]


def ids(text: CleanArticle) -> list[str]:
    return [topic.id for topic in CLASSIFY(text)]


@pytest.mark.parametrize(
    ("text", "first", "second", "never"),
    [
        (articles.MEMBERSHIP_REBUFF, "diplomacy", "defense", {"sport"}),
        (articles.MEMBERSHIP_TALKS, "diplomacy", "defense", {"conflict"}),
        (articles.TROOP_EXERCISE, "defense", None, {"diplomacy", "conflict", "sport"}),
        (articles.FOOTBALL_MATCH, "sport", None, {"defense", "diplomacy", "conflict"}),
        (articles.ARMS_EXPORT, "defense", None, {"conflict", "sport"}),
        (articles.PEACE_TALKS, "conflict", "diplomacy", {"labour"}),
        (articles.GENERAL_ON_TRIAL, "crime_justice", "defense", {"conflict"}),
        (articles.WAR_FILM, "culture", None, {"conflict", "defense"}),
        (articles.DEFENSE_LAWYER, "crime_justice", None, set(TOPICS) - {"crime_justice"}),
        (articles.GENERAL_STRIKE, "labour", None, {"conflict"}),
        (articles.AIR_STRIKE, "conflict", None, {"labour"}),
    ],
)
def test_an_article_gets_the_topics_that_it_is_about(
    text: CleanArticle, first: str, second: str | None, never: set[str]
) -> None:
    topics = CLASSIFY(text)
    assert primary_topic(topics) == first
    assert second is None or topics[1].id == second
    assert never.isdisjoint(topic.id for topic in topics)


def test_a_rebuffed_membership_bid_is_surely_diplomacy_and_then_defense() -> None:
    diplomacy, defense = CLASSIFY(articles.MEMBERSHIP_REBUFF)[:2]
    assert (diplomacy.id, defense.id) == ("diplomacy", "defense")
    assert min(diplomacy.confidence, defense.confidence) >= 0.8


@pytest.mark.parametrize("text", WRITTEN)
def test_the_evidence_adds_up_to_the_confidence_and_stands_at_its_offsets(text: CleanArticle) -> None:
    for topic in CLASSIFY(text):
        logit = math.fsum([BIAS, *(span.weight for span in topic.evidence)])
        assert topic.confidence == 1 / (1 + math.exp(-logit))
        for span in topic.evidence:
            assert (getattr(text, span.field) or "")[span.start : span.end] == span.text
            assert span.rule


@pytest.mark.parametrize("text", WRITTEN)
def test_topics_are_likely_known_and_strongest_first(text: CleanArticle) -> None:
    topics = CLASSIFY(text)
    assert [topic.confidence for topic in topics] == sorted((topic.confidence for topic in topics), reverse=True)
    for topic in topics:
        assert topic.confidence >= 0.5
        assert (topic.name, topic.qcode) == (TOPICS[topic.id].name, TOPICS[topic.id].qcode)


def test_the_same_article_gets_the_same_topics_again() -> None:
    assert CLASSIFY(articles.PEACE_TALKS) == CLASSIFY(articles.PEACE_TALKS)


def test_an_article_about_nothing_in_particular_gets_no_topic() -> None:
    assert CLASSIFY(article("The hedge", FILLER)) == []


def test_an_article_without_a_word_gets_no_topic() -> None:
    assert CLASSIFY(article("…", "— — —")) == []


def test_a_mention_in_the_depths_of_a_long_article_gives_no_topic() -> None:
    mention = "One of them had once been an ambassador, another a soldier, a third a football coach and a judge."
    assert CLASSIFY(article("Gardeners meet", *[FILLER * 5] * 5, mention, *[FILLER * 5] * 20)) == []


def test_repeating_one_phrase_for_ever_gives_no_topic() -> None:
    assert CLASSIFY(article("Gardeners meet", *[FILLER, "The soldier laughed."] * 200)) == []


def test_a_short_text_with_strong_words_gets_its_topic() -> None:
    assert ids(article("Earthquake shakes island", "Rescuers searched the rubble.")) == ["disaster"]


def test_words_in_the_headline_weigh_more_than_in_the_standfirst_and_there_more_than_in_the_text() -> None:
    text = article("Tsunami warning", FILLER * 3 + "A tsunami came.", standfirst="A tsunami was seen.")
    (topic,) = CLASSIFY(text)
    weights = {span.field: span.weight for span in topic.evidence}
    assert weights["headline"] > weights["standfirst"] > weights["text"]


def test_politics_is_not_given_for_a_minister_in_passing() -> None:
    text = article("Bridge reopens after repairs", "The bridge reopened, the minister said.", FILLER * 3)
    assert "politics" not in ids(text)


def test_cues_of_any_origin_join_in_one_logit() -> None:
    cues = [Cue("headline", 0, 3, "War", 4.0, "rule"), Cue("headline", 0, 3, "War", 2.5, None)]
    assert decide({"conflict": cues}) == [
        Topic(
            id="conflict",
            name="Armed conflict",
            qcode="medtop:20000056",
            confidence=1 / (1 + math.exp(-(BIAS + 6.5))),
            evidence=tuple(Evidence(**cue._asdict()) for cue in cues),
        )
    ]


def test_very_strong_topics_are_ordered_by_their_evidence_although_both_are_certain() -> None:
    strong = {"sport": [Cue("text", 0, 1, "a", 90.0, "r")], "conflict": [Cue("text", 0, 1, "a", 60.0, "r")]}
    assert [topic.id for topic in decide(strong)] == ["sport", "conflict"]


def test_a_topic_far_below_zero_is_not_given() -> None:
    assert decide({"sport": [Cue("text", 0, 1, "a", -2000.0, "r")]}) == []


def test_the_classifier_abstains_where_the_strongest_topic_is_weak() -> None:
    weak = decide({"sport": [Cue("text", 0, 1, "a", 5.1, "r")]})
    assert [topic.id for topic in weak] == ["sport"]
    assert primary_topic(weak) is None
    assert primary_topic([]) is None


OWN_RULE = '[[rule]]\nid = "hedges"\ntopic = "agriculture"\nweight = 9\npatterns = ["hedge*"]\nmatch = ["A hedge."]\n'


def test_own_rules_speak_beside_the_packaged_ones(tmp_path: Path) -> None:
    rules = tmp_path / "own.toml"
    rules.write_text(OWN_RULE, encoding="utf-8")
    own = load_classifier(rules)
    assert [topic.id for topic in own(article("The hedge", FILLER))] == ["agriculture"]
    assert own(articles.AIR_STRIKE) == CLASSIFY(articles.AIR_STRIKE)


def test_a_topic_of_ones_own_is_given_as_any_other(tmp_path: Path) -> None:
    rules = tmp_path / "own.toml"
    topic = '[[topic]]\nid = "gardens"\nname = "Gardens"\n'
    rules.write_text(topic + OWN_RULE.replace("agriculture", "gardens"), encoding="utf-8")
    topics = load_classifier(rules)(article("The hedge", FILLER))
    assert [(topic.id, topic.name, topic.qcode) for topic in topics] == [("gardens", "Gardens", None)]
    assert {span.rule for topic in topics for span in topic.evidence} == {"hedges"}
    assert primary_topic(topics) == "gardens"


def test_a_rule_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing.toml"
    with pytest.raises(Misconfigured, match=r"missing\.toml: the rule file cannot be read: No such file"):
        load_classifier(missing)


def test_a_wrong_own_rule_is_named_with_its_file(tmp_path: Path) -> None:
    rules = tmp_path / "own.toml"
    rules.write_text('[[rule]]\nid = "hedges"\n', encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"own\.toml:1: rule 'hedges': topic: is missing"):
        load_classifier(rules)
