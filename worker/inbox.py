"""The inbox on disk: what lies there, and the moves waiting → claimed → done or failed.

Every path is walked from the inbox's own descriptor, one component at a time, without following a link, so
nothing that is dropped can lead a read or a move outside. Every move is one rename on one file system.
"""

import contextlib
import os
import secrets
import stat as modes
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from schemas.rejection import Rejection
from worker.errors import Rejected, Unavailable
from worker.folder import made_folder, opened_folder, prune, read_small, rename_new, write_new
from worker.names import SIDECAR, display, shortened, with_suffix
from worker.settling import Signature, being_written, signature

CLAIMED, DONE, FAILED = "_claimed", "_done", "_failed"
OURS = frozenset({CLAIMED, DONE, FAILED})
UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".swp", ".filepart")
MAX_DEPTH = 32  # folders below the inbox; deeper ones are left alone
STAMP = "%Y%m%dT%H%M%S%f"


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


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that is ours to settle: its unique id, its path relative to the inbox, and when it was claimed."""

    id: str
    path: str

    @property
    def received_at(self) -> datetime:
        """When it was claimed, UTC: the id begins with it, so a restart changes nothing."""
        return datetime.strptime(self.id.partition("-")[0], STAMP).replace(tzinfo=UTC)


def new_claim_id(now: datetime) -> str:
    """Sorts by time; the random part makes it unique over any number of watchers."""
    return f"{now.astimezone(UTC):{STAMP}}-{secrets.token_hex(6)}"


class Inbox:
    """One drop folder.

    Args:
        root: The folder.
        ignore: More endings, lower case, of names to leave alone until they are renamed.
    """

    def __init__(self, root: Path, ignore: tuple[str, ...] = ()) -> None:
        self.root = root
        self.name = root.resolve().name or "inbox"
        self._ignore = UNFINISHED + ignore

    def prepare(self) -> None:
        """Make the folder with what belongs into it, and see that it can be written to.

        Raises:
            Unavailable: It cannot, and what to do.
        """
        with self._explained():
            self.root.mkdir(parents=True, exist_ok=True)
            for ours in sorted(OURS):
                (self.root / ours).mkdir(exist_ok=True)
            probe = self.root / f".probe-{secrets.token_hex(6)}"
            probe.mkdir()
            probe.rmdir()

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Unavailable(
                f"the inbox {self.root.resolve()} cannot be used: {error.strerror}. It must be writable for the "
                f"service, which runs as uid {os.getuid()}, gid {os.getgid()}: run it as the folder's owner (docker "
                f"compose: set COPYDESK_UID and COPYDESK_GID), or `chown -R {os.getuid()}:{os.getgid()}` the folder"
            ) from error

    def waiting(self) -> Iterator[Waiting]:
        """What may be claimed, streamed in no order, each with its folder open while it is looked at.

        Raises:
            Unavailable: The inbox itself cannot be read.
        """
        with self._explained():
            root = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            yield from self._walk(root, "", 0)
        finally:
            os.close(root)

    def _walk(self, folder: int, prefix: str, depth: int) -> Iterator[Waiting]:
        inner = []
        with os.scandir(folder) as entries:
            for entry in entries:
                if self._is_ignored(entry.name) or (not prefix and entry.name in OURS):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    inner.append(entry.name)
                else:
                    yield Waiting(prefix + entry.name, folder, entry.name)
        for name in inner if depth < MAX_DEPTH else ():
            # A folder may vanish, or turn into a link, between the two looks.
            with (
                contextlib.suppress(FileNotFoundError, NotADirectoryError, PermissionError),
                opened_folder(folder, [name]) as below,
            ):
                yield from self._walk(below, f"{prefix}{name}/", depth + 1)

    def _is_ignored(self, name: str) -> bool:
        return name.startswith((".", "~")) or name.lower().endswith(self._ignore)

    def claim(self, found: Waiting, now: datetime) -> Claim | None:
        """Take a file by renaming it; None when somebody else was faster or it is gone."""
        claim = Claim(new_claim_id(now), found.path)
        parents = found.path.split("/")[:-1]
        with self.opened() as root, made_folder(root, [CLAIMED, claim.id, *parents]) as target:
            try:
                os.rename(found.name, found.name, src_dir_fd=found.folder, dst_dir_fd=target)
            except FileNotFoundError:
                prune(root, [CLAIMED, claim.id, *parents], keep=1)
                return None
        return claim

    def claims(self) -> Iterator[Claim]:
        """Every claim that is not settled, whoever made it; folders of claims that hold no file are removed."""
        with self.opened() as root, opened_folder(root, [CLAIMED]) as folder:
            for claim_id in sorted(os.listdir(folder)):
                if claim_id.startswith("."):
                    continue
                path = self._file_below(folder, claim_id)
                if path is None:
                    prune(folder, [claim_id], keep=0)
                else:
                    yield Claim(claim_id, path)

    def _file_below(self, folder: int, claim_id: str) -> str | None:
        parts = [claim_id]
        while True:
            try:
                with opened_folder(folder, parts) as here:
                    names = os.listdir(here)
            except NotADirectoryError:
                return "/".join(parts[1:])
            except FileNotFoundError:
                return None
            if not names:
                if len(parts) > 1:
                    prune(folder, parts, keep=1)
                return None
            parts.append(names[0])

    def read(self, claim: Claim, limit: int) -> tuple[bytes, Signature]:
        """The bytes of a claimed file, and what it looked like when they were read.

        Args:
            claim: Which.
            limit: The most bytes that are read.

        Raises:
            Rejected: It is no file, is too large or may not be read.
            FileNotFoundError: The claim has been settled by another watcher.
        """
        *parents, name = claim.path.split("/")
        with self.opened() as root, opened_folder(root, [CLAIMED, claim.id, *parents]) as folder:
            seen = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if not modes.S_ISREG(seen.st_mode):
                raise Rejected("read", "not_a_file", f"it is {_kind(seen.st_mode)}")
            if seen.st_size > limit:
                raise Rejected("read", "too_large", f"{seen.st_size:,} bytes; at most {limit:,} are read")
            try:
                descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
            except PermissionError as error:
                raise Rejected("read", "unreadable", f"the service may not read it: {error.strerror}") from error
        with open(descriptor, "rb") as file:
            data = file.read(limit + 1)
            if len(data) > limit:
                raise Rejected("read", "too_large", f"more than {limit:,} bytes")
            return data, signature(os.fstat(descriptor))

    def unchanged(self, claim: Claim, seen: Signature) -> bool:
        """Whether the claimed file still is what was read; a late writer may have held it open."""
        *parents, name = claim.path.split("/")
        with self.opened() as root, opened_folder(root, [CLAIMED, claim.id, *parents]) as folder:
            return signature(os.stat(name, dir_fd=folder, follow_symlinks=False)) == seen

    def renew(self, claim: Claim, now: datetime) -> Claim:
        """The same file under a new claim, as if it had been dropped now.

        Raises:
            FileNotFoundError: Another watcher has settled it.
        """
        renewed = Claim(new_claim_id(now), claim.path)
        with self.opened() as root, opened_folder(root, [CLAIMED]) as folder:
            os.rename(claim.id, renewed.id, src_dir_fd=folder, dst_dir_fd=folder)
        return renewed

    def finish(self, claim: Claim, now: datetime, rejection: Rejection | None = None) -> str:
        """Move a settled file to ``_done/`` or, with its sidecar beside it, to ``_failed/``.

        The sidecar is written before the move: a crash between the two leaves the claim, which is settled
        again into the same place.

        Returns:
            Where it lies now, relative to the inbox.

        Raises:
            FileNotFoundError: Another watcher has settled it.
        """
        *parents, name = claim.path.split("/")
        place = [FAILED if rejection else DONE, f"{now.astimezone(UTC):%Y-%m-%d}", *parents]
        with (
            self.opened() as root,
            opened_folder(root, [CLAIMED, claim.id, *parents]) as source,
            made_folder(root, place) as target,
        ):
            for final in (name, with_suffix(name, claim.id.partition("-")[2])):
                if rejection and not _explained_beside(target, final, rejection):
                    continue
                if rename_new(source, name, target, final):
                    break
                if rejection:
                    os.unlink(shortened(final, SIDECAR), dir_fd=target)
            else:
                raise FileExistsError(f"{display('/'.join(place))} holds {display(name)} under both its names")
        with self.opened() as root:
            prune(root, [CLAIMED, claim.id, *parents], keep=1)
        return "/".join([*place, final])

    @contextlib.contextmanager
    def opened(self) -> Iterator[int]:
        """A descriptor of the inbox itself.

        Raises:
            OSError: It is not there, or may not be read.
        """
        descriptor = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            yield descriptor
        finally:
            os.close(descriptor)


def sidecar_of(folder: int, name: str) -> Rejection | None:
    """What the sidecar of a rejected file says; None where there is none that we wrote."""
    try:
        return Rejection.model_validate_json(read_small(folder, shortened(name, SIDECAR)))
    except (OSError, ValueError):
        return None


def _explained_beside(folder: int, name: str, rejection: Rejection) -> bool:
    """Write the sidecar of a name; False where another file's sidecar has its place."""
    sidecar = shortened(name, SIDECAR)
    if write_new(folder, sidecar, rejection.model_dump_json(indent=1) + "\n"):
        return True
    earlier = sidecar_of(folder, name)
    return earlier is not None and earlier.claim == rejection.claim


def _kind(mode: int) -> str:
    names = {
        modes.S_ISLNK: "a symbolic link",
        modes.S_ISFIFO: "a named pipe",
        modes.S_ISSOCK: "a socket",
        modes.S_ISBLK: "a device",
        modes.S_ISCHR: "a device",
    }
    return next((name for test, name in names.items() if test(mode)), "no regular file")
