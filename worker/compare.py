"""``copydesk inspect --diff``: what cleaning makes of each line of a file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from rich.console import Console

from worker.attempt import Failed, parts_of, wall
from worker.cleaning import decisions_of, is_kept
from worker.errors import Rejected
from worker.formats import read_document
from worker.inspect import explained, files, read, shown_name
from worker.models import Document
from worker.settings import Settings
from worker.show import print_decisions, print_rejection


def compare_all(paths: Sequence[str], name: str, settings: Settings) -> bool:
    """Print each line of each article, kept or cut, and what it is; arguments and result as in ``inspect_all``.

    Raises:
        Misconfigured: A path is not there.
    """
    console = Console()
    all_good = True
    for path, folder in files(paths):
        document = Document(shown_name(path, folder, name), b"", datetime.now(UTC))
        try:
            document = replace(document, data=read(path, settings.max_file_bytes))
            for _, part in parts_of(document, settings):
                all_good = _compare(console, part, settings) and all_good
        except (Rejected, Failed) as error:
            print_rejection(console, explained(error, document))
            all_good = False
    return all_good


def _compare(console: Console, part: Document, settings: Settings) -> bool:
    try:
        with wall(part, settings, settings.time_limit):
            decisions = decisions_of(read_document(part))
    except (Rejected, Failed) as error:
        print_rejection(console, explained(error, part))
        return False
    print_decisions(console, part.label, [(is_kept(line), line.role, line.line.text) for line in decisions])
    return True
