"""Whether the events of a folder can be relied on: a canary that must be heard, and the kind of its file system."""

import os
import re
import secrets
from pathlib import Path

MARK = ".canary-"  # how its name begins: the inbox ignores it
SECONDS = 2.0  # that its event may take
EVERY = 30.0  # seconds between canaries

# Others write to these beneath this machine: it is told nothing of that, and grants a lease or refuses it
# whatever they do (nfs4 refuses it for ever where the server delegates nothing).
SHARED = frozenset(
    {"9p", "afs", "ceph", "cifs", "drvfs", "fuse", "gfs2", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "osxfs"}
    | {"prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs"}
)


class Canary:
    """A folder that is made and removed in the inbox every now and then: if its event comes, events arrive.

    What it cannot tell: events of this machine may arrive, as on NFS, while those of other machines do not.

    Attributes:
        lost: The last one was not heard in time.
    """

    def __init__(self, root: Path) -> None:
        self.lost = False
        self._root = root
        self._name = ""  # of the one that has not been heard yet
        self._sent_at = 0.0

    def overdue(self, now: float) -> bool:
        """Whether one is out for longer than it may take (monotonic seconds)."""
        return bool(self._name) and now - self._sent_at > SECONDS

    def give_up(self) -> None:
        """Wait for it no longer."""
        self.lost, self._name = True, ""

    def send(self, now: float) -> None:
        """Let one go; where nothing can be made, as in a read-only folder, nothing is learnt."""
        name, self._sent_at = MARK + secrets.token_hex(6), now
        try:
            os.mkdir(self._root / name)
            os.rmdir(self._root / name)
        except OSError:
            return
        self._name = name

    def hear(self, name: str | None = None) -> None:
        """Take in the event of a canary; without a name, the word that there were too many events to tell."""
        if self._name and name in (None, self._name):
            self.lost, self._name = False, ""


def is_shared(folder: Path) -> str:
    """The type of the file system, such as ``nfs4``, if others may write to it beneath this machine; else empty."""
    kind = _file_system(folder)
    return kind if kind in SHARED or kind.startswith("fuse.") else ""


def _file_system(folder: Path) -> str:
    """The type of the mount that a folder lies on, by its id (proc(5)); empty where that cannot be told."""
    try:
        descriptor = os.open(
            folder, os.O_PATH if hasattr(os, "O_PATH") else os.O_RDONLY
        )  # asks no server, so never hangs
        try:
            mount = re.search(r"^mnt_id:\s*(\d+)$", Path(f"/proc/self/fdinfo/{descriptor}").read_text(), re.MULTILINE)
        finally:
            os.close(descriptor)
        mounts = Path("/proc/self/mountinfo").read_text(errors="surrogateescape")
    except OSError:
        return ""
    found = mount and re.search(rf"^{mount[1]} .* - (\S+)", mounts, re.MULTILINE)
    return found[1] if found else ""
