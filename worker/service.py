"""Wiring: the watcher of the settings, with its real parts."""

import contextlib
from collections.abc import Sequence

import redis
from kombu.exceptions import OperationalError

from worker import alive
from worker.celery import app
from worker.claim_check import ClaimCheck, Submission, queue_of
from worker.connection import connect, translated
from worker.errors import Unavailable
from worker.flights import Flights
from worker.healing import Healing
from worker.inbox import Inbox
from worker.journal import Journal
from worker.keys import Keys
from worker.ledger import Ledger
from worker.publish import Publisher
from worker.retention import Retention
from worker.server import ServerCheck
from worker.settings import Settings
from worker.watcher import Watcher

TASK = "copydesk.ingest"


def enqueue(submissions: Sequence[Submission]) -> None:
    """Ring for a worker; by name, so that the watcher loads nothing of what workers load.

    Raises:
        Unavailable: The broker cannot be reached.
    """
    try:
        app.send_task(TASK, args=[list(submissions)], queue=queue_of(submissions[0]), retry=False)
    except OperationalError as error:
        raise Unavailable(f"the queue is not reachable: {error}") from error


def make_watcher(settings: Settings) -> Watcher:
    """The watcher of the inbox in the settings.

    Raises:
        Unavailable: The inbox cannot be used, and what to do.
        Misconfigured: The address of Redis cannot be understood, or it is a cluster and the prefix has no hash tag.
    """
    inbox = Inbox(settings.inbox, settings.ignored)
    inbox.prepare()
    client, keys = connect(settings.address), Keys(settings.prefix)
    check_server = ServerCheck(client, settings.prefix)
    with contextlib.suppress(Unavailable), translated(settings.address):  # if it is away, then at the first upkeep
        check_server()

    journal, retention = Journal(inbox), Retention(client, settings)

    def upkeep(fields: alive.Fields) -> None:
        check_server()
        journal.keep(settings.ledger_days)
        alive.report(client, keys, "watcher", fields)
        retention.keep()

    flights = make_flights(settings, inbox, journal, client)
    ledger = Ledger(client, keys, journal.identity(), settings.ledger_days)
    return Watcher(settings, inbox, flights, Healing(settings, inbox, journal, ledger, flights), upkeep)


def make_flights(settings: Settings, inbox: Inbox, journal: Journal, client: "redis.Redis") -> Flights:
    """The files in flight from an inbox."""
    keys = Keys(settings.prefix)
    publisher = Publisher(client, keys, settings.ledger_days, settings.topics)
    return Flights(settings, inbox, journal, ClaimCheck(client, keys), publisher, enqueue)
