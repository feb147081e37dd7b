"""The command line: ``copydesk``. Each command imports what it needs when it runs, so that help is quick."""

from __future__ import annotations

import contextlib
import json
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worker import __version__
from worker.errors import CopydeskError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    import redis

    from worker.classify.model import Model
    from worker.profiles import Reading
    from worker.settings import Settings

EXAMPLES = """
\b
Examples:
  copydesk up                          everything in one terminal
  cp article.txt inbox/                drop an article
  copydesk tail                        follow the records
  copydesk inspect article.txt         see what would become of a file
"""


class Group(click.Group):
    """A group whose commands end with one line, not a stack trace, when the user or the world is at fault."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except CopydeskError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            sys.stderr.close()  # the reader of our output has gone; say nothing about it
            ctx.exit(1)


@click.group(cls=Group, epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="copydesk")
def main() -> None:
    """Drop article files into a folder; read clean, classified records from a Redis stream, each exactly once.

    Settings are environment variables with the prefix COPYDESK_; the README lists them all.
    """


@main.command(epilog="\b\nExample:\n  COPYDESK_INBOX=~/news copydesk up")
def up() -> None:
    """Run everything in this terminal: Redis (unless COPYDESK_REDIS_URL is set), watcher and workers."""
    from rich.console import Console

    from worker.up import run_all

    settings = _start()
    run_all(settings, Console(), _stop_on_signal())


@main.command(epilog="\b\nExample:\n  COPYDESK_REDIS_URL=redis://localhost:6379/0 copydesk watch")
def watch() -> None:
    """Watch the inbox: claim what is dropped, submit it, move it when its outcome is known."""
    from worker.hints import Hints
    from worker.service import make_watcher

    settings = _start()
    with contextlib.closing(Hints(settings.inbox)) as hints:
        make_watcher(settings).run(_stop_on_signal(hints.wake), hints)


@main.command(epilog="\b\nExample:\n  COPYDESK_CONCURRENCY=4 copydesk worker")
def worker() -> None:
    """Run worker processes, as `celery -A worker worker` does."""
    import os

    from worker.celery import app

    settings = _start()
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


@main.command(
    epilog="\b\nExamples:\n  copydesk inspect article.txt\n  copydesk inspect --json folder/ > records.jsonl\n"
    "  copydesk inspect --diff article.txt\n  pbpaste | copydesk inspect --name pasted.txt -"
)
@click.argument("paths", nargs=-1, required=True, metavar="FILE…")
@click.option("--json", "as_json", is_flag=True, help="One record a line, in input order.")
@click.option("--diff", is_flag=True, help="Each line of the file: kept (+) or cut (-), and what it is.")
@click.option("--name", default="stdin", help="The file name that standard input (-) gets.")
def inspect(paths: tuple[str, ...], as_json: bool, diff: bool, name: str) -> None:
    """Show what would become of files, without Redis: FILE is a file, a folder, or - for standard input.

    Exit status 0 when every article in them gave a record, 1 when one was rejected.
    """
    from worker.inspect import compare_all, inspect_all

    if as_json and diff:
        raise click.UsageError("--json and --diff exclude each other")
    settings = _settings()
    good = compare_all(paths, name, settings) if diff else inspect_all(paths, name, settings, as_json=as_json)
    if not good:
        sys.exit(1)


@main.command(
    epilog="\b\nExamples:\n  copydesk tail --topic defense\n  copydesk tail --json --from-start | jq .headline"
)
@click.option("--json", "as_json", is_flag=True, help="The whole record, one a line.")
@click.option("--topic", "topics", multiple=True, help="Only articles with this primary topic; may be repeated.")
@click.option("--rejected", is_flag=True, help="The rejected stream instead.")
@click.option("--from-start", is_flag=True, help="From the oldest entry, not only new ones.")
@click.option("--count", type=click.IntRange(1), help="End after so many entries.")
def tail(as_json: bool, topics: tuple[str, ...], rejected: bool, from_start: bool, count: int | None) -> None:
    """Follow the stream."""
    from worker.keys import Keys
    from worker.tail import follow

    settings = _settings()
    with _redis(settings) as client:
        keys = Keys(settings.prefix)
        stream, start = keys.rejected if rejected else keys.articles, "0" if from_start else "$"
        follow(client, stream, _stop_on_signal(), as_json=as_json, topics=set(topics), start=start, count=count)


@main.command(epilog="\b\nExamples:\n  copydesk status\n  copydesk status --check worker   (for health checks)")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.option(
    "--check",
    type=click.Choice(["watcher", "worker"]),
    help="Exit with 1 unless this part, on this machine, reports and makes progress.",
)
def status(as_json: bool, check: str | None) -> None:
    """Show queues, counts, consumer lag and health."""
    import time

    from worker import alive
    from worker.celery import stuck_after
    from worker.inbox import Inbox
    from worker.keys import Keys
    from worker.show import print_status
    from worker.status import take_snapshot

    settings = _settings()
    keys = Keys(settings.prefix)
    with _redis(settings) as client:
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


@main.command(epilog="\b\nExamples:\n  copydesk failed\n  copydesk failed --json | jq -r .reason | sort | uniq -c")
@click.option("--json", "as_json", is_flag=True, help="One rejection a line.")
def failed(as_json: bool) -> None:
    """List what was rejected, why, and what to do: files in _failed/, and those in _done/ with rejected articles."""
    from itertools import chain

    from worker.failures import failures, partly_rejected, print_failures
    from worker.inbox import Inbox

    inbox = Inbox(_settings().inbox)
    print_failures(chain(failures(inbox), partly_rejected(inbox)), as_json=as_json)


@main.command(epilog="\b\nExamples:\n  copydesk retry 2026-01-31/photo.png\n  copydesk retry --all")
@click.argument("paths", nargs=-1, metavar="[PATH…]")
@click.option("--all", "everything", is_flag=True, help="Everything that was rejected.")
def retry(paths: tuple[str, ...], everything: bool) -> None:
    """Put rejected files back into the inbox. PATH is as `copydesk failed` prints it, or the file's name."""
    from worker.failures import put_all_back
    from worker.inbox import Inbox

    if bool(paths) == everything:
        raise click.UsageError("give either paths, or --all")
    put_all_back(Inbox(_settings().inbox), None if everything else paths)


