"""Deciding when a file in the inbox is completely written."""

import fcntl
import os
from collections.abc import Callable, Container
from dataclasses import dataclass

Signature = tuple[int, int, int, int]


def signature(stat: os.stat_result) -> Signature:
    """What changes when a file is written to, replaced or renamed: inode, size, mtime, ctime (ns)."""
    return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def being_written(descriptor: int) -> bool | None:
    """Whether any process has the file open for writing; None where the system cannot tell.

    Linux grants a read lease only on a file that nobody has open for writing (fcntl(2), *Leases*), and only
    to its owner or with CAP_LEASE. The lease is given back at once. Where others write beneath this system, the
    answer means nothing (see ``canary.SHARED``): it must not be asked.
    SIGIO, which tells a lease holder that a writer came, must be ignored by the process.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return None
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return None
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


@dataclass(frozen=True, slots=True)
class Look:
    """What a file looked like, since when (monotonic seconds) it has looked so, and when it was first seen."""

    seen: Signature
    since: float
    first: float


class Settling:
    """The files that have been noticed and are not yet known to be complete.

    Args:
        quiet: Seconds without a change that are enough where it is known that nobody has the file open for
            writing, or its writer was seen to close it.
        unsure: Seconds that are enough where neither is known.
    """

    def __init__(self, quiet: float, unsure: float) -> None:
        self._quiet = quiet
        self._unsure = unsure
        self._looks: dict[str, Look] = {}
        self._next: dict[str, Look] = {}
        self._passed_at = float("-inf")

    def __len__(self) -> int:
        return len(self._looks)

    def begin_pass(self, now: float) -> None:
        """Start a pass over the folder: what it does not look at again is forgotten at its end."""
        self._passed_at = now
        self._next = {}

    def end_pass(self) -> None:
        """Forget the files that are no longer there."""
        self._looks = self._next

    def next_due(self) -> float | None:
        """When a file may next turn out complete (monotonic seconds); None where none is settling."""
        dues = (look.since + self._quiet for look in self._looks.values())
        return min((due if due > self._passed_at else self._passed_at + self._quiet for due in dues), default=None)

    def is_new(self, path: str) -> bool:
        """Whether the last pass did not look at the file."""
        return path not in self._looks

    def put_off(self, path: str, until: float) -> None:
        """Look at a file again only then: it is complete, but cannot be claimed now."""
        if look := self._next.get(path):
            self._next[path] = Look(look.seen, until - self._quiet, look.first)

    def times(self, path: str) -> tuple[float, float]:
        """When a file of this pass was first seen, and since when it has not changed (monotonic seconds)."""
        look = self._next[path]
        return look.first, look.since

    def is_slow(self, path: str) -> bool:
        """Whether a file of this pass holds up its claim: it is quiet and not complete, or was put off."""
        look = self._next.get(path)
        if look is None:
            return False
        return look.since + self._quiet <= self._passed_at or look.since > self._passed_at

    def is_due(self, path: str, now: float, *, room: bool = True) -> bool:
        """Whether the file must be looked at now.

        One that was seen a moment ago is only kept in mind, and so is any that was seen while there is no room.
        """
        look = self._looks.get(path)
        if look is None or (room and now - look.since >= self._quiet):
            return True
        self._next[path] = look
        return False

    def is_complete(
        self,
        path: str,
        stat: os.stat_result,
        now: float,
        closed: Container[str],
        writing: Callable[[], bool | None],
    ) -> bool:
        """Look at a file.

        Args:
            path: Which file.
            stat: Its state now.
            now: Monotonic seconds.
            closed: Paths whose writer was seen to close them, or that were renamed into place.
            writing: Tells whether somebody has it open for writing (None: unknown); asked only if it matters.
        """
        look = self._looks.get(path)
        if look is None or look.seen != signature(stat):
            look = Look(signature(stat), now, look.first if look else now)
        self._next[path] = look
        quiet_for = now - look.since
        if quiet_for < self._quiet:
            return False
        answer = writing()
        known_closed = answer is False or (answer is None and path in closed)
        return known_closed or (answer is None and quiet_for >= self._unsure)
