"""File names are shown safely and cut to what a file system takes."""

import os

from hypothesis import given
from hypothesis import strategies as st

from worker.names import MAX_NAME_BYTES, display, shortened, with_suffix
from worker.sidecar import ENDING

names = st.binary(min_size=1, max_size=255).filter(lambda name: b"/" not in name and b"\0" not in name).map(os.fsdecode)


def test_what_could_break_a_line_or_a_terminal_is_escaped() -> None:
    assert display(os.fsdecode(b"a\xff\n\x1b[31m\xe2\x80\xaeb.txt")) == r"a\xff\n\x1b[31m\u202eb.txt"


def test_ordinary_names_stay_as_they_are() -> None:
    assert display("новини/Статья № 5.txt") == "новини/Статья № 5.txt"


@given(names)
def test_a_shown_name_is_printable_text(name: str) -> None:
    assert display(name).isprintable()
    assert display(name).encode()


@given(names)
def test_a_sidecar_or_a_suffix_never_makes_a_name_too_long(name: str) -> None:
    for longer in (
        shortened(name, ENDING),
        with_suffix(name, "0123456789ab"),
        shortened(with_suffix(name, "0"), ENDING),
    ):
        assert 0 < len(os.fsencode(longer)) <= MAX_NAME_BYTES


def test_a_suffix_stands_before_the_ending() -> None:
    assert with_suffix("a.b.txt", "x7") == "a.b.x7.txt"
