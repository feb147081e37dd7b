"""The files of a folder by watchdog: those that lie there, then each that is closed after writing or moved in."""

import os
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

from watchdog.events import FileClosedEvent, FileMovedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers.inotify import InotifyObserver

from benchmarks.peers.work import report_ready

UNFINISHED = (".tmp", ".part")


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
    observer.start()
    try:
        lying_there = [os.path.join(folder, name) for folder, _, names in os.walk(inbox) for name in names]
        report_ready()  # what is dropped from now on is an event, and only that
        yield from filter(wanted, lying_there)
        while True:
            if wanted(path := found.get()):
                yield path
    finally:
        observer.stop()


def wanted(path: str) -> bool:
    """Whether the name is one of a finished file."""
    name = os.path.basename(path)
    return not name.startswith(".") and not name.endswith(UNFINISHED)
