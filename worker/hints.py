"""File events: hints that wake the watcher up. A missed one costs seconds, never a file."""

import os
import threading
from pathlib import Path

from watchdog.events import EVENT_TYPE_CLOSED, EVENT_TYPE_MOVED, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from worker.inbox import OURS
from worker.logs import get_logger

log = get_logger(__name__)

MAX_CLOSED = 10_000  # paths remembered as closed; beyond it the oldest wait for the longer quiet time
QUIET_EVENTS = frozenset({"opened", "closed_no_write"})  # caused by readers, among them ourselves


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
            observer.schedule(self, self._root, recursive=True)
            observer.start()
        except OSError as error:  # no watches left, or no folder: polling goes on
            log.warning("no_file_events", detail=str(error), next="the folder is polled")
            return
        self._observer = observer

    def ensure(self) -> None:
        """Listen again when the listener died."""
        if self._observer is None or not self._observer.is_alive():
            self.start()

    def stop(self) -> None:
        """Stop listening."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(timeout=2)
            self._observer = None

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called in the listener's thread for each event below the inbox."""
        if event.event_type in QUIET_EVENTS:
            return
        moved = event.event_type == EVENT_TYPE_MOVED
        path = os.path.relpath(os.fsdecode(event.dest_path if moved else event.src_path), self._root)
        if path.partition("/")[0] in OURS:
            return
        if moved or event.event_type == EVENT_TYPE_CLOSED:
            self.closed[path] = None
            while len(self.closed) > MAX_CLOSED:
                self.closed.pop(next(iter(self.closed)), None)
        self.happened.set()
