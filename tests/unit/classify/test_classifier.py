import math
from importlib import resources
from pathlib import Path

import pytest

from schemas.topics import TOPICS
from tests.unit.classify import articles
from tests.unit.classify.articles import article
from worker.classify import MAX_EVIDENCE, TOPIC_THRESHOLD, load_classifier, primary_topic, refuse_unknown
from worker.classify.model import packaged
from worker.classify.rules import load
from worker.classify.weighing import Weighed, fields_of, weigh_by_rules
from worker.classify.words import fold
from worker.errors import Misconfigured
from worker.models import CleanArticle

CLASSIFY = load_classifier()
PACKAGED_RULES = load(resources.files("worker.classify").joinpath("rules.toml").read_bytes(), "rules.toml")
FILLER = "The committee of gardeners met again and spoke about the colour of the benches and the height of the hedge. "
WRITTEN = [value for value in vars(articles).values() if isinstance(value, CleanArticle)]


def ids(text: CleanArticle) -> list[str]:
    return [topic.id for topic in CLASSIFY(text, "en").topics]


def own_rules(tmp_path: Path, *rules: str) -> Path:
    path = tmp_path / "own.toml"
    path.write_text("\n".join(rules), encoding="utf-8")
    return path


def rule(topic: str, pattern: str, weight: float) -> str:
    head = f'[[rule]]\nid = "{topic}"\ntopic = "{topic}"\nweight = {weight}\nany_language = true\n'
    return f'{head}patterns = ["{pattern}"]\nmatch = ["{pattern}"]'


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
    verdict = CLASSIFY(text, "en")
    topics = verdict.topics
    assert verdict.primary == first
    assert second is None or topics[1].id == second
    assert never.isdisjoint(topic.id for topic in topics)


def test_a_rebuffed_membership_bid_is_surely_diplomacy_and_then_defense() -> None:
    diplomacy, defense = CLASSIFY(articles.MEMBERSHIP_REBUFF, "en").topics[:2]
    assert (diplomacy.id, defense.id) == ("diplomacy", "defense")
    assert min(diplomacy.confidence, defense.confidence) >= 0.8


@pytest.mark.parametrize("text", WRITTEN)
def test_the_evidence_and_the_rest_add_up_to_the_logit_and_the_spans_stand_in_the_text(text: CleanArticle) -> None:
    for topic in CLASSIFY(text, "en").topics:
        logit = math.fsum([topic.rest, *(span.weight for span in topic.evidence)])
        assert topic.confidence == pytest.approx(1 / (1 + math.exp(-logit)), abs=1e-12)
        assert 0 < len(topic.evidence) <= MAX_EVIDENCE
        for span in topic.evidence:
            assert (getattr(text, span.field) or "")[span.start : span.end] == span.text
        assert [abs(s.weight) for s in topic.evidence] == sorted((abs(s.weight) for s in topic.evidence), reverse=True)


@pytest.mark.parametrize("text", WRITTEN)
def test_what_each_word_adds_makes_the_logit_and_nothing_else_does(text: CleanArticle) -> None:
    model, fields = packaged(), fields_of(text)
    weighed = Weighed.of(fields, model)
    found = weigh_by_rules(fields, PACKAGED_RULES)
    for topic in CLASSIFY(text, "en").topics:
        words = weighed.cues(topic.id, 10_000)
        rules = [cue.weight * model.scales[topic.id] for cue in found.get(topic.id, [])]
        logit = math.fsum([model.bias[topic.id], *rules, *(cue.weight for cue in words)])
        assert topic.confidence == pytest.approx(1 / (1 + math.exp(-logit)), abs=1e-5)
        for cue in words:
            assert fields[cue.field].text[cue.start : cue.end] == cue.text
            assert fold(cue.text.replace(".", "")) in model.vocabulary.index


@pytest.mark.parametrize("text", WRITTEN)
def test_topics_are_likely_known_and_strongest_first(text: CleanArticle) -> None:
    topics = CLASSIFY(text, "en").topics
    assert [topic.confidence for topic in topics] == sorted((topic.confidence for topic in topics), reverse=True)
    for topic in topics:
        assert topic.confidence >= TOPIC_THRESHOLD
        assert (topic.name, topic.qcode) == (TOPICS[topic.id].name, TOPICS[topic.id].qcode)


def test_the_same_article_gets_the_same_topics_again() -> None:
    assert CLASSIFY(articles.PEACE_TALKS, "en") == load_classifier()(articles.PEACE_TALKS, "en")


def test_an_article_about_nothing_in_particular_gets_no_topic() -> None:
    assert ids(article("The hedge", FILLER)) == []


