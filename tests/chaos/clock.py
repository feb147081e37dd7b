"""A clock for the stack that can jump; it needs a C compiler."""

import os
import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")


def can_jump() -> bool:
    """Whether there is a compiler."""
    return shutil.which("cc") is not None


class Clock:
    """What the stack's processes take for the time; at first it is ours.

    Args:
        folder: Where its library and its state lie.
    """

    def __init__(self, folder: Path) -> None:
        self._state = folder / "clock"
        self._library = folder / "clock.so"
        self._state.write_bytes(struct.pack("=q", 0))
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", str(self._library), str(SOURCE)], check=True)

    @property
    def environment(self) -> dict[str, str]:
        """What makes a process believe it."""
        return {"LD_PRELOAD": str(self._library), "CHAOS_CLOCK": str(self._state)}

    def set(self, hours: float) -> None:
        """Have it differ from ours by so many hours, at once and in every process."""
        descriptor = os.open(self._state, os.O_WRONLY)
        os.pwrite(descriptor, struct.pack("=q", round(hours * 3600)), 0)  # in place: it is mapped
        os.close(descriptor)
