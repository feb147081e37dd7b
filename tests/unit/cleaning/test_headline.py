"""The headline of a pasted page: which of the lines around the beginning of its text it is."""

import pytest

from worker.cleaning.front import find_headline_in_page
from worker.cleaning.shape import Line, shape
from worker.models import RawBlock

HEADLINE = "Harbour wall holds through the night"
PROSE = (
    "The harbour wall held the water back through the night, the office said, and the lower town stayed dry.",
    "The harbour office had ordered the gates of the wall shut nine hours earlier, when the first warnings came in.",
    "Nobody was hurt in the lower town, and the ferries were running again by noon, the harbour office said later.",
)


def lines(*texts: str) -> list[Line]:
    made = [shape(RawBlock("line", text, gap=True)) for text in (*texts, *PROSE)]
    return [line for line in made if line]


@pytest.mark.parametrize(
    "front",
    [
        ("World", HEADLINE),
        ("World", HEADLINE, "Gates were shut nine hours early, and ferries waited"),
        ("World", HEADLINE, "Harbour office, wall, water, lower town, night and gates: file photo"),
        ("World", HEADLINE, "Harbour office on the wall and the night:"),
        ("World", "Ferries to the islands run again", "Sport", "Arts", HEADLINE),
        ("World", HEADLINE, "By Jane Doe", "May 17, 2024"),
    ],
)
def test_the_headline_stands_above_its_standfirst_and_caption(front: tuple[str, ...]):
    found = find_headline_in_page(lines(*front), len(front), len(front) + len(PROSE))
    assert found == front.index(HEADLINE)
