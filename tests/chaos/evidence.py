"""What lies on the disk and on the streams at the end of a round, and what is kept of it for reading."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import redis

from tests.chaos.verdict import Dropped, Entry, Found, Place, digest_of
from worker.keys import Keys

CLAIM = re.compile(r'"claim": "([^"]+)"')
SIDECAR = ".error.json"
PLACES: dict[str, Place] = {"_claimed": "claimed", "_done": "done", "_failed": "failed"}


def files_below(inbox: Path) -> list[Found]:
    """Every file below the inbox, but for hidden ones: those are nobody's yet."""
    return list(_files_below(inbox))


def _files_below(inbox: Path) -> Iterator[Found]:
    for here, folders, everything in os.walk(inbox):
        folders[:] = [name for name in folders if not name.startswith(".")]
        names = {name for name in everything if not name.startswith(".")}
        for name in names:
            path = Path(here, name)
            explains = name.endswith(SIDECAR) and name.removesuffix(SIDECAR) in names
            if not explains:
                first, *rest = path.relative_to(inbox).parts
                place = PLACES.get(first, "waiting")
                below = "/".join([first, *rest] if place == "waiting" else rest[1:])  # without the day or the claim
                yield Found(place, below, digest_of(_content(path)), explained=name + SIDECAR in names)


def _content(path: Path) -> bytes:
    try:
        return b"link to " + os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
    except FileNotFoundError:
        return b"moved away while it was read"


def entries_of(client: "redis.Redis", keys: Keys) -> tuple[list[Entry], list[str]]:
    """The stream of articles, and the path in each entry of the rejected one."""
    articles: Any = client.xrange(keys.articles)
    rejected: Any = client.xrange(keys.rejected)
    return (
        [_entry(fields) for _, fields in articles],
        [json.loads(fields[b"data"])["path"] for _, fields in rejected],
    )


def _entry(fields: dict[bytes, bytes]) -> Entry:
    record = json.loads(fields[b"data"])
    return Entry(
        ce_id=fields[b"ce_id"].decode(),
        subject=fields[b"ce_subject"].decode(),
        version=record["version"],
        folder=record["source"]["folder"] or "",
        digest=record["provenance"]["file_sha256"],
        path=record["provenance"]["path"],
    )


def submitted_again(logs: Iterable[Path]) -> int:
    """How many of the submissions in the service's logs were not their claim's first."""
    claims: Counter[str] = Counter()
    for path in logs:
        with path.open(errors="replace") as lines:
            claims.update(found[1] for line in lines if '"submitted"' in line and (found := CLAIM.search(line)))
    return claims.total() - len(claims)


def keep(folder: Path, dropped: list[Dropped], found: list[Found], entries: list[Entry], rejected: list[str]) -> None:
    """Write down what the verdict was made from: the disks of the round vanish with it."""
    for name, lines in (("dropped", dropped), ("found", found), ("entries", entries), ("rejected", rejected)):
        (folder / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines))
