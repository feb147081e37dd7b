"""Which faults a round has and when, from a seed alone."""

import itertools
import random
from collections.abc import Container
from dataclasses import dataclass
from typing import Literal

Role = Literal["watcher", "worker", "pool", "redis", "up"]
ROLES: tuple[Role, ...] = ("watcher", "worker", "pool", "redis", "up")

SINGLE: dict[Role, int] = {"pool": 60, "watcher": 32, "redis": 8}  # %, of those that are killed one by one
PAIRS: tuple[tuple[Role, ...], ...] = (
    ("redis", "watcher"),
    ("redis", "worker"),
    ("worker", "watcher"),
    ("redis", "pool"),
    ("up", "pool"),
    ("redis", "watcher"),
)
TOUCHES: dict[Role, tuple[Role, ...]] = {  # whose work stops when one is hurt
    "up": ROLES,
    "redis": ROLES,
    "worker": ("worker", "pool"),
    "pool": ("pool",),
    "watcher": ("watcher",),
}
WORKERS: tuple[Role, ...] = ("worker", "pool")
HITS: dict[str, tuple[Role, ...]] = {  # whom the faults of the world hit
    **dict.fromkeys(("restart_redis", "restart_redis_while_busy", "forget_everything", "flushall"), ("redis",)),
    **dict.fromkeys(("fill_memory", "fill_redis_disk", "cut_connections"), ("redis",)),
    **dict.fromkeys(("drop_replies", "drop_messages", "drop_acknowledgements"), WORKERS),
    **dict.fromkeys(("fill_inbox", "make_read_only"), ("watcher",)),
}
SOME = (("cut_connections", "fill_memory", "make_read_only"), ("restart_redis", "fill_inbox", "fill_redis_disk"))
STACK = 5  # processes that end at least when the whole stack is killed
GAP = 1.1  # seconds from one fault to the next, on average
LONG = 40.0  # seconds; longer than each timeout of the service as the rounds configure it
JUMPS = (-20, -3, -1, 2, 5, 20)  # hours


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        at: Seconds since the round's first record came out.
        kind: What happens; faults.py has a function of this name.
        roles: The processes that get a signal.
        amount: How much of it: seconds, hours of a clock's jump, replies to drop.
    """

    at: float
    kind: str
    roles: tuple[Role, ...] = ()
    amount: float = 0.0

    @property
    def hits(self) -> tuple[Role, ...]:
        """Whose work it interrupts."""
        return self.roles or HITS.get(self.kind, ())

    @property
    def name(self) -> str:
        """What it does to whom."""
        long = " for long" if self.kind == "stop" and self.amount == LONG else ""
        return f"{self.kind} {'+'.join(self.roles)}{long}".strip()

    def __str__(self) -> str:
        return f"{self.name} {self.amount:.3g}" if self.amount else self.name


@dataclass(frozen=True, slots=True)
class Traits:
    """What a round has besides its faults; from its seed alone, so that a few rounds in a row have everything."""

    second_watcher: bool
    clock: bool
    long_stop: Role | None
    flush: bool

    @classmethod
    def of(cls, seed: int) -> "Traits":
        """The traits of a round."""
        return cls(
            second_watcher=seed % 4 == 1,
            clock=seed % 4 == 2,
            long_stop=ROLES[seed // 3 % len(ROLES)] if seed % 3 == 0 else None,
            flush=seed % 4 == 3,
        )


def plan_faults(seed: int, kills: int, without: Container[str] = ()) -> list[Fault]:
    """The faults of a round, in order.

    Args:
        seed: The round's.
        kills: How many processes get a SIGKILL.
        without: Kinds of faults that are left out; the others stay the same.
    """
    rng = random.Random(f"faults {seed}")
    chosen = [*_kills(kills), *(_others(rng, seed) if kills else [])]
    rng.shuffle(chosen)
    chosen.sort(key=lambda fault: fault.kind == "stop" and fault.amount == LONG, reverse=True)
    at, faults = 0.0, []
    for fault in chosen:
        at += rng.uniform(0.3, 1.7) * GAP
        if fault.kind not in without:
            faults.append(Fault(round(at, 2), fault.kind, fault.roles, fault.amount))
    return faults


def _kills(count: int) -> list[Fault]:
    """Each role alone or with another: it is the worker, who starts slowly, that bounds how many fit into a time."""
    stacks = count // 40
    pairs = max(0, count - STACK * stacks) // 6
    single = max(0, count - STACK * stacks - 2 * pairs)
    roles = [role for role, share in SINGLE.items() for _ in range(single * share // 100)]
    roles += ["pool"] * (single - len(roles))
    faults = [Fault(0, "kill", (role,)) for role in roles]
    faults += [Fault(0, "kill", pair) for pair in itertools.islice(itertools.cycle(PAIRS), pairs)]
    return faults + [Fault(0, "kill", ROLES)] * stacks


def _others(rng: random.Random, seed: int) -> list[Fault]:
    traits = Traits.of(seed)
    faults = [Fault(0, "stop", (ROLES[(seed + n) % 5],), round(rng.uniform(0.5, 4), 1)) for n in range(2)]
    if traits.long_stop:
        faults.append(Fault(0, "stop", (traits.long_stop,), LONG))
    faults += [Fault(0, "restart_redis_while_busy"), Fault(0, "forget_everything")]
    faults += [Fault(0, "flushall")] * (2 if traits.flush else 0)
    faults += [Fault(0, "drop_replies", amount=50), Fault(0, "drop_messages", amount=3)]
    faults += [Fault(0, "drop_acknowledgements", amount=3)]
    for kind in SOME[seed % 2]:
        faults.append(Fault(0, kind, amount=round(rng.uniform(1, 5), 1)))
    faults += [Fault(0, "jump", amount=rng.choice(JUMPS)) for _ in range(3 if traits.clock else 0)]
    return faults
