"""What the measurements tell of rows that are given: ratios, goals, and why something was not measured."""

import json
import os
from pathlib import Path

import pytest

from benchmarks import growth, latency, namespaces, recovery, stages, startup, workers
from benchmarks.measure import Goal, Row


def met(goals: list[Goal]) -> dict[str, bool]:
    return {goal.measure: goal.met for goal in goals}


def late(subject: str, turn: int, p50: float, p99: float, situation: str = "idle") -> Row:
    return {"subject": subject, "round": turn, "situation": situation, "files": 100, "p50_ms": p50, "p99_ms": p99}


def test_our_latency_is_told_with_and_without_the_settle_time() -> None:
    rows = [late("copydesk", 0, 310, 340), late("copydesk", 1, 312, 350), late("bare", 0, 22, 60)]
    told = latency.describe(rows)
    assert "| copydesk | 28.3 | 311 (310 to 312) | 345 (340 to 350) |" in told
    assert "| copydesk, beyond the settle time | 1 | 11.0 (10.0 to 12.0) | 45.0 (40.0 to 50.0) |" in told
    assert "| bare | 2.00 | 22.0 | 60.0 |" in told


def test_the_latency_goals_are_beyond_the_settle_time_and_against_the_quickest_peer() -> None:
    rows = [late("copydesk", 0, 312, 355), late("bare", 0, 11, 70), late("rq", 0, 14, 60)]
    assert [(goal.goal, goal.met) for goal in latency.goals(rows)] == [
        ("≤ 15", True),
        ("< 1", False),
        ("≤ 50", False),
        ("< 1", True),
    ]


def test_a_peer_that_failed_is_named_and_takes_no_part() -> None:
    rows: list[Row] = [late("copydesk", 0, 310, 340), {"subject": "huey", "round": 0, "failed": "it did not start"}]
    assert "Not measured: huey, it did not start" in latency.describe(rows)
    assert len(latency.goals(rows)) == 2


def killed(subject: str, what: str, lost: int, doubled: int, last: float) -> Row:
    told: Row = {"subject": subject, "killed": what, "round": 0, "files": 100, "lost": lost, "doubled": doubled}
    return {**told, "next_seconds": 0.5, "last_seconds": last}


def test_recovery_is_told_as_times_of_the_undisturbed_burst() -> None:
    rows = [killed("copydesk", "nobody", 0, 0, 4), killed("copydesk", "redis", 0, 0, 6), killed("rq", "redis", 3, 9, 8)]
    told = recovery.describe(rows)
    assert "| redis | 1.50 | 0.5 | 6.00 | 0 | 0 |" in told
    assert "| rq | redis | 0.5 | 3.00 | 9.00 |" in told


@pytest.mark.parametrize(("lost", "doubled"), [(1, 0), (0, 1)])
def test_a_file_of_ours_that_is_lost_or_doubled_misses_the_goal(lost: int, doubled: int) -> None:
    (goal,) = recovery.goals([killed("copydesk", "redis", lost, doubled, 6), killed("rq", "redis", 0, 0, 8)])
    assert not goal.met


def test_losses_of_a_peer_are_not_ours() -> None:
    (goal,) = recovery.goals([killed("copydesk", "redis", 0, 0, 6), killed("rq", "redis", 3, 9, 8)])
    assert goal.met


def first(turn: int, waiting: int, wall: float, cpu: float) -> Row:
    return {
        "what": "first",
        "round": turn,
        "waiting": waiting,
        "worked": 900,
        "wall_seconds_a_file": wall,
        "cpu_seconds_a_file": cpu,
        "rss_watcher": 90 * 2**20 if waiting < 10**5 else 210 * 2**20,
    }


def test_growth_is_the_median_of_ratios_within_a_round() -> None:
    few, many = growth.COMPARED
    rows = [first(0, few, 2.0, 1.0), first(0, many, 2.1, 1.2), first(1, few, 8.0, 1.0), first(1, many, 8.0, 1.2)]
    assert growth.growth(rows, "wall_seconds_a_file") == pytest.approx([1.05, 1.0])
    assert met(growth.goals(rows)) == {
        f"time a file with {many:,} waiting, with {few:,} = 1": True,
        f"processor time a file with {many:,} waiting, with {few:,} = 1": False,
        f"memory of the watcher with {many:,} waiting, MiB": False,
    }


def disk(free_blocks: int, inodes: int, free_inodes: int) -> os.statvfs_result:
    return os.statvfs_result((4096, 4096, 10**6, free_blocks, free_blocks, inodes, free_inodes, free_inodes, 0, 255))


