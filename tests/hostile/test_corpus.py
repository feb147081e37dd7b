"""The acceptance: every hostile file ends as a record or an explained rejection, soon, in little memory."""

import json
import os
import subprocess
import sys

import pytest

from tests.hostile.bounded import Result
from tests.hostile.case import Case
from tests.hostile.corpus import CASES, FAMILIES

SECONDS = 10.0
MEGABYTES = 1000.0
UNEXPLAINED = {"died", "crashed", "timed_out", "out_of_memory"}


def fault(case: Case, result: Result) -> str | None:
    """What is wrong with how a case ended; None: nothing."""
    if result.end in UNEXPLAINED:
        return "nothing explains its end"
    if case.expect and result.end not in case.expect:
        return f"not {' or '.join(sorted(case.expect))}"
    if result.seconds > SECONDS:
        return f"more than {SECONDS:g} s"
    if result.megabytes > MEGABYTES:
        return f"more than {MEGABYTES:g} MB"
    return None


@pytest.mark.timeout(900)
def test_every_hostile_file_ends_as_a_record_or_an_explained_rejection():
    by_name = {case.name: case for case in CASES}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COPYDESK_")}
    # A process of its own forks them, as small as a worker and without the threads of this one.
    command = [sys.executable, "-m", "tests.hostile", "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        results = [Result(**json.loads(line)) for line in running.stdout]
    assert running.returncode == 0
    assert {result.name for result in results} == by_name.keys()
    faults = [f"{wrong}: {result}" for result in results if (wrong := fault(by_name[result.name], result))]
    assert not faults, "\n".join(["", *faults])


def test_names_of_cases_are_unique():
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__.rpartition(".")[2])
def test_a_family_is_the_same_each_time(family):
    for case in family.CASES[::7]:
        assert case.data() == case.data()
