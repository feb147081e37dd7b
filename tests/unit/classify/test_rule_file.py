"""Rule files that people write: what they may say, and what they are told when something is wrong."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.topics import TOPICS, TopicDefinition
from worker.classify.rule_file import read_rules
from worker.classify.rules import joined, load_rules, packaged_rules
from worker.classify.words import words_of
from worker.errors import Misconfigured

PACKAGED = packaged_rules()
RULE = """
[[rule]]
id = "r"
topic = "defense"
weight = 2
patterns = ["x"]
match = ["x"]
"""
TOPIC = """
[[topic]]
id = "drones"
name = "Drones"
"""
OF_DRONES = RULE.replace('"defense"', '"drones"')


def problems(content: str | bytes) -> list[str]:
    """What is said of a user's own file, a line for each thing."""
    data = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(Misconfigured) as caught:
        read_rules(data, "own.toml", PACKAGED)
    return str(caught.value).split("\n")


def changed(key: str, line: str) -> str:
    """The rule with the line of one of its fields replaced."""
    return "\n".join(line if text.startswith(f"{key} =") else text for text in RULE.split("\n"))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (changed("id", ""), ":2: rule number 1: id: is missing; add a line such as  id ="),
        (changed("topic", ""), ":2: rule 'r': topic: is missing; add a line such as  topic ="),
        (changed("match", "match = []"), ":7: rule 'r': match: must hold at least one entry"),
        (changed("match", 'match = ["ok", ""]'), ":7: rule 'r': match: entry 2 must not be empty"),
        (changed("match", 'match = "x"'), ":7: rule 'r': match: must be a list in square brackets"),
        (changed("weight", 'weight = "3"'), ":5: rule 'r': weight: must be a number without quotes"),
        (changed("weight", "weight = true"), ":5: rule 'r': weight: must be a number without quotes"),
        (changed("weight", "weight = 0"), ":5: rule 'r': weight: a weight of 0 does nothing; leave the rule out"),
        (changed("weight", "weight = 11"), ":5: rule 'r': weight: must be a number from -10 to 10"),
        (changed("weight", "weight = nan"), ":5: rule 'r': weight: must be a number from -10 to 10"),
        (changed("weight", "weight = inf"), ":5: rule 'r': weight: must be a number from -10 to 10"),
        (changed("patterns", "patterns = [1]"), ":6: rule 'r': patterns: entry 1 must be text in quotes"),
        (changed("patterns", 'patterns = ["a", "te*st"]'), ":6: rule 'r': patterns: entry 2 pattern 'te*st'"),
        (
            changed("patterns", 'pattern = ["a"]'),
            ":6: rule 'r': pattern: is no field of a rule; did you mean 'patterns'?",
        ),
        (
            changed("topic", 'topic = "defence"'),
            ":4: rule 'r': topic: there is no topic 'defence'; did you mean 'defense'?",
        ),
        (changed("topic", 'topic = "drones"'), ":4: rule 'r': topic: there is no topic 'drones'"),
        (changed("topic", "topic = 2026-01-01"), ":4: rule 'r': topic: must be text in quotes"),
        (changed("id", 'id = "Big Rule"'), ":3: rule 'Big Rule': id: must be small letters, digits and hyphens"),
        (changed("id", 'id = ["r"]'), ":3: rule ['r']: id: must be text in quotes"),
        (RULE + 'any_language = "yes"', ":8: rule 'r': any_language: must be true or false, without quotes"),
        (RULE + RULE, ":10: rule 'r': id: the rule in line 2 has it too; give another"),
        (RULE + 'disable = ["defense-nato"]', ":8: rule 'r': disable: must stand at the top of the file"),
        (RULE + "[rule.more]\nx = 1", ":2: rule 'r': more: is no field of a rule"),
        (
            'disable = ["defense-nat"]',
            ":1: disable: there is no packaged rule 'defense-nat'; did you mean 'defense-nato'?",
        ),
        ("disable = 3", ":1: disable: must be a list of ids in quotes"),
        ("disable = [3]", ":1: disable: must be a list of ids in quotes"),
        (
            '\ndisable = ["defense-nato"]' + changed("id", 'id = "defense-nato"'),
            ":2: disable: rule 'defense-nato' is replaced in this file too; do one or the other",
        ),
        (TOPIC, ":2: topic 'drones': no rule speaks for it; add a [[rule]] with  topic = \"drones\""),
        (TOPIC + OF_DRONES.replace("= 2", "= -2"), ":2: topic 'drones': no rule speaks for it"),
        (TOPIC.replace("drones", "defense"), ":3: topic 'defense': id: the taxonomy has it already"),
        (
            TOPIC.replace('"drones"', '"Big-Drones"'),
            ":3: topic 'Big-Drones': id: must be small letters, digits and unders",
        ),
        (TOPIC.replace("name", "title") + OF_DRONES, ":2: topic 'drones': name: is missing"),
        (TOPIC + 'qcode = "20000639"' + OF_DRONES, ":5: topic 'drones': qcode: must be a scheme, a colon and a code"),
        (TOPIC + TOPIC + OF_DRONES, ":7: topic 'drones': id: the topic in line 2 has it too"),
        ("rule = [1]", ":1: rule: write each rule below a line of its own that says [[rule]]"),
        ('\nrule = [{id = "r"}]', ":2: rule: write each rule below a line of its own"),
        ("# a\n[rule]\nid = 'r'", ":2: rule: write each rule below a line of its own"),
        ("rule = []", ":1: it holds nothing"),
        ("", ":1: it holds nothing; a rule file holds [[rule]] tables"),
        ("# only words\n", ":1: it holds nothing"),
        ("\n[settings]", ":2: settings: does not belong here; a rule file holds [[rule]] tables"),
        ("\n[[rules]]\nid = 'r'", ":2: rules: does not belong here; did you mean 'rule'?"),
        ("\n\nnot toml", ":3: this is not a TOML file, column 5: Expected '='"),
        (RULE + "weight = 3", ":8: this is not a TOML file"),
        (RULE + 'no_match = ["x"', ":8: this is not a TOML file"),
        (b"# \xe4\nid = '\xff'", ":1: not UTF-8; save the file as UTF-8"),
        (RULE.encode("utf-16"), ":1: not UTF-8; save the file as UTF-8"),
        (b"\x00\x01", ":1: this is not a TOML file"),
        ("x = " + "[" * 20_000, ":1: this is not a TOML file"),
        (f"x = {'9' * 5_000}", ":1: this is not a TOML file"),
    ],
)
def test_a_wrong_file_is_refused_with_line_place_reason_and_what_to_do(content: str | bytes, problem: str) -> None:
    assert problem in [told.removeprefix("own.toml")[: len(problem)] for told in problems(content)]


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_lines() -> None:
    told = problems(changed("weight", "weight = 0") + TOPIC + changed("match", "") + "colour = 1")
    assert [line.split(":")[1] for line in told] == ["5", "9", "13", "19"]


