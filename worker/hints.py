"""File events: hints that wake the watcher up. A missed one costs seconds, never a file."""

import os
import select
import sys
import time
from collections import OrderedDict
from pathlib import Path

from worker.canary import EVERY, MARK, Canary, is_shared
from worker.logs import get_logger
from worker.names import display

if sys.platform == "linux":
    from inotify_simple import INotify, flags

    MASK = flags.CREATE | flags.CLOSE_WRITE | flags.MOVED_TO | flags.ONLYDIR | flags.DONT_FOLLOW

log = get_logger(__name__)

MAX_CLOSED = 10_000  # paths remembered as closed; beyond it the oldest wait for the longer quiet time
COALESCE = 0.005  # seconds that a burst of events gets to become one look; the first event of one is heard at once


class Hints:
    """Listens to the folders that the watcher visits: what happened there, and which files were closed.

    Each visit asks the kernel anew, which costs next to nothing and makes deafness impossible: a folder that was
    removed and made again, or a new one, is heard from the next look on. Our own folders are never visited, so
    our own moves wake nobody up. Where the system has no inotify, the folder is only polled.

    Whether events arrive at all is tried again and again (``check``), and told once when it changes.

    Attributes:
        happened: Whether anything was heard since this was last set to False.
        closed: Paths, relative to the inbox, whose writer closed them or that were renamed into place; oldest first.
        unheard: Why what is written there is not heard of; empty while all is well. Then the folder is only polled.
        shared: Others write there beneath this machine, so no event and no lease tells who is still writing.
    """

    def __init__(self, root: Path) -> None:
        self.happened = False
        self.closed: OrderedDict[str, None] = OrderedDict()
        self.unheard = ""
        self.shared = False
        self._root = root
        self._canary = Canary(root)
        self._listened = False  # the folder that was visited last had been listened to before
        self._suspect = self._untold = ""  # a path that no event told of: until now, and for good
        self._visited = False  # the inbox itself, since it was last made
        self._kind = ""  # of the file system, where it is shared
        self._tried_at = self._heard_at = float("-inf")
        self._refused = ""  # why the inbox itself cannot be listened to
        self._folders: dict[int, str] = {}  # watch descriptor → path below the inbox, empty or ending in a slash
        self._heard_out, self._heard_in = os.pipe()
        os.set_blocking(self._heard_in, False)
        self._poll = select.poll()
        self._poll.register(self._heard_out, select.POLLIN)
        self._full = False
        self._inotify: INotify | None = None
        self._open()

    def _open(self) -> None:
        if sys.platform == "linux" and self._inotify is None:
            try:
                self._inotify = INotify()
            except OSError as error:  # too many instances
                self._refused = str(error)
            else:
                self._poll.register(self._inotify.fileno(), select.POLLIN)

    def visit(self, folder: str) -> None:
        """Listen to a folder from now on.

        Args:
            folder: Its path below the inbox, empty or ending in a slash.
        """
        self._listened = False
        self._visited = self._visited or not folder
        if self._inotify is None:
            return
        try:
            watch = self._inotify.add_watch(self._root / folder, MASK)
        except OSError as error:  # it is gone, or there are no watches left
            if not folder:
                self._refused = str(error)
            elif not self._full and not isinstance(error, FileNotFoundError):
                self._full = True
                log.warning("no_file_events", cause=str(error), next="some folders are only polled")
            return
        self._listened = self._folders.get(watch) == folder
        self._folders[watch] = folder

    def appeared(self, path: str) -> None:
        """A look that no event prompted found a new file in the folder visited last.

        If nothing is heard until the next ``check``, others write here unheard.
        """
        if self._listened:
            self._suspect = path

    def check(self, now: float) -> None:
        """See whether events arrive, and say so when that has changed; call it before each look at the folder.

        It never waits: a canary that is sent at one call must have been heard at a later one.

        Args:
            now: Monotonic seconds.
        """
        if self._suspect or self._canary.overdue(now):
            self.wait(0)  # what came meanwhile
        self._untold = self._untold or self._suspect
        self._suspect = ""
        if self._canary.overdue(now):
            self._canary.give_up()
        if self._visited and now - self._tried_at >= EVERY:
            self._tried_at = now
            self._open()
            self._kind = is_shared(self._root)
            self._canary.send(now)
        self._judge()

    def _judge(self) -> None:
        self.shared = bool(self._untold or self._kind)
        why, then = "", "the inbox is looked at every COPYDESK_POLL seconds"
        if self.shared:
            then += ", and a file is taken once it has not changed for COPYDESK_SETTLE_UNSURE seconds"
        if self._untold:
            why = f"{display(self._untold)} came without an event: somebody writes there beneath this system"
        elif self._kind:
            why = f"the inbox is on {self._kind}, where nobody here is told what other machines write"
        elif self._canary.lost:
            why = self._refused or "a folder that was made there as a test gave none"
        if why != self.unheard:
            self.unheard = why
            if why:
                log.warning("no_file_events", inbox=str(self._root), cause=why, next=then)
            else:
                self._refused = ""
                log.info("file_events_are_back", inbox=str(self._root))

    def wait(self, seconds: float) -> None:
        """Wait for an event, or ``wake``, unless there was one already, and take in what was heard."""
        seconds = 0.0 if self.happened else max(0.0, seconds)
        ready = [descriptor for descriptor, _ in self._poll.poll(seconds * 1000)]
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
        if time.monotonic() - self._heard_at < COALESCE:
            select.select([], [], [], COALESCE)
        self._heard_at = time.monotonic()
        for event in inotify.read(timeout=0):
            if event.name.startswith(MARK):
                self._canary.hear(event.name)
                continue
            self.happened = True
            self._suspect = ""
            if event.mask & flags.Q_OVERFLOW:
                self._canary.hear()
            elif event.mask & flags.IGNORED:  # the folder is gone
                if self._folders.pop(event.wd, None) == "":
                    self._visited = False
            elif event.mask & flags.ISDIR or event.wd not in self._folders:
                continue  # the next look visits it
            elif event.mask & (flags.CLOSE_WRITE | flags.MOVED_TO):
                self.closed[self._folders[event.wd] + event.name] = None
        while len(self.closed) > MAX_CLOSED:
            self.closed.popitem(last=False)

    def close(self) -> None:
        """Stop listening."""
        if self._inotify is not None:
            self._inotify.close()
        os.close(self._heard_in)
        os.close(self._heard_out)
