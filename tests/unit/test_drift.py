"""What a comparison with a baseline means: bounds, chance, direction, and what is said."""

from typing import Any

import pytest

from worker.classify.profile import NONE, Profile
from worker.drift import Drift, Judgement, advice, compare, finding, judge, moved
from worker.profiles import LEAST, Reading

TRAINED = frozenset({"en"})


def profile(**changes: Any) -> Profile:
    fields: dict[str, Any] = {
        "model": "m",
        "languages": {"en": 10_000},
        "topics": {"sport": 5000, "health": 4000, NONE: 1000},
        "unknown_words": 0.1,
        "confidence": 0.9,
    }
    return Profile(**(fields | changes))


def drift(now: Profile, then: Profile | None = None, baseline: str | None = None) -> Drift:
    then = then or profile()
    untrained = tuple(code for code in now.languages if code not in TRAINED)
    return Drift(baseline, then, Reading(now, 0, 0), compare(then, now, TRAINED), untrained)


def judgements(found: Drift) -> dict[str, Judgement]:
    return {measure.name: measure.judgement for measure in found.measures}


@pytest.mark.parametrize(
    ("index", "judgement"),
    [(0.0, "no change"), (0.0999, "no change"), (0.1, "look"), (0.25, "look"), (0.2501, "act"), (9.0, "act")],
)
def test_the_bounds_are_the_usual_ones(index: float, judgement: Judgement) -> None:
    assert judge(index, 0.0, worse=True) == judgement


@pytest.mark.parametrize(("chance", "judgement"), [(0.31, "no change"), (0.3, "no change"), (0.29, "act")])
def test_what_chance_alone_explains_is_no_change(chance: float, judgement: Judgement) -> None:
    assert judge(0.3, chance, worse=True) == judgement


@pytest.mark.parametrize(("index", "judgement"), [(0.05, "no change"), (0.1, "better"), (0.5, "better")])
def test_a_change_for_the_better_asks_for_nothing(index: float, judgement: Judgement) -> None:
    assert judge(index, 0.0, worse=False) == judgement


def test_the_same_again_is_no_change() -> None:
    found = drift(profile())
    assert set(judgements(found).values()) == {"no change"}
    assert found.judgement == "no change"
    assert finding(found) == "The newest articles look to the model like those of the baseline."
    assert advice(found) == "Nothing is to be done."


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"topics": {"sport": 3000, "health": 2500, NONE: 4500}}, "abstention"),
        ({"unknown_words": 0.4}, "unknown_words"),
        ({"confidence": 0.65}, "confidence"),
    ],
)
def test_what_tells_of_the_model_asks_for_a_new_training(changes: dict[str, Any], name: str) -> None:
    found = drift(profile(**changes))
    assert judgements(found)[name] == "act"
    assert name.replace("_", " ") in finding(found)
    assert found.judgement == "act"
    assert advice(found).startswith("Retrain the model")


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ({"topics": {"sport": 3000, "health": 2500, NONE: 4500}}, {}, "abstention"),
        ({"unknown_words": 0.4}, {}, "unknown_words"),
        ({"confidence": 0.65}, {}, "confidence"),
        ({"languages": {"en": 10_000, "fr": 5000}}, {}, "other_languages"),
    ],
)
def test_the_same_changes_backwards_are_for_the_better(
    before: dict[str, Any], after: dict[str, Any], name: str
) -> None:
    assert judgements(drift(profile(**after), profile(**before)))[name] == "better"


def test_unknown_words_at_the_bound_are_worth_a_look() -> None:
    found = drift(profile(unknown_words=0.22))
    assert judgements(found)["unknown_words"] == "look"
    assert found.judgement == "look"
    assert finding(found) == "Since the baseline unknown words changed somewhat."
    assert "copydesk tail" in advice(found)


def test_another_mix_of_topics_may_be_the_desks_own() -> None:
    found = drift(profile(topics={"sport": 1000, "health": 8000, NONE: 1000}))
    assert judgements(found)["topics"] == "act"
    assert [name for name, judged in judgements(found).items() if judged != "no change"] == ["topics"]
    assert "may be your desk's own" in found.compared_with
    assert "--save" in advice(found)


def test_against_ones_own_baseline_it_is_not() -> None:
    found = drift(profile(topics={"sport": 1000, "health": 8000, NONE: 1000}), baseline="usual.json")
    assert found.compared_with == "your own baseline usual.json, of 10000 articles"
    assert "--save" not in advice(found)
    assert "copydesk tail" in advice(found)


def test_other_languages_are_named() -> None:
    found = drift(profile(languages={"en": 10_000, "fr": 4000, "de": 1000}))
    assert judgements(found)["other_languages"] == "act"
    assert "articles in fr, de:" in advice(found)


def test_too_few_articles_are_not_judged() -> None:
    few = profile(languages={"en": LEAST - 1}, topics={"sport": LEAST - 1}, unknown_words=0.9)
    found = drift(few)
    assert set(judgements(found).values()) == {"too few"}
    assert found.judgement == "too few"
    assert f"has read {LEAST - 1} of the newest, and at least {LEAST}" in finding(found)
    assert "Wait" in advice(found)


def test_as_many_as_are_needed_are_judged() -> None:
    found = drift(profile(languages={"en": LEAST}, topics={"sport": LEAST}, unknown_words=0.9))
    assert "too few" not in judgements(found).values()
    assert found.judgement == "act"


def test_a_baseline_of_too_few_is_said() -> None:
    found = drift(profile(), profile(languages={"en": 9}, topics={"sport": 9}))
    assert "has read 9 in the baseline" in finding(found)


def test_nothing_at_all_is_too_few() -> None:
    found = drift(Profile(model="m", languages={}, topics={}, unknown_words=None, confidence=None))
    assert set(judgements(found).values()) == {"too few"}
    assert all(measure.index is None for measure in found.measures)
    assert found.as_dict()["judgement"] == "too few"


def test_many_articles_in_other_languages_are_judged_though_the_model_has_read_few() -> None:
    found = drift(profile(languages={"fr": 500, "en": 20}, topics={"sport": 20}))
    assert judgements(found)["other_languages"] == "act"
    assert judgements(found)["topics"] == "too few"
    assert found.judgement == "act"


def test_the_topics_that_moved_most_come_first() -> None:
    now = profile(topics={"sport": 5000, "health": 1000, "culture": 3000, NONE: 1000})
    assert [(topic, before, after) for topic, before, after, _ in moved(profile(), now, 2)] == [
        ("culture", 0.0, 0.3),
        ("health", 0.4, 0.1),
    ]
