"""Small disks of the harness's own, which it can fill and make read-only; its mounts vanish with its process."""

import errno
import os
import subprocess
import sys
from pathlib import Path

IN_NAMESPACE = "CHAOS_HAS_ITS_OWN_MOUNTS"
CHUNK = 2**20
PAGE = 4096


def enter_namespace() -> None:
    """Start this program anew where it may mount, unseen by the rest of the machine.

    Raises:
        SystemExit: The system allows neither.
    """
    if IN_NAMESPACE in os.environ:
        return
    unshare = ["unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"])]
    if subprocess.run([*unshare, "true"], check=False).returncode:
        sys.exit("the harness mounts small disks and needs root, or user namespaces")
    command = [*unshare, sys.executable, "-m", "tests.chaos", *sys.argv[1:]]
    os.execvpe(command[0], command, {**os.environ, IN_NAMESPACE: "1"})  # noqa: S606 - no shell is wanted


class Disk:
    """A small file system in memory at a folder.

    Args:
        folder: Where it is mounted.
        megabytes: Its size.
    """

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        self._ballast = folder / ".ballast"
        folder.mkdir(parents=True)
        _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "chaos", str(folder))

    def fill(self) -> None:
        """Leave no room for another byte."""
        size = CHUNK
        with self._ballast.open("ab", buffering=0) as ballast:
            while size >= PAGE:
                try:
                    ballast.write(bytes(size))
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    size //= 2

    def fill_names(self) -> None:
        """Leave no room for another name either, as a new folder needs."""
        state = os.statvfs(self.folder)
        self._remount(f"nr_inodes={state.f_files - state.f_ffree}")

    def free(self) -> None:
        """Give the room back."""
        self._remount("nr_inodes=1000000")
        self._ballast.unlink(missing_ok=True)

    def make_read_only(self) -> bool:
        """Whether it could be done: not while somebody writes."""
        return self._remount("ro")

    def make_writable(self) -> None:
        """Allow writing again."""
        self._remount("rw")

    def unmount(self) -> None:
        """Give it up with all it holds."""
        _run("umount", "--lazy", str(self.folder))

    def _remount(self, option: str) -> bool:
        command = ["mount", "-o", f"remount,{option}", str(self.folder)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