@main.command(epilog="\b\nExamples:\n  copydesk verify\n  copydesk verify --json | jq .problems")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def verify(as_json: bool) -> None:
    """Audit: every file that was claimed is published, rejected or in flight, and every entry has one source.

    Exit status 1 when something is off, with a list of it.
    """
    from rich.console import Console

    from worker.inbox import Inbox
    from worker.verify import print_audit
    from worker.verify import verify as audit

    settings = _settings()
    with _redis(settings) as client, Console(stderr=True).status("verifying") as status:
        result = audit(settings, Inbox(settings.inbox, settings.ignored), client, status.update)
    if as_json:
        click.echo(json.dumps(result.as_dict()))
    else:
        print_audit(Console(soft_wrap=True), result)
    if result.problems:
        sys.exit(1)


@main.command(
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
    from pathlib import Path

    from worker.classify.model import packaged
    from worker.drift import drift_of
    from worker.profiles import load_baseline, save
    from worker.show import print_drift

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


@main.command(
    epilog="\b\nExamples:\n  copydesk replay --all                       after the stream was lost or trimmed\n"
    "  copydesk replay --pipeline 0.1.0            after an upgrade\n"
    "  copydesk replay --folder agency --since 2026-01-01 --until 2026-01-31 --topic defense"
)
@click.option("--all", "everything", is_flag=True, help="All that was published.")
@click.option("--folder", help="What was dropped in this sub-folder of the inbox.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="What was claimed on this UTC day or later.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="What was claimed on this UTC day or earlier.")
@click.option("--topic", help="What has this primary topic.")
@click.option("--pipeline", help="What this version of the pipeline made.")
def replay(
    everything: bool,
    folder: str | None,
    since: datetime | None,
    until: datetime | None,
    topic: str | None,
    pipeline: str | None,
) -> None:
    """Publish files in _done/ again whose entry is missing, or was made by another version of the pipeline.

    What is on the stream as it should be stays as it is, so a replay may be repeated.
    """
    from worker.connection import translated
    from worker.inbox import Inbox
    from worker.journal import Journal
    from worker.logs import configure
    from worker.replay import Replay, Selection, replay_all
    from worker.service import make_flights

    first, last = (f"{day:%Y%m%d}" if day else None for day in (since, until))
    selection = Selection(folder, first, last, topic, pipeline)
    if everything == (selection != Selection()):
        raise click.UsageError("say what to replay: --all, or any of the other options")
    settings = _settings()
    configure(settings.log_format, "warning")
    with _redis(settings) as client, translated(settings.address):
        inbox = Inbox(settings.inbox, settings.ignored)
        inbox.prepare()
        journal = Journal(inbox)
        flights = make_flights(settings, inbox, journal, client)
        replay_all(Replay(settings, inbox, journal, client, flights), selection, _stop_on_signal())


@main.command(
    epilog="\b\nExample:\n  copydesk train --examples labelled/ --output own-topics.npz\n"
    "  (labelled/drones/*.txt are about drones, labelled/other/*.html about none of the topics)"
)
@click.option("--examples", required=True, type=click.Path(path_type=Path), help="A folder for each topic, and other/.")
@click.option("--output", default="own-topics.npz", type=click.Path(path_type=Path), help="Where the model is written.")
def train(examples: Path, output: Path) -> None:
    """Learn topics of your own from a few dozen labelled files, in any format that the service reads.

    Each sub-folder is a topic and holds articles about it; other/ holds articles about none of them.
    """
    from worker.train import train as train_topics

    train_topics(examples, output, _settings())


@main.group(epilog="\b\nExamples:\n  copydesk rules check own.toml\n  copydesk rules diff - own.toml")
def rules() -> None:
    """Check topic rules before they are used, and see what they would change."""


@rules.command(epilog="\b\nExamples:\n  copydesk rules check own.toml\n  COPYDESK_RULES=own.toml copydesk rules check")
@click.argument("file", required=False, type=click.Path(path_type=Path))
def check(file: Path | None) -> None:
    """Check the packaged rules and FILE (default: COPYDESK_RULES): form, ids, and every rule's own examples.

    Exit status 1 when something is wrong.
    """
    from rich.console import Console

    from worker import rules_check

    if not rules_check.check(file or _settings().rules, Console(soft_wrap=True, highlight=False)):
        sys.exit(1)


@rules.command(
    epilog="\b\nExamples:\n  copydesk rules diff - own.toml               what your first rules would change\n"
    "  copydesk rules diff own.toml new.toml --json | jq .article\n"
    "  copydesk rules diff own.toml new.toml --publish"
)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One article a line; what it comes to is on standard error.")
@click.option("--publish", is_flag=True, help="Put what changes on the stream, as article.reclassified.v1.")
def diff(old: Path, new: Path, as_json: bool, publish: bool) -> None:
    """Show which published articles would have other topics with the rules of NEW than with those of OLD.

    Both are rule files of your own, read beside the packaged rules; - stands for none. The articles are read from the
    files in _done/. What --publish has published once is not published again, so the command may be repeated.

    Exit status 1 when something could not be read or published.
    """
    from worker.logs import configure
    from worker.rules_report import compare

    settings = _settings()
    configure(settings.log_format, "warning")
    files = [None if str(file) == "-" else file for file in (old, new)]
    with _redis(settings) if publish else contextlib.nullcontext() as client:
        good = compare(settings, files[0], files[1], client, _stop_on_signal(), as_json=as_json)
    if publish:
        setting = f"COPYDESK_RULES={new}" if files[1] else "no COPYDESK_RULES"
        click.echo(
            f"Restart the workers with {setting} if they do not run so yet: until then new articles get their topics "
            "by the old rules. What came in meanwhile is published by this same command once more.",
            err=True,
        )
    if not good:
        sys.exit(1)


def _read_newest(last: int, model: Model) -> Reading:
    """Look at the newest articles of the stream, with progress."""
    from rich.console import Console

    from worker.keys import Keys
    from worker.profiles import read_newest

    settings = _settings()
    with _redis(settings) as client, Console(stderr=True).status("reading") as status:
        return read_newest(client, Keys(settings.prefix).articles, last, model, status.update)


def _settings() -> Settings:
    from worker.settings import load_settings

    return load_settings()


def _start() -> Settings:
    """The settings, with logging set up: how a part of the service begins."""
    from worker.logs import configure

    settings = _settings()
    configure(settings.log_format, settings.log_level)
    return settings


@contextlib.contextmanager
def _redis(settings: Settings) -> Iterator[redis.Redis]:
    """A client for one command, with its errors as one line that says what to do.

    Raises:
        Unavailable: It cannot be reached.
    """
    from worker.connection import connect, translated

    with connect(settings.address) as client:
        try:
            with translated(settings.address):
                client.ping()
                yield client
        except Unavailable as error:
            hint = "" if settings.redis_url else "; is `copydesk up` running? Else set COPYDESK_REDIS_URL"
            raise Unavailable(f"{error}{hint}") from error


def _stop_on_signal(*wake: Callable[[], None]) -> threading.Event:
    """An event that Ctrl-C and SIGTERM set; what must then wake up is called."""
    stop = threading.Event()

    def set_all() -> None:
        stop.set()
        for wake_up in wake:
            wake_up()

    def on_signal(_signal: int, _frame: object) -> None:
        # Not here: the interrupted code may hold the event's own lock.
        threading.Thread(target=set_all).start()

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    return stop


if __name__ == "__main__":
    main(prog_name="copydesk")
