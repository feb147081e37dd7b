"""File events: hints that wake the watcher up. A missed one costs seconds, never a file."""

import os
import select
import sys
from pathlib import Path

from worker.logs import get_logger

if sys.platform == "linux":
    from inotify_simple import INotify, flags

    MASK = flags.CREATE | flags.CLOSE_WRITE | flags.MOVED_TO | flags.ONLYDIR | flags.DONT_FOLLOW

log = get_logger(__name__)

MAX_CLOSED = 10_000  # paths remembered as closed; beyond it the oldest wait for the longer quiet time
COALESCE_MS = 5  # that a burst of events gets to become one look


class Hints:
    """Listens to the folders that the watcher visits: what happened there, and which files were closed.

    Each visit asks the kernel anew, which costs next to nothing and makes deafness impossible: a folder that was
    removed and made again, or a new one, is heard from the next look on. Our own folders are never visited, so
    our own moves wake nobody up. Where the system has no inotify, the folder is only polled.

    Attributes:
        happened: Whether anything was heard since this was last set to False.
        closed: Paths, relative to the inbox, whose writer closed them or that were renamed into place; oldest first.
    """

    def __init__(self, root: Path) -> None:
        self.happened = False
        self.closed: dict[str, None] = {}
        self._root = root
        self._folders: dict[int, str] = {}  # watch descriptor → path below the inbox, empty or ending in a slash
        self._heard_out, self._heard_in = os.pipe()
        os.set_blocking(self._heard_in, False)
        self._poll = select.poll()
        self._poll.register(self._heard_out, select.POLLIN)
        self._full = False
        self._inotify: INotify | None = None
        if sys.platform == "linux":
            try:
                self._inotify = INotify()
                self._poll.register(self._inotify.fileno(), select.POLLIN)
            except OSError as error:  # too many instances
                log.warning("no_file_events", detail=str(error), next="the folder is polled")

    def visit(self, folder: str) -> None:
        """Listen to a folder from now on.

        Args:
            folder: Its path below the inbox, empty or ending in a slash.
        """
        if self._inotify is None:
            return
        try:
            self._folders[self._inotify.add_watch(self._root / folder, MASK)] = folder
        except OSError as error:  # it is gone, or there are no watches left
            if not self._full and not isinstance(error, FileNotFoundError):
                self._full = True
                log.warning("no_file_events", detail=str(error), next="some folders are only polled")

    def wait(self, seconds: float) -> None:
        """Wait for an event, or ``wake``, and take in what was heard."""
        ready = [descriptor for descriptor, _ in self._poll.poll(max(0.0, seconds) * 1000)]
        if self._heard_out in ready:
            os.read(self._heard_out, 4096)
            self.happened = True
        if self._inotify is not None and self._inotify.fileno() in ready:
            self._take_in(self._inotify)

    def wake(self) -> None:
        """End the wait of another thread."""
        try:
            os.write(self._heard_in, b"\0")
        except BlockingIOError:
            return  # the pipe is full of calls to wake up

    def _take_in(self, inotify: "INotify") -> None:
        self.happened = True
        select.select([], [], [], COALESCE_MS / 1000)
        for event in inotify.read(timeout=0):
            if event.mask & flags.IGNORED:  # the folder is gone
                self._folders.pop(event.wd, None)
            elif event.mask & flags.ISDIR or event.wd not in self._folders:
                continue  # the next look visits it
            elif event.mask & (flags.CLOSE_WRITE | flags.MOVED_TO):
                self.closed[self._folders[event.wd] + event.name] = None
        while len(self.closed) > MAX_CLOSED:
            self.closed.pop(next(iter(self.closed)))

    def close(self) -> None:
        """Stop listening."""
        if self._inotify is not None:
            self._inotify.close()
        os.close(self._heard_in)
        os.close(self._heard_out)
