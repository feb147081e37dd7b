import gzip
import io
import stat
import struct
import zipfile
import zlib

import pytest

from tests.unit.formats.reading import (
    HEADLINE,
    article,
    articles,
    blocks,
    document,
    fates,
    labels,
    parts,
    rejection,
    sample,
)
from worker.cleaning import clean
from worker.formats.archive import MAX_MEMBER

TEXT = b"River rises in the night\n\nThe river rose by four metres in the night, the mayor said on Tuesday.\n"


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def changed(data: bytes, sign: bytes, offset: int, value: bytes) -> bytes:
    at = data.index(sign) + offset
    return data[:at] + value + data[at + len(value) :]


@pytest.mark.parametrize("name", ["infozip.zip", "7zip.zip"])
def test_the_articles_in_an_archive_are_read_and_what_systems_leave_behind_is_passed_over(name: str):
    expected = {"Fyrlykt på Skjærøya.md", "harbour/lighthouse.html", "harbour/lighthouse.txt"}
    assert set(labels(sample(name))) == expected
    assert {clean(raw).headline.removesuffix(" - The Harbour Courier") for raw in articles(sample(name))} == {HEADLINE}
    assert {raw.media_type for raw in articles(sample(name))} == {"text/markdown", "text/html", "text/plain"}


def test_the_file_in_a_gzip_archive_is_called_as_the_archive_is():
    assert labels(sample("lighthouse.txt.gz")) == ["lighthouse.txt"]
    assert article(sample("lighthouse.txt.gz")).blocks[0].text == HEADLINE
    again = document(gzip.compress(TEXT) + gzip.compress(b"More.") + bytes(9), "news/a.md.gz")
    assert labels(again) == ["a.md"]
    assert article(again).blocks[-1].text.endswith("on Tuesday. More.")


def test_a_tar_in_a_gzip_archive_is_named():
    assert rejection(sample("lighthouse.tar.gz")).detail == "looks like a tar archive"


def test_locked_members_are_rejected_by_themselves():
    error = rejection(sample("encrypted.zip"))
    assert (error.reason, error.hint) == (
        "encrypted",
        "The file is locked with a password. Save it without one and drop it again.",
    )
    locked = changed(packed(("a.txt", TEXT), ("b.txt", TEXT)), b"PK\x01\x02", 8, b"\x01\x00")
    assert fates(document(locked)) == ["encrypted", "read"]


def test_archives_and_containers_within_archives_are_unpacked():
    lines = b'{"title": "a", "body": "b"}\n{"title": "a", "body": "b"}'
    inner = packed(("a.txt.gz", gzip.compress(TEXT)), ("b.jsonl", lines))
    assert labels(document(packed(("in/c.zip", inner), ("d.txt", TEXT)))) == [
        "in/c.zip#a.txt.gz#a.txt",
        "in/c.zip#b.jsonl#1",
        "in/c.zip#b.jsonl#2",
        "d.txt",
    ]


def test_archives_too_deep_within_each_other_are_rejected_by_themselves():
    deep = TEXT
    for _ in range(3):
        deep = packed(("a.zip", deep))
    assert fates(document(packed(("deep.zip", packed(("a.zip", deep))), ("good.txt", TEXT)))) == ["too_complex", "read"]


def test_paths_are_labels_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ["../../up.txt", "/etc/passwd", "a\n\x1b[2J.txt", "C:\\b.txt"]
    found = document(packed(*((name, TEXT) for name in names)))
    assert labels(found) == ["../../up.txt", "/etc/passwd", "a\\n\\x1b[2J.txt", "C:\\b.txt"]
    assert fates(found) == ["read"] * 4
    assert not list(tmp_path.iterdir())


def test_links_are_not_followed():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        member = zipfile.ZipInfo("a.txt")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "/etc/passwd")
    assert rejection(document(stream.getvalue())).reason == "not_a_file"


