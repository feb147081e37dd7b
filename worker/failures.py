"""``copydesk failed`` and ``copydesk retry``: what was rejected and why, and putting it back."""

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from rich.console import Console
from rich.text import Text

from schemas.rejection import Rejection
from worker.claim import new_claim_id
from worker.errors import CopydeskError
from worker.folder import made_folder, opened_folder, prune, rename_new
from worker.inbox import DONE, FAILED, Inbox
from worker.names import display, with_suffix
from worker.sidecar import sidecar_name, sidecar_of


@dataclass(frozen=True, slots=True)
class Failure:
    """A rejected file, or one with rejected articles.

    Attributes:
        path: Below ``_failed/`` or ``_done/``, day first.
        rejection: Why; None where its sidecar is missing.
        top: Which of the two.
    """

    path: str
    rejection: Rejection | None
    top: str = FAILED


def failures(inbox: Inbox) -> Iterator[Failure]:
    """What was rejected and still lies in ``_failed/``, oldest day first."""
    if not inbox.root.is_dir():
        return
    with contextlib.suppress(FileNotFoundError), inbox.opened() as root, opened_folder(root, [FAILED]) as folder:
        yield from _below(folder, "")


def partly_rejected(inbox: Inbox) -> Iterator[Failure]:
    """The files in ``_done/`` some of whose articles were rejected, oldest day first."""
    if not inbox.root.is_dir():
        return
    with contextlib.suppress(FileNotFoundError), inbox.opened() as root, opened_folder(root, [DONE]) as folder:
        for found in _below(folder, "", explained=True):
            if found.rejection:
                yield replace(found, top=DONE)


def _below(folder: int, prefix: str, *, explained: bool = False) -> Iterator[Failure]:
    """The files below a folder but for sidecars; of those without one, where only the explained are asked for, none."""
    names = sorted(os.listdir(folder))
    known = set(names)
    sidecars = {sidecar_name(name) for name in names}
    for name in names:
        try:
            with opened_folder(folder, [name]) as below:
                yield from _below(below, f"{prefix}{name}/", explained=explained)
        except NotADirectoryError:
            told = not explained or sidecar_name(name) in known
            if prefix and told and not name.startswith(".") and name not in sidecars:
                yield Failure(prefix + name, sidecar_of(folder, name))


def put_back(inbox: Inbox, failure: Failure, now: datetime) -> str:
    """Move a rejected file back to where it was dropped, and remove its sidecar.

    Returns:
        Its path in the inbox, with a suffix where the name has been taken since.

    Raises:
        FileNotFoundError: It is no longer there.
    """
    day, *parents, name = failure.path.split("/")
    with (
        inbox.opened() as root,
        opened_folder(root, [FAILED, day, *parents]) as source,
        made_folder(root, parents) as target,
    ):
        for final in (name, with_suffix(name, new_claim_id(now).rpartition("-")[2])):
            if rename_new(source, name, target, final):
                break
        else:
            raise FileExistsError(f"the inbox holds {display(name)} under both its names")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(sidecar_name(name), dir_fd=source)
        prune(root, [FAILED, day, *parents], keep=1)
    return "/".join([*parents, final])


def print_failures(found: Iterable[Failure], *, as_json: bool) -> None:
    """Print each rejected file with its reason and what to do about it."""
    console = Console(soft_wrap=True, highlight=False)
    count = 0
    for failure in found:
        count += 1
        if as_json:
            console.out(json.dumps(as_dict(failure)), highlight=False)
            continue
        why = failure.rejection
        top = "" if failure.top == FAILED else f"{failure.top}/"
        console.print(Text(top + display(failure.path), style="bold"))
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
    return {**why, "path": f"{failure.top}/{display(failure.path)}"}


def put_all_back(inbox: Inbox, wanted: Sequence[str] | None) -> None:
    """Move rejected files back to where they were dropped, and say so.

    Args:
        inbox: Where.
        wanted: Paths as ``print_failures`` prints them, file names or patterns such as ``*.txt``; None: all.

    Raises:
        CopydeskError: A wanted path matches nothing, or a file could not be moved.
    """
    console = Console(soft_wrap=True, highlight=False)
    found = list(failures(inbox))
    chosen = found if wanted is None else []
    for pattern in wanted or ():
        matching = [failure for failure in found if _is_meant(failure, pattern)]
        if not matching:
            raise CopydeskError(f"nothing that was rejected is called {pattern}; `copydesk failed` lists what is there")
        chosen += [failure for failure in matching if failure not in chosen]
    left = 0
    for failure in chosen:
        try:
            place = put_back(inbox, failure, datetime.now(UTC))
        except OSError as error:
            left += 1
            console.print(Text(f"{display(failure.path)} stays: {error.strerror or error}", style="red"))
        else:
            console.print(Text(f"{display(failure.path)} → {display(place)}"))
    if not chosen:
        console.print("Nothing was rejected.")
    if left:
        raise CopydeskError(f"{left} of {len(chosen)} files could not be put back")


def _is_meant(failure: Failure, pattern: str) -> bool:
    path = display(failure.path)
    pattern = pattern.removeprefix(f"{FAILED}/").partition(f"/{FAILED}/")[2] or pattern.removeprefix(f"{FAILED}/")
    names = (path, path.partition("/")[2], path.rpartition("/")[2])
    return pattern in names or any(fnmatchcase(name, pattern) for name in names)
