"""Deliberately broken copies of the product, so that one can see the harness catch what it is for."""

import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of source, and what is put in its place."""

    file: str
    old: str
    new: str


BREAKS: dict[str, tuple[Change, ...]] = {
    "ledger": (Change("worker/publish.lua", "redis.call('HGET', ledger, content) or ''", "''"),),
    "parts": (
        Change("worker/publish.lua", "local known = parts and redis.call('HGET', parts, result.number)", "local known"),
        Change("worker/parts.py", "self._done = at.checks.parts(self._claim)", "self._done = {}"),
    ),
    "reconcile": (
        Change("worker/flights.py", "        for claim in self._inbox.claims():", "        for claim in ():"),
    ),
    "late-acks": (
        Change("worker/celery.py", '"task_acks_late": True', '"task_acks_late": False'),
        Change("worker/celery.py", '"task_reject_on_worker_lost": True', '"task_reject_on_worker_lost": False'),
    ),
    "copy": (
        Change(
            "worker/claimed.py",
            "                    return rename_new(found.folder, found.name, target, found.name)",
            "                    from shutil import copyfile\n"
            "                    source, copy = (f'/proc/self/fd/{at}/{found.name}' for at in (found.folder, target))\n"
            "                    copyfile(source, copy, follow_symlinks=False)\n"
            "                    os.unlink(source)\n"
            "                    return True",
        ),
    ),
}


def broken_product(name: str, folder: Path) -> Path:
    """A copy of the product with one thing broken.

    Raises:
        ValueError: The source is no longer what the change was written for.
    """
    for package in ("worker", "schemas"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for change in BREAKS[name]:
        path = folder / change.file
        source = path.read_text(encoding="utf-8")
        if source.count(change.old) != 1:
            raise ValueError(f"{change.file} holds this {source.count(change.old)} times and not once: {change.old}")
        path.write_text(source.replace(change.old, change.new), encoding="utf-8")
    return folder
