"""A simulation of copydesk at sizes that are not at hand: many workers, bursts, autoscaling. What docs/scale.md claims.

    python -m benchmarks.simulate                # every claim, with the costs that docs/scale.md gives
    python -m benchmarks.simulate --cores 2      # one box of two cores, to be held against benchmarks.costs

Files arrive; a watcher takes in what its window allows, in batches; Redis, one server, stores them; a worker process
works through one batch after the other; Redis publishes; the watcher settles. Each step takes processor time, measured.
"""

import heapq
import itertools
import math
import random
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import click

BATCH = 32  # files in a message
LOOK, START, CALM = 10.0, 15.0, 300.0  # seconds: between looks of the autoscaler, of a pod's start, before one is ended
POD, ASKED = 2, 2  # processes in a pod; batches that may wait in the queue for each pod


@dataclass
class Station:
    """Serves batches in order, so many at once; a batch is served and then goes on."""

    servers: int
    busy: int = 0
    queue: deque[tuple[float, Callable[[], None]]] = field(default_factory=deque)


class Desk:
    """The service.

    Args:
        costs: Processor seconds a file, of the watcher, of Redis and of a worker.
        workers: Processes.
        window: Files in flight, at most.
        watchers: Each with an inbox of its own, and a window.
        cores: Of the one box that all runs on; 0: every process has one of its own.
    """

    def __init__(
        self, costs: tuple[float, float, float], workers: int, window: int = 2000, watchers: int = 1, cores: int = 0
    ) -> None:
        watcher, server, work = costs
        self.watcher, self.server, self.worker = Station(watchers), Station(1), Station(workers)
        there = [(self.watcher, watcher / 2), (self.server, server / 3)]
        back = [(self.server, server * 2 / 3), (self.watcher, watcher / 2)]
        self._way = [*there, (self.worker, work), *back]
        self._room, self._free = window * watchers, cores or math.inf
        self._waiting: deque[float] = deque()
        self._wanted: deque[tuple[float, int]] = deque()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self.now, self.delays, self.pods = 0.0, list[float](), list[int]()

    def run(self, arrivals: Iterable[float], most_pods: int = 0) -> "Desk":
        """Let files arrive at these times, in order, until all are settled; with an autoscaler if there may be pods."""
        times = deque(arrivals)
        total = len(times)
        if most_pods:
            self._at(0.0, lambda: self._scale(most_pods, total))
        while len(self.delays) < total:
            if times and (not self._events or times[0] <= self._events[0][0]):
                self.now = times.popleft()
                self._waiting.append(self.now)
            else:
                self.now, _, happen = heapq.heappop(self._events)
                happen()
            self._take_in()
            while any(self._begin(station) for station in (self.server, self.watcher, self.worker)):
                pass
        return self

    def _at(self, when: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self._events, (when, next(self._order), happen))

    def _take_in(self) -> None:
        """Claim what there is room for; less than a batch only where the watcher has nothing else to do."""
        while (count := min(self._room, len(self._waiting), BATCH)) and (count == BATCH or not self.watcher.busy):
            self._room -= count
            self._go([self._waiting.popleft() for _ in range(count)], 0)

    def _go(self, files: list[float], step: int) -> None:
        if step == len(self._way):
            self._room += len(files)
            self.delays += [self.now - arrived for arrived in files]
            return
        station, seconds = self._way[step]
        station.queue.append((len(files) * seconds, lambda: self._go(files, step + 1)))

    def _begin(self, station: Station) -> bool:
        """Serve the next batch, if there is one, a server and a core."""
        if not station.queue or station.busy >= station.servers or self._free < 1:
            return False
        seconds, go_on = station.queue.popleft()
        station.busy, self._free = station.busy + 1, self._free - 1

        def end() -> None:
            station.busy, self._free = station.busy - 1, self._free + 1
            go_on()

        self._at(self.now + seconds, end)
        return True

    def _scale(self, most: int, total: int) -> None:
        """As KEDA and the HPA do it: as many pods as were wanted at most in the last minutes, one at least."""
        wanted = min(most, max(1, math.ceil(len(self.worker.queue) / ASKED)))
        self._wanted.append((self.now, wanted))
        while self._wanted[0][0] < self.now - CALM:
            self._wanted.popleft()
        self.pods.append(pods := max(pods for _, pods in self._wanted))
        self._at(self.now + START, lambda: setattr(self.worker, "servers", pods * POD))
        if len(self.delays) < total:
            self._at(self.now + LOOK, lambda: self._scale(most, total))


def poisson(rate: float, seconds: float, seed: int = 1) -> list[float]:
    """Arrivals at random, with a rate (a second) that goes up and down by half in the time, as over a day."""
    dice, now, times = random.Random(seed), 0.0, []  # noqa: S311 - the same each time
    while (now := now + dice.expovariate(1.5 * rate)) < seconds:
        if dice.random() * 1.5 < 1 - math.cos(2 * math.pi * now / seconds) / 2:
            times.append(now)
    return times


@click.command()
@click.option("--costs", default="0.33 0.22 2.31", show_default=True, help="Milliseconds: watcher, Redis, worker.")
@click.option("--cores", default=0, help="Of one box for everything; without, each process has a core of its own.")
def main(costs: str, cores: int) -> None:
    """Print what comes out of it."""
    watcher, server, work = (float(cost) / 1000 for cost in costs.split())
    each, files = (watcher, server, work), 20_000
    for workers in (1, 2) if cores else (1, 2, 4, 8, 16, 32):
        desks = [Desk(each, workers, watchers=watchers, cores=cores) for watchers in ((1,) if cores else (1, 2, 4))]
        rates = [f"{files / desk.run([0.0] * files).now:,.0f}" for desk in desks]
        click.echo(f"{workers} worker processes, {'1' if cores else '1, 2, 4'} watchers: {', '.join(rates)} files/s")
    if cores:
        return
    for workers in (1, 2, 4, 8):
        desk = Desk(each, workers).run(sorted([*poisson(0.6 / work, 400), *[60.0] * files]))
        click.echo(
            f"a burst of {files:,} on 60 % of a process's load, {workers}: the last waits {max(desk.delays):.0f} s"
        )
    for window in (500, 2000):
        desk = Desk((watcher, server, 10 * work), POD, window).run([0.0] * 6 * files, most_pods=10)
        click.echo(f"a backlog of slow files, window {window}: {desk.now:.0f} s, pods by the minute {desk.pods[::6]}")


if __name__ == "__main__":
    main()
