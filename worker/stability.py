"""The population stability index: how far two distributions over the same cells are apart, and what chance can do."""

import math
from collections.abc import Mapping

EMPTY = 0.5
"""What an empty cell counts where the other distribution has something in it: half an article."""

_Z = 1.645  # of the normal distribution, exceeded once in twenty

Cells = Mapping[str, float]
"""How many articles are in each cell; a mean share of articles makes two cells, with parts of articles in them."""


def parts(then: Cells, now: Cells) -> dict[str, float]:
    """What each cell adds to the index: (p - q) · ln(p / q), p and q being its shares now and then.

    Cells that are empty in both are left out.

    Raises:
        ZeroDivisionError: One of them holds no article at all.
    """
    before, after = sum(then.values()), sum(now.values())
    found = {}
    for cell in sorted(then.keys() | now.keys()):
        earlier, later = then.get(cell, 0.0), now.get(cell, 0.0)
        if earlier or later:
            p, q = max(later, EMPTY) / after, max(earlier, EMPTY) / before
            found[cell] = (p - q) * math.log(p / q)
    return found


def by_chance(cells: int, before: float, after: float) -> float:
    """The index that two samples of one distribution exceed about once in twenty times.

    The index, divided by 1/before + 1/after, is nearly distributed as chi-squared (B. Yurdakul, "Statistical properties
    of population stability index", 2018), whose quantile is Wilson and Hilferty's here. For a mean of shares it is more
    than chance does, because shares vary less than articles that are wholly in a cell or not.

    Args:
        cells: That hold something.
        before: Articles of one sample, above 0.
        after: Articles of the other, above 0.
    """
    free = max(1, cells - 1)
    spread = 2 / (9 * free)
    return free * (1 - spread + _Z * math.sqrt(spread)) ** 3 * (1 / before + 1 / after)
