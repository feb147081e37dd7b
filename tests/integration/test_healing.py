"""A stream that Redis lost comes back from the archive: the same events, the same versions, each once."""

from collections.abc import Callable

import pytest

from tests.articles import article
from tests.integration.conftest import RedisServer, Stack, kill_family

MakeStack = Callable[..., Stack]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def identities(stack: Stack) -> set[tuple[str, str, str, str]]:
    """What consumers tell events by; the record's own fields are the same too, so the data is compared whole."""
    return {(e.id, e.type, e.traceparent, e.data.model_dump_json()) for e in stack.events()}


def publish_some(stack: Stack) -> None:
    """Three versions of an article, a duplicate in a sub-folder of another one, names that clash, a rejection."""
    for number, (name, content) in enumerate(
        [
            ("a.txt", article(1, "It rained.")),
            ("a.txt", article(1, "It snowed.")),
            ("news/b.txt", article(2)),
            ("news/copy.txt", article(2)),
            ("a.txt", article(1, "It hailed.")),
        ],
        start=1,
    ):
        stack.drop(name, content)
        stack.wait_until(lambda number=number: len(stack.done()) == number, f"{name} in _done")
    stack.drop("p.png", PNG)
    stack.wait_until(lambda: len(stack.failed()) == 2, "the picture in _failed")


@pytest.fixture
def stack(make_stack: MakeStack) -> Stack:
    stack = make_stack()
    stack.start()
    return stack


def healed(stack: Stack) -> bool:
    return not stack.client.keys(f"{stack.keys.prefix}:healing:*") and stack.settled()


def assert_heals(stack: Stack, before: set[tuple[str, str, str, str]], rejected: list[str]) -> None:
    stack.wait_until(lambda: "stream_healed" in stack.log_text() and healed(stack), "the stream to be healed")
    stack.wait_until(lambda: len(stack.events()) >= len(before), "every entry")
    assert identities(stack) == before
    assert len(stack.events()) == len(before)
    assert [event.id for event in stack.rejections()] == rejected
    assert sorted(path.name.partition(".")[0] for path in stack.done()) == ["a", "a", "a", "b", "copy"]
    assert len(stack.failed()) == 2


def test_after_flushall_every_entry_comes_back_as_it_was(stack: Stack) -> None:
    publish_some(stack)
    before, rejected = identities(stack), [event.id for event in stack.rejections()]
    stack.client.flushall()
    assert_heals(stack, before, rejected)
    stack.drop("a.txt", article(1, "The sun shone."))
    stack.drop("again.txt", article(1, "It snowed."))
    stack.wait_until(lambda: len(stack.done()) == 7, "both in _done")
    assert [event.data.version for event in stack.events() if event.type.endswith("corrected.v1")][-1] == 4
    assert len(stack.events()) == len(before) + 1


def test_a_redis_that_starts_empty_is_healed_by_the_next_watcher(
    make_stack: MakeStack, redis_server: RedisServer
) -> None:
    stack = make_stack()
    watcher, _ = stack.start()
    publish_some(stack)
    before, rejected = identities(stack), [event.id for event in stack.rejections()]
    kill_family(watcher.pid)
    redis_server.client.flushall()
    stack.start("watch")
    assert_heals(stack, before, rejected)


def test_a_redis_that_went_back_to_an_earlier_state_is_healed(make_stack: MakeStack, redis_server: RedisServer) -> None:
    stack = make_stack()
    stack.start()
    stack.drop("first.txt", article(7))
    stack.wait_until(lambda: len(stack.done()) == 1, "the first file in _done")
    saved = {key: redis_server.client.dump(key) for key in redis_server.client.keys("*")}
    stack.drop("second.txt", article(8))
    stack.wait_until(lambda: len(stack.done()) == 2, "the second file in _done")
    before = identities(stack)
    with redis_server.client.pipeline() as pipe:  # as a replica that lagged behind would take over
        pipe.flushall()
        for key, value in saved.items():
            if value is not None:
                pipe.restore(key, 0, value)
        pipe.execute()
    stack.wait_until(lambda: len(stack.events()) == 2 and healed(stack), "the second entry again")
    assert identities(stack) == before


def test_what_lies_before_the_window_is_remembered_and_not_published(make_stack: MakeStack) -> None:
    stack = make_stack(COPYDESK_HEAL_DAYS="0")
    stack.start()
    publish_some(stack)
    stack.client.flushall()
    stack.drop("news/again.txt", article(2))
    stack.drop("new.txt", article(3))
    stack.wait_until(lambda: len(stack.done()) == 7, "both in _done")
    (only,) = stack.events()
    assert only.data.model_dump()["provenance"]["path"] == "new.txt"


def test_a_watcher_killed_while_healing_is_taken_up_by_the_next(make_stack: MakeStack) -> None:
    stack = make_stack(COPYDESK_MAX_IN_FLIGHT="4")
    watcher, worker = stack.start()
    for number in range(30):
        stack.drop(f"{number}.txt", article(number))
    stack.wait_until(lambda: len(stack.done()) == 30, "thirty files in _done")
    before = identities(stack)
    kill_family(worker.pid)
    stack.client.flushall()
    stack.wait_until(lambda: len(stack.done()) < 30, "the first files to be put back")
    kill_family(watcher.pid)
    stack.start()
    stack.wait_until(lambda: len(stack.done()) == 30 and healed(stack), "thirty files in _done again", seconds=60)
    assert identities(stack) == before
    assert len(stack.events()) == 30


def test_a_marker_that_somebody_deleted_costs_nothing(stack: Stack) -> None:
    publish_some(stack)
    before = [event.id for event in stack.events()]
    (marker,) = stack.client.keys(stack.keys.marker("*"))
    stack.client.delete(marker)
    stack.wait_until(lambda: stack.client.exists(marker), "the marker again")
    assert [event.id for event in stack.events()] == before
    assert "stream_lost" not in stack.log_text()
