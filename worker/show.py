"""What people see: a record, a rejection and the status, as readable pages."""

from collections.abc import Iterable, Mapping

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from schemas.article import Article, TextField
from schemas.rejection import Rejection, Stage
from worker.drift import Drift, Measure, advice, finding, moved
from worker.groups import Group as ConsumerGroup
from worker.status import Status

MARKS = ("bold green", "bold cyan", "bold magenta", "bold yellow", "bold blue")  # one a topic, strongest first
CUT_SHOWN = 160  # characters of what was removed
TOPICS_SHOWN = 3  # of those whose shares have moved
JUDGED = {"too few": "dim", "no change": "green", "better": "green", "look": "yellow", "act": "red"}


def print_record(console: Console, article: Article, timings: Mapping[Stage, float]) -> None:
    """A record: its parts, its text with the evidence marked, what was removed, milliseconds per stage."""
    marks = {topic.id: MARKS[min(rank, len(MARKS) - 1)] for rank, topic in enumerate(article.topics)}
    parts: list[RenderableType] = [
        _facts(article),
        Text(),
        _topics(article, marks),
        Text(),
        _marked(article, "text", article.text, marks),
        Text(),
        _removed(article),
        Text(" · ".join(f"{stage} {ms:.1f} ms" for stage, ms in timings.items()), style="dim"),
    ]
    headline = _marked(article, "headline", article.headline, marks)
    console.print(Panel(Group(*parts), title=headline, title_align="left", subtitle=article.provenance.path))


def _facts(article: Article) -> Table:
    table = Table.grid(padding=(0, 2))
    published = article.published
    zone = "" if published is None or published.timezone_known else "  (no zone given)"
    source = ", ".join(filter(None, (article.source.name, article.source.url, article.source.folder)))
    rows = {
        "standfirst": article.standfirst,
        "byline": ", ".join(article.byline),
        "published": published and published.value + zone,
        "source": source,
        "language": f"{article.language.code} ({article.language.confidence:.2f})",
        "captions": "\n".join(article.captions),
        "body": f"{len(article.body)} blocks, {article.word_count} words",
        "warnings": "\n".join(article.provenance.warnings),
    }
    for name, value in rows.items():
        if value:
            table.add_row(Text(name, style="dim"), Text(value))
    return table


def _topics(article: Article, marks: Mapping[str, str]) -> Table | Text:
    if not article.topics:
        return Text("no topic: the classifier abstained", style="dim")
    table = Table.grid(padding=(0, 2))
    for topic in article.topics:
        words = ", ".join(dict.fromkeys(span.text for span in topic.evidence if span.weight > 0))
        table.add_row(Text(topic.id, style=marks[topic.id]), Text(f"{topic.confidence:.2f}"), Text(words, style="dim"))
    return table


def _marked(article: Article, field: TextField, content: str, marks: Mapping[str, str]) -> Text:
    """The content with each topic's evidence in the topic's style, the strongest topic on top."""
    text = Text(content)
    for topic in reversed(article.topics):
        for span in topic.evidence:
            if span.field == field:
                text.stylize(marks[topic.id], span.start, span.end)
    return text


def _removed(article: Article) -> Text:
    text = Text()
    for cut in article.provenance.removed:
        shown = cut.text if len(cut.text) <= CUT_SHOWN else cut.text[: CUT_SHOWN - 1] + "…"
        text.append(f"removed ({cut.kind}): ", style="red").append(f"{shown}\n", style="dim")
    return text


def print_decisions(console: Console, path: str, lines: Iterable[tuple[bool, str, str]]) -> None:
    """Each line of a file: whether it was kept, what it is, its text."""
    console.print(Text(path, style="bold"))
    table = Table.grid(padding=(0, 2))
    for kept, role, text in lines:
        table.add_row(
            Text("+" if kept else "-"), Text(role.replace("_", " ")), Text(text), style="green" if kept else "red"
        )
    console.print(table)


def print_rejection(console: Console, rejection: Rejection) -> None:
    """Why a file gave no record, and what to do."""
    body = Text.assemble((f"{rejection.stage}: {rejection.reason}", "red"), f"\n{rejection.detail}\n→ {rejection.hint}")
    console.print(Panel(body, title=Text(rejection.path), title_align="left", border_style="red"))


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


def _of_group(group: ConsumerGroup) -> str:
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
