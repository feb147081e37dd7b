"""File events: hints that wake the watcher up. A missed one costs seconds, never a file."""

import os
import threading
from pathlib import Path

from watchdog.events import (
    EVENT_TYPE_CLOSED,
    EVENT_TYPE_MOVED,
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from worker.inbox import OURS
from worker.logs import get_logger

log = get_logger(__name__)

MAX_CLOSED = 10_000  # paths remembered as closed; beyond it the oldest wait for the longer quiet time
WANTED: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]


class Hints(FileSystemEventHandler):
    """Listens to the inbox and keeps two things: whether something happened, and which files were closed."""

    def __init__(self, root: Path) -> None:
        self._root = os.fsdecode(root.resolve())
        self._observer: BaseObserver | None = None
        self.happened = threading.Event()
        self.closed: dict[str, None] = {}

    def start(self) -> None:
        """Listen, as long as there is a folder to listen to; ``ensure`` tries again."""
        observer = Observer()
        observer.name = "hints"
        observer.daemon = True
        try:
            # Without a filter, the listener's own walk over the folders makes events that make it walk again.
            observer.schedule(self, self._root, recursive=True, event_filter=WANTED)
            observer.start()
        except OSError as error:  # no watches left, or no folder: polling goes on
            log.warning("no_file_events", detail=str(error), next="the folder is polled")
            return
        self._observer = observer

    def ensure(self) -> None:
        """Listen again when the listener died, or went deaf because the folder was removed and made again."""
        observer = self._observer
        if observer is None or not all(part.is_alive() for part in (observer, *observer.emitters)):
            self.stop()
            self.start()

    def stop(self) -> None:
        """Stop listening."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(timeout=2)
            self._observer = None

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called in the listener's thread for each event below the inbox."""
        moved = event.event_type == EVENT_TYPE_MOVED
        path = os.path.relpath(os.fsdecode(event.dest_path if moved else event.src_path), self._root)
        if path.partition("/")[0] in OURS:
            return
        if moved or event.event_type == EVENT_TYPE_CLOSED:
            self.closed[path] = None
            while len(self.closed) > MAX_CLOSED:
                self.closed.pop(next(iter(self.closed)), None)
        self.happened.set()
