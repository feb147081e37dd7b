"""Zip archives, as documents and archives are: members are read one by one, within limits on their real bytes."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise

from worker.errors import Rejected
from worker.formats import MAX_UNPACKED

MAX_MEMBERS = 5_000
ENTRY = b"PK\x01\x02"  # before each member's entry in the directory
HEADER = 30  # bytes of a member's own header, without its name
ENCRYPTED = 0x1  # the flag of a member
READABLE = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the others expand a chunk without a bound
# What the standard library raises on archives that are broken, each in its own place.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, struct.error)


class Zipped:
    """An opened archive. What it claims of its members' sizes is never believed.

    Args:
        data: The archive.
        limit: Bytes that all members that are read may have together.

    Raises:
        Rejected: ``damaged``, ``too_complex`` (more than ``MAX_MEMBERS`` members, or some that share their bytes).
    """

    def __init__(self, data: bytes, limit: int = MAX_UNPACKED) -> None:
        if (entries := data.count(ENTRY)) > MAX_MEMBERS:
            raise Rejected("parse", "too_complex", f"holds {entries} files; at most {MAX_MEMBERS} are read")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN as error:
            raise Rejected("parse", "damaged", f"its list of files cannot be read: {error}") from error
        self._left = self._limit = limit
        self._members = {member.filename: member for member in self._archive.infolist() if not member.is_dir()}
        placed = sorted(self._archive.infolist(), key=lambda member: member.header_offset)
        for member, after in pairwise(placed):
            if member.header_offset + HEADER + member.compress_size > after.header_offset:
                raise Rejected("parse", "too_complex", f"its files {member.filename!r} and {after.filename!r} overlap")

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def __iter__(self) -> Iterator[str]:
        """The names of the files in it, in their order; of several with one name, the last counts."""
        return iter(self._members)

    def read(self, name: str) -> bytes:
        """The content of a member.

        Raises:
            Rejected: ``damaged`` (missing, cut, or not what its checksum says), ``encrypted``, or ``too_complex`` where
                it unpacks to more than is left of the limit.
        """
        member = self._members.get(name)
        if member is None:
            raise Rejected("parse", "damaged", f"the file {name!r} is missing in it")
        if member.flag_bits & ENCRYPTED:
            raise Rejected("parse", "encrypted", f"the file {name!r} in it is protected by a password")
        if member.compress_type not in READABLE:
            raise Rejected("parse", "damaged", f"the file {name!r} in it is packed in an unknown way")
        try:
            with self._archive.open(member) as stream:
                content = stream.read(self._left + 1)
        except BROKEN as error:
            raise Rejected("parse", "damaged", f"the file {name!r} in it cannot be read: {error}") from error
        if len(content) > self._left:
            raise Rejected("parse", "too_complex", f"unpacks to more than {self._limit} bytes")
        self._left -= len(content)
        return content
