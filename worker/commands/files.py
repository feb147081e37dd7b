"""Commands on files: before they are dropped, and after they were settled."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from worker.commands.common import connected, load, stop_on_signal

if TYPE_CHECKING:
    from datetime import datetime


@click.command(
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
    if as_json and diff:
        raise click.UsageError("--json and --diff exclude each other")
    settings = load()
    if diff:
        from worker.compare import compare_all

        good = compare_all(paths, name, settings)
    else:
        from worker.inspect import inspect_all

        good = inspect_all(paths, name, settings, as_json=as_json)
    if not good:
        sys.exit(1)


@click.command(epilog="\b\nExamples:\n  copydesk failed\n  copydesk failed --json | jq -r .reason | sort | uniq -c")
@click.option("--json", "as_json", is_flag=True, help="One rejection a line.")
def failed(as_json: bool) -> None:
    """List what was rejected, why, and what to do: files in _failed/, and those in _done/ with rejected articles."""
    from itertools import chain

    from worker.failures import failures, partly_rejected, print_failures
    from worker.inbox import Inbox

    inbox = Inbox(load().inbox)
    print_failures(chain(failures(inbox), partly_rejected(inbox)), as_json=as_json)


@click.command(epilog="\b\nExamples:\n  copydesk retry 2026-01-31/photo.png\n  copydesk retry --all")
@click.argument("paths", nargs=-1, metavar="[PATH…]")
@click.option("--all", "everything", is_flag=True, help="Everything that was rejected.")
def retry(paths: tuple[str, ...], everything: bool) -> None:
    """Put rejected files back into the inbox. PATH is as `copydesk failed` prints it, or the file's name."""
    from worker.failures import put_all_back
    from worker.inbox import Inbox

    if bool(paths) == everything:
        raise click.UsageError("give either paths, or --all")
    put_all_back(Inbox(load().inbox), None if everything else paths)


@click.command(epilog="\b\nExamples:\n  copydesk verify\n  copydesk verify --json | jq .problems")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def verify(as_json: bool) -> None:
    """Audit: every file that was claimed is published, rejected or in flight, and every entry has one source.

    Exit status 1 when something is off, with a list of it.
    """
    from rich.console import Console

    from worker.inbox import Inbox
    from worker.verify import print_audit
    from worker.verify import verify as audit

    settings = load()
    with connected(settings) as client, Console(stderr=True).status("verifying") as status:
        result = audit(settings, Inbox(settings.inbox, settings.ignored), client, status.update)
    if as_json:
        click.echo(json.dumps(result.as_dict()))
    else:
        print_audit(Console(soft_wrap=True), result)
    if result.problems:
        sys.exit(1)


@click.command(
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
    settings = load()
    configure(settings.log_format, "warning")
    with connected(settings) as client, translated(settings.address):
        inbox = Inbox(settings.inbox, settings.ignored)
        inbox.prepare()
        journal = Journal(inbox)
        flights = make_flights(settings, inbox, journal, client)
        replay_all(Replay(settings, inbox, journal, client, flights), selection, stop_on_signal())
