"""What people see of files: a record, a rejection, what was cut, as readable pages."""

from collections.abc import Iterable, Mapping

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from schemas.article import Article, TextField
from schemas.rejection import Rejection, Stage

MARKS = ("bold green", "bold cyan", "bold magenta", "bold yellow", "bold blue")  # one a topic, strongest first
CUT_SHOWN = 160  # characters of what was removed


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
