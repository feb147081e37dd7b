"""What every test may use."""

import threading
import time
from collections.abc import Callable

import pytest

WaitUntil = Callable[..., None]


@pytest.fixture
def wait_until() -> WaitUntil:
    """Await a condition: ``wait_until(lambda: …, "what is awaited", seconds=30)``."""

    def wait(condition: Callable[[], object], what: str, seconds: float = 30.0) -> None:
        deadline = time.monotonic() + seconds
        pause = threading.Event()
        while not condition():
            if time.monotonic() > deadline:
                pytest.fail(f"not within {seconds:g} s: {what}")
            pause.wait(0.02)

    return wait
