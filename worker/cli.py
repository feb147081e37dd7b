"""The command line: ``copydesk``."""

from __future__ import annotations

import sys
from typing import Any

import click

from worker import __version__
from worker.commands import files, looking, running, topics
from worker.errors import CopydeskError

EXAMPLES = """
\b
Examples:
  copydesk up                          everything in one terminal
  cp article.txt inbox/                drop an article
  copydesk tail                        follow the records
  copydesk inspect article.txt         see what would become of a file
"""


COMMANDS = (
    running.up,
    running.watch,
    running.worker,
    running.webhooks,
    running.serve,
    looking.tail,
    looking.status,
    looking.drift,
    files.inspect,
    files.failed,
    files.retry,
    files.verify,
    files.replay,
    topics.train,
    topics.rules,
)


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


for command in COMMANDS:
    main.add_command(command)


if __name__ == "__main__":
    main(prog_name="copydesk")
