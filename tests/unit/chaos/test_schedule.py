"""A round is made of its seed alone."""

from collections import Counter
from typing import get_args

import pytest

from tests.chaos.drops import Drop, Way, plan_drops
from tests.chaos.faults import Faults
from tests.chaos.schedule import LONG, ROLES, plan_faults

SEEDS = range(30)


@pytest.mark.parametrize("seed", range(5))
def test_a_seed_gives_the_same_round_twice_and_another_seed_another(seed: int) -> None:
    assert plan_faults(seed, 50) == plan_faults(seed, 50) != plan_faults(seed + 1, 50)
    assert plan_drops(seed, 200) == plan_drops(seed, 200) != plan_drops(seed + 1, 200)


def test_leaving_out_a_kind_leaves_the_rest_where_it_is() -> None:
    everything = plan_faults(3, 50)
    some = plan_faults(3, 50, without={"flushall", "kill"})
    assert some == [fault for fault in everything if fault.kind not in ("flushall", "kill")] != everything


@pytest.mark.parametrize("kills", [1, 10, 42, 50, 200])
def test_as_many_processes_are_killed_as_was_said(kills: int) -> None:
    assert sum(len(fault.roles) for fault in plan_faults(1, kills) if fault.kind == "kill") == kills


def test_a_few_rounds_in_a_row_have_every_fault_and_hit_every_role() -> None:
    faults = [fault for seed in SEEDS for fault in plan_faults(seed, 42)]
    assert all(hasattr(Faults, fault.kind) for fault in faults)
    killed = Counter(role for fault in faults if fault.kind == "kill" for role in fault.roles)
    assert set(killed) == set(ROLES)
    assert killed["redis"] >= 150
    kinds = Counter(fault.kind for fault in faults)
    assert kinds["forget_everything"] >= 20
    assert kinds["flushall"] >= 5
    assert {fault.roles for fault in faults if fault.amount == LONG} == {(role,) for role in ROLES}


def files_of(drops: list[Drop]) -> list[str]:
    return [file.path for drop in drops for file in drop.files]


def test_every_file_has_a_name_of_its_own_and_every_way_of_writing_occurs() -> None:
    drops = plan_drops(1, 2000)
    assert len(files_of(drops)) == len(set(files_of(drops))) == 2000
    assert {drop.way for drop in drops} == set(get_args(Way))
    assert [drop.at for drop in drops] == sorted(drop.at for drop in drops)


def test_some_contents_come_again_and_some_are_corrected() -> None:
    files = [file for drop in plan_drops(1, 2000) for file in drop.files if file.fate == "done"]
    contents = Counter(file.content for file in files)
    assert 100 < sum(count - 1 for count in contents.values()) < 400
    assert 100 < sum(b"was edited 1 times" not in content for content in contents) < 400
