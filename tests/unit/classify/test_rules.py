import tomllib
from importlib import resources

import pytest

from schemas.topics import TOPICS
from tests.growth import grows_too_fast
from worker.classify.phrases import parse
from worker.classify.rules import RuleSet, load
from worker.classify.words import MAX_WORDS, words_of

PACKAGED = resources.files("worker.classify").joinpath("rules.toml").read_bytes()
RULES = load(PACKAGED, "rules.toml")
EXAMPLES = [
    pytest.param(rule.id, sentence, expected, id=f"{rule.id}-{'match' if expected else 'no_match'}-{number}")
    for rule in RULES.rules
    for expected, sentences in ((True, rule.match), (False, rule.no_match))
    for number, sentence in enumerate(sentences)
]


def rule_file(*patterns: str, unless: tuple[str, ...] = (), **fields: object) -> str:
    """The text of a rule file with one rule."""
    values = {"id": "r", "topic": "defense", "weight": 1.0, "match": ["x"], **fields}
    lines = [f"{key} = {_toml(value)}" for key, value in values.items()]
    return "\n".join(["[[rule]]", *lines, f"patterns = {_toml(patterns)}", f"unless = {_toml(unless)}"])


def _toml(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(entry) for entry in value)}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def found(text: str, *patterns: str, unless: tuple[str, ...] = ()) -> list[str]:
    return [text[hit.start : hit.end] for hit in rules_of(*patterns, unless=unless).find(words_of(text))]


def rules_of(*patterns: str, unless: tuple[str, ...] = ()) -> RuleSet:
    return load(rule_file(*patterns, unless=unless), "test.toml")


@pytest.mark.parametrize(("rule", "sentence", "expected"), EXAMPLES)
def test_the_examples_of_the_packaged_rules_hold(rule: str, sentence: str, expected: bool) -> None:
    assert (rule in {hit.rule.id for hit in RULES.find(words_of(sentence))}) == expected


def test_the_packaged_rules_report_no_broken_example() -> None:
    assert RULES.broken_examples() == []


def test_a_broken_example_is_reported_with_its_rule_and_sentence() -> None:
    rules = load(rule_file("tank*", match=["No armour here."], no_match=["Tanks rolled."]), "test.toml")
    (rule,) = rules.rules
    assert rules.broken_examples() == [
        (rule, "match", "'No armour here.' is not found"),
        (rule, "no_match", "'Tanks rolled.' is found"),
    ]


def test_every_topic_has_a_rule_that_speaks_for_it() -> None:
    assert {rule.topic for rule in RULES.rules if rule.weight > 0} == set(TOPICS)


def test_no_pattern_is_given_twice_for_one_rule() -> None:
    for rule in tomllib.loads(PACKAGED.decode())["rule"]:
        assert len(rule["patterns"]) == len(set(rule["patterns"])), rule["id"]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("long range", "A long-range missile, long range too", ["long-range", "long range"]),
        ("NATO", "NATO’s, NATO's and NATO. Not Nato or natos", ["NATO", "NATO", "NATO"]),
        ("NATO summit", "NATO’s summit", ["NATO’s summit"]),
        ("workers strike", "the workers’ strike", ["workers’ strike"]),
        ("WHO", "who asked the WHO, the W.H.O. and Who’s Who?", ["WHO", "W.H.O."]),
        ("US troops", "U.S. troops help us; troops", ["U.S. troops"]),
        ("diplomat*", "Diplomats, a diplomatic DIPLOMAT", ["Diplomats", "diplomatic", "DIPLOMAT"]),
        ("peace (talks|deal*|plan of action)", "Peace talks, peace deals, a peace plan of action", None),
        ("sentenced to * years", "sentenced to six years, sentenced to years", ["sentenced to six years"]),
        ("air strike", "air/strike, air & strike", ["air/strike", "air & strike"]),
        ("Elysee", "the Élysée", ["Élysée"]),
        ("café", "CAFE and Café", ["CAFE", "Café"]),
        ("strasse", "Straße", ["Straße"]),
    ],
)
def test_a_pattern_finds_what_its_description_says(pattern: str, text: str, expected: list[str] | None) -> None:
    assert found(text, pattern) == (expected or ["Peace talks", "peace deals", "peace plan of action"])


