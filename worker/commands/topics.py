"""Commands for topics of one's own."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import click

from worker.commands.common import connected, load, stop_on_signal


@click.command(
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

    train_topics(examples, output, load())


@click.group(epilog="\b\nExamples:\n  copydesk rules check own.toml\n  copydesk rules diff - own.toml")
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

    if not rules_check.check(file or load().rules, Console(soft_wrap=True, highlight=False)):
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

    settings = load()
    configure(settings.log_format, "warning")
    files = [None if str(file) == "-" else file for file in (old, new)]
    with connected(settings) if publish else contextlib.nullcontext() as client:
        good = compare(settings, files[0], files[1], client, stop_on_signal(), as_json=as_json)
    if publish:
        setting = f"COPYDESK_RULES={new}" if files[1] else "no COPYDESK_RULES"
        click.echo(
            f"Restart the workers with {setting} if they do not run so yet: until then new articles get their topics "
            "by the old rules. What came in meanwhile is published by this same command once more.",
            err=True,
        )
    if not good:
        sys.exit(1)
