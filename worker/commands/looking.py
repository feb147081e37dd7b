"""Commands that show what came out and how the service is."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worker.commands.common import connected, load, stop_on_signal

if TYPE_CHECKING:
    from worker.classify.model import Model
    from worker.profiles import Reading
    from worker.tail import Form


@click.command(
    epilog="\b\nExamples:\n  copydesk tail --topic defense\n  copydesk tail --json --from-start | jq .headline\n"
    "  copydesk tail --format ninjs --count 1"
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "ninjs", "newsarticle"]),
    help="json: the whole record, ninjs: IPTC's ninjs 3.1, newsarticle: schema.org's NewsArticle (JSON-LD); each one "
    "a line. Text where none is given.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--topic", "topics", multiple=True, help="Only articles with this topic; may be repeated.")
@click.option("--rejected", is_flag=True, help="The rejected stream instead.")
@click.option("--from-start", is_flag=True, help="From the oldest entry, not only new ones.")
@click.option("--count", type=click.IntRange(1), help="End after so many entries.")
def tail(
    form: Form | None, as_json: bool, topics: tuple[str, ...], rejected: bool, from_start: bool, count: int | None
) -> None:
    """Follow the stream."""
    from worker.keys import Keys
    from worker.tail import follow

    if as_json and form not in (None, "json"):
        raise click.UsageError(f"--json and --format {form} exclude each other: leave one out")
    if rejected and form in ("ninjs", "newsarticle"):
        raise click.UsageError(f"a rejection is no article and has no {form}: use --format json")
    form = form or ("json" if as_json else "text")
    settings = load()
    with connected(settings) as client:
        keys = Keys(settings.prefix)
        stream, start = keys.rejected if rejected else keys.articles, "0" if from_start else "$"
        follow(client, stream, stop_on_signal(), form=form, topics=set(topics), start=start, count=count)


@click.command(epilog="\b\nExamples:\n  copydesk status\n  copydesk status --check worker   (for health checks)")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.option(
    "--check",
    type=click.Choice(["watcher", "worker", "webhooks"]),
    help="Exit with 1 unless this part, on this machine, reports and makes progress.",
)
def status(as_json: bool, check: str | None) -> None:
    """Show queues, counts, consumer lag and health."""
    import time

    from worker import alive
    from worker.celery import stuck_after
    from worker.inbox import Inbox
    from worker.keys import Keys
    from worker.show_service import print_status
    from worker.status import take_snapshot

    settings = load()
    keys = Keys(settings.prefix)
    with connected(settings) as client:
        if check:
            alive.check(alive.parts(client, keys), check, stuck_after(settings), time.time())
            return
        snapshot = take_snapshot(Inbox(settings.inbox, settings.ignored), client, keys)
    if as_json:
        click.echo(json.dumps(snapshot.as_dict()))
    else:
        print_status(snapshot)
    if snapshot.problems:
        sys.exit(1)


@click.command(
    epilog="\b\nExamples:\n  copydesk drift                                 with the model's training\n"
    "  copydesk drift --save usual.json               the present as your own baseline\n"
    "  copydesk drift --baseline usual.json --last 5000"
)
@click.option("--last", type=click.IntRange(1), default=1000, show_default=True, help="How many articles, the newest.")
@click.option("--baseline", metavar="FILE", help="Compare with a baseline of your own.")
@click.option("--save", "save_to", metavar="FILE", help="Compare nothing: write these articles as a baseline.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def drift(last: int, baseline: str | None, save_to: str | None, as_json: bool) -> None:
    """Compare the newest articles with what the topic model was trained on, and say whether to retrain it.

    Each measure gets a population stability index: below 0.1 nothing has changed, up to 0.25 it is worth a look, above
    it is time to act; what chance alone explains counts as no change. Unknown words: of the different words of an
    article the share that the model does not know, as a mean over articles. Exit status 0 whatever is found.
    """
    from worker.classify.model import packaged
    from worker.drift import drift_of
    from worker.profiles import load_baseline, save
    from worker.show_service import print_drift

    if save_to and (baseline or as_json):
        raise click.UsageError("--save excludes --baseline and --json")
    model = packaged()
    if save_to:
        profile = _read_newest(last, model).profile
        save(profile, Path(save_to))
        click.echo(f"Wrote {save_to}, of {profile.articles} articles: copydesk drift --baseline {save_to}")
        return
    then = load_baseline(Path(baseline) if baseline else None, model)
    found = drift_of(baseline, then, _read_newest(last, model), model)
    if as_json:
        click.echo(json.dumps(found.as_dict()))
    else:
        print_drift(found)


def _read_newest(last: int, model: Model) -> Reading:
    """Look at the newest articles of the stream, with progress."""
    from rich.console import Console

    from worker.keys import Keys
    from worker.profiles import read_newest

    settings = load()
    with connected(settings) as client, Console(stderr=True).status("reading") as status:
        return read_newest(client, Keys(settings.prefix).articles, last, model, status.update)
