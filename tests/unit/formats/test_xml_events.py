from collections.abc import Mapping

import pytest

from worker.errors import Rejected
from worker.formats.xml_events import MAX_DEPTH, MAX_MARKS, MAX_NAMESPACES, MAX_TAG, Handler, TextOf, parse

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


class Told(Handler):
    """Notes what it is told."""

    skipped = frozenset({"w:del"})

    def __init__(self) -> None:
        self.told: list[object] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.told.append((name, dict(attributes)))

    def end(self, name: str) -> None:
        self.told.append(name)

    def text(self, text: str) -> None:
        self.told.append([text])


def told(data: str | bytes) -> list[object]:
    handler = Told()
    parse(data.encode() if isinstance(data, str) else data, "it", handler)
    return handler.told


def reason(data: str) -> str:
    with pytest.raises(Rejected) as caught:
        told(data)
    return caught.value.reason


@pytest.mark.parametrize("namespace", [W, STRICT])
def test_names_are_those_of_the_standard_whatever_the_document_calls_them(namespace: str):
    data = f"<x:p xmlns:x='{namespace}' x:val='1'>a</x:p>"
    assert told(data) == [("w:p", {"val": "1"}), ["a"], "w:p"]


def test_what_is_skipped_is_skipped_with_all_in_it():
    data = f"<p xmlns='{W}'>a<del>b<del>c</del>d</del>e</p>"
    assert told(data) == [("w:p", {}), ["a"], ["e"], "w:p"]


def test_other_encodings_are_read():
    assert ["ä"] in told("<?xml version='1.0' encoding='utf-16'?><a>ä</a>".encode("utf-16"))
    assert ["ж"] in told("<?xml version='1.0' encoding='windows-1251'?><a>ж</a>".encode("cp1251"))


@pytest.mark.parametrize(
    "data", ["", "<a>", "<a></b>", "<a>&nobody;</a>", "<?xml version='1.0' encoding='x-none'?><a/>"]
)
def test_what_is_no_xml_is_damaged(data: str):
    assert reason(data) == "damaged"


@pytest.mark.parametrize(
    "dtd", ["<!DOCTYPE a>", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'>", "<!DOCTYPE a [<!ENTITY x 'y'>]>"]
)
def test_a_document_type_is_refused_before_it_says_anything(dtd: str):
    assert reason(f"{dtd}<a>&x;</a>") == "too_complex"


@pytest.mark.parametrize(
    "data",
    [
        "<a>" * (MAX_DEPTH + 1) + "</a>" * (MAX_DEPTH + 1),
        "<a>" + "<b/>" * MAX_MARKS + "</a>",
        f"<a b='{'c' * MAX_TAG}'/>",
        "<a>" + "<b xmlns='c'/>" * (MAX_NAMESPACES + 1) + "</a>",
    ],
)
def test_too_many_or_too_large_elements_are_refused(data: str):
    assert reason(data) == "too_complex"


def test_elements_as_deep_as_allowed_are_read():
    assert len(told("<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH)) == 2 * MAX_DEPTH


def test_the_text_of_one_element_is_found():
    title = TextOf("dc:title")
    parse(b"<a xmlns:d='http://purl.org/dc/elements/1.1/'>x<d:title>River <b>rose</b></d:title>y</a>", "it", title)
    assert title.found == "River rose"
