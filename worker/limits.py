"""Limits on what one file may take of its process: time, and memory."""

import contextlib
import faulthandler
import resource
import signal
import sys
import time
from collections.abc import Iterator
from types import FrameType

GRACE = 2.0  # seconds that Python code gets to notice the alarm before its process is ended
SLACK = 1.0  # seconds by which the process may be ended later where one watchdog serves several blocks


class TimeLimitReached(BaseException):
    """The file's time is up; no ``except Exception`` in a library may swallow it."""


def _ring(_signal: int, _frame: FrameType | None) -> None:
    raise TimeLimitReached


class _Watchdog:
    """The thread in C that ends the whole process; there is one at most, as ``faulthandler`` has it.

    Starting it costs as much as a tenth of an article's work, so where it is shared it goes on to the next block.
    """

    def __init__(self) -> None:
        self.shared = False
        self._until = 0.0  # monotonic seconds

    def start(self, seconds: float) -> None:
        """End the process after so many seconds, or at most ``SLACK`` later where it is shared."""
        end = time.monotonic() + seconds
        if self.shared and end <= self._until <= end + SLACK:
            return
        slack = SLACK if self.shared else 0.0
        self._until = end + slack
        faulthandler.dump_traceback_later(seconds + slack, exit=True, file=sys.__stderr__ or sys.stderr)

    def stop(self) -> None:
        """Let the process live, unless it is shared."""
        if not self.shared:
            faulthandler.cancel_dump_traceback_later()
            self._until = 0.0


_watchdog = _Watchdog()


@contextlib.contextmanager
def one_watchdog() -> Iterator[None]:
    """Have the time limits in the block share their watchdog; nothing else in the block may take long."""
    _watchdog.shared = True
    try:
        yield
    finally:
        _watchdog.shared = False
        _watchdog.stop()


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Bound the time of the block, in the main thread of a worker process.

    Python code is interrupted by an alarm. Code in C that never returns is not, so a watchdog ends the whole process a
    little later, after it has written where it hangs to standard error; the batch is then delivered again and the file
    tried alone.

    Raises:
        TimeLimitReached: The alarm rang.
    """
    before = signal.signal(signal.SIGALRM, _ring)
    _watchdog.start(seconds + GRACE)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        _watchdog.stop()
        signal.signal(signal.SIGALRM, before)


def limit_memory(megabytes: int) -> None:
    """Bound the data of this process: beyond it an allocation fails, and with it the file, not the machine."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
