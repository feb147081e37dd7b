"""``copydesk webhooks``: a thread for each webhook, so that none holds up another, and the locks kept alive."""

import functools
import ssl
import threading
import time

import redis

from schemas.event import UnsupportedVersion
from schemas.subscriber import Subscription
from schemas.topics import TOPICS
from worker import alive
from worker.connection import connect, translated
from worker.errors import Misconfigured
from worker.keys import Keys
from worker.logs import get_logger
from worker.mistakes import near
from worker.settings import Settings
from worker.webhooks.delivery import PATIENCE, Delivery, Gone, Patience, Post
from worker.webhooks.lock import RENEW_SECONDS, Lock
from worker.webhooks.request import WHOLE_SECONDS, post
from worker.webhooks.webhook import Webhook

log = get_logger(__name__)

CONSUMER = "webhooks"  # always the same, so that whoever comes next gets what was in hand
MAX_DELIVERIES = 100  # one that ends the process so often is dead
LEFT_BEHIND = 60.0  # seconds; a process that was halted while another took its place may have taken one more
STOP_SECONDS = WHOLE_SECONDS + 3.0  # for the requests that are under way


class Runner:
    """Delivers to one webhook in a thread of its own, for as long as the lock is ours."""

    def __init__(
        self, webhook: Webhook, settings: Settings, client: "redis.Redis", send: Post, patience: Patience
    ) -> None:
        self.error: BaseException | None = None
        self._webhook = webhook
        self._settings = settings
        self._lock = Lock(client, Keys(settings.prefix), webhook.called)
        self._send = send
        self._patience = patience
        self._ended = False
        self._waiting = False
        self._halt = threading.Event()  # of the present thread
        self._events: Subscription | None = None
        self._thread: threading.Thread | None = None

    def look(self) -> None:
        """Keep the lock, and have a thread deliver while it is ours. To be called every ``RENEW_SECONDS``.

        Raises:
            redis.RedisError: The server does not answer.
        """
        if self._ended:
            return
        if not self._lock.renew():
            self._end_loop()
            if not self._waiting:
                log.info("webhook_waiting", webhook=self._webhook.called, reason="another process delivers to it")
            self._waiting = True
        elif not (self._thread and self._thread.is_alive()):
            self._waiting = False
            self._halt = threading.Event()
            self._thread = threading.Thread(target=self._run, args=(self._halt,), daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Begin no more requests."""
        self._ended = True
        self._end_loop()

    def join(self, seconds: float) -> None:
        """Wait for a request that is under way, and let another process go on.

        Raises:
            redis.RedisError: The server does not answer.
        """
        if self._thread:
            self._thread.join(seconds)
            if self._thread.is_alive():
                return  # the lock ends by itself, when the request has ended too
        self._lock.leave()

    def _end_loop(self) -> None:
        self._halt.set()
        if self._events:
            self._events.stop()

    def _run(self, halt: threading.Event) -> None:
        try:
            self._deliver(halt)
        except Gone as error:
            self._ended = True
            hint = "remove it from the file, and its consumer group"
            log.error("webhook_gone", webhook=self._webhook.called, error=str(error), hint=hint)  # noqa: TRY400
        except redis.RedisError as error:  # the next look begins anew
            log.warning("redis_unavailable", webhook=self._webhook.called, error=str(error))
        except UnsupportedVersion as error:
            self.error = Misconfigured(str(error))
        except BaseException as error:
            self.error = error  # raised again where somebody sees it

    def _deliver(self, halt: threading.Event) -> None:
        subscription = Subscription(
            self._settings.address,
            self._webhook.group,
            topics=self._webhook.topics or (),
            stream=Keys(self._settings.prefix).articles,
            start="beginning",
            retry_after=LEFT_BEHIND,
            max_deliveries=MAX_DELIVERIES,
            consumer=CONSUMER,
        )
        with subscription as events:
            self._events = events
            if not halt.is_set():
                Delivery(self._webhook, self._lock, self._send, self._patience, halt).run(events)


def run(
    settings: Settings,
    webhooks: tuple[Webhook, ...],
    stop: threading.Event,
    patience: Patience = PATIENCE,
) -> None:
    """Deliver until told to stop; what is under way then is finished.

    Args:
        settings: Where Redis is.
        webhooks: To whom.
        stop: Ends it.
        patience: How long one event is tried.

    Raises:
        Misconfigured: Redis refuses the login, or an entry is of a newer major version.
        Unavailable: Redis cannot be reached at the start.
    """
    client, keys = connect(settings.address), Keys(settings.prefix)
    with translated(settings.address):
        client.ping()
    send = functools.partial(post, tls=ssl.create_default_context())
    runners = [Runner(webhook, settings, client, send, patience) for webhook in webhooks]
    _note(webhooks)
    try:
        while not stop.is_set():
            _look(runners, client, keys)
            stop.wait(RENEW_SECONDS)
    finally:
        _end(runners)


def _look(runners: list[Runner], client: "redis.Redis", keys: Keys) -> None:
    for runner in runners:
        if runner.error:
            raise runner.error
    try:
        for runner in runners:
            runner.look()
        alive.report(client, keys, "webhooks", {})
    except redis.RedisError as error:
        log.warning("redis_unavailable", error=str(error))


def _end(runners: list[Runner]) -> None:
    for runner in runners:
        runner.stop()
    deadline = time.monotonic() + STOP_SECONDS
    for runner in runners:
        try:
            runner.join(max(0.0, deadline - time.monotonic()))
        except redis.RedisError:
            continue  # the lock ends by itself


def _note(webhooks: tuple[Webhook, ...]) -> None:
    """Say what may not be meant."""
    for webhook in webhooks:
        log.info("webhook", webhook=webhook.called, host=webhook.parts.hostname, topics=list(webhook.topics or ()))
        if webhook.parts.scheme == "http" and not webhook.allow_private:
            log.warning("webhook_unencrypted", webhook=webhook.called, hint="anyone on the way can read it; use https")
        for topic in set(webhook.topics or ()) - TOPICS.keys():
            hint = f"right if a rule or model of your own adds it{near(topic, TOPICS)}"
            log.warning("webhook_topic_not_in_taxonomy", webhook=webhook.called, topic=topic, hint=hint)
