"""The page is made of the results alone."""

from pathlib import Path

import pytest

from benchmarks import latency, stages, startup, throughput, workers
from benchmarks.measure import FAILED, Row
from benchmarks.report import read_notes, render
from benchmarks.results import Result, load, save
from worker.errors import Misconfigured

MACHINE = {"processor": "Abacus", "cores": "2"}


def row(subject: str, repeat: int, wall: float, **more: str | float) -> Row:
    told: Row = {"corpus": "short", "files": 10, "repeat": repeat, "subject": subject, "lacks": ""}
    return {**told, "wall_seconds": wall, "cpu_seconds": 2 * wall, **more}


ROWS = [
    *(row("floor", repeat, wall) for repeat, wall in enumerate([1.0, 1.0, 1.2])),
    *(row("copydesk", repeat, wall, cpu_worker=3 * wall / 2) for repeat, wall in enumerate([1.25, 2.0, 1.25])),
    *(
        row("celery_chain", repeat, wall, lacks="P2: copies come twice; so do others\nP5: links")
        for repeat, wall in enumerate([5, 12, 10])
    ),
    {"corpus": "short", "files": 10, "repeat": 0, "subject": "idler", "lacks": "", FAILED: "only 3 of 10 records"},
]


def result(machine: dict[str, str] = MACHINE, *, quick: bool = False) -> Result:
    return Result("2026-01-31", "abc1234", quick, machine, ROWS)


def test_ratios_are_of_the_time_a_file() -> None:
    rows = [row("copydesk", 0, 3.0, files=30), row("rq", 0, 4.0, files=10)]
    assert throughput.ratios(rows, "short", "rq", "copydesk", "wall_seconds") == [4]


def test_ratios_are_taken_within_a_repeat() -> None:
    assert throughput.ratios(ROWS, "short", "celery_chain", "copydesk", "wall_seconds") == pytest.approx([4, 6, 8])
    assert throughput.ratios(ROWS, "short", "idler", "copydesk", "wall_seconds") == []


def test_the_table_holds_ratios_promises_and_what_failed() -> None:
    told = throughput.describe(ROWS)
    assert "| copydesk | 0.8 (0.5 to 0.96) |" in told
    assert "| 6.00 (4.00 to 8.00) | P2, P5 |" in told
    assert (
        "- P2: copies come twice (celery_chain).\n- P2: so do others (celery_chain).\n- P5: links (celery_chain)."
        in told
    )
    assert "Not measured: idler: only 3 of 10 records" in told
    assert "Of copydesk's processor time: worker 75%." in told


def test_goals_are_met_or_not_by_the_median() -> None:
    found = {goal.measure: goal for goal in throughput.goals(ROWS)}
    chain = next(goal for measure, goal in found.items() if "celery_chain" in measure)
    assert (chain.goal, chain.measured, chain.met) == ("≥ 4.00", "6.00 (4.00 to 8.00)", True)
    slower = [{**row, "wall_seconds": 7.0} if row["subject"] == "copydesk" else row for row in ROWS]
    assert not any(goal.met for goal in throughput.goals(slower) if "celery_chain" in goal.measure)
    assert not any("ordinary" in measure for measure in found), "what was not measured is no goal"


def test_the_page_tells_goals_tables_plots_and_the_machine() -> None:
    page = render({"throughput": result(quick=True)}, [throughput], "performance.json", {"throughput"}, {})
    assert "(performance.json)" in page
    assert "| ≥ 4.00 | 6.00 (4.00 to 8.00) | yes |" in page
    assert "![Throughput](performance/throughput.svg)" in page
    assert "| processor | Abacus |" in page
    assert "throughput on 2026-01-31, commit abc1234 (quick, so no figures)" in page


def test_a_goal_that_is_not_met_is_explained_below_the_table() -> None:
    slower = [{**row, "wall_seconds": 7.0} if row["subject"] == "copydesk" else row for row in ROWS]
    missed = {goal.measure for goal in throughput.goals(slower) if not goal.met}
    known, *unknown = sorted(missed)
    notes = {known: "It was tried.", "throughput, something else": "Of no goal."}
    page = render({"throughput": Result("", "", False, MACHINE, slower)}, [throughput], "p.json", set(), notes)
    assert f"**Not met: {known}.**\nIt was tried.\n" in page
    assert all(f"**Not met: {measure}.**\nNothing is written on it yet" in page for measure in unknown)
    assert "Of no goal." not in page


def test_the_notes_are_texts_on_goals_that_there_are() -> None:
    rows = [
        {**row, "corpus": corpus, "subject": subject}
        for row in ROWS
        for corpus in throughput.CORPORA
        for subject in ("floor", "copydesk", "bare", "rq")
    ]
    late = [
        {"subject": subject, "situation": "idle", "p50_ms": 320.0, "p99_ms": 330.0} for subject in ("copydesk", "bare")
    ]
    ways = [{"way": way, "processes": processes, "round": 0, "wall_seconds": 2.0} for way, processes in workers.WAYS]
    batches: list[Row] = [{"what": "time", "milliseconds": 2.0}]
    starts: list[Row] = [{"command": command, "seconds": 1.0} for command in startup.MOST_SECONDS]
    of_one = [*stages.goals(batches), *startup.goals(starts)]
    goals = [*throughput.goals(rows), *latency.goals(late), *workers.goals(ways), *of_one]
    assert read_notes().keys() <= {goal.measure for goal in goals}


@pytest.mark.parametrize(
    ("text", "told"), [("a = ", "notes.toml:1: this is not a TOML file"), ("[a]", "'a' is no text")]
)
def test_notes_that_cannot_be_read_are_refused_by_name(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "notes.toml"
    with pytest.raises(Misconfigured, match=r"notes\.toml: No such file"):
        read_notes(path)
    path.write_text(text)
    with pytest.raises(Misconfigured) as refused:
        read_notes(path)
    assert told in str(refused.value)


def test_a_plot_that_was_not_drawn_is_not_shown() -> None:
    assert "![" not in render({"throughput": result()}, [throughput], "performance.json", set(), {})


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "docs" / "performance.json"
    assert load(path) == {}
    save({"throughput": result()}, path)
    assert load(path) == {"throughput": result()}
    assert [found.name for found in path.parent.iterdir()] == ["performance.json"]


@pytest.mark.parametrize("text", ["", "[]", '{"throughput": 3}', '{"throughput": {"rows": []}}'])
def test_a_file_that_holds_no_results_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "performance.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"performance\.json holds no results .* --out"):
        load(path)


def test_the_floor_stays_beside_copydesk_whoever_is_first() -> None:
    peers = throughput.PEERS
    groups: list[throughput.Group] = [(None, throughput.OURS), *((peer,) for peer in peers)]
    orders = [throughput._in_turn(groups, repeat) for repeat in range(3)]
    assert [order[0] for order in orders] == [None, *peers[:2]]
    assert all(order[order.index(None) + 1] == throughput.OURS for order in orders)
    assert all(len(order) == 2 + len(peers) for order in orders)
