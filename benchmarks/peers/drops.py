"""The files of a folder by watchdog: those that lie there, then each that is closed after writing or moved in."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

from watchdog.events import FileClosedEvent, FileMovedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers.inotify import InotifyObserver

from benchmarks.peers.work import report_ready

UNFINISHED = (".tmp", ".part")
CLOCK_STEP = 1_000_000_000  # ns; the kernel stamps files with a clock that lags by some milliseconds


class Notice(FileSystemEventHandler):
    """Puts the paths of finished files on a queue."""

    def __init__(self, found: "SimpleQueue[str]") -> None:
        self._found = found

    def on_closed(self, event: FileSystemEvent) -> None:
        """Take what was written."""
        self._found.put(os.fsdecode(event.src_path))

    def on_moved(self, event: FileSystemEvent) -> None:
        """Take what was moved within the folder, or into it."""
        if not event.is_directory and event.dest_path:
            self._found.put(os.fsdecode(event.dest_path))


def drops(inbox: Path) -> Iterator[str]:
    """The absolute path of each finished file, for ever; once for each time that it is written or moved.

    The thread that watches only fills a queue, so that a slow caller loses no event.

    Raises:
        OSError: The folder cannot be watched.
    """
    found: SimpleQueue[str] = SimpleQueue()
    observer = InotifyObserver(generate_full_events=True)  # else what is moved in looks like what was only begun
    observer.schedule(Notice(found), str(inbox), recursive=True, event_filter=[FileClosedEvent, FileMovedEvent])
    began = time.time_ns()
    observer.start()
    try:
        report_ready()
        listed: dict[str, int] = {}
        for path, changed in lying_there(inbox):
            if changed > began - CLOCK_STEP:
                listed[path] = changed
            yield path
        while True:
            path = found.get()
            if wanted(path) and not same(path, listed.pop(path, None)):
                yield path
    finally:
        observer.stop()


def lying_there(inbox: Path) -> Iterator[tuple[str, int]]:
    """The finished files below a folder, each with the time of its last change in ns."""
    for folder, _, names in os.walk(inbox):
        for name in names:
            path = os.path.join(folder, name)
            if wanted(path) and os.path.isfile(path):
                yield path, os.stat(path).st_ctime_ns


def wanted(path: str) -> bool:
    """Whether the name is one of a finished file."""
    name = os.path.basename(path)
    return not name.startswith(".") and not name.endswith(UNFINISHED)


def same(path: str, changed: int | None) -> bool:
    """Whether an event only tells of a file that was listed after it had happened."""
    try:
        return changed is not None and os.stat(path).st_ctime_ns == changed
    except FileNotFoundError:
        return True
