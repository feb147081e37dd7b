"""The simulation agrees with what can be computed."""

import pytest

from benchmarks.simulate import Desk, poisson

COSTS = 0.001, 0.0005, 0.004  # seconds: watcher, Redis, worker
FILES = 10_000


def rate(desk: Desk) -> float:
    return FILES / desk.run([0.0] * FILES).now


@pytest.mark.parametrize(("workers", "watchers", "most"), [(1, 1, 250), (2, 1, 500), (8, 1, 1000), (16, 4, 2000)])
def test_the_slowest_part_sets_the_pace(workers: int, watchers: int, most: float) -> None:
    """The worker, twice; the watcher; Redis."""
    assert most * 0.95 < rate(Desk(COSTS, workers, watchers=watchers)) <= most


def test_a_box_has_no_more_time_than_its_cores() -> None:
    most = 2 / sum(COSTS)
    assert most * 0.95 < rate(Desk(COSTS, 4, cores=2)) <= most


def test_every_file_comes_out_and_none_before_its_time() -> None:
    times = poisson(100, 60)
    delays = Desk(COSTS, 1).run(times).delays
    assert len(delays) == len(times)
    assert min(delays) >= sum(COSTS) - 1e-9
    assert Desk(COSTS, 1).run(times).delays == delays


def test_a_small_window_calls_for_fewer_pods_than_there_may_be() -> None:
    slow = 0.001, 0.0005, 0.04
    small, large = (Desk(slow, 2, window).run([0.0] * FILES * 6, most_pods=10).pods for window in (500, 2000))
    assert max(small) < 10 == max(large)
