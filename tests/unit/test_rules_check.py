"""``copydesk rules check``, and what every command says of a rule file that is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.articles import article
from worker.cli import main
from worker.settings import load_settings

Run = Callable[..., Result]

OWN = """
disable = ["sport-games"]

[[topic]]
id = "drones"
name = "Drones"

[[rule]]
id = "drones-named"
topic = "drones"
weight = 3
patterns = ["drone*"]
match = ["Drones flew."]
no_match = ["A beehive."]

[[rule]]
id = "defense-nato"
topic = "defense"
weight = 1
patterns = ["NATO"]
match = ["NATO met."]
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COPYDESK_RULES", raising=False)

    def run(*arguments: str, rules: str | None = None) -> Result:
        if rules:
            monkeypatch.setenv("COPYDESK_RULES", rules)
        load_settings.cache_clear()
        return CliRunner().invoke(main, arguments, catch_exceptions=False)

    return run


def test_the_packaged_rules_are_right(run: Run) -> None:
    result = run("rules", "check")
    assert result.exit_code == 0
    assert "every example holds" in result.output


@pytest.mark.parametrize("named", [True, False])
def test_it_is_told_what_a_file_does(run: Run, tmp_path: Path, named: bool) -> None:
    (tmp_path / "own.toml").write_text(OWN)
    result = run("rules", "check", "own.toml") if named else run("rules", "check", rules="own.toml")
    assert result.exit_code == 0
    for line in (
        "own.toml: 2 rules",
        "  adds the topic drones (Drones)",
        "  adds the rule drones-named",
        "  replaces the rule defense-nato",
        "  switches off the rule sport-games",
    ):
        assert line in result.output.split("\n")
    assert "for 26 topics; every example holds." in result.output


def test_the_readmes_file_does_what_the_readme_says(run: Run, tmp_path: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    own = readme.partition("```toml\ndisable")[2].partition("```")[0]
    (tmp_path / "own.toml").write_text(f"disable{own}", encoding="utf-8")
    said = readme.partition("$ copydesk rules check own.toml\n")[2].partition("$")[0]
    assert run("rules", "check", "own.toml").output == said


def test_an_example_that_does_not_hold_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN.replace("Drones flew.", "Planes flew.").replace("A beehive.", "A drone."))
    result = run("rules", "check", "own.toml")
    assert result.exit_code == 1
    assert "own.toml:13: rule 'drones-named': match: 'Planes flew.' is not found; mend" in result.output
    assert "own.toml:14: rule 'drones-named': no_match: 'A drone.' is found; mend" in result.output
    assert "2 examples wrong" in result.output


@pytest.mark.parametrize("command", [("rules", "check"), ("inspect", "a.txt"), ("inspect", "--json", "a.txt"), ("up",)])
def test_a_broken_file_is_told_without_a_stack_trace(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "a.txt").write_text(article(1))
    (tmp_path / "own.toml").write_text(OWN.replace("weight = 1", "weight = 0").replace('"NATO"', '"(NATO"'))
    result = run(*command, rules="own.toml")
    assert result.exit_code == 1
    assert "Error: own.toml:19: rule 'defense-nato': weight: a weight of 0 does nothing" in result.output
    assert "\nown.toml:20: rule 'defense-nato': patterns: entry 1 pattern '(NATO': a bracket" in result.output
    assert "Traceback" not in result.output


def test_a_file_that_is_not_there_is_told(run: Run) -> None:
    result = run("rules", "check", "own.toml")
    assert result.exit_code == 1
    assert "Error: own.toml: the rule file cannot be read: No such file or directory" in result.output


def test_a_topic_of_ones_own_is_in_the_record(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(article(1) + "\n\nDrones, drones, drones: the drone makers met.")
    (tmp_path / "own.toml").write_text(OWN.replace("weight = 3", "weight = 10"))
    result = run("inspect", "--json", "a.txt", rules="own.toml")
    assert '"primary_topic":"drones"' in result.output
    assert '"id":"drones","name":"Drones","qcode":null' in result.output
