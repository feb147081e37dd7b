"""The inbox on disk: what lies there, and the moves waiting → claimed → done or failed.

Every path is walked from the inbox's own descriptor, one component at a time, without following a link, so
nothing that is dropped can lead a read or a move outside. Every move is one rename on one file system.
"""

import contextlib
import os
import secrets
import stat as modes
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from schemas.rejection import Rejection
from worker.claim import CLAIM_ID, Claim, new_claim_id
from worker.claimed import CLAIMED, Claimed
from worker.errors import Misconfigured, Rejected, Unavailable
from worker.folder import exists, made_folder, opened_folder, prune, rename_new
from worker.names import display, with_suffix
from worker.settling import Signature, signature
from worker.sidecar import explain_beside, sidecar_name, sidecar_of
from worker.walking import Waiting, Walk

DONE, FAILED = "_done", "_failed"
OURS = frozenset({CLAIMED, DONE, FAILED})


class Inbox:
    """One drop folder.

    Args:
        root: The folder.
        ignore: More endings, lower case, of names to leave alone until they are renamed.
    """

    def __init__(self, root: Path, ignore: tuple[str, ...] = ()) -> None:
        self.root = root
        self.name = root.resolve().name or "inbox"
        self._walk = Walk(OURS, ignore)
        self._claimed = Claimed(self._walk)

    def prepare(self) -> None:
        """Make the folder with what belongs into it, and see that it can be written to.

        Raises:
            Unavailable: It cannot, and what to do.
            Misconfigured: One of our folders is a link or a mount: no rename could reach it.
        """
        try:
            self._make()
        except OSError as error:
            raise self._unusable(error) from error

    def _make(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        probe = self.root / f".probe-{secrets.token_hex(6)}"
        probe.mkdir()
        probe.rmdir()
        for ours in sorted(OURS):
            (self.root / ours).mkdir(exist_ok=True)
            if (self.root / ours).is_symlink() or (self.root / ours).stat().st_dev != self.root.stat().st_dev:
                raise Misconfigured(
                    f"{self.root / ours} must be a plain folder of the inbox's own file system, because files "
                    "are moved there by one rename; put the whole inbox on the other disk instead"
                )

    def _unusable(self, error: OSError) -> Unavailable:
        return Unavailable(
            f"the inbox {self.root.resolve()} cannot be used: {error.strerror}. It must be writable for the "
            f"service, which runs as uid {os.getuid()}, gid {os.getgid()}: run it as the folder's owner (docker "
            f"compose: set COPYDESK_UID and COPYDESK_GID), or `chown -R {os.getuid()}:{os.getgid()}` the folder"
        )

    def waiting(self, visit: Callable[[str], None] = lambda _folder: None) -> Iterator[Waiting]:
        """What may be claimed, streamed in no order, each with its folder open while it is looked at.

        Args:
            visit: Told of each folder before it is listed: its path below the inbox, empty or ending in a slash.

        Raises:
            Unavailable: The inbox itself cannot be read.
        """
        with self.opened() as root:
            yield from self._walk.waiting(root, "", visit)

    def ignores(self, name: str) -> bool:
        """Whether a file or folder of that name is left alone until it is renamed."""
        return self._walk.ignores(name)

    def claim(self, found: Waiting, now: datetime) -> Claim | None:
        """Take a file by renaming it; None when somebody else was faster or it is gone.

        Raises:
            OSError: It cannot be renamed: its folder is not ours to change, or a mount.
        """
        claim = Claim(new_claim_id(now), found.path)
        with self.opened() as root:
            return claim if self._claimed.take(root, found, claim) else None

    def tidy(self) -> None:
        """Remove the folders that are kept for the next claims; to be called when there is nothing in flight."""
        with self.opened() as root:
            self._claimed.tidy(root)

    def claims(self) -> Iterator[Claim]:
        """Every claim that is not settled, whoever made it; folders of claims that hold no file are removed."""
        with self.opened() as root:
            yield from self._claimed.claims(root)

    def in_flight(self) -> Iterator[str]:
        """The ids of the claims that hold a file. It changes nothing, so anybody may ask."""
        claimed = self.root / CLAIMED
        for claim_id in os.listdir(claimed) if claimed.is_dir() else ():
            if CLAIM_ID.fullmatch(claim_id) and any(names for _, _, names in os.walk(claimed / claim_id)):
                yield claim_id

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

    def take_back(self, claim: Claim, place: str) -> bool:
        """Claim a settled file again, under the claim that it had; False where it no longer lies there.

        Args:
            claim: Which.
            place: Where it lies, relative to the inbox.
        """
        *parts, name = place.split("/")
        *parents, original = claim.path.split("/")
        with self.opened() as root:
            try:
                with opened_folder(root, parts) as source, made_folder(root, [CLAIMED, claim.id, *parents]) as target:
                    if not rename_new(source, name, target, original):
                        return False
                    if sidecar_of(source, name):
                        os.unlink(sidecar_name(name), dir_fd=source)
            except (FileNotFoundError, NotADirectoryError):
                prune(root, [CLAIMED, claim.id, *parents], keep=1)
                return False
            prune(root, parts, keep=1)
        return True

    def finish(
        self, claim: Claim, note: Callable[[str], None], rejection: Rejection | None = None, *, failed: bool = True
    ) -> str:
        """Move a settled file to ``_done/`` or ``_failed/``, with its sidecar beside it where it was rejected.

        The sidecar is written before the move: a crash between the two leaves the claim, which is settled
        again into the same place, for the day is that of the claim. Where a file has the name of a folder that
        is needed, the claim's id makes a folder of its own.

        Args:
            claim: Which.
            note: Told where it will lie, relative to the inbox, before it is moved there.
            rejection: Why there is no record of it, or of some of its articles.
            failed: Whether a rejection means that there is none at all.

        Returns:
            Where it lies now, relative to the inbox.

        Raises:
            FileNotFoundError: Another watcher has settled it.
        """
        day = [FAILED if rejection and failed else DONE, f"{claim.received_at:%Y-%m-%d}"]
        parents = claim.path.split("/")[:-1]
        with self.opened() as root, opened_folder(root, [CLAIMED, claim.id, *parents]) as source:
            try:
                final = self._move(root, source, claim, [*day, *parents], note, rejection)
            except NotADirectoryError:
                final = self._move(root, source, claim, [*day, claim.id, *parents], note, rejection)
            self._claimed.leave(root, claim)
        return final

    @staticmethod
    def _move(
        root: int, source: int, claim: Claim, place: list[str], note: Callable[[str], None], rejection: Rejection | None
    ) -> str:
        name = claim.path.rpartition("/")[2]
        with made_folder(root, place) as target:
            for final in (name, with_suffix(name, claim.id.partition("-")[2])):
                os.stat(name, dir_fd=source, follow_symlinks=False)  # another watcher's file is not noted as ours
                if exists(target, final) or (rejection and not explain_beside(target, final, rejection)):
                    continue
                note("/".join([*place, final]))
                if rename_new(source, name, target, final):
                    return "/".join([*place, final])
                if rejection:
                    os.unlink(sidecar_name(final), dir_fd=target)
        raise FileExistsError(f"{display('/'.join(place))} holds {display(name)} under both its names")

    @contextlib.contextmanager
    def opened(self) -> Iterator[int]:
        """A descriptor of the inbox itself.

        Raises:
            Unavailable: It is not there, or may not be read.
        """
        try:
            descriptor = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise self._unusable(error) from error
        try:
            yield descriptor
        finally:
            os.close(descriptor)


def _kind(mode: int) -> str:
    names = {
        modes.S_ISLNK: "a symbolic link",
        modes.S_ISFIFO: "a named pipe",
        modes.S_ISSOCK: "a socket",
        modes.S_ISBLK: "a device",
        modes.S_ISCHR: "a device",
    }
    return next((name for test, name in names.items() if test(mode)), "no regular file")
