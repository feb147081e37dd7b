import pytest

from tests.unit.formats.reading import document, labels, parts, sample
from worker.errors import HINTS, Rejected
from worker.formats import Budget, Exhausted, read_document, unpack_document
from worker.models import Document


@pytest.mark.parametrize("name", ["lighthouse.md", "lighthouse.eml", "lighthouse.mhtml", "lighthouse.nitf.xml"])
def test_a_file_of_one_article_is_given_as_it_is(name: str):
    found = sample(name)
    assert parts(found) == [found]


def test_a_part_says_where_it_lies():
    part = document(b"x", "a.zip").contained("b.json", b"y").contained("3", b"z")
    assert (part.path, part.part, part.name, part.label) == ("a.zip", "b.json#3", "b.json#3", "a.zip#b.json#3")


def test_the_fault_of_a_part_is_raised_when_it_is_read():
    fault = Rejected("parse", "damaged", "line 2 is no JSON object")
    part = document(b"x").refused("2", fault, b"[]")
    assert (part.part, part.data) == ("2", b"[]")
    with pytest.raises(Rejected) as caught:
        read_document(part)
    assert caught.value is fault


def test_what_no_file_can_be_unpacked_from_is_rejected_as_a_whole():
    for data, reason in ((b"", "empty"), (b"\x89PNG\r\n\x1a\n", "binary"), (b"%!PS", "unknown_type")):
        with pytest.raises(Rejected) as caught:
            list(unpack_document(document(data)))
        assert caught.value.reason == reason


def test_a_container_is_no_article():
    with pytest.raises(Rejected, match="which holds articles and is none"):
        read_document(sample("infozip.zip"))


def test_the_bytes_of_all_archives_in_a_file_are_counted_together():
    budget = Budget(10)
    budget.spend(10)
    with pytest.raises(Exhausted) as caught:
        budget.spend(1)
    assert caught.value.hint == HINTS["too_large"]


def test_documents_are_given_one_by_one():
    first = next(unpack_document(sample("infozip.zip")))
    assert isinstance(first, Document)
    assert labels(sample("infozip.zip"))[0] == first.part
