"""Which of the promises P1 to P6 each peer does not keep, and why."""

LACKS: dict[str, dict[str, str]] = {
    name: {} for name in ("bare", "celery_chain", "celery_per_file", "rq", "dramatiq", "huey", "streaq", "taskiq")
}
