"""What rules know better than the model of the body."""

from worker.cleaning.judge import make_lists_whole
from worker.cleaning.shape import shape
from worker.formats.text import line_blocks


def whole(text: str, likely: list[bool]) -> list[bool]:
    make_lists_whole([line for block in line_blocks(text) if (line := shape(block))], likely)
    return likely


def test_the_rest_of_a_list_of_which_most_is_taken_is_taken_too() -> None:
    assert whole("Before\n- wheat\n- rye\n- oats\nAfter", [False, False, True, True, False]) == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_a_list_of_which_little_is_taken_is_left() -> None:
    assert whole("- wheat\n- rye\n- oats", [False, False, True]) == [False, False, True]


def test_a_share_button_in_a_list_is_not_taken() -> None:
    assert whole("- wheat\n- rye\n- Share on Facebook", [True, True, False]) == [True, True, False]
