"""Commands that run the service or a part of it."""

from __future__ import annotations

import contextlib

import click

from worker.commands.common import start, stop_on_signal


@click.command(epilog="\b\nExample:\n  COPYDESK_INBOX=~/news copydesk up")
def up() -> None:
    """Run everything in this terminal: Redis (unless COPYDESK_REDIS_URL is set), watcher and workers."""
    from rich.console import Console

    from worker.up import run_all

    settings = start()
    run_all(settings, Console(), stop_on_signal())


@click.command(epilog="\b\nExample:\n  COPYDESK_REDIS_URL=redis://localhost:6379/0 copydesk watch")
def watch() -> None:
    """Watch the inbox: claim what is dropped, submit it, move it when its outcome is known."""
    from worker import exporting, tracing
    from worker.hints import Hints
    from worker.service import make_watcher

    settings = start()
    with contextlib.closing(Hints(settings.inbox)) as hints:
        exporting.prepare()
        tracing.start()
        try:
            make_watcher(settings).run(stop_on_signal(hints.wake), hints)
        finally:
            tracing.stop()


@click.command(epilog="\b\nExample:\n  COPYDESK_CONCURRENCY=4 copydesk worker")
def worker() -> None:
    """Run worker processes, as `celery -A worker worker` does."""
    import os

    from worker.celery import app

    settings = start()
    name = f"copydesk-{os.getpid()}@%h"
    # Workers need not know of each other, and asking around takes a second at the start.
    app.worker_main(
        [
            "--quiet",
            "worker",
            "--loglevel",
            settings.log_level,
            "--hostname",
            name,
            "--without-mingle",
            "--without-gossip",
        ]
    )


@click.command(epilog="\b\nExample:\n  COPYDESK_WEBHOOKS=webhooks.toml copydesk webhooks")
def webhooks() -> None:
    """Send each event of the stream to the webhooks in COPYDESK_WEBHOOKS, in order, until it arrives."""
    from worker.errors import Misconfigured
    from worker.webhooks.service import run
    from worker.webhooks.webhook_file import load_webhooks

    settings = start()
    if not settings.webhooks:
        raise Misconfigured("COPYDESK_WEBHOOKS is not set; give it the path of a TOML file, as the README shows")
    run(settings, load_webhooks(settings.webhooks), stop_on_signal())


@click.command(epilog="\b\nExamples:\n  copydesk serve\n  curl -N localhost:8080/v1/articles")
def serve() -> None:
    """Serve the HTTP API: follow articles, get one, send files; /openapi.json describes it."""
    from worker.errors import Misconfigured

    try:
        from worker.web.server import serve as run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("fastapi", "starlette", "uvicorn"):
            raise
        raise Misconfigured("the HTTP API is not installed: pip install 'copydesk[worker,web]'") from error

    run(start())
