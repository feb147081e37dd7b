"""Limits on what one file may take of its process: time, and memory."""

import contextlib
import faulthandler
import resource
import signal
import sys
from collections.abc import Iterator
from types import FrameType

GRACE = 2.0  # seconds that Python code gets to notice the alarm before its process is ended


class TimeLimitReached(BaseException):
    """The file's time is up; no ``except Exception`` in a library may swallow it."""


def _ring(_signal: int, _frame: FrameType | None) -> None:
    raise TimeLimitReached


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Bound the time of the block, in the main thread of a worker process.

    Python code is interrupted by an alarm. Code in C that never returns is not, so a watchdog thread ends the
    whole process a little later, after it has written where it hangs to standard error; the batch is then
    delivered again and the file tried alone.

    Raises:
        TimeLimitReached: The alarm rang.
    """
    before = signal.signal(signal.SIGALRM, _ring)
    faulthandler.dump_traceback_later(seconds + GRACE, exit=True, file=sys.__stderr__ or sys.stderr)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, before)


def limit_memory(megabytes: int) -> None:
    """Bound the data of this process: beyond it an allocation fails, and with it the file, not the machine."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
