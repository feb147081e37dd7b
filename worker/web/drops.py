"""Dropping a file into the inbox as any program does: written under a hidden name, then renamed, never over another."""

import contextlib
import os
import re
import secrets
import time
from dataclasses import dataclass
from email.message import Message
from typing import BinaryIO

from worker.folder import made_folder, opened_folder, rename_new
from worker.inbox import OURS, Inbox
from worker.names import with_suffix

UPLOADS = ".uploads"
ABANDONED_SECONDS = 86_400.0  # after which an upload whose server was killed is removed
MAX_FOLDERS = 8
MAX_FOLDER_BYTES = 255
MAX_HEADER = 1000  # characters of a Content-Disposition that are read
TOKEN = re.compile(r"\.[0-9a-f]{12}(?:\.[^.]*)?\Z")  # what makes a name unique, before its ending

ENDINGS = {
    "application/epub+zip": ".epub",
    "application/gzip": ".gz",
    "application/json": ".json",
    "application/ld+json": ".json",
    "application/msword": ".doc",
    "application/pdf": ".pdf",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/rtf": ".rtf",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "application/xhtml+xml": ".html",
    "application/xml": ".xml",
    "application/zip": ".zip",
    "message/rfc822": ".eml",
    "multipart/related": ".mhtml",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
    "text/xml": ".xml",
}


def wanted_name(query: str, disposition: str, content_type: str) -> str:
    """What a file shall be called: as the query says, or the header, or else after its type."""
    if query:
        return query
    message = Message()
    message["Content-Disposition"] = "".join(filter(str.isprintable, disposition))[:MAX_HEADER]
    with contextlib.suppress(ValueError, LookupError):  # an encoding that there is not, or that it does not keep to
        if name := message.get_filename():
            return name
    return "article" + ENDINGS.get(content_type.partition(";")[0].strip().lower(), "")


def unique_name(wanted: str, inbox: Inbox) -> str:
    """A name that no file has and that the watcher takes: no path, nothing hidden, nothing unprintable."""
    name = re.split(r"[/\\]", wanted)[-1]
    name = "".join(char if char.isprintable() else "_" for char in name).strip().lstrip(".~ ")
    stem, ending = os.path.splitext(name)
    while ending and inbox.ignores(f"a{ending}"):
        name = stem
        stem, ending = os.path.splitext(name)
    return with_suffix(name or "article", secrets.token_hex(6))


def folder_parts(folder: str, inbox: Inbox) -> list[str]:
    """The folders that a path below the inbox leads through.

    Raises:
        ValueError: It is no path below the inbox, or one that the watcher does not look at.
    """
    parts = folder.split("/") if folder else []
    if len(parts) > MAX_FOLDERS or len(folder.encode("utf-8", "replace")) > MAX_FOLDER_BYTES:
        raise ValueError(f"at most {MAX_FOLDERS} folders and {MAX_FOLDER_BYTES} bytes")
    for number, part in enumerate(parts):
        if not part or "\\" in part or not part.isprintable() or inbox.ignores(part) or (not number and part in OURS):
            raise ValueError(f"{part!r} is no folder that files may be dropped into; give a path like agency/politics")
    return parts


@dataclass(slots=True)
class Upload:
    """A file that is being written, which nobody sees until it is dropped."""

    inbox: Inbox
    name: str
    file: BinaryIO
    size: int = 0

    @classmethod
    def begin(cls, inbox: Inbox) -> "Upload":
        """Make an empty one.

        Raises:
            OSError: The disk is full or read-only.
            Unavailable: The inbox is not there.
        """
        name = f".{secrets.token_hex(8)}.tmp"
        with inbox.opened() as root, made_folder(root, [UPLOADS]) as folder:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            descriptor = os.open(name, flags, 0o644, dir_fd=folder)
        return cls(inbox, name, open(descriptor, "wb", buffering=0))

    def add(self, data: bytes) -> None:
        """Write more of it."""
        left = memoryview(data)
        while left:
            left = left[self.file.write(left) :]
        self.size += len(data)

    def drop(self, parts: list[str], name: str) -> None:
        """Put it, complete and on the disk, into a folder of the inbox.

        Raises:
            NotADirectoryError: A file has the name of one of the folders.
            FileExistsError: The name is taken.
            OSError: The disk is full, or the folder may not be written to.
        """
        os.fsync(self.file.fileno())
        self.file.close()
        with (
            self.inbox.opened() as root,
            opened_folder(root, [UPLOADS]) as source,
            made_folder(root, parts) as target,
        ):
            if not rename_new(source, self.name, target, name):
                raise FileExistsError(name)
            os.fsync(target)  # its name too outlasts a loss of power

    def discard(self) -> None:
        """Remove what was not dropped."""
        self.file.close()
        with (
            contextlib.suppress(FileNotFoundError),
            self.inbox.opened() as root,
            opened_folder(root, [UPLOADS]) as folder,
        ):
            os.unlink(self.name, dir_fd=folder)


def remove_abandoned(inbox: Inbox) -> None:
    """Remove what servers that were killed have left of uploads; other servers may be writing theirs."""
    with (
        contextlib.suppress(FileNotFoundError),
        inbox.opened() as root,
        opened_folder(root, [UPLOADS]) as folder,
    ):
        for name in os.listdir(folder):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime > ABANDONED_SECONDS:
                    os.unlink(name, dir_fd=folder)