@pytest.mark.parametrize(
    "text",
    [
        "peace. Talks",
        "peace, talks",
        "peace\n\ntalks",
        "peace\ntalks",
        "peace – talks",
        "peace (talks)",
        "peace: talks",
    ],
)
def test_a_phrase_spans_no_sentence_clause_or_block(text: str) -> None:
    assert found(text, "peace talks") == []


def test_a_text_in_capitals_holds_no_abbreviations() -> None:
    assert found("WHO WILL WIN THE WAR?", "WHO", "war") == ["WAR"]


def test_the_longest_phrase_counts_once_and_hits_do_not_overlap() -> None:
    patterns = ("air defense", "air defense systems", "defense systems")
    assert found("air defense systems", *patterns) == ["air defense systems"]


def test_a_hit_that_an_unless_phrase_overlaps_does_not_count() -> None:
    assert found("defense of the defense attorney", "defense", unless=("defense attorney",)) == ["defense"]


def test_offsets_count_code_points_of_the_text() -> None:
    text = "😀 “Ambassador” Ærø’s envoy"
    hits = rules_of("ambassador", "envoy").find(words_of(text))
    assert [(hit.start, hit.end, hit.word) for hit in hits] == [(3, 13, 0), (21, 26, 2)]


def test_words_beyond_the_limit_are_not_read() -> None:
    assert len(found("war " * (MAX_WORDS + 10), "war")) == MAX_WORDS


@pytest.mark.parametrize(
    "unit",
    ["a ", "peace ", "peace-talks ", "A.", "’s", "-", "\n", "x", "é", "sentenced to ", "in the ", "\u0301", "ﷺ"],
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    half, whole = (unit * (size // len(unit)) for size in (500_000, 1_000_000))
    assert not grows_too_fast(lambda text: RULES.find(words_of(text)), whole, half)


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("", "must have 1 to 8 words"),
        ("a b c d e f g h i", "has 9"),
        ("(a|b", "bracket"),
        ("(a|(b|c))", "bracket"),
        ("(a|)", "'' is not a word"),
        ("* war", "first word must have letters"),
        ("te*st", "'te*st' is not a word"),
        ("what?", "'what?' is not a word"),
        ("^war$", "'^war$' is not a word"),
        ("(a|b|c|d|e|f|g) " * 3, "stands for more than 200"),
    ],
)
def test_a_pattern_that_cannot_be_understood_is_refused_with_the_reason(pattern: str, problem: str) -> None:
    with pytest.raises(ValueError, match="pattern") as caught:
        parse(pattern)
    assert problem in str(caught.value)


EVERYWHERE = RULES.for_any_language()


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Die NATO berät in Riga über Drohnen.", {"defense", "diplomacy"}),
        ("L’UNESCO et la FIFA signent un accord à Genève.", {"culture", "sport"}),
        ("La OPEC recorta la producción otra vez.", {"energy"}),
        ("Il direttore dell’ESA parla di Gaza.", {"science_technology", "conflict"}),
        ("WHO ostrzega przed wirusem Ebola.", {"health"}),
        ("Im Garten der Schule blühen die Rosen, und wer mag, hilft am Samstag beim Gießen.", set()),
        ("Une liga de vecinos ouvre un café moderne; qui veut venir est le bienvenu.", set()),
        ("Esa noche la isla, moderna y tranquila, volvió a dormir sin luz ni ruido.", set()),
        ("Na praça, a ema e o pato passeiam enquanto o gás acaba na cozinha.", set()),
        ("Il museo ai piedi del colle riapre dopo una influenza di visitatori.", set()),
    ],
)
def test_rules_for_any_language_find_names_and_no_other_words(text: str, topics: set[str]) -> None:
    assert {hit.rule.topic for hit in EVERYWHERE.find(words_of(text))} == topics


def test_rules_for_any_language_are_fewer_and_take_part_among_the_others() -> None:
    assert 20 < len(EVERYWHERE.rules) < len(RULES.rules) / 2
    assert set(EVERYWHERE.rules) <= set(RULES.rules)
