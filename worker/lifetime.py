"""Children that never outlive their parent: ``python -m worker.lifetime PARENT SIGNAL COMMAND...``."""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1  # prctl(2)


def end_with_parent(parent: int, how: signal.Signals) -> None:
    """Have this process, and what it becomes by exec, get a signal when its parent ends, however that ends.

    Linux does it; elsewhere nothing is done.

    Args:
        parent: The parent's process id; if it has ended already, so does this process.
        how: The signal.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:  # it ended before the request
            os.kill(os.getpid(), signal.SIGKILL)


def bound(how: signal.Signals, command: Sequence[str]) -> list[str]:
    """The command line that runs a command bound to this process's life."""
    return [sys.executable, "-m", "worker.lifetime", str(os.getpid()), how.name, *command]


if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]), signal.Signals[sys.argv[2]])
    os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606 - our own command line, and no shell is wanted
