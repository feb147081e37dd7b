"""``copydesk verify`` and ``copydesk replay``: the audit of a real run, and publishing its archive again."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.articles import article
from tests.integration.conftest import Stack, files

MakeStack = Callable[..., Stack]
NOWHERE = f"00-{'f' * 32}-{'f' * 16}-01".encode()  # the trace of no file


@pytest.fixture
def stack(make_stack: MakeStack) -> Stack:
    """Five articles, one of them in two versions and one twice, and a rejected file; all settled."""
    stack = make_stack(COPYDESK_HEAL_DAYS="0")
    stack.start()
    for number in range(5):
        stack.drop(f"{number}.txt", article(number))
    stack.wait_until(lambda: len(stack.done()) == 5, "five files in _done")
    stack.drop("agency/0.txt", article(0))
    stack.drop("again.txt", article(0))
    stack.drop("1.txt", article(1, "It rained."))
    stack.drop("empty.txt", "")
    stack.wait_until(lambda: len(stack.done()) == 8 and len(stack.failed()) == 2, "the rest")
    return stack


def verify(stack: Stack, status: int = 0) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(stack.run("verify", "--json", status=status))
    return result


def kinds(result: dict[str, Any]) -> list[str]:
    return [problem["kind"] for problem in result["problems"]]


def test_a_run_without_faults_balances(stack: Stack) -> None:
    result = verify(stack)
    counts = [result[name] for name in ("seen", "published", "duplicate", "failed", "in_flight", "lost")]
    assert counts == [9, 7, 1, 1, 0, 0]
    assert (result["entries"], result["rejections"], result["problems"]) == (7, 1, [])
    assert "Nothing is lost" in stack.run("verify")


def test_what_is_off_is_listed_with_what_to_do(stack: Stack) -> None:
    (_, fields), *_ = stack.client.xrange(stack.keys.articles)
    stack.client.xadd(stack.keys.articles, fields)
    stack.client.xadd(stack.keys.articles, {**fields, b"ce_id": b"forged.1", b"traceparent": NOWHERE})
    stack.client.xdel(stack.keys.rejected, stack.client.xrange(stack.keys.rejected)[0][0])
    (stack.inbox / "_done" / "2999-01-01").mkdir()
    (stack.inbox / "_done" / "2999-01-01" / "strange.txt").write_text("text")
    result = verify(stack, status=1)
    assert set(kinds(result)) >= {"doubled", "no_source", "unaccounted"}
    assert all(problem["hint"] for problem in result["problems"])
    assert "! doubled" in stack.run("verify", status=1)


def test_a_claimed_file_that_somebody_removed_is_lost(make_stack: MakeStack) -> None:
    stack = make_stack()
    stack.start("watch")
    stack.drop("a.txt", article(1))
    stack.wait_until(lambda: files(stack.inbox / "_claimed"), "the file to be claimed")
    stack.wait_until(lambda: any(line["event"] == "submitted" for line in stack.log()), "it to be submitted")
    (claimed,) = files(stack.inbox / "_claimed")
    assert kinds(verify(stack)) == []
    claimed.unlink()
    result = verify(stack, status=1)
    assert kinds(result) == ["lost"]
    assert result["problems"][0]["what"] == "a.txt"


def test_a_replay_publishes_what_is_missing_and_nothing_else(stack: Stack) -> None:
    before = {event.id: event.type for event in stack.events()}
    assert "Nothing to do" in stack.run("replay", "--all")
    for entry, _ in stack.client.xrange(stack.keys.articles)[:3]:
        stack.client.xdel(stack.keys.articles, entry)
    stack.client.hset(stack.client.keys(stack.keys.ledger("*"))[0], "other", "1-0 9")
    told = stack.run("replay", "--all")
    assert "3 published again as they were" in told
    assert {event.id: event.type for event in stack.events()} == before
    assert len(stack.events()) == 7
    assert len(stack.done()) == 8
    assert "Nothing to do" in stack.run("replay", "--all")
    assert kinds(verify(stack)) == []


def test_a_replay_after_the_stream_was_lost_brings_back_the_files_that_are_meant(stack: Stack) -> None:
    stack.client.flushall()
    stack.wait_until(lambda: stack.client.keys(stack.keys.marker("*")), "the loss to be seen to")
    stack.wait_until(lambda: stack.client.hlen(stack.keys.alive), "the worker to report")
    stack.wait_until(
        lambda: any(name.startswith(b"worker@") for name in stack.client.hkeys(stack.keys.alive)), "the worker"
    )
    assert not stack.events()
    assert kinds(verify(stack, status=1)) == ["not_on_stream"] * 9
    stack.run("replay", "--folder", "agency/")
    assert [event.data.model_dump()["source"]["folder"] for event in stack.events()] == ["agency"]
    assert "Nothing to do" in stack.run("replay", "--since", "2999-01-01")
    assert "Nothing to do" in stack.run("replay", "--until", "1999-01-01")
    assert "Nothing to do" in stack.run("replay", "--topic", "religion")
    stack.run("replay", "--all")
    versions = sorted((event.subject, event.data.model_dump()["version"]) for event in stack.events())
    assert len(versions) == len(set(versions)) == 7
    assert kinds(verify(stack, status=1)) == ["not_on_stream"]  # the rejection, which is retried, not replayed


def test_a_replay_for_an_earlier_pipeline_runs_its_files_again(stack: Stack) -> None:
    for path in (stack.inbox / ".journal").glob("*.jsonl"):
        path.write_text(path.read_text().replace('"pipeline":"0.1.0"', '"pipeline":"0.0.9"'))
    told = stack.run("replay", "--pipeline", "0.0.9")
    assert "8 unchanged, and on the stream already" in told
    assert len(stack.events()) == 7
    assert "Nothing to do" in stack.run("replay", "--pipeline", "0.0.9")


def test_a_replay_says_what_it_needs(make_stack: MakeStack) -> None:
    stack = make_stack()
    stack.inbox.mkdir()
    assert "--all" in stack.run("replay", status=2)
    assert "copydesk worker" in stack.run("replay", "--all", status=1)
