"""How often one address may do something: a token bucket for each."""

from collections import OrderedDict

MOST = 10_000  # addresses that are remembered; the one that was quiet longest is forgotten first


class Buckets:
    """Token buckets by address.

    Args:
        rate: Tokens a second that flow into each.
        burst: That each holds at most.
    """

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when they were counted

    def take(self, address: str, now: float) -> float:
        """Take a token.

        Args:
            address: Whose.
            now: Monotonic seconds.

        Returns:
            Nought; or the seconds until there will be one, where there was none to take.
        """
        tokens, counted = self._held.pop(address, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - counted) * self._rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / self._rate
        self._held[address] = (tokens if wait else tokens - 1, now)
        if len(self._held) > MOST:
            self._held.popitem(last=False)
        return wait
