"""The acceptance: every hostile file ends as a record or an explained rejection, soon, in little memory."""

import os
import subprocess
import sys

import pytest

from tests.hostile.bounded import MEGABYTES, SECONDS, Result, fault
from tests.hostile.case import Case
from tests.hostile.corpus import CASES, FAMILIES


@pytest.mark.timeout(900)
def test_hostile_files_end_as_records_or_explained_rejections():
    """A sample, for time; ``make hostile`` tries them all."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COPYDESK_")}
    # A process of its own forks them: as small as a worker, and without the threads of this one.
    command = [sys.executable, "-m", "tests.hostile", "--sample"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) >= len(CASES) // 3


@pytest.mark.parametrize(
    ("end", "seconds", "megabytes", "wrong"),
    [
        ("record", SECONDS, MEGABYTES, None),
        ("empty", 0.1, 200.0, "not record"),
        ("record", SECONDS + 1, 200.0, "more than 10 s"),
        ("record", 0.1, MEGABYTES + 1, "more than 1000 MB"),
        ("died", 0.1, 200.0, "nothing explains its end"),
        ("timed_out", SECONDS, 200.0, "nothing explains its end"),
    ],
)
def test_what_is_no_good_end_is_a_fault(end: str, seconds: float, megabytes: float, wrong: str | None):
    case = Case("a case", b"", frozenset({"record"}))
    assert fault(case, Result(case.name, end, "", seconds, seconds, megabytes)) == wrong


def test_names_of_cases_are_unique():
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__.rpartition(".")[2])
def test_a_family_is_the_same_each_time(family):
    for case in family.CASES[::9]:
        assert case.data() == case.data()
