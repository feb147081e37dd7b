"""Honest writers: they put files into the inbox in every usual way, and report what is completely written."""

import contextlib
import errno
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.chaos.drops import Drop, File, Way
from tests.chaos.verdict import Dropped, digest_of

STAGING = ".staging"  # in the inbox, so that a rename is one; ignored for its name
NO_ROOM = {errno.ENOSPC, errno.EROFS, errno.EDQUOT}
PATIENCE = 0.1  # seconds before a writer that the disk refuses tries again
PIECE, PIECE_PAUSE = 100, 0.25  # bytes and seconds of a slow writer
LONG_AGO = 1_000_000_000  # seconds since the epoch


class Gate:
    """Lets those that write in place finish before the disk is filled, and begin only when it is free again."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._writing = 0
        self._closed = 0

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Held while a file is written in place."""
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._writing += 1
        try:
            yield
        finally:
            with self._changed:
                self._writing -= 1

    def close(self) -> None:
        """Let nobody begin."""
        with self._changed:
            self._closed += 1

    def is_quiet(self) -> bool:
        """Whether nobody writes any more."""
        with self._changed:
            return not self._writing

    def open(self) -> None:
        """Let them begin again."""
        with self._changed:
            self._closed -= 1
            self._changed.notify_all()


class Writer(threading.Thread):
    """Carries out the drops of a round.

    Args:
        inbox: The folder.
        drops: In order of time.
        seconds: How long the round's files take to arrive.
        gate: Closed during faults of the disk.

    Attributes:
        dropped: What is completely written.
        error: What a writer could not do for another reason than the disk: a fault of the harness.
    """

    def __init__(self, inbox: Path, drops: Sequence[Drop], seconds: float, gate: Gate) -> None:
        super().__init__(name="writer", daemon=True)
        self._inbox = inbox
        self._drops = drops
        self._seconds = seconds
        self._gate = gate
        self._slow: list[threading.Thread] = []
        self.dropped: list[Dropped] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        """Drop everything, each when it is time."""
        started = time.monotonic()
        for drop in self._drops:
            time.sleep(max(0.0, started + drop.at * self._seconds - time.monotonic()))
            if drop.way == "slow":
                thread = threading.Thread(target=self._write, args=(drop,), daemon=True)
                thread.start()
                self._slow.append(thread)
            else:
                self._write(drop)
        for thread in self._slow:
            thread.join()

    def _write(self, drop: Drop) -> None:
        try:
            for file, path in self._act(drop):
                content = b"link to " + file.content if drop.way == "symlink" else file.content
                self.dropped.append(Dropped(path, digest_of(content), file.fate, file.parts, file.bad))
        except BaseException as error:
            self.error = error
            raise

    def _act(self, drop: Drop) -> list[tuple[File, str]]:
        if drop.way == "folder":
            self._move_in(drop.files)
            return [(file, file.path) for file in drop.files]
        (file,) = drop.files
        persist(lambda: (self._inbox / file.path).parent.mkdir(parents=True, exist_ok=True))
        if drop.way in ("direct", "old", "slow"):
            with self._gate.writing():
                _write_in_place(self._inbox / file.path, file.content, drop.way)
        elif drop.way == "symlink":
            persist(lambda: os.symlink(file.content, self._inbox / file.path))
        else:
            return [(file, self._rename(file, link=drop.way == "link"))]
        return [(file, file.path)]

    def _rename(self, file: File, *, link: bool) -> str:
        """Write elsewhere and rename into place; a link never overwrites, so it may try the earlier name first."""
        temporary = self._inbox / STAGING / file.path.replace("/", "_")
        persist(lambda: _write_whole(temporary, file.content))
        if not link:
            persist(lambda: temporary.rename(self._inbox / file.path))
            return file.path
        path = file.earlier_name or file.path
        try:
            persist(lambda: (self._inbox / path).hardlink_to(temporary))
        except FileExistsError:
            path = file.path
            persist(lambda: (self._inbox / path).hardlink_to(temporary))
        persist(temporary.unlink)
        return path

    def _move_in(self, files: Sequence[File]) -> None:
        folder = files[0].path.partition("/")[0]
        for file in files:
            target = self._inbox / STAGING / file.path
            persist(lambda target=target: target.parent.mkdir(parents=True, exist_ok=True))
            persist(lambda target=target, file=file: _write_whole(target, file.content))
        persist(lambda: (self._inbox / STAGING / folder).rename(self._inbox / folder))


def persist(action: Callable[[], object]) -> None:
    """Do something as soon as the disk lets it."""
    while True:
        try:
            action()
            return
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            time.sleep(PATIENCE)


def _write_whole(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _write_in_place(path: Path, content: bytes, way: Way) -> None:
    with path.open("wb", buffering=0) as file:
        if way == "slow":
            for start in range(0, len(content), PIECE):
                file.write(content[start : start + PIECE])
                time.sleep(PIECE_PAUSE)
        else:
            file.write(content)
        if way == "old":
            os.utime(file.fileno(), (LONG_AGO, LONG_AGO))
