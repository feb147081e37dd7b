"""Folder work relative to an open descriptor: nothing here follows a link or overwrites a name."""

import contextlib
import ctypes
import errno
import functools
import os
import secrets
from collections.abc import Callable, Iterator, Sequence

RENAME_NOREPLACE = 1  # renameat2(2)
CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}  # an old kernel, or a file system without the flag
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


@contextlib.contextmanager
def opened_folder(root: int, parts: Sequence[str]) -> Iterator[int]:
    """A descriptor of the folder that the parts lead to from an open one.

    Raises:
        FileNotFoundError: A part is not there.
        NotADirectoryError: A part is no folder, or is a link.
    """
    with _descended(root, parts, make=False) as folder:
        yield folder


@contextlib.contextmanager
def made_folder(root: int, parts: Sequence[str]) -> Iterator[int]:
    """The same; what is not there is made."""
    with _descended(root, parts, make=True) as folder:
        yield folder


@contextlib.contextmanager
def _descended(root: int, parts: Sequence[str], make: bool) -> Iterator[int]:
    folder = root
    try:
        for part in parts:
            below = _opened(folder, part, make)
            if folder != root:
                os.close(folder)
            folder = below
        yield folder
    finally:
        if folder != root:
            os.close(folder)


def _opened(folder: int, part: str, make: bool) -> int:
    """A descriptor of one folder in another."""
    try:
        return os.open(part, FOLDER, dir_fd=folder)
    except FileNotFoundError:
        if not make:
            raise
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NotADirectoryError(error.errno, "a link, which is not followed", part) from error
        raise
    with contextlib.suppress(FileExistsError):  # somebody else was faster
        os.mkdir(part, dir_fd=folder)
    return _opened(folder, part, make=False)


def prune(root: int, parts: Sequence[str], keep: int) -> None:
    """Remove the folders along the parts, innermost first, as long as they are empty; the first ``keep`` stay."""
    for length in range(len(parts), keep, -1):
        try:
            with opened_folder(root, parts[: length - 1]) as above:
                os.rmdir(parts[length - 1], dir_fd=above)
        except FileNotFoundError:
            continue  # another watcher was faster
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                return
            raise


def exists(folder: int, name: str) -> bool:
    """Whether anything has the name, be it a link to nowhere."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


@functools.cache
def _renameat2() -> Callable[[int, bytes, int, bytes, int], int] | None:
    """The system call, where the system has it."""
    return getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)


def rename_new(source: int, name: str, target: int, final: str) -> bool:
    """Rename, never over something: False where the final name is taken.

    The kernel decides (``renameat2`` with ``RENAME_NOREPLACE``). Where it or the file system cannot, a look
    and a rename must do: then two watchers that finish the same name in the same instant could clash.

    Raises:
        OSError: As ``os.rename`` does.
    """
    renameat2 = _renameat2()
    if renameat2:
        done = renameat2(source, os.fsencode(name), target, os.fsencode(final), RENAME_NOREPLACE)
        code = 0 if done == 0 else ctypes.get_errno()
        if code == 0:
            return True
        if code == errno.EEXIST:
            return False
        if code not in CANNOT:
            raise OSError(code, os.strerror(code), name)
    if exists(target, final):
        return False
    os.rename(name, final, src_dir_fd=source, dst_dir_fd=target)
    return True


def write_new(folder: int, name: str, text: str) -> bool:
    """Write a small file so that it is there whole or not at all; False where the name is taken.

    Raises:
        OSError: The disk is full, or the folder may not be written to; no part of the file is left.
    """
    temporary = f".{secrets.token_hex(8)}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644, dir_fd=folder)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        if rename_new(folder, temporary, folder, name):
            return True
    except OSError:
        os.unlink(temporary, dir_fd=folder)
        raise
    os.unlink(temporary, dir_fd=folder)
    return False


def read_small(folder: int, name: str, limit: int = 2**20) -> bytes:
    """The first bytes of a file, never through a link."""
    with open(os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder), "rb") as file:
        return file.read(limit)
