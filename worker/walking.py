"""Walking an inbox: what lies in it that may be claimed."""

import os
import stat as modes
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

from worker.folder import opened_folder
from worker.logs import get_logger
from worker.names import display
from worker.settling import being_written

log = get_logger(__name__)

UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".swp", ".filepart")
MAX_DEPTH = 32  # folders below the inbox; deeper ones are left alone
MAX_TOLD = 1000  # odd paths that are logged, each once


@dataclass(frozen=True, slots=True)
class Waiting:
    """A directory entry in the inbox that may be claimed; ``path`` is relative, undecodable bytes as surrogates."""

    path: str
    folder: int
    name: str

    def stat(self) -> os.stat_result:
        """Its state now, of a link the link's own.

        Raises:
            OSError: It is gone, or the folder is not readable.
        """
        return os.stat(self.name, dir_fd=self.folder, follow_symlinks=False)

    def being_written(self) -> bool | None:
        """Whether somebody has it open for writing; None where that cannot be told. Only files are opened."""
        try:
            if not modes.S_ISREG(self.stat().st_mode):
                return False
            descriptor = os.open(self.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=self.folder)
        except OSError:
            return None
        try:
            return being_written(descriptor)
        finally:
            os.close(descriptor)


class Walk:
    """Finds what may be claimed; nothing is opened or followed but folders.

    Args:
        ours: Folders of the inbox that are the service's own.
        ignore: More endings, lower case, of names to leave alone until they are renamed.
    """

    def __init__(self, ours: Container[str], ignore: tuple[str, ...] = ()) -> None:
        self._ours = ours
        self._ignore = UNFINISHED + ignore
        self._told: set[str] = set()

    def ignores(self, name: str) -> bool:
        """Whether a file or folder of that name is left alone until it is renamed."""
        return name.startswith((".", "~")) or name.lower().endswith(self._ignore)

    def waiting(self, folder: int, prefix: str, visit: Callable[[str], None]) -> Iterator[Waiting]:
        """What may be claimed in a folder and below, streamed in no order.

        Args:
            folder: A descriptor of it.
            prefix: Its path below the inbox, empty or ending in a slash.
            visit: Told of each folder before it is listed: its path likewise.
        """
        visit(prefix)
        inner = []
        with os.scandir(folder) as entries:
            for entry in entries:
                if self.ignores(entry.name) or (not prefix and entry.name in self._ours):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    inner.append(entry.name)
                else:
                    yield Waiting(prefix + entry.name, folder, entry.name)
        for name in inner:
            if prefix.count("/") == MAX_DEPTH:
                self.tell("folder_skipped", prefix + name, f"it is more than {MAX_DEPTH} folders deep")
                continue
            try:
                with opened_folder(folder, [name]) as below:
                    yield from self.waiting(below, f"{prefix}{name}/", visit)
            except (FileNotFoundError, NotADirectoryError):
                continue  # it vanished, or turned into a link, between the two looks
            except PermissionError as error:
                self.tell("folder_skipped", prefix + name, str(error.strerror))

    def tell(self, event: str, path: str, cause: str) -> None:
        """Log something that every pass would find again, once."""
        if path not in self._told and len(self._told) < MAX_TOLD:
            self._told.add(path)
            log.warning(event, path=display(path), cause=cause)
