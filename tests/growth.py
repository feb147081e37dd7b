"""Whether the time that something takes grows faster than the text it is given."""

import gc
import time
from collections.abc import Callable

NOTHING = 0.1  # seconds: below it, growth is not asked for
TIMES = 3.0  # as long on twice the text: what is linear takes two times, what is quadratic four
TRIES = 5  # a run may be held up by something else, but not each of so many


def grows_too_fast(use: Callable[[str], object], text: str, half: str) -> bool:
    """Whether ``use`` takes more than three times as long on a text as on one half as long, each at its quickest."""
    whole_took = half_took = float("inf")
    for _ in range(TRIES):
        whole_took = min(whole_took, _seconds(use, text))
        if whole_took <= NOTHING:
            return False
        half_took = min(half_took, _seconds(use, half))
        if whole_took <= TIMES * half_took:
            return False
    return True


def _seconds(use: Callable[[str], object], text: str) -> float:
    """Of this process's own time, without the collector's: what else it holds is not the text's doing."""
    collecting = gc.isenabled()
    gc.disable()
    began = time.process_time()
    try:
        use(text)
        return time.process_time() - began
    finally:
        if collecting:
            gc.enable()
