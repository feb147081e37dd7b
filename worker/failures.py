"""``copydesk failed`` and ``copydesk retry``: what was rejected and why, and putting it back."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from rich.console import Console
from rich.text import Text

from worker.errors import CopydeskError
from worker.inbox import FAILED, Failure, Inbox
from worker.names import display


def print_failures(failures: Iterable[Failure], *, as_json: bool) -> None:
    """Print each rejected file with its reason and what to do about it."""
    console = Console(soft_wrap=True, highlight=False)
    count = 0
    for failure in failures:
        count += 1
        if as_json:
            console.out(json.dumps(as_dict(failure)), highlight=False)
            continue
        why = failure.rejection
        console.print(Text(display(failure.path), style="bold"))
        if why is None:
            console.print("  no reason is recorded: its .error.json is missing")
        else:
            console.print(Text(f"  {why.stage}: {why.reason}" + (f" ({why.field})" if why.field else ""), style="red"))
            console.print(Text(f"  {why.detail}\n  → {why.hint}"))
    if not count and not as_json:
        console.print("Nothing was rejected.")


def as_dict(failure: Failure) -> dict[str, Any]:
    """A failure as JSON: where it lies, and the rejection's fields."""
    why = failure.rejection.model_dump(mode="json") if failure.rejection else {}
    return {**why, "path": f"{FAILED}/{display(failure.path)}"}


def put_back(inbox: Inbox, wanted: Sequence[str] | None) -> None:
    """Move rejected files back to where they were dropped, and say so.

    Args:
        inbox: Where.
        wanted: Paths as ``print_failures`` prints them, file names or patterns such as ``*.txt``; None: all.

    Raises:
        CopydeskError: A wanted path matches nothing.
    """
    console = Console(soft_wrap=True, highlight=False)
    failures = list(inbox.failures())
    chosen = failures if wanted is None else []
    for pattern in wanted or ():
        matching = [failure for failure in failures if _is_meant(failure, pattern)]
        if not matching:
            raise CopydeskError(f"nothing that was rejected is called {pattern}; `copydesk failed` lists what is there")
        chosen += [failure for failure in matching if failure not in chosen]
    for failure in chosen:
        place = inbox.put_back(failure, datetime.now(UTC))
        console.print(Text(f"{display(failure.path)} → {display(place)}"))
    if not chosen:
        console.print("Nothing was rejected.")


def _is_meant(failure: Failure, pattern: str) -> bool:
    path = display(failure.path)
    pattern = pattern.removeprefix(f"{FAILED}/").partition(f"/{FAILED}/")[2] or pattern.removeprefix(f"{FAILED}/")
    return any(fnmatchcase(name, pattern) for name in (path, path.partition("/")[2], path.rpartition("/")[2]))
