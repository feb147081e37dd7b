"""The command line: help that shows how, errors in one line, and the form that outside checks rely on."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from schemas.article import Article
from tests.articles import article
from worker.cli import main
from worker.settings import load_settings

COMMANDS = sorted(main.commands)
SAMPLES = Path(__file__).parents[1] / "samples"

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    load_settings.cache_clear()

    def run(*arguments: str, stdin: str | bytes = "") -> Result:
        return CliRunner().invoke(main, arguments, input=stdin, catch_exceptions=False)

    return run


def test_the_commands_are_those_of_the_design() -> None:
    assert COMMANDS == [
        "drift",
        "failed",
        "inspect",
        "replay",
        "retry",
        "rules",
        "serve",
        "status",
        "tail",
        "train",
        "up",
        "verify",
        "watch",
        "webhooks",
        "worker",
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"copydesk {command}" in result.output


def test_without_its_extra_the_http_api_says_what_to_install() -> None:
    code = "import sys; sys.modules['uvicorn'] = None; from worker.cli import main; main(['serve'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "copydesk[worker,web]" in done.stderr


@pytest.mark.parametrize("command", ["check", "diff"])
def test_every_command_for_rules_has_help_with_an_example(run: Run, command: str) -> None:
    result = run("rules", command, "--help")
    assert result.exit_code == 0
    assert f"copydesk rules {command}" in result.output.partition("Example")[2]


def test_a_record_is_one_line_of_json(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(article(1))
    result = run("inspect", "--json", "a.txt")
    assert result.exit_code == 0
    record = Article.model_validate_json(result.stdout)
    assert record.provenance.path == "a.txt"
    assert result.stdout.count("\n") == 1


def test_a_rejection_is_one_line_of_json_and_status_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(article(1))
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    result = run("inspect", "--json", "b.png", "a.txt")
    assert result.exit_code == 1
    rejected, record = map(json.loads, result.stdout.splitlines())
    assert rejected["path"] == "b.png"
    assert set(rejected["rejected"]) == {"stage", "reason", "field", "detail", "hint"}
    assert rejected["rejected"]["reason"] == "binary"
    assert record["provenance"]["path"] == "a.txt"


def test_a_file_of_many_articles_gives_a_line_for_each_in_their_order(run: Run, tmp_path: Path) -> None:
    lines = [json.dumps({"headline": f"Headline {n}", "text": article(n)}) for n in range(3)]
    (tmp_path / "a.jsonl").write_text("\n".join([lines[0], '{"headline": 1}', *lines[1:]]))
    result = run("inspect", "--json", "a.jsonl")
    assert result.exit_code == 1
    first, second, third, fourth = map(json.loads, result.stdout.splitlines())
    assert [record["provenance"]["path"] for record in (first, third, fourth)] == [
        "a.jsonl#1",
        "a.jsonl#3",
        "a.jsonl#4",
    ]
    assert (second["path"], second["rejected"]["reason"]) == ("a.jsonl#2", "no_body")
    shown = run("inspect", "a.jsonl").stdout
    assert "Headline 2" in shown
    assert "a.jsonl#2" in shown


def test_a_folder_gives_its_files_by_name_with_their_sub_folder(run: Run, tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/c.txt"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article(1))
    records = [json.loads(line) for line in run("inspect", "--json", "in").stdout.splitlines()]
    assert [record["provenance"]["path"] for record in records] == ["a.txt", "b.txt", "sub/c.txt"]
    assert records[2]["source"]["folder"] == "sub"


def test_standard_input_gets_the_name_that_it_is_given(run: Run) -> None:
    result = run("inspect", "--json", "--name", "pasted.txt", "-", stdin=article(1))
    assert json.loads(result.stdout)["provenance"]["path"] == "pasted.txt"


def test_a_path_that_is_not_there_is_one_line(run: Run) -> None:
    result = run("inspect", "nothing.txt")
    assert result.exit_code == 1
    assert result.stderr == "Error: nothing.txt: no such file or folder\n"


def test_a_file_over_the_limit_is_rejected(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_MAX_FILE_BYTES", "100")
    (tmp_path / "a.txt").write_text(article(1))
    assert json.loads(run("inspect", "--json", "a.txt").stdout)["rejected"]["reason"] == "too_large"


def test_the_readable_form_shows_the_record_its_topics_and_the_time(run: Run) -> None:
    result = run("inspect", str(SAMPLES / "nato-talks.txt"))
    assert result.exit_code == 0
    for shown in ("standfirst", "diplomacy", "removed (donation)", "classify", "no zone given"):
        assert shown in result.stdout


def test_the_readable_form_of_a_rejection_says_what_to_do(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    result = run("inspect", "b.png")
    assert result.exit_code == 1
    assert "binary" in result.stdout
    assert "→" in result.stdout


def test_a_wrong_setting_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_SETTLE", "soon")
    result = run("failed")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: COPYDESK_SETTLE: ")
    assert result.stderr.count("\n") == 1


def test_nothing_rejected_is_said(run: Run) -> None:
    assert "Nothing was rejected" in run("failed").stdout
    assert "Nothing was rejected" in run("retry", "--all").stdout


def test_retry_wants_to_know_what(run: Run) -> None:
    assert run("retry").exit_code == 2
    result = run("retry", "nothing.png")
    assert result.exit_code == 1
    assert "copydesk failed" in result.stderr


def loaded(program: str) -> set[str]:
    """The modules that a program has loaded when it ends."""
    tell = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))"
    done = subprocess.run([sys.executable, "-c", f"{tell}\n{program}"], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


SERVICE = {"celery", "kombu", "redis", "structlog"}
PARSERS = {"charset_normalizer", "feedparser", "lxml", "markdown_it", "pypdfium2"}
LIBRARIES = SERVICE | PARSERS | {"numpy", "pydantic", "py3langid", "rich"}


def test_help_loads_nothing_that_it_does_not_need() -> None:
    assert not loaded("from worker.cli import main; main(['--help'])") & LIBRARIES


def test_inspecting_a_text_loads_nothing_of_the_service_or_of_other_formats() -> None:
    run = f"from worker.cli import main; main(['inspect', '--json', {str(SAMPLES / 'nato-talks.txt')!r}])"
    assert loaded(run) & LIBRARIES == {"numpy", "pydantic"}


def test_the_watcher_loads_nothing_of_what_workers_load() -> None:
    modules = loaded("from worker import hints, service, tracing")
    assert not modules & (PARSERS | {"numpy"})
    parts = ("worker.classify", "worker.cleaning", "worker.enrich", "worker.formats", "worker.tasks")
    assert [name for name in modules if name.startswith(parts)] == []


def test_a_bug_is_told_beside_the_records(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("worker.attempt.unpack_document", bug)
    (tmp_path / "article.txt").write_text(article(1), encoding="utf-8")
    (line,) = run("inspect", "--json", "article.txt").stdout.splitlines()
    assert json.loads(line)["rejected"]["reason"] == "crashed"
