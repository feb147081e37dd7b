"""What `copydesk status` prints of consumer groups."""

from typing import Any

import pytest

from worker.groups import Group
from worker.show_service import print_status
from worker.status import Status


def status(*groups: Group, **changes: Any) -> Status:
    fields: dict[str, Any] = {
        **dict.fromkeys(("waiting", "in_flight", "queued", "in_hand", "articles", "rejected"), 0),
        "groups": groups,
        "parts": {},
        "problems": (),
        "notes": (),
    }
    return Status(**(fields | changes))


@pytest.mark.parametrize(
    ("group", "said"),
    [
        (Group("g", 3, 2, "s", needs=7200, consumers=1), "3 not read yet, 2 not acknowledged, the oldest 2 h old; 1 c"),
        (
            Group("g", 10_000, 0, "s", more=True, needs=90_000),
            "10,000+ not read yet, 0 not acknowledged, the oldest 25",
        ),
        (Group("g", 0, 0, "s", consumers=4), "0 not read yet, 0 not acknowledged; 4 consumers"),
        (Group("g", 1, 0, "s", needs=30), "the oldest 30 s old"),
    ],
)
def test_a_group_is_told_in_a_line(capsys: pytest.CaptureFixture[str], group: Group, said: str) -> None:
    print_status(status(group))
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "s, group g" in line]
    assert said in line


def test_groups_of_the_same_name_and_topic_streams_have_lines_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    print_status(status(Group("g", 1, 0, "a"), Group("g", 2, 0, "b"), topic_streams={"a:sport": 7}))
    printed = capsys.readouterr().out
    assert "a, group g" in printed
    assert "b, group g" in printed
    assert "a:sport" in printed
    assert "7 entries" in printed
