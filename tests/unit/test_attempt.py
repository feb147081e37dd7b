"""The articles of a file one by one: what is too much, what breaks off, and what holds only one."""

import itertools
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from tests.articles import article
from worker import attempt as module
from worker.attempt import Failed, attempt, parts_of
from worker.classify import load_classifier
from worker.errors import Rejected
from worker.formats import MAX_PARTS, MAX_UNPACKED
from worker.models import Document
from worker.settings import Settings

FILE = Document("news/day.zip", b"...", datetime(2026, 1, 31, tzinfo=UTC))
Unpack = Callable[[Document], Iterator[Document]]


@pytest.fixture
def holds(monkeypatch: pytest.MonkeyPatch) -> Callable[[Unpack], None]:
    """Have files unpack to something."""
    return lambda unpack: monkeypatch.setattr(module, "unpack_document", unpack)


def articles(count: int) -> Unpack:
    def unpack(document: Document) -> Iterator[Document]:
        for number in range(count):
            yield document.contained(f"{number}.txt", article(number).encode())

    return unpack


def then_breaks(count: int) -> Unpack:
    def unpack(document: Document) -> Iterator[Document]:
        yield from articles(count)(document)
        raise Rejected("parse", "unreadable", "it ends in the midst of a member")

    return unpack


def test_parts_have_numbers_and_those_that_are_done_are_passed_over(holds: Callable[[Unpack], None]) -> None:
    holds(articles(4))
    parts = list(parts_of(FILE, Settings(), done={"1", "3"}))
    assert [(number, part.label) for number, part in parts] == [
        ("2", "news/day.zip#1.txt"),
        ("4", "news/day.zip#3.txt"),
    ]


def test_what_comes_before_a_break_is_given(holds: Callable[[Unpack], None]) -> None:
    holds(then_breaks(3))
    parts = parts_of(FILE, Settings())
    assert [number for number, _ in itertools.islice(parts, 3)] == ["1", "2", "3"]
    with pytest.raises(Rejected, match="in the midst"):
        next(parts)


def test_no_more_articles_are_read_than_a_file_may_have(holds: Callable[[Unpack], None]) -> None:
    holds(lambda document: itertools.repeat(document.contained("a", b"a")))
    parts = parts_of(FILE, Settings())
    assert len(list(itertools.islice(parts, MAX_PARTS))) == MAX_PARTS
    with pytest.raises(Rejected, match="too_many_articles"):
        next(parts)


def test_no_more_bytes_are_unpacked_than_a_file_may_hold(holds: Callable[[Unpack], None]) -> None:
    large = bytes(MAX_UNPACKED // 2)
    holds(lambda document: itertools.repeat(document.contained("a", large)))
    parts = parts_of(FILE, Settings())
    assert len(list(itertools.islice(parts, 2))) == 2
    with pytest.raises(Rejected, match="too_large"):
        next(parts)


def test_unpacking_has_one_time_limit_for_the_whole_file(holds: Callable[[Unpack], None]) -> None:
    def slow(document: Document) -> Iterator[Document]:
        for part in articles(100)(document):
            time.sleep(0.05)
            yield part

    holds(slow)
    with pytest.raises(Failed) as failed:
        list(parts_of(FILE, Settings(time_limit=0.3)))
    assert failed.value.reason == "timed_out"


def test_what_is_done_counts_for_the_limits_too(holds: Callable[[Unpack], None]) -> None:
    holds(lambda document: itertools.repeat(document.contained("a", b"a")))
    done = {str(number) for number in range(1, MAX_PARTS + 1)}
    with pytest.raises(Rejected, match="too_many_articles"):
        next(parts_of(FILE, Settings(), done))


@pytest.mark.parametrize(("unpack", "is_one"), [(articles(1), True), (articles(2), False), (then_breaks(1), False)])
def test_a_file_of_one_article_is_processed_at_once(
    holds: Callable[[Unpack], None], unpack: Unpack, is_one: bool
) -> None:
    holds(unpack)
    assert (attempt(FILE, load_classifier(None), Settings()) is not None) == is_one


@pytest.mark.parametrize(("unpack", "reason"), [(articles(0), "empty"), (then_breaks(0), "unreadable")])
def test_a_file_without_articles_is_rejected_as_a_whole(
    holds: Callable[[Unpack], None], unpack: Unpack, reason: str
) -> None:
    holds(unpack)
    with pytest.raises(Rejected, match=reason):
        attempt(FILE, load_classifier(None), Settings())


def test_a_label_is_safe_to_show_and_not_too_long() -> None:
    part = FILE.contained("a/" * 1000 + "\n\x1b[31m\udcff\u202e.txt", b"")
    assert part.label.isprintable()
    assert part.label.startswith("news/day.zip#…")
    assert part.label.endswith(r"\n\x1b[31m\udcff\u202e.txt")
    assert len(part.label) < 250