def test_an_article_without_a_word_gets_no_topic() -> None:
    assert ids(article("…", "— — —")) == []


def test_a_mention_in_the_depths_of_a_long_article_gives_no_topic() -> None:
    mention = "One of them had once been an ambassador, another a soldier, a third a football coach and a judge."
    assert ids(article("Gardeners meet", *[FILLER * 5] * 5, mention, *[FILLER * 5] * 20)) == []


def test_repeating_one_phrase_for_ever_gives_no_topic() -> None:
    assert ids(article("Gardeners meet", *[FILLER, "The soldier laughed."] * 200)) == []


def test_a_short_text_with_strong_words_gets_its_topic() -> None:
    assert ids(article("Earthquake shakes island", "Rescuers searched the rubble.")) == ["disaster"]


def test_words_in_the_headline_weigh_more_than_in_the_standfirst_and_there_more_than_in_the_text() -> None:
    text = article("Tsunami warning", FILLER * 3 + "A tsunami came.", standfirst="A tsunami was seen.")
    (topic,) = CLASSIFY(text, "en").topics
    weights = {span.field: span.weight for span in topic.evidence if span.rule}
    assert weights["headline"] > weights["standfirst"] > weights["text"]


def test_politics_is_not_given_for_a_minister_in_passing() -> None:
    text = article("Bridge reopens after repairs", "The bridge reopened, the minister said.", FILLER * 3)
    assert "politics" not in ids(text)


def test_very_strong_topics_are_ordered_by_their_evidence_although_both_are_certain(tmp_path: Path) -> None:
    classify = load_classifier(own_rules(tmp_path, rule("sport", "hedge", 10), rule("conflict", "gardeners", 9.9)))
    topics = classify(article("Hedge hedge hedge, gardeners gardeners gardeners", FILLER * 2), "xx").topics
    assert [topic.id for topic in topics] == ["sport", "conflict"]


@pytest.mark.parametrize(
    ("weight", "given", "primary"), [(4.5, [], None), (5.1, ["sport"], None), (6, ["sport"], "sport")]
)
def test_the_classifier_abstains_where_the_strongest_topic_is_weak(
    tmp_path: Path, weight: float, given: list[str], primary: str | None
) -> None:
    classify = load_classifier(own_rules(tmp_path, rule("sport", "zzz", weight)))
    verdict = classify(article("Gardeners", FILLER * 4 + "zzz"), "xx")
    assert ([topic.id for topic in verdict.topics], verdict.primary) == (given, primary)


def test_an_article_in_a_language_that_was_not_trained_on_is_not_guessed_and_says_so() -> None:
    verdict = CLASSIFY(article("Der Minister im Museum", "Die Band spielte im Bundestag, der Film war gut."), "de")
    assert (verdict.topics, verdict.primary, verdict.model) == ((), None, None)
    (warning,) = verdict.warnings
    assert warning.startswith("topics: the packaged model was not trained on this language")


def test_which_model_spoke_is_told() -> None:
    assert CLASSIFY(articles.PEACE_TALKS, "en").model == packaged().id


OWN_RULE = '[[rule]]\nid = "hedges"\ntopic = "agriculture"\nweight = 9\npatterns = ["hedge*"]\nmatch = ["A hedge."]\n'


def test_own_rules_speak_beside_the_packaged_ones(tmp_path: Path) -> None:
    rules = tmp_path / "own.toml"
    rules.write_text(OWN_RULE, encoding="utf-8")
    own = load_classifier(rules)
    assert [topic.id for topic in own(article("The hedge", FILLER), "en").topics] == ["agriculture"]
    assert own(articles.AIR_STRIKE, "en") == CLASSIFY(articles.AIR_STRIKE, "en")


def test_a_topic_of_ones_own_is_given_as_any_other(tmp_path: Path) -> None:
    rules = tmp_path / "own.toml"
    topic = '[[topic]]\nid = "gardens"\nname = "Gardens"\n'
    rules.write_text(topic + OWN_RULE.replace("agriculture", "gardens"), encoding="utf-8")
    topics = load_classifier(rules)(article("The hedge", FILLER), "en").topics
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


def test_a_topic_of_the_settings_must_be_one_that_articles_can_be_given(tmp_path: Path) -> None:
    own = own_rules(tmp_path, '[[topic]]\nid = "drones"\nname = "Drones"\n', rule("drones", "drone", 3))
    refuse_unknown(["sport", "drones"], own, None)
    with pytest.raises(Misconfigured, match=r"COPYDESK_TOPIC_STREAMS: no topic is called tanks, .*sport.*, drones;"):
        refuse_unknown(["sport", "tanks"], own, None)
