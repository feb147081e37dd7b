"""The Celery app: ``celery -A worker worker`` works as Celery users expect."""

import time
from typing import Any

from celery import Celery, signals

from worker import tracing
from worker.connection import TIMEOUT, broker_options, broker_url
from worker.keys import Keys
from worker.logs import configure
from worker.settings import Settings, load_settings

QUEUE = "ingest"
LONG_QUEUE = "ingest-long"  # what may take long waits here for the other queue to be empty
LONG_BYTES = 200_000  # a file of more may take seconds, and holds up no small ones: few articles are so large
BATCH_SECONDS = 2.0  # a task that has worked for so long hands the rest of its batch back


def hard_limit(settings: Settings) -> float:
    """Seconds after which Celery kills a task: the last resort, for limits.py ends one file's time long before."""
    return BATCH_SECONDS + 2 * settings.time_limit + 10


def stuck_after(settings: Settings) -> float:
    """Seconds of waiting work without progress after which the workers are stuck: no task takes so long."""
    return 30 + 1.5 * hard_limit(settings)


def configuration(settings: Settings) -> dict[str, Any]:
    """Celery's settings. The message is only a doorbell; these make it ring soon again after any fault."""
    return {
        "broker_url": broker_url(settings.address),
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_channel_error_retry": True,
        "broker_transport_options": {
            **broker_options(settings.address),
            "global_keyprefix": Keys(settings.prefix).broker,
            # No heartbeat extends it: it must outlast the longest task.
            "visibility_timeout": 1.5 * hard_limit(settings),
            "queue_order_strategy": "sorted",  # by name: "ingest" comes before "ingest-long"
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "unacked_mutex_expire": 30,
            "socket_timeout": TIMEOUT,
            "socket_connect_timeout": TIMEOUT,
            "socket_keepalive": True,
            "health_check_interval": 10,
        },
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_ignore_result": True,
        "task_default_queue": QUEUE,
        "task_queues": {QUEUE: {}, LONG_QUEUE: {}},
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_time_limit": hard_limit(settings),
        "worker_prefetch_multiplier": 1,
        "worker_concurrency": settings.concurrency,
        "worker_max_tasks_per_child": 10_000,
        "worker_max_memory_per_child": settings.memory_limit_mb * 1024 // 2,
        "worker_redirect_stdouts": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
    }


app = Celery("copydesk", include=["worker.tasks"])
app.add_defaults(lambda: configuration(load_settings()))


@signals.setup_logging.connect
def _log_as_we_do(**_: object) -> None:
    settings = load_settings()
    configure(settings.log_format, settings.log_level)


@signals.before_task_publish.connect
def _note_when(headers: dict[str, Any], **_: object) -> None:
    """Have a message tell when it was sent, for the span of its waiting."""
    if tracing.on():
        headers["sent_at"] = time.time_ns()
