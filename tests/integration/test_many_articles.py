"""Files of many articles: each article once, one outcome for the file, whatever is killed or lost meanwhile."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.articles import article
from tests.integration.conftest import RedisServer, Stack, kill_family
from tests.integration.test_faults import poisoned_worker
from tests.integration.test_healing import healed, identities

MakeStack = Callable[..., Stack]
BAD = (18, 77, 150, 151, 299)  # lines, counted from 0, that give no record
SAVE = """
local all = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  all[#all + 1] = {key, redis.call('DUMP', key)}
end
return all
"""


def line(number: int, last: str = "The ministers meet again in spring.") -> str:
    headline, _, text = article(number, last).partition("\n\n")
    return json.dumps({"headline": headline, "text": text})


def lines(count: int, bad: Iterable[int] = ()) -> str:
    return "\n".join('{"headline": 1}' if number in set(bad) else line(number) for number in range(count))


def paths(stack: Stack) -> list[str]:
    return [record.provenance.path for record in stack.articles()]


def rejected(stack: Stack) -> list[tuple[str, str]]:
    return [(event.id.partition(".")[2], event.data.model_dump()["path"]) for event in stack.rejections()]


def verify(stack: Stack) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(stack.run("verify", "--json"))
    assert not result["problems"]
    return result


def articles_of(result: dict[str, Any]) -> list[int]:
    return [result[f"articles_{status}"] for status in ("published", "duplicate", "rejected")]


def explanation(stack: Stack) -> dict[str, Any]:
    everything = stack.done() + stack.failed()
    (sidecar,) = [path for path in everything if path.name.endswith(".error.json")]
    result: dict[str, Any] = json.loads(sidecar.read_text())
    return result


def drop_three_hundred(stack: Stack) -> None:
    stack.drop("agency/day.jsonl", lines(300, BAD))


def wait_for_three_hundred(stack: Stack) -> None:
    stack.wait_until(lambda: len(stack.done()) == 2 and stack.settled(), "the file in _done", seconds=90)


def assert_three_hundred(stack: Stack) -> None:
    wait_for_three_hundred(stack)
    good = [f"agency/day.jsonl#{number + 1}" for number in range(300) if number not in BAD]
    assert sorted(paths(stack)) == sorted(good)
    assert all(event.type.endswith("published.v1") for event in stack.events())
    assert len({event.subject for event in stack.events()}) == 295
    assert sorted(rejected(stack)) == sorted((str(n + 1), f"agency/day.jsonl#{n + 1}") for n in BAD)
    assert len({event.traceparent for event in stack.events() + stack.rejections()}) == 1
    result = verify(stack)
    assert (result["seen"], result["published"], result["articles"]) == (1, 1, 300)
    assert articles_of(result) == [295, 0, 5]


def test_a_file_of_three_hundred_articles_is_one_entry_for_each(make_stack: MakeStack) -> None:
    stack = make_stack()
    stack.start()
    drop_three_hundred(stack)
    stack.drop("agency/single.txt", article(1000))
    stack.wait_until(lambda: "agency/single.txt" in paths(stack), "the file beside it")
    stack.wait_until(lambda: len(stack.done()) == 3, "both in _done")
    records = {record.provenance.path: record for record in stack.articles()}
    first = records["agency/day.jsonl#1"]
    assert first.source.folder == "agency"
    assert first.provenance.size == len(lines(300, BAD))
    assert first.provenance.file_sha256 == records["agency/day.jsonl#299"].provenance.file_sha256
    in_order = [path for path in paths(stack) if "#" in path]
    assert in_order == [f"agency/day.jsonl#{number + 1}" for number in range(300) if number not in BAD]
    why = explanation(stack)
    assert why["reason"] == "articles_rejected"
    assert "5 of 300 articles gave no record (no_body 5)" in why["detail"]
    assert "agency/day.jsonl#19: no_body" in why["detail"]
    told = stack.run("failed")
    assert "_done/" in told
    assert "agency/day.jsonl#152" in told
    assert not stack.client.keys(stack.keys.parts("*"))
    assert not stack.client.keys(stack.keys.blob("*"))
    logged = [entry["path"] for entry in stack.log() if entry["event"] == "rejected"]
    assert "agency/day.jsonl#19" in logged
    result = verify(stack)
    assert (result["seen"], result["articles"]) == (2, 301)


def test_a_worker_killed_again_and_again_in_the_midst_of_a_file_publishes_each_article_once(
    make_stack: MakeStack,
) -> None:
    stack = make_stack(COPYDESK_RESUBMIT_AFTER="3")
    stack.start("watch")
    drop_three_hundred(stack)
    for _ in range(4):
        before = stack.client.xlen(stack.keys.articles)
        (worker,) = stack.start("worker")
        stack.wait_until(lambda before=before: stack.client.xlen(stack.keys.articles) > before, "a chunk")
        assert not stack.done()
        kill_family(worker.pid)
    assert 0 < stack.client.xlen(stack.keys.articles) < 295
    stack.start("worker")
    assert_three_hundred(stack)


def test_watcher_worker_and_redis_killed_in_the_midst_of_a_file(
    make_stack: MakeStack, redis_server: RedisServer
) -> None:
    stack = make_stack(COPYDESK_RESUBMIT_AFTER="3")
    watcher, worker = stack.start()
    drop_three_hundred(stack)
    stack.wait_until(lambda: stack.client.xlen(stack.keys.articles) > 0, "a chunk")
    redis_server.kill()
    kill_family(watcher.pid)
    kill_family(worker.pid)
    redis_server.start()
    stack.start()
    assert_three_hundred(stack)


def test_a_redis_that_forgets_in_the_midst_of_a_file_has_every_article_afterwards(make_stack: MakeStack) -> None:
    stack = make_stack(COPYDESK_RESUBMIT_AFTER="3")
    stack.start()
    drop_three_hundred(stack)
    stack.wait_until(lambda: stack.client.xlen(stack.keys.articles) > 0, "a chunk")
    stack.client.flushall()
    stack.wait_until(lambda: healed(stack) and len(stack.done()) == 2, "the file in _done", seconds=90)
    assert_three_hundred(stack)


def test_after_flushall_every_article_of_a_file_comes_back_as_it_was(make_stack: MakeStack) -> None:
    stack = make_stack()
    stack.start()
    drop_three_hundred(stack)
    wait_for_three_hundred(stack)
    before, before_rejected = identities(stack), rejected(stack)
    stack.client.flushall()
    stack.wait_until(lambda: "stream_healed" in stack.log_text() and healed(stack), "healing", seconds=60)
    assert_three_hundred(stack)
    assert identities(stack) == before
    assert sorted(rejected(stack)) == sorted(before_rejected)


def replayed(stack: Stack) -> None:
    assert "1 published again as they were" in stack.run("replay", "--all")
    assert "Nothing to do" in stack.run("replay", "--all")


def healed_by_itself(stack: Stack) -> None:
    stack.client.delete(*stack.client.keys(stack.keys.marker("*")))
    stack.wait_until(lambda: "stream_healed" in stack.log_text() and healed(stack), "healing", seconds=60)


@pytest.mark.parametrize("bring_back", [replayed, healed_by_itself])
def test_only_what_is_missing_of_a_file_is_published_again(
    make_stack: MakeStack, bring_back: Callable[[Stack], None]
) -> None:
    stack = make_stack()
    stack.start()
    stack.drop("a.txt", article(0, "An earlier version."))
    stack.wait_until(lambda: len(stack.done()) == 1, "the earlier version")
    stack.drop("day.jsonl", lines(40, (7, 8)))
    stack.wait_until(lambda: len(stack.done()) == 3, "the file in _done")
    before = {event.id: event.data for event in stack.events()}
    entries = [entry for entry, _ in stack.client.xrange(stack.keys.articles)]
    stack.client.xdel(stack.keys.articles, *entries[1:11])
    stack.client.xdel(stack.keys.rejected, stack.client.xrange(stack.keys.rejected)[0][0])
    stack.client.delete(*stack.client.keys(stack.keys.outcome("*")))
    bring_back(stack)
    assert {event.id: event.data for event in stack.events()} == before
    assert len(stack.events()) == 40 - 2 + 1
    assert [entry for entry, _ in stack.client.xrange(stack.keys.articles)][:29] == [entries[0], *entries[11:]]
    assert sorted(rejected(stack)) == [("8", "day.jsonl#8"), ("9", "day.jsonl#9")]
    assert "day.jsonl#8: no_body" in explanation(stack)["detail"]
    assert "day.jsonl#9: no_body" in explanation(stack)["detail"]
    assert articles_of(verify(stack)) == [39, 0, 2]


def test_a_redis_that_went_back_into_the_midst_of_a_file_is_healed(
    make_stack: MakeStack, redis_server: RedisServer
) -> None:
    stack = make_stack(COPYDESK_RESUBMIT_AFTER="3")
    _, worker = stack.start()
    stack.drop("first.txt", article(1001))
    stack.wait_until(lambda: len(stack.done()) == 1, "the first file in _done")
    drop_three_hundred(stack)
    stack.wait_until(lambda: stack.client.xlen(stack.keys.articles) > 1, "a chunk")
    kill_family(worker.pid)
    # In one step, as a replica is whole between two commands: what the worker had sent is still being carried out.
    saved: Any = redis_server.client.eval(SAVE, 0)
    assert 1 < stack.client.xlen(stack.keys.articles) < 296
    stack.start("worker")
    stack.wait_until(lambda: len(stack.done()) == 3, "the file in _done", seconds=60)
    before, before_rejected = identities(stack), sorted(rejected(stack))
    with redis_server.client.pipeline() as pipe:  # as a replica that lagged behind would take over
        pipe.flushall()
        for key, value in saved:
            pipe.restore(key, 0, value)
        pipe.execute()
    stack.wait_until(lambda: "stream_healed" in stack.log_text() and healed(stack), "every entry again", seconds=60)
    assert identities(stack) == before
    assert sorted(rejected(stack)) == before_rejected
    assert articles_of(verify(stack)) == [296, 0, 5]


def test_the_same_article_twice_in_a_file_is_a_duplicate_and_a_changed_one_the_next_version(
    make_stack: MakeStack,
) -> None:
    stack = make_stack()
    stack.start()
    editions = [line(1, f"Edition {number}.") for number in range(20)]
    stack.drop("day.jsonl", "\n".join([*editions, editions[3], line(2), editions[3]]))
    stack.wait_until(stack.done, "the file in _done")
    of_one = [record for record in stack.articles() if record.provenance.path != "day.jsonl#22"]
    assert [record.version for record in of_one] == list(range(1, 21))
    assert [record.provenance.path for record in of_one] == [f"day.jsonl#{number}" for number in range(1, 21)]
    assert articles_of(verify(stack)) == [21, 2, 0]
    stack.drop("again.jsonl", "\n".join(editions[:5]))
    stack.wait_until(lambda: len(stack.done()) == 2, "the second file in _done")
    result = verify(stack)
    assert (result["published"], result["duplicate"]) == (1, 1)
    assert articles_of(result) == [21, 7, 0]


def test_a_file_none_of_whose_articles_gives_a_record_fails_and_can_be_retried(make_stack: MakeStack) -> None:
    stack = make_stack()
    stack.start()
    stack.drop("day.jsonl", lines(12, range(12)))
    stack.wait_until(lambda: len(stack.failed()) == 2, "the file in _failed")
    why = explanation(stack)
    assert (why["path"], why["reason"]) == ("day.jsonl", "articles_rejected")
    assert "12 of 12 articles gave no record (no_body 12)" in why["detail"]
    assert "and 2 more" in why["detail"]
    assert len(stack.rejections()) == 12
    result = verify(stack)
    assert (result["failed"], result["articles_rejected"]) == (1, 12)
    assert "day.jsonl" in stack.run("retry", "day.jsonl")
    stack.wait_until(lambda: len(stack.rejections()) == 24, "a second look at the file")


def test_a_file_with_one_article_is_as_a_single_one(make_stack: MakeStack) -> None:
    stack = make_stack()
    stack.start()
    stack.drop("good.jsonl", lines(1))
    stack.drop("bad.jsonl", '{"headline": 1}\n')
    stack.wait_until(lambda: stack.done() and len(stack.failed()) == 2, "both settled")
    assert paths(stack) == ["good.jsonl#1"]
    assert [(event.id == event.data.model_dump()["claim"]) for event in stack.rejections()] == [True]
    journal = "".join(path.read_text() for path in (stack.inbox / ".journal").glob("*.jsonl"))
    assert '"parts"' not in journal
    assert articles_of(verify(stack)) == [1, 0, 1]


@pytest.mark.parametrize("poison", ["SEGFAULT", "HANG-IN-C", "HANG-IN-PYTHON", "BUG"])
def test_a_poisonous_article_is_rejected_alone_among_its_siblings(make_stack: MakeStack, poison: str) -> None:
    stack = make_stack(COPYDESK_TIME_LIMIT="1", COPYDESK_MAX_ATTEMPTS="2", COPYDESK_CONCURRENCY="1")
    with poisoned_worker(stack):
        stack.start("watch")
        stack.drop("day.jsonl", "\n".join(line(n, poison if n == 41 else "The end.") for n in range(60)))
        stack.wait_until(lambda: len(stack.done()) == 2, "the file in _done", seconds=90)
    assert rejected(stack) == [("42", "day.jsonl#42")]
    (rejection,) = stack.rejections()
    why = rejection.data.model_dump()
    assert why["reason"] == ("timed_out" if "HANG" in poison else "crashed")
    assert sorted(paths(stack)) == sorted(f"day.jsonl#{n + 1}" for n in range(60) if n != 41)
    assert articles_of(verify(stack)) == [59, 0, 1]


def test_more_articles_than_a_file_may_have_are_one_rejection(make_stack: MakeStack) -> None:
    stack = make_stack()
    stack.start()
    stack.drop("day.jsonl", lines(1010, range(5, 1010)))
    stack.wait_until(lambda: len(stack.done()) == 2, "the file in _done", seconds=60)
    assert len(stack.articles()) == 5
    assert rejected(stack)[-1] == ("rest", "day.jsonl")
    assert len(rejected(stack)) == 996
    why = explanation(stack)["detail"]
    assert "995 of 1000 articles gave no record (no_body 995)" in why
    assert "What follows the first 1000 articles: too_many_articles" in why
    assert articles_of(verify(stack)) == [5, 0, 996]