def test_lines_are_told_where_texts_and_lists_hold_what_looks_like_a_header() -> None:
    decoy = 'match = [\n"""\n[[rule]]\nid = 1\n""",\n\'[[rule]]\', # [[rule]]\n]\n#[[rule]]\n'
    odd = '[[ "rule" ]] # x\n"id" = \'s\'\ntopic = "nothing"\nweight = 1\npatterns = [\n "a = b",\n]\nmatch = ["x"]'
    (told,) = problems(changed("match", decoy) + odd)
    line = (changed("match", decoy) + odd).split("\n").index('[[ "rule" ]] # x') + 1
    assert told.startswith(f"own.toml:{line + 4}: rule 's': patterns: entry 1 pattern 'a = b'")


def test_a_file_of_another_system_is_read_all_the_same() -> None:
    data = b"\xef\xbb\xbf" + changed("weight", "weight = 0").replace("\n", "\r\n").encode()
    assert problems(data)[0].startswith("own.toml:5: rule 'r': weight:")


def test_a_rule_with_the_id_of_a_packaged_one_takes_its_place_and_the_others_stay() -> None:
    own = read_rules(changed("id", 'id = "defense-nato"').encode(), "own.toml", PACKAGED)
    rules = joined(PACKAGED, own).rules
    assert [rule.id for rule in rules] == [rule.id for rule in PACKAGED.rules]
    assert [rule for rule in rules if rule not in PACKAGED.rules] == list(own.rules)


def test_packaged_rules_are_switched_off() -> None:
    own = read_rules(b'disable = ["defense-nato", "conflict-war", "defense-nato"]', "own.toml", PACKAGED)
    ids = {rule.id for rule in joined(PACKAGED, own).rules}
    assert ids == {rule.id for rule in PACKAGED.rules} - {"defense-nato", "conflict-war"}


def test_topics_are_added_behind_those_of_the_taxonomy() -> None:
    own = read_rules((TOPIC + 'qcode = "medtop:20000739"' + OF_DRONES).encode(), "own.toml", PACKAGED)
    topics = joined(PACKAGED, own).topics
    assert list(topics) == [*TOPICS, "drones"]
    assert topics["drones"] == TopicDefinition("drones", "Drones", "medtop:20000739")


def test_rules_for_any_language_are_a_set_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(RULE + "any_language = true" + changed("id", 'id = "s"'))
    rules = load_rules(tmp_path / "own.toml")
    everywhere = rules.for_any_language()
    assert {"r", "s"} <= {rule.id for rule in rules.rules}
    assert "s" not in {rule.id for rule in everywhere.rules}
    assert [hit.rule.id for hit in everywhere.find(words_of("The x and the ambassador"))] == ["r"]
    assert everywhere.topics == rules.topics


PIECES = st.sampled_from(
    [
        *"[]{}\"'=#,.\n\r\t x1",
        "[[rule]]\n",
        "[rule]\n",
        '"""',
        "'''",
        "id = ",
        "topic",
        "weight",
        "patterns",
        "1e400",
        "é",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join) | st.text())
def test_whatever_stands_in_a_file_it_is_read_or_refused(noise: str) -> None:
    data = (RULE + noise).encode("utf-8", "surrogatepass")
    with contextlib.suppress(Misconfigured):
        assert read_rules(data, "own.toml", PACKAGED).rules


@given(
    st.lists(st.sampled_from(["\n", "# [[rule]]\n", "#x = 1\n"]), max_size=5),
    st.lists(st.sampled_from(['"""\n[[rule]]\n"""', "'''\nid = 1\n'''", '"="', '"# ["']), max_size=5),
)
def test_each_rule_is_found_at_its_line(between: list[str], sentences: list[str]) -> None:
    rule = changed("match", f"match = [{', '.join([*sentences, repr('x')])},\n]") + "".join(between)
    own = "".join(rule.replace('"r"', f'"r{number}"') for number in range(3))
    places, lines = read_rules(own.encode(), "own.toml", PACKAGED).places, own.split("\n")
    for number in range(3):
        place = places[f"r{number}"]
        assert lines[place.line - 1] == "[[rule]]"
        assert lines[place.line_of("id") - 1] == f'id = "r{number}"'
        assert lines[place.line_of("match") - 1].startswith("match = [")
