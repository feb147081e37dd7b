"""What ``copydesk rules diff`` prints: each difference as it is found, then what it comes to."""

import contextlib
import sys
import threading
from pathlib import Path

import redis
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from worker.classify import load_classifier, primary_topic
from worker.inbox import Inbox
from worker.journal import Journal
from worker.keys import Keys
from worker.reclassify import Reclassifier
from worker.rereading import Rereader
from worker.rules_diff import Diff, Difference, Tally, ids
from worker.settings import Settings

SHOWN = 20  # of the files that could not be read
VERDICTS = {
    "published": "published",
    "known": "on the stream with these topics already",
    "superseded": "not published: another version is the current one by now",
    "forgotten": "not published: Redis no longer remembers them (COPYDESK_LEDGER_DAYS)",
    "read_differently": "not published: this pipeline reads them differently from the one that published them; "
    "run `copydesk replay --pipeline` for that one first",
    "healing": "not published: their entry was lost and is about to come again; run this command again then",
}


def compare(
    settings: Settings,
    old: Path | None,
    new: Path | None,
    client: "redis.Redis | None",
    stop: threading.Event,
    *,
    as_json: bool,
) -> bool:
    """Compare two rule files of a user's own on the archive, and print what differs.

    Args:
        settings: The inbox, and limits.
        old: The file before; None: the packaged rules alone. Likewise the next one.
        new: The file after.
        client: Where what changes is published; None: nowhere.
        stop: Ends it early.
        as_json: As in ``report``, whose result it gives.

    Raises:
        Misconfigured: A rule file is broken.
        Unavailable: The inbox cannot be read; or what ``Diff.run`` raises.
    """
    inbox = Inbox(settings.inbox, settings.ignored)
    reclassifier = None
    if client:
        inbox_id = Journal(inbox).identity()
        reclassifier = Reclassifier(
            client, Keys(settings.prefix), inbox.name, inbox_id, settings.ledger_days, settings.topics
        )
    before, after = (load_classifier(rules, settings.model) for rules in (old, new))
    with contextlib.closing(Rereader(before, after, settings)) as reader:
        return report(Diff(settings, inbox, reader, reclassifier), stop, as_json=as_json)


def report(diff: Diff, stop: threading.Event, *, as_json: bool) -> bool:
    """Run a comparison and print it, with progress on standard error.

    Args:
        diff: What is run; raises as it does.
        stop: Ends it early.
        as_json: A line of JSON for each difference, and what it comes to on standard error.

    Returns:
        Whether everything could be read, and published where that was asked for.
    """
    out, err = Console(soft_wrap=True, highlight=False), Console(stderr=True, soft_wrap=True, highlight=False)
    columns = (TextColumn("reading the archive"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Without a thread that refreshes it: the process that reads the files is forked from this one.
    # What goes to a terminal is printed above the bar; what goes to a file or a pipe is left alone.
    above = sys.stdout.isatty()
    with Progress(*columns, console=err, transient=True, auto_refresh=False, redirect_stdout=above) as bar:
        task = bar.add_task("files", total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, refresh=True)

        for found in diff.run(progress, stop):
            if as_json:
                out.out(found.as_json(), highlight=False)
            else:
                out.print(_shown(found))
    _print_tally(err if as_json else out, diff.tally)
    if stop.is_set():
        err.print("Stopped; the same command does it all.")
    return not (stop.is_set() or diff.tally.unread or diff.tally.verdicts["healing"])


def _shown(found: Difference) -> Text:
    """A difference for people."""
    old, new = (", ".join(ids(topics)) or "no topic" for topics in (found.old, found.new))
    before, after = (primary_topic(topics) or "none" for topics in (found.old, found.new))
    primary = f" (primary: {before} → {after})" if before != after else ""
    verdict = f" · {VERDICTS[found.verdict]}" if found.verdict else ""
    return Text.assemble(
        (found.article, "bold"), f" {found.file}\n  {old} → ", (new, "green"), (f"{primary}{verdict}", "dim")
    )


def _print_tally(console: Console, tally: Tally) -> None:
    topics = sorted(tally.gained.keys() | tally.lost.keys() | tally.primary_gained.keys() | tally.primary_lost.keys())
    if topics:
        table = Table(box=None, padding=(0, 2, 0, 0))
        for name in ("topic", "gained", "lost", "gained as primary", "lost as primary"):
            table.add_column(name, justify="left" if name == "topic" else "right")
        for topic in topics:
            counters = (tally.gained, tally.lost, tally.primary_gained, tally.primary_lost)
            table.add_row(topic, *(str(counter[topic]) for counter in counters))
        console.print(table)
    console.print(f"{tally.changed} of {tally.articles} articles change their topics.")
    for verdict, count in sorted(tally.verdicts.items()):
        console.print(f"{count} {VERDICTS[verdict]}")
    if tally.gone:
        console.print(f"{tally.gone} articles were passed over: their file is no longer in _done/.")
    for line in tally.unread[:SHOWN]:
        console.print(Text(f"! {line}", style="red"))
    if tally.unread:
        console.print(f"{len(tally.unread)} could not be read; `copydesk inspect FILE` says more.")