def test_a_member_that_is_too_large_is_rejected_by_itself():
    found = document(packed(("a.txt", bytes(MAX_MEMBER + 1)), ("b.txt", TEXT)))
    assert fates(found) == ["too_large", "read"]
    assert rejection(document(gzip.compress(bytes(MAX_MEMBER + 1)))).reason == "too_large"


def test_an_archive_that_holds_too_much_in_sum_is_refused_however_it_is_nested():
    part = packed(("a.txt", b"a" * MAX_MEMBER))
    flat = packed(*((f"{n}.txt", b"a" * MAX_MEMBER) for n in range(7)))
    assert rejection(document(flat)).reason == "too_large"
    assert rejection(document(packed(*((f"{n}.zip", part) for n in range(7))))).reason == "too_large"
    assert len(parts(document(packed(*((f"{n}.zip", part) for n in range(6)))))) == 6


def test_headers_that_lie_about_sizes_are_found_out():
    data, small = packed(("a.txt", TEXT * 9_000)), struct.pack("<I", 20)
    lying = changed(changed(data, b"PK\x03\x04", 22, small), b"PK\x01\x02", 24, small)
    assert rejection(document(lying)).reason == "damaged"
    large = struct.pack("<I", len(TEXT) + 5)
    stored = packed(("a.txt", TEXT))
    assert rejection(document(changed(stored, b"PK\x01\x02", 24, large))).reason == "damaged"


def test_members_that_share_bytes_are_refused():
    name, data = b"a.txt", zlib.compress(TEXT)[2:-4]
    local = (
        struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, zlib.crc32(TEXT), len(data), len(TEXT), 5, 0)
        + name
        + data
    )
    entry = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, zlib.crc32(TEXT), len(data), len(TEXT), 5, 0, 0, 0, 0, 0, 0
    )

    def listed(count: int) -> bytes:
        end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, count * len(entry + name), len(local), 0)
        return local + (entry + name) * count + end

    assert fates(document(listed(1))) == ["read"]
    error = rejection(document(listed(2)))
    assert (error.reason, error.detail) == ("damaged", "files in the archive overlap")


@pytest.mark.parametrize(
    ("offset", "value", "reason"),
    [
        (16, b"\xde\xad\xbe\xef", "damaged"),  # the checksum
        (10, b"\x0e\x00", "unknown_type"),  # LZMA
        (10, b"\x0c\x00", "unknown_type"),  # bzip2
        (42, b"\xff\xff\xff\x0f", "damaged"),  # where it lies
    ],
)
def test_a_damaged_member_is_rejected(offset: int, value: bytes, reason: str):
    assert rejection(document(changed(packed(("a.txt", TEXT)), b"PK\x01\x02", offset, value))).reason == reason


@pytest.mark.parametrize("cut", [40, 80, 120])
def test_an_archive_that_is_cut_off_is_refused(cut: int):
    assert rejection(document(packed(("a.txt", TEXT))[:-cut])).reason == "damaged"
    assert rejection(document(gzip.compress(TEXT * 9)[: -cut // 4])).reason == "damaged"


def test_an_archive_of_nothing_that_could_be_an_article_is_empty():
    assert (
        rejection(document(packed(("a.png", b"x"), ("b/", b""), (".c.txt", TEXT), ("__MACOSX/d.txt", TEXT)))).reason
        == "empty"
    )
    assert rejection(document(packed())).reason == "empty"


def test_what_is_in_an_archive_and_no_article_is_rejected_by_itself():
    found = document(
        packed(
            ("a.txt", TEXT), ("b.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("c.txt", b""), ("d.zip", b"PK\x03\x04")
        )
    )
    assert fates(found) == ["read", "unknown_type", "empty", "damaged"]


def test_a_file_in_an_archive_keeps_its_encoding_and_lines():
    raw = article(document(packed(("a.txt", "Überschrift\n\nGrüße".encode("cp1252")))))
    assert (raw.encoding, blocks(raw)[0]) == ("cp1252", ("line", "Überschrift"))
