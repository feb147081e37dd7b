"""``copydesk verify``: gather the evidence from the folder, the journal and the streams, and show the audit."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import redis
from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.event import RECLASSIFIED
from worker.audit import Audit, Evidence, Stream, audit
from worker.connection import text_of
from worker.inbox import DONE, FAILED, Inbox
from worker.journal import Journal
from worker.keys import Keys
from worker.ledger import Ledger, milliseconds
from worker.publish import DAY
from worker.settings import Settings
from worker.sidecar import sidecar_name

PAGE = 500  # entries read from a stream at a time
SHOWN = 50  # problems that are printed for people; --json has all

Progress = Callable[[str], None]


def verify(settings: Settings, inbox: Inbox, client: "redis.Redis", progress: Progress) -> Audit:
    """Audit one inbox. The service may work on meanwhile, so only what is off in two looks is off.

    Args:
        settings: For the prefix and the retention.
        inbox: The folder.
        client: Of the server.
        progress: Told what is being done, in words.

    Raises:
        redis.RedisError: The server does not answer.
        Unavailable: The inbox cannot be read.
    """
    result = audit(gather(settings, inbox, client, progress))
    if result.problems:
        progress("looking again")
        first = set(result.problems)
        result = audit(gather(settings, inbox, client, progress))
        result.problems = [problem for problem in result.problems if problem in first]
    return result


def gather(settings: Settings, inbox: Inbox, client: "redis.Redis", progress: Progress) -> Evidence:
    """One look at everything; raises as ``verify`` does."""
    keys, journal = Keys(settings.prefix), Journal(inbox)
    ledger = Ledger(client, keys, journal.identity(), settings.ledger_days)
    progress("reading the journal")
    days = journal.days()
    known = {claim_id: found for day in days for claim_id, found in journal.of_day(day).items()}
    begins = datetime.strptime(days[0], "%Y%m%d").replace(tzinfo=UTC) if days else datetime.now(UTC)
    trimmed = ledger.trimmed()  # before the streams are read
    progress("listing the folders")
    return Evidence(
        known=known,
        begins=begins.timestamp() * 1000,
        flying=frozenset(inbox.in_flight()),
        waiting=sum(1 for _ in inbox.waiting()),
        present=frozenset(settled_files(inbox, f"{begins:%Y-%m-%d}")),
        articles=read_stream(client, keys.articles, trimmed.get(keys.articles, (0, 0))[0], progress),
        rejections=read_stream(client, keys.rejected, trimmed.get(keys.rejected, (0, 0))[0], progress),
        retained_since=ledger.now() - settings.retention_days * DAY * 1000,
        healing=ledger.is_healing(),
        source=f"/copydesk/{inbox.name}",
        alone=len(list(client.scan_iter(keys.marker("*"), count=1000))) <= 1,
    )


def settled_files(inbox: Inbox, since: str) -> Iterator[str]:
    """The paths, relative to the inbox, of the files in ``_done/`` and ``_failed/`` of a day or later."""
    for top in (DONE, FAILED):
        for here, folders, names in os.walk(inbox.root / top):
            relative = os.path.relpath(here, inbox.root)
            if relative == top:
                folders[:] = [day for day in folders if day >= since]
            sidecars = {sidecar_name(name) for name in names}
            yield from (f"{relative}/{name}" for name in names if not name.startswith(".") and name not in sidecars)


def read_stream(client: "redis.Redis", name: str, trimmed: int, progress: Progress) -> Stream:
    """What a stream holds.

    Args:
        client: Of the server.
        name: Of the stream.
        trimmed: Up to which time (ms) it was trimmed.
        progress: Told how many entries are read.
    """
    stream, start = Stream(), "-"
    if client.exists(name):
        info: Any = client.xinfo_stream(name)
        stream.removed_up_to = max(trimmed, milliseconds(text_of(info.get("max-deleted-entry-id", "0-0"))))
    while found := _page(client, name, start):
        for entry, fields in found:
            event, source, trace, subject, data = (
                text_of(fields.get(key, b""))
                for key in (b"ce_id", b"ce_source", b"traceparent", b"ce_subject", b"data")
            )
            stream.events[event] += 1
            stream.sources.append((entry, source, trace))
            if text_of(fields.get(b"ce_type", b"")) == RECLASSIFIED:
                stream.reclassified += 1
            elif version := json.loads(data or "{}").get("version"):
                stream.versions[subject, version] += 1
        progress(f"{name}: {len(stream.sources)} entries read")
        start = f"({found[-1][0]}"
    return stream


def _page(client: "redis.Redis", name: str, start: str) -> list[tuple[str, dict[bytes, bytes]]]:
    found: Any = client.xrange(name, start, "+", count=PAGE)
    return [(text_of(entry), fields) for entry, fields in found]


def print_audit(console: Console, result: Audit) -> None:
    """The audit for people."""
    table = Table.grid(padding=(0, 2))
    rows = {
        "seen": f"{result.seen} files claimed",
        "published": f"{result.published}",
        "duplicate": f"{result.duplicate}, their content was published before",
        "failed": f"{result.failed}",
        "in flight": f"{result.in_flight}",
        "lost": f"{result.lost}",
        "articles": f"{result.articles_published} published, {result.articles_duplicate} published before, "
        f"{result.articles_rejected} rejected",
        "waiting": f"{result.waiting} files in the inbox",
        "streams": f"{result.entries} articles, {result.rejections} rejections",
    }
    for name, value in rows.items():
        table.add_row(Text(name, style="bold"), Text(value))
    console.print(table)
    notes = {
        "entries of settled files are past their retention or were removed": result.trimmed,
        "entries were lost and are being published again": result.healing,
        "entries tell that an article has other topics now": result.reclassified,
        "settled files were taken away or put back": result.archived,
        "entries are older than the journal": result.older,
        "entries are of other inboxes": result.foreign,
    }
    for note, count in notes.items():
        if count:
            console.print(f"  {count} {note}", highlight=False)
    for problem in result.problems[:SHOWN]:
        console.print(Text(f"! {problem.kind}: {problem.what}", style="red"))
        console.print(Text(f"  {problem.detail}\n  → {problem.hint}"))
    if len(result.problems) > SHOWN:
        console.print(f"  and {len(result.problems) - SHOWN} more; --json lists all")
    if not result.problems:
        console.print("Nothing is lost, and nothing is there twice.", style="green")
