"""The population stability index, against figures worked out by hand, and what chance does to it."""

import math

import numpy as np
import pytest

from worker.classify.profile import packaged_profile
from worker.stability import EMPTY, by_chance, parts

CHI_SQUARED_95 = {2: 3.841, 5: 9.488, 26: 37.652}  # by cells, one more than the degrees of freedom; from the tables


def test_equal_shares_are_nothing_apart_however_many_articles_there_are() -> None:
    assert sum(parts({"sport": 10, "health": 30}, {"sport": 100, "health": 300}).values()) == pytest.approx(0)


def test_the_index_is_the_sum_over_the_cells() -> None:
    found = parts({"sport": 20, "health": 80}, {"sport": 50, "health": 50})
    assert found == pytest.approx({"sport": 0.3 * math.log(2.5), "health": -0.3 * math.log(0.625)})


def test_the_index_is_the_same_both_ways() -> None:
    one, other = {"sport": 3, "none": 97}, {"sport": 40, "health": 5, "none": 155}
    assert sum(parts(one, other).values()) == pytest.approx(sum(parts(other, one).values()))


def test_an_empty_cell_counts_half_an_article_of_its_own_side() -> None:
    found = parts({"sport": 200}, {"sport": 90, "health": 10})
    assert found["health"] == pytest.approx((0.1 - EMPTY / 200) * math.log(0.1 / (EMPTY / 200)))
    found = parts({"sport": 190, "health": 10}, {"sport": 50})
    assert found["health"] == pytest.approx((EMPTY / 50 - 0.05) * math.log((EMPTY / 50) / 0.05))


def test_a_cell_that_is_empty_on_both_sides_does_not_count() -> None:
    assert parts({"sport": 10, "health": 0}, {"sport": 20}).keys() == {"sport"}


@pytest.mark.parametrize("cells", CHI_SQUARED_95)
def test_chance_is_chi_squared_over_the_sizes(cells: int) -> None:
    assert by_chance(cells, 1000, 250) == pytest.approx(CHI_SQUARED_95[cells] * (1 / 1000 + 1 / 250), rel=0.03)


def test_one_cell_alone_is_judged_as_two() -> None:
    assert by_chance(1, 100, 100) == by_chance(2, 100, 100)


@pytest.mark.parametrize("articles", [100, 300, 1000])
def test_samples_of_one_distribution_seldom_exceed_chance(articles: int) -> None:
    topics = packaged_profile().topics
    shares = np.array(list(topics.values())) / sum(topics.values())
    draw = np.random.default_rng(7)
    exceeded = 0
    for _ in range(400):
        then, now = (
            dict(zip(topics, map(float, draw.multinomial(size, shares)), strict=True)) for size in (857, articles)
        )
        found = parts(then, now)
        exceeded += sum(found.values()) > by_chance(len(found), 857, articles)
    assert exceeded / 400 < 0.12