def test_a_disk_that_is_too_small_is_told_of_before_it_is_filled() -> None:
    assert growth.lack(disk(10**6, 10**6, 10**6), 1000) == ""
    assert "has 1,100 inodes left" in growth.lack(disk(10**6, 10**6, 1100), 1000)
    assert "GiB are needed" in growth.lack(disk(1100, 10**6, 10**6), 1000)


def test_a_disk_that_counts_no_inodes_lacks_none() -> None:
    assert growth.lack(disk(10**6, 0, 0), 1000) == ""


def test_a_size_that_was_skipped_says_why() -> None:
    rows: list[Row] = [{"what": "size", "waiting": 9, "worked": 9, "round": 0, "skipped": "the disk is full"}]
    assert "Not measured: the disk is full." in growth.describe(rows)
    assert growth.goals(rows) == []


def way(name: str, processes: int, wall: float) -> Row:
    told: Row = {"way": name, "processes": processes, "round": 0, "files": 100, "wall_seconds": wall}
    return {**told, "cpu_seconds": wall / 2}


def test_the_gain_of_a_second_process_is_told_beside_that_of_the_machine() -> None:
    rows = [
        *(way(workers.FLOOR, 1, 9), way(workers.FLOOR, 2, 5), way(workers.SERVICE, 1, 12)),
        *(way(workers.SERVICE, 2, 8), way(workers.SERVICES, 2, 6)),
    ]
    (goal,) = workers.goals(rows)
    assert (goal.measured, goal.met) == ("1.50; process() alone 1.80", False)
    assert f"| {workers.SERVICES} | 2 | 2.00 | all 0.50 |" in workers.describe(rows)


def test_workers_that_see_a_file_or_miss_a_record_miss_the_goal() -> None:
    good: Row = {"way": "two machines", "round": 0, "wall_seconds": 2.0, "files": 28, "records": 28, "seen": 0}
    one: Row = {"way": namespaces.ONE, "round": 0, "wall_seconds": 1.0}
    assert [goal.met for goal in namespaces.goals([one, good])] == [True]
    assert [goal.met for goal in namespaces.goals([{**good, "seen": 1}])] == [False]
    assert [goal.met for goal in namespaces.goals([{**good, "records": 27}])] == [False]
    assert "| two machines | 0.5 | 0 | 28 |" in namespaces.describe([one, good])


def test_where_there_are_no_namespaces_the_page_says_why() -> None:
    assert (
        namespaces.describe([{"way": "two machines", "skipped": "they need root"}]) == "Not measured: they need root."
    )


def counted(what: str, stage: str, article: int, instructions: int) -> Row:
    return {"what": what, "stage": stage, "article": article, "instructions": instructions}


def test_stages_are_told_with_their_change() -> None:
    rows: list[Row] = [
        *(counted("instructions", "parse", 0, 3_000_000), counted("instructions", "clean", 0, 9_000_000)),
        *(counted("before", "parse", 0, 4_000_000), counted("before", "clean", 0, 9_000_000)),
        {"what": "time", "batch": 1, "milliseconds": 1.4},
        {"what": "time", "batch": 2, "milliseconds": 1.6},
    ]
    told = stages.describe(rows)
    assert "| parse | 3.00 | 25.0% | -25.0% |" in told
    assert "| all | 12.0 |  | -7.7% |" in told
    assert [goal.met for goal in stages.goals(rows)] == [True]


def test_what_was_committed_is_kept_beside_what_was_counted_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = tmp_path / "performance.json"
    monkeypatch.setattr(stages, "COMMITTED", results)
    assert stages.committed() == []
    rows = [counted("instructions", "parse", 0, 3), counted("before", "parse", 0, 2)]
    results.write_text(json.dumps({"stages": {"rows": rows}}))
    assert stages.committed() == [counted("before", "parse", 0, 3)]


def test_a_start_is_told_as_times_of_a_bare_interpreter() -> None:
    seconds = {startup.BARE: 0.02, "copydesk --help": 0.2, "copydesk inspect": 0.7}
    rows: list[Row] = [{"command": name, "round": 1, "seconds": took} for name, took in seconds.items()]
    rows += [{"command": "copydesk --help", "modules": 250}]
    assert "| `copydesk --help` | 10.0 | 0.2 | 250 |" in startup.describe(rows)
    assert [goal.met for goal in startup.goals(rows)] == [True, False]
