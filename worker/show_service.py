"""What people see of the service: its status, and its drift, as readable pages."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from worker.drift import Drift, Measure, advice, finding, moved
from worker.groups import Group
from worker.status import Status

TOPICS_SHOWN = 3  # of those whose shares have moved
JUDGED = {"too few": "dim", "no change": "green", "better": "green", "look": "yellow", "act": "red"}


def print_status(status: Status) -> None:
    """The state of the service as a table."""
    console = Console(highlight=False, soft_wrap=True)
    table = Table.grid(padding=(0, 2))
    rows = {
        "waiting": f"{status.waiting} files in the inbox",
        "in flight": f"{status.in_flight} files claimed",
        "queue": f"{status.queued} batches queued, {status.in_hand} in workers' hands",
        "articles": f"{status.articles} entries on the stream",
        "rejected": f"{status.rejected} entries on the rejected stream",
    }
    for stream, entries in status.topic_streams.items():
        rows[stream] = f"{entries} entries"
    for group in status.groups:
        rows[f"{group.stream}, group {group.name}"] = _of_group(group)
    for name, age in status.parts.items():
        rows[name] = f"reported {age:.0f} s ago"
    for name, value in rows.items():
        table.add_row(Text(name, style="bold"), value)
    console.print(table)
    for note in status.notes:
        console.print(Text(note, style="yellow"))
    for problem in status.problems:
        console.print(Text(f"! {problem}", style="red"))


def _of_group(group: Group) -> str:
    lag = f"{group.lag:,}+" if group.more else f"{group.lag}"
    members = "1 consumer" if group.consumers == 1 else f"{group.consumers} consumers"
    needs = "" if group.needs is None else f", the oldest {_age(group.needs)} old"
    return f"{lag} not read yet, {group.pending} not acknowledged{needs}; {members}"


def _age(seconds: float) -> str:
    """A length of time, roughly."""
    for unit, size in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def print_drift(drift: Drift) -> None:
    """The comparison as a table, what it means, and what to do."""
    console = Console(highlight=False, soft_wrap=True)
    now = drift.reading.profile
    console.print(Text(f"{now.articles} articles, {now.measured} of them read by the model {now.model}"))
    console.print(Text(f"compared with {drift.compared_with}\n"))
    table = Table(box=None, padding=(0, 2), pad_edge=False)
    for name in ("", "baseline", "now", "index", "by chance", "judgement"):
        table.add_column(name, justify="left" if name in ("", "judgement") else "right")
    for measure in drift.measures:
        _add_measure(table, measure)
        if measure.name == "topics" and measure.index is not None:
            for topic, before, after, added in moved(drift.then, now, TOPICS_SHOWN):
                table.add_row(f"  {topic}", _percent(before), _percent(after), f"{added:.3f}", style="dim")
    console.print(table)
    console.print()
    notes = {
        "articles were given topics by another model: only their languages are compared": drift.reading.other_model,
        "entries of the stream are no articles that can be read": drift.reading.unreadable,
    }
    for note, count in notes.items():
        if count:
            console.print(Text(f"{count} {note}", style="yellow"))
    console.print(Text(finding(drift), style=JUDGED[drift.judgement]))
    console.print(Text(f"→ {advice(drift)}"))


def _add_measure(table: Table, measure: Measure) -> None:
    table.add_row(
        Text(measure.name.replace("_", " "), style="bold"),
        _percent(measure.then),
        _percent(measure.now),
        "–" if measure.index is None else f"{measure.index:.3f}",
        "–" if measure.by_chance is None else f"{measure.by_chance:.3f}",
        Text(measure.judgement, style=JUDGED[measure.judgement]),
    )


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
