"""One round: a stack on disks of its own, files that arrive, faults, and what came of it."""

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import redis

from tests.chaos.breaks import broken_product
from tests.chaos.clock import Clock, can_jump
from tests.chaos.consumer import Consumer, Recovery
from tests.chaos.disk import Disk
from tests.chaos.drops import plan_drops
from tests.chaos.evidence import entries_of, files_below, keep, submitted_again
from tests.chaos.faults import Faults, Steps
from tests.chaos.schedule import ROLES, TOUCHES, Fault, Role, Traits, plan_faults
from tests.chaos.stack import ROOT, Stack
from tests.chaos.verdict import Finding, judge
from tests.chaos.writers import STAGING, Gate, Writer

START_SECONDS = 60.0  # until the first record of a round
SETTLE_SECONDS = 60.0  # from the last fault until everything is finished
HOPELESS = 180.0  # seconds after the last fault was due that faults wait for their victims
LET_WORK = 12.0  # seconds that a victim is given at most to do some work since it was last hurt
TICK = 0.05
SAY_EVERY = 5.0
INBOX_MB, DATA_MB = 64, 256
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a round is made of; with its seed it says everything."""

    files: int
    kills: int
    without: frozenset[str] = frozenset()
    broken: str | None = None
    keep: bool = False


@dataclass(slots=True)
class Result:
    """What came of a round.

    Attributes:
        seed: Which round.
        files: How many were completely written.
        counts: Faults by kind.
        findings: What is wrong.
        finished_after: Seconds from the last fault until everything was finished; None if it never was.
        recoveries: For each fault how long nothing came after it.
        missed: Faults that found no victim, or that could not be taken back.
        submitted_again: How often the watcher submitted a file again.
        folder: Where to read on; None when all is well.
    """

    seed: int
    files: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    finished_after: float | None = None
    recoveries: list[Recovery] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    submitted_again: int = 0
    seconds: float = 0.0
    folder: Path | None = None

    @property
    def is_well(self) -> bool:
        """Nothing lost, doubled, misplaced or unfinished."""
        return not self.findings and self.finished_after is not None


class Round:
    """One round.

    Args:
        seed: Decides everything that the harness does.
        plan: How much of it.
        tell: Prints a line.
    """

    def __init__(self, seed: int, plan: Plan, tell: Tell) -> None:
        self._seed = seed
        self._plan = plan
        self._say = tell
        self._said_at = float("-inf")
        self._folder = Path(tempfile.mkdtemp(prefix=f"chaos-{seed}-"))
        traits = Traits.of(seed)
        without = plan.without
        if traits.clock and not can_jump():
            without |= {"jump"}
            tell(f"seed {seed}: no jumps of the clock, because there is no C compiler")
        product = broken_product(plan.broken, self._folder / "product") if plan.broken else ROOT
        clock = Clock(self._folder) if traits.clock and "jump" not in without else None
        self._disk = Disk(self._folder / "inbox", INBOX_MB)
        self._data = Disk(self._folder / "state" / "redis", DATA_MB)
        (self._folder / "inbox" / STAGING).mkdir()
        self._stack = Stack(self._folder, product, second_watcher=traits.second_watcher, clock=clock)
        self._gate = Gate()
        self._schedule = plan_faults(seed, plan.kills, without)
        self._length = self._schedule[-1].at if self._schedule else 10.0
        self._writer = Writer(self._stack.inbox, plan_drops(seed, plan.files), self._length, self._gate)
        self._consumer = Consumer(self._stack.connect(), self._stack.keys)
        self._faults = Faults(self._stack, self._disk, self._data, self._gate, clock, seed)
        self._running: list[tuple[float, Fault, Steps]] = []
        self._history: list[str] = []
        self._hurt_at = dict.fromkeys(ROLES, float("-inf"))

    def run(self) -> Result:
        """Carry it out, to the verdict."""
        began = time.monotonic()
        result = Result(self._seed, counts=self._faults.counts)
        self._stack.keep_running()
        self._writer.start()
        self._consumer.start()
        try:
            self._rain(result)
            self._settle(result)
            self._ask_the_product(result)
        finally:
            self._consumer.stop()
            self._stack.close()
            self._finish(result)
        result.seconds = time.monotonic() - began
        return result

    def _rain(self, result: Result) -> None:
        """Let the faults happen, each when it is time and its victims are there, while the files arrive."""
        waiting = list(self._schedule)
        began = None
        start = time.monotonic()
        while waiting or self._running or self._writer.is_alive():
            now = time.monotonic()
            if began is not None and now - began > self._length + HOPELESS:
                result.missed += map(str, [*waiting, *(fault for _, fault, _ in self._running)])
                return
            self._stack.keep_running()
            if began is None and (self._consumer.progressed_at > 0 or now - start > START_SECONDS):
                began = now
            if began is not None:
                self._begin_what_is_due(waiting, began)
            self._go_on(now)
            self._progress(waiting)
            if self._writer.error:
                raise RuntimeError("a writer of the harness failed") from self._writer.error
            time.sleep(TICK)

    def _begin_what_is_due(self, waiting: list[Fault], began: float) -> None:
        now = time.monotonic()
        elapsed = now - began
        for fault in [fault for fault in waiting if fault.at <= elapsed]:
            if self._have_worked(fault.hits, now) and self._faults.is_possible(fault):
                self._note_hurt(fault.hits, now)
                waiting.remove(fault)
                self._history.append(f"{elapsed:.2f} {fault}")
                self._running.append((0.0, fault, self._faults.begin(fault)))
                return

    def _have_worked(self, roles: Iterable[Role], now: float) -> bool:
        """Whether something was done since they were last hurt: to kill the idle proves nothing."""
        hurt_at = max((self._hurt_at[role] for role in roles), default=float("-inf"))
        return self._consumer.progressed_at > hurt_at or now - hurt_at > LET_WORK

    def _note_hurt(self, roles: Iterable[Role], now: float) -> None:
        self._consumer.fault_begins()
        for role in roles:
            self._hurt_at |= dict.fromkeys(TOUCHES[role], now)

    def _go_on(self, now: float) -> None:
        for step in [step for step in self._running if step[0] <= now]:
            _, fault, steps = step
            self._running.remove(step)
            try:
                self._running.append((now + next(steps), fault, steps))
            except StopIteration:
                self._consumer.fault_is_over(fault.name)

    def _settle(self, result: Result) -> None:
        """Wait until everything is finished, or for too long."""
        last = time.monotonic()
        while True:
            self._stack.keep_running()
            self._progress([])
            now = time.monotonic()
            late = now - last > SETTLE_SECONDS
            result.findings = self._judge(whole=late)
            if not result.findings:
                result.finished_after = now - last
                self._consumer.settled(now)
                return
            if late:
                return
            time.sleep(0.3)

    def _judge(self, *, whole: bool) -> list[Finding]:
        found = files_below(self._stack.inbox)
        unfinished = [file for file in found if file.place in ("waiting", "claimed")]
        if unfinished and not whole:
            return [Finding("unfinished", unfinished[0].path)]
        try:
            entries, rejected = entries_of(self._stack.client, self._stack.keys)
        except redis.RedisError as error:
            return [Finding("unfinished", f"Redis does not answer: {error}")]
        findings = judge(self._writer.dropped, found, entries, rejected)
        findings += [Finding("doubled", what) for what in self._consumer.doubled]
        if whole and findings:
            keep(self._folder, self._writer.dropped, found, entries, rejected)
        return findings

    def _ask_the_product(self, result: Result) -> None:
        """Its own audit must agree with ours."""
        if self._stack.command("verify", "--help")[0]:
            return
        status, said = self._stack.command("verify", "--json")
        (self._folder / "verify.txt").write_text(said)
        if bool(status) != any(finding.trouble != "unfinished" for finding in result.findings):
            result.findings.append(Finding("disputed", f"copydesk verify ends with {status}: {said[:500]}"))

    def _finish(self, result: Result) -> None:
        result.files = len(self._writer.dropped)
        result.recoveries = self._consumer.recoveries
        result.submitted_again = submitted_again(self._folder.glob("*.log"))
        result.counts["Redis began with nothing"] = self._consumer.lives
        for kind in ("reply", "message", "acknowledgement"):
            result.counts[f"{kind} dropped"] = self._faults.dropped(kind)
        (self._folder / "history.txt").write_text("\n".join(self._history) + "\n")
        (self._folder / "findings.txt").write_text("".join(f"{one.trouble}: {one.what}\n" for one in result.findings))
        for disk in (self._disk, self._data):
            disk.unmount()
        if result.is_well and not self._plan.keep:
            shutil.rmtree(self._folder)
        else:
            result.folder = self._folder

    def _progress(self, waiting: list[Fault]) -> None:
        if time.monotonic() - self._said_at < SAY_EVERY:
            return
        self._said_at = time.monotonic()
        done = len(self._schedule) - len(waiting)
        last = self._history[-1] if self._history else "none yet"
        self._say(
            f"seed {self._seed}: {done} of {len(self._schedule)} faults (last: {last}) · "
            f"{len(self._writer.dropped)} files dropped · {self._consumer.count} entries in this life of Redis"
        )
