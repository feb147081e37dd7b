"""Delivering to one webhook: each event until it arrives or is dead, and only then the next."""

import itertools
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schemas.event import ArticleEvent
from schemas.subscriber import Subscription
from worker.logs import get_logger
from worker.webhooks.lock import Lock
from worker.webhooks.message import body_of, headers_of
from worker.webhooks.request import REFUSED, WHOLE_SECONDS, NotDelivered
from worker.webhooks.webhook import Webhook

log = get_logger(__name__)

Post = Callable[[Webhook, bytes, Mapping[str, str]], None]
"""Sends one request; raises ``NotDelivered``."""

GONE = 410


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one event is tried. The pauses double, and each is shortened by chance, by half at most.

    Attributes:
        first: Seconds before the second try.
        longest: Seconds, at most, before the next.
        asked: Seconds, at most, that a receiver may ask for by Retry-After.
        whole: Seconds after which an event that did not arrive is dead.
        refusals: Tries after which one is dead that the receiver refuses as such.
    """

    first: float = 1.0
    longest: float = 300.0
    asked: float = 3600.0
    whole: float = 3 * 86400.0
    refusals: int = 5

    def pause(self, tries: int, asked: float) -> float:
        """Seconds to wait after so many tries.

        Args:
            tries: From 1 on.
            asked: What the receiver asked for.
        """
        usual = min(self.longest, self.first * 2.0 ** min(tries - 1, 60))
        return max(usual * random.uniform(0.5, 1.0), min(asked, self.asked))  # noqa: S311 - it spreads load


PATIENCE = Patience()


class Gone(Exception):
    """The receiver wants nothing any more (410)."""


class Delivery:
    """The deliveries to one webhook."""

    def __init__(self, webhook: Webhook, lock: Lock, post: Post, patience: Patience, halt: threading.Event) -> None:
        self._webhook = webhook
        self._lock = lock
        self._post = post
        self._patience = patience
        self._halt = halt
        self._log = log.bind(webhook=webhook.called)
        self._failing_since: float | None = None

    def run(self, events: Subscription) -> None:
        """Deliver what comes until the loop is stopped, or until we must halt or have the lock no more.

        An event that is in hand then stays so in Redis, and is the first one of whoever goes on.

        Raises:
            Gone: The receiver wants nothing any more.
        """
        for event in events:
            error = self._deliver(event)
            if error is None:
                self._log.debug("webhook_delivered", event_id=event.id)
            elif error:
                self._log.error("webhook_dead_letter", event_id=event.id, error=error)
                events.bury(error)
            else:
                return

    def _deliver(self, event: ArticleEvent) -> str | None:
        """Try until it arrives (None) or is dead (why); empty when neither, because we must halt."""
        body = body_of(event)
        began, refused = time.monotonic(), 0
        for tries in itertools.count(1):
            if self._halt.is_set() or not self._lock.holds_for(WHOLE_SECONDS):
                break
            try:
                self._post(self._webhook, body, headers_of(event, body, self._webhook.secret, time.time()))
            except NotDelivered as error:
                self._failed(error)
                refused += error.status in REFUSED
                if refused >= self._patience.refusals or time.monotonic() - began >= self._patience.whole:
                    return f"{error}; given up after {tries} tries"
                self._halt.wait(self._patience.pause(tries, error.retry_after))
            else:
                self._worked()
                return None
        return ""

    def _failed(self, error: NotDelivered) -> None:
        """Say that it began to fail, and not each time."""
        if error.status == GONE:
            raise Gone(str(error)) from error
        if self._failing_since is None:
            self._failing_since = time.monotonic()
            self._log.warning("webhook_failing", error=str(error))
        else:
            self._log.debug("webhook_failing_still", error=str(error))

    def _worked(self) -> None:
        if self._failing_since is not None:
            self._log.info("webhook_works_again", after_seconds=round(time.monotonic() - self._failing_since))
            self._failing_since = None
