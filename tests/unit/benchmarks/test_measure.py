"""Figures as people read them."""

import pytest

from benchmarks.measure import Spread, median_and_spread, number, percentile, table


def test_the_median_comes_with_the_least_and_the_greatest() -> None:
    assert median_and_spread([3, 1, 2]) == Spread(2, 1, 3)
    assert median_and_spread([4.0, 1.0, 2.0, 3.0]).median == 2.5
    assert str(median_and_spread([0.91, 0.88, 0.93])) == "0.91 (0.88 to 0.93)"
    assert str(median_and_spread([5])) == "5.00"


@pytest.mark.parametrize(("share", "found"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.0, 1)])
def test_a_percentile_is_one_of_the_values(share: float, found: int) -> None:
    assert percentile(range(100, 0, -1), share) == found


@pytest.mark.parametrize(
    ("value", "shown"), [(1234.5, "1,234"), (12.34, "12.3"), (1.234, "1.23"), (0.01234, "0.0123"), (0.0, "0")]
)
def test_a_number_has_three_digits(value: float, shown: str) -> None:
    assert number(value) == shown


def test_a_table_is_markdown() -> None:
    assert table(("", "a"), [("one", "1")]) == "|  | a |\n| --- | ---: |\n| one | 1 |"
