"""The metrics, in the text format of Prometheus."""

from collections.abc import Iterator, Sequence

from worker.web.desk import Desk
from worker.web.health import Report

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Sample = tuple[dict[str, str], float]


async def page(desk: Desk) -> str:
    """Everything that is measured, now."""
    return "".join(_lines(desk, await desk.health.look()))


def _lines(desk: Desk, report: Report) -> Iterator[str]:
    yield from _metric("copydesk_ready", "Whether the service makes progress.", _one(not report.problems))
    yield from _metric("copydesk_redis_up", "Whether Redis answers.", _one(report.status is not None))
    oldest = "Seconds that the oldest file has waited in the inbox."
    yield from _metric("copydesk_oldest_waiting_seconds", oldest, _one(round(report.oldest, 3)))
    if status := report.status:
        yield from _metric("copydesk_waiting_files", "Files in the inbox, counted to 10000.", _one(status.waiting))
        yield from _metric("copydesk_in_flight_files", "Files claimed and not settled.", _one(status.in_flight))
        yield from _metric("copydesk_queued_batches", "Batches no worker has taken yet.", _one(status.queued))
        yield from _metric("copydesk_batches_in_hand", "Batches in workers' hands.", _one(status.in_hand))
        entries = [({"stream": "articles"}, status.articles), ({"stream": "rejected"}, status.rejected)]
        yield from _metric("copydesk_stream_entries", "Entries on a stream.", entries)
        lags = [({"group": group.name}, group.lag) for group in status.groups if group.lag is not None]
        yield from _metric("copydesk_group_lag_entries", "Entries that a consumer group has not read.", lags)
        pending = [({"group": group.name}, group.pending) for group in status.groups]
        yield from _metric("copydesk_group_pending_entries", "Entries read and not acknowledged.", pending)
    yield from _metric("copydesk_sse_clients", "Clients that follow the stream.", _one(desk.feed.clients))
    answered = [
        ({"method": method, "route": route, "status": str(code)}, count)
        for (method, route, code), count in sorted(desk.requests.items())
    ]
    yield from _metric("copydesk_http_requests_total", "Requests answered.", answered, kind="counter")


def _one(value: float) -> list[Sample]:
    return [({}, value)]


def _metric(name: str, about: str, samples: Sequence[Sample], kind: str = "gauge") -> Iterator[str]:
    yield f"# HELP {name} {about}\n# TYPE {name} {kind}\n"
    for labels, value in samples:
        told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"{name}{{{told}}} {float(value):.15g}\n" if told else f"{name} {float(value):.15g}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
