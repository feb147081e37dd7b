import io
import tracemalloc
import zipfile

import pytest

from worker.errors import Rejected
from worker.formats.zipped import MAX_MEMBERS, Zipped


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def refused(data: bytes, name: str = "a", limit: int = 1_000) -> Rejected:
    with pytest.raises(Rejected) as caught:
        Zipped(data, limit).read(name)
    return caught.value


def test_members_are_listed_and_read():
    archive = Zipped(packed({"b": b"one", "a": b"two"}))
    assert list(archive) == ["b", "a"]
    assert ("a" in archive, "c" in archive) == (True, False)
    assert archive.read("a") == b"two"


def test_the_limit_counts_all_members_together():
    archive = Zipped(packed({"a": b"x" * 600, "b": b"x" * 600}), 1_000)
    assert len(archive.read("a")) == 600
    with pytest.raises(Rejected, match="unpacks to more than 1000 bytes"):
        archive.read("b")


def test_a_bomb_is_unpacked_no_further_than_the_limit():
    data = packed({"a": bytes(50_000_000)})
    tracemalloc.start()
    try:
        assert refused(data).reason == "too_complex"
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_missing_member_is_named():
    error = refused(packed({"b": b""}))
    assert (error.reason, error.detail) == ("damaged", "the file 'a' is missing in it")


def test_a_false_checksum_is_noticed():
    data = packed({"a": b"The river rose"}, zipfile.ZIP_STORED)
    assert refused(data.replace(b"river", b"riper")).reason == "damaged"


@pytest.mark.parametrize("end", [10, 60, -1, -30])
def test_an_archive_that_is_cut_is_damaged(end: int):
    assert refused(packed({"a": b"The river rose by four metres in the night"})[:end]).reason == "damaged"


def test_a_password_is_named():
    data = bytearray(packed({"a": b"x"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(data)).reason == "encrypted"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_expands_without_a_bound_is_not_read(method: int):
    assert refused(packed({"a": bytes(500)}, method)).reason == "damaged"


def test_members_that_share_their_bytes_are_refused():
    data = bytearray(packed({"a": b"x" * 500, "b": b"y"}))
    data[data.rindex(b"PK\x01\x02") + 42] = 0  # the second begins where the first does
    error = refused(bytes(data))
    assert (error.reason, "overlap" in error.detail) == ("too_complex", True)


def test_too_many_members_are_refused_unread():
    names = {str(number): b"" for number in range(MAX_MEMBERS + 1)}
    assert refused(packed(names)).detail.startswith(f"holds {MAX_MEMBERS + 1} files")
