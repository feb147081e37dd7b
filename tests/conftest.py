"""What every test may use."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

# The same examples each time; `make fuzz` asks for many new ones.
slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("suite", derandomize=True, max_examples=60, deadline=None, suppress_health_check=slow)
settings.register_profile("fuzz", max_examples=20_000, deadline=None, suppress_health_check=slow)
settings.load_profile("suite")

WaitUntil = Callable[..., None]


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """What a command sets up that a test runs in this process, as the least level, holds for no other test."""
    yield
    structlog.reset_defaults()


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
