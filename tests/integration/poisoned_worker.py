"""A worker whose pipeline is as fragile as the worst library: a word in the text kills it, hangs it or starves it."""

import os
import signal
from typing import Any

from worker import attempt
from worker.cli import main
from worker.pipeline import process


def fragile(document: Any, *rest: Any) -> Any:
    if b"SEGFAULT" in document.data:
        os.kill(os.getpid(), signal.SIGSEGV)
    if b"HANG-IN-C" in document.data:
        sum(range(10**13))  # no Python code runs in it, so no signal handler does either
    if b"HANG-IN-PYTHON" in document.data:
        while True:
            pass
    if b"STARVE" in document.data:
        bytearray(2**32)  # 4 GiB, which the machine would give
    if b"BUG" in document.data:
        raise ZeroDivisionError
    return process(document, *rest)


attempt.process = fragile

if __name__ == "__main__":
    main(["worker"])
