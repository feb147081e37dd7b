"""The faults: each a generator that does harm, yields the seconds to wait, and takes the harm away again."""

import contextlib
import json
import signal
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable

import psutil
import redis

from tests.chaos.clock import Clock
from tests.chaos.disk import Disk
from tests.chaos.schedule import Fault, Role
from tests.chaos.stack import Stack
from tests.chaos.writers import Gate

Steps = Generator[float, None, None]

SHARE = 0.2  # of the replies, while replies are dropped
SHARE_OF_WORD = 0.5  # of those to one command
DROPS_END = 15.0  # seconds after which a fault that drops replies ends, however many it found
SMALL_MEMORY = "1mb"
STEP = 0.1  # seconds between looks whether something is so


class Faults:
    """Does harm to a stack.

    Args:
        stack: The processes.
        inbox: The inbox's disk.
        data: The disk of Redis's data.
        gate: Holds back the writers in place.
        clock: The stack's, if it can jump.
        seed: Chooses the replies that are dropped.

    Attributes:
        counts: What was done, by kind; kills by role.
    """

    def __init__(self, stack: Stack, inbox: Disk, data: Disk, gate: Gate, clock: Clock | None, seed: int) -> None:
        self._stack = stack
        self._inbox = inbox
        self._data = data
        self._gate = gate
        self._clock = clock
        self._seed = seed
        self._busy: set[str] = set()  # disks and settings that a fault has changed
        self.counts: Counter[str] = Counter()

    def is_possible(self, fault: Fault) -> bool:
        """Whether everybody whom it needs is there, and no other fault has hold of what it changes."""
        if not all(self._stack.processes(role) for role in fault.roles):
            return False
        if NEEDS.get(fault.kind) in self._busy:
            return False
        return fault.kind not in NEED_REDIS or self._redis_answers()

    def begin(self, fault: Fault) -> Steps:
        """The steps of a fault."""
        act: Callable[[Fault], Steps] = getattr(self, fault.kind)
        needs = {NEEDS[fault.kind]} if fault.kind in NEEDS else set()
        self._busy |= needs
        yield from act(fault)
        self._busy -= needs

    def _redis_answers(self) -> bool:
        try:
            return bool(self._stack.client.ping())
        except redis.RedisError:
            return False

    def kill(self, fault: Fault) -> Steps:
        """SIGKILL, to one or to several in the same instant."""
        while not all(self._stack.processes(role) for role in fault.roles):  # they may have ended since we looked
            yield STEP
        victims = [(role, process) for role in fault.roles for process in self._victims(role, fault)]
        killed = Counter(role for role, process in victims if _signal([process], signal.SIGKILL))
        killed["redis"] = min(1, killed["redis"])  # the server; its proxy goes with it
        self.counts.update({f"SIGKILL {role}": count for role, count in killed.items()})

    def _victims(self, role: Role, fault: Fault) -> list[psutil.Process]:
        """The processes to kill: of a pool one, unless everything is killed; of Redis the server and its proxy."""
        found = self._stack.processes(role)
        if role in ("pool", "watcher") and len(fault.roles) < 3:
            return found[int(fault.at * 100) % max(1, len(found)) :][:1]
        return found

    def stop(self, fault: Fault) -> Steps:
        """SIGSTOP, and SIGCONT later."""
        found = [process for role in fault.roles for process in self._stack.processes(role)]
        _signal(found, signal.SIGSTOP)
        self.counts[fault.name.replace("stop", "SIGSTOP")] += 1
        yield fault.amount
        _signal(found, signal.SIGCONT)

    def restart_redis(self, _fault: Fault) -> Steps:
        """An orderly end of Redis, whose data are kept."""
        _signal(self._stack.processes("redis")[:1], signal.SIGTERM)
        self.counts["Redis restarted"] += 1
        yield 1.0

    def restart_redis_while_busy(self, _fault: Fault) -> Steps:
        """The same while each process of the pool has a task in hand."""
        pool = self._stack.processes("pool")
        _signal(pool, signal.SIGSTOP)
        give_up = time.monotonic() + DROPS_END
        while not (busy := self._in_hand() >= len(pool)) and time.monotonic() < give_up:
            yield STEP
        _signal(self._stack.processes("redis")[:1], signal.SIGTERM)
        self.counts["Redis restarted while every slot was busy" if busy else "Redis restarted"] += 1
        yield 2.0
        _signal(pool, signal.SIGCONT)

    def _in_hand(self) -> int:
        try:
            return int(self._stack.client.hlen(self._stack.keys.broker + "unacked"))
        except redis.RedisError:
            return 0

    def forget_everything(self, _fault: Fault) -> Steps:
        """Redis ends and comes back with nothing."""
        order = self._stack.orders / "forget"
        order.touch()
        _signal(self._stack.processes("redis"), signal.SIGKILL)
        while order.exists():
            yield STEP
        self.counts["Redis restarted with nothing kept"] += 1

    def flushall(self, _fault: Fault) -> Steps:
        """Everything in Redis is deleted."""
        yield from self._do(lambda client: client.flushall(), "FLUSHALL")

    def cut_connections(self, _fault: Fault) -> Steps:
        """Every client loses its connection."""
        yield from self._do(lambda client: client.client_kill_filter(_type="normal", skipme=True), "CLIENT KILL")

    def fill_memory(self, fault: Fault) -> Steps:
        """Redis has no memory left for a while."""
        yield from self._do(lambda client: client.config_set("maxmemory", SMALL_MEMORY), "maxmemory reached")
        yield fault.amount
        yield from self._do(lambda client: client.config_set("maxmemory", 0))

    def _do(self, act: Callable[["redis.Redis"], object], name: str = "") -> Steps:
        """Have Redis do something as soon as it answers."""
        while True:
            try:
                act(self._stack.client)
                break
            except redis.RedisError:
                yield STEP
        if name:
            self.counts[name] += 1

    def drop_replies(self, fault: Fault) -> Steps:
        """Some commands are executed and not answered."""
        yield from self._drop("", SHARE, int(fault.amount))

    def drop_messages(self, fault: Fault) -> Steps:
        """Some messages leave the queue and reach nobody."""
        yield from self._drop("BRPOP", SHARE_OF_WORD, int(fault.amount))

    def drop_acknowledgements(self, fault: Fault) -> Steps:
        """Some messages are done with, and the worker does not get to know."""
        yield from self._drop("HDEL", SHARE_OF_WORD, int(fault.amount))

    def _drop(self, word: str, share: float, count: int) -> Steps:
        before = self.dropped()
        new = self._stack.orders / "drop.new"
        new.write_text(json.dumps({"share": share, "left": count, "word": word, "seed": self._seed}))
        new.rename(self._stack.orders / "drop")
        end = time.monotonic() + DROPS_END
        while self.dropped() - before < count and time.monotonic() < end:
            yield STEP
        (self._stack.orders / "drop").unlink()

    def dropped(self, kind: str = "") -> int:
        """How many replies were dropped so far: of one kind, or all."""
        try:
            return (self._stack.orders / "dropped").read_text().count(f"{kind}\n")
        except FileNotFoundError:
            return 0

    def fill_inbox(self, fault: Fault) -> Steps:
        """The inbox's disk is full for a while: first nothing can be written, then no folder be made either."""
        self._gate.close()
        while not self._gate.is_quiet():
            yield STEP
        self._inbox.fill()
        self.counts["inbox's disk full"] += 1
        yield fault.amount / 2
        self._inbox.fill_names()
        yield fault.amount / 2
        self._inbox.free()
        self._gate.open()

    def make_read_only(self, fault: Fault) -> Steps:
        """The inbox is read-only for a while."""
        self._gate.close()
        while not (self._gate.is_quiet() and self._inbox.make_read_only()):
            yield STEP
        self.counts["inbox read-only"] += 1
        yield fault.amount
        self._inbox.make_writable()
        self._gate.open()

    def fill_redis_disk(self, fault: Fault) -> Steps:
        """The disk of Redis's data is full for a while."""
        self._data.fill()
        self.counts["Redis's disk full"] += 1
        yield fault.amount
        self._data.free()

    def jump(self, fault: Fault) -> Steps:
        """The clock of every process of the stack jumps."""
        assert self._clock is not None
        self._clock.set(fault.amount)
        self.counts["clock jumped"] += 1
        yield from ()


NEEDS = {
    "fill_inbox": "inbox",
    "make_read_only": "inbox",
    "fill_redis_disk": "data",
    "fill_memory": "memory",
    "drop_replies": "replies",
    "drop_messages": "replies",
    "drop_acknowledgements": "replies",
}
NEED_REDIS = {
    "restart_redis",
    "restart_redis_while_busy",
    "forget_everything",
    "flushall",
    "cut_connections",
    "fill_memory",
}


def _signal(processes: Iterable[psutil.Process], number: signal.Signals) -> int:
    """Send a signal; how many got it."""
    reached = 0
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)
            reached += 1
    return reached
