"""``copydesk rules diff`` on a real archive, and publishing what changes: once, whatever befalls it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.article import Reclassified
from schemas.event import RECLASSIFIED, Event
from tests.articles import article
from tests.integration.conftest import Stack, kill_family
from tests.integration.test_healing import healed
from tests.integration.test_many_articles import lines, verify
from worker.web.records import newest

MakeStack = Callable[..., Stack]

TOPIC = '[[topic]]\nid = "borders"\nname = "Borders"\n'
RULE = """
[[rule]]
id = "borders-talks"
topic = "borders"
weight = 10
patterns = ["border talks"]
match = ["They open border talks."]

[[rule]]
id = "borders-again"
topic = "borders"
weight = 10
patterns = ["border talks"]
match = ["They open border talks."]
"""


@pytest.fixture
def own(tmp_path: Path) -> str:
    """A rule file that gives a topic of its own to every article of ``tests.articles``."""
    path = tmp_path / "own.toml"
    path.write_text(TOPIC + RULE)
    return str(path)


@pytest.fixture
def stack(make_stack: MakeStack) -> Stack:
    """An article in two versions, one in a folder, one twice, a file of four of which one is bad, a rejected one."""
    stack = make_stack()
    stack.start()
    for number, (name, content) in enumerate(
        [
            ("a.txt", article(1, "It rained.")),
            ("a.txt", article(1, "It snowed.")),
            ("news/b.txt", article(2)),
            ("news/again.txt", article(2)),
            ("other.txt", "A recipe for soup\n\nCut the onions and fry them slowly until they are brown and soft.\n"),
        ],
        start=1,
    ):
        stack.drop(name, content)
        stack.wait_until(lambda number=number: len(stack.done()) == number, f"{name} in _done")
    stack.drop("day.jsonl", lines(4, bad=[2]).replace("round 1 ", "round 101 ").replace("round 0 ", "round 100 "))
    stack.drop("empty.txt", "")
    stack.wait_until(lambda: len(stack.done()) == 7 and len(stack.failed()) == 2, "the rest")
    return stack


def told(stack: Stack) -> list[Event]:
    return [event for event in stack.events() if event.type == RECLASSIFIED]


def differences(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.split("\n") if line.startswith("{")]


def test_what_would_change_is_listed_and_nothing_is_published(stack: Stack, own: str) -> None:
    before = stack.events()
    output = stack.run("rules", "diff", "-", own, "--json")
    found = differences(output)
    assert [one["file"] for one in found] == ["a.txt", "news/b.txt", "day.jsonl#1", "day.jsonl#2", "day.jsonl#4"]
    assert {one["article"] for one in found} == {event.subject for event in before if event.subject in output}
    assert [one["version"] for one in found] == [2, 1, 1, 1, 1]
    assert all(one["old_topics"] == ["diplomacy"] for one in found)
    assert all(one["new_topics"] == ["borders", "diplomacy"] for one in found)
    assert {(one["old_primary_topic"], one["new_primary_topic"]) for one in found} == {("diplomacy", "borders")}
    assert "5 of 6 articles change their topics." in output
    readable = stack.run("rules", "diff", "-", own)
    assert "diplomacy → borders, diplomacy (primary: diplomacy → borders)" in readable
    assert ["borders", "5", "0", "5", "0"] in [line.split() for line in readable.split("\n")]
    assert "0 of 6 articles" in stack.run("rules", "diff", own, own)
    assert stack.events() == before


def test_what_changes_is_published_once_with_all_that_a_consumer_needs(stack: Stack, own: str) -> None:
    before = {event.subject: event for event in stack.events()}  # the later version of each
    output = stack.run("rules", "diff", "-", own, "--publish")
    assert "5 published" in output
    assert f"Restart the workers with COPYDESK_RULES={own}" in output
    events = told(stack)
    assert len(events) == 5
    for event in events:
        record, known = event.data, before[event.subject]
        assert isinstance(record, Reclassified)
        assert (record.id, record.version) == (known.subject, known.data.model_dump()["version"])
        assert [topic.id for topic in record.topics] == ["borders", "diplomacy"]
        assert record.topics[0].evidence[0].rule == "borders-talks"
        assert record.primary_topic == "borders"
        assert list(record.previous_topics) == list(known.data.topics)  # type: ignore[union-attr]
        assert record.previous_primary_topic == "diplomacy"
        assert event.traceparent == known.traceparent
        same = record.model_dump(exclude={"topics", "primary_topic", "previous_topics", "previous_primary_topic"})
        assert same == known.data.model_dump(exclude={"topics", "primary_topic"})
    assert "5 on the stream with these topics already" in stack.run("rules", "diff", "-", own, "--publish")
    assert told(stack) == events


def test_the_other_commands_take_such_entries_for_what_they_are(stack: Stack, own: str) -> None:
    stack.run("rules", "diff", "-", own, "--publish")
    result = verify(stack)
    assert (result["entries"], result["reclassified"]) == (12, 5)
    assert "5 entries tell that an article has other topics now" in stack.run("verify")
    tail = stack.run("tail", "--from-start", "--count", "12")
    assert tail.count("borders 1.00, diplomacy") == tail.count("(was: diplomacy)") == 5
    only = stack.run("tail", "--from-start", "--topic", "borders", "--json", "--count", "5")
    assert only.count('"previous_primary_topic":"diplomacy"') == 5
    assert "Nothing to do" in stack.run("replay", "--all")
    stack.drop("a.txt", article(1, "It hailed."))
    stack.wait_until(lambda: len(stack.done()) == 8, "the correction")
    assert [event.type.split(".")[3] for event in stack.events()][-1] == "corrected"
    verify(stack)


def test_a_change_back_and_forth_is_published_each_time(stack: Stack, own: str) -> None:
    stack.run("rules", "diff", "-", own, "--publish")
    output = stack.run("rules", "diff", own, "-", "--publish")
    assert "Restart the workers with no COPYDESK_RULES" in output
    stack.run("rules", "diff", own, "-", "--publish")
    stack.run("rules", "diff", "-", own, "--publish")
    events = told(stack)
    assert len(events) == len({event.id for event in events}) == 15
    verify(stack)


def test_an_article_that_was_published_by_the_new_rules_is_not_told_again(make_stack: MakeStack, own: str) -> None:
    stack = make_stack(COPYDESK_RULES=own)
    stack.start()
    stack.drop("a.txt", article(1))
    stack.wait_until(lambda: len(stack.done()) == 1, "the file in _done")
    assert [record.primary_topic for record in stack.articles()] == ["borders"]
    assert "1 on the stream with these topics already" in stack.run("rules", "diff", "-", own, "--publish")
    assert not told(stack)
    stack.client.xdel(stack.keys.articles, stack.client.xrange(stack.keys.articles)[0][0])
    assert "1 published again as they were" in stack.run("replay", "--topic", "borders")


def start(stack: Stack, *arguments: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "worker.cli", *arguments]
    return subprocess.Popen(command, env=stack.environment, stdout=subprocess.DEVNULL, start_new_session=True)


@pytest.fixture
def many(make_stack: MakeStack) -> Stack:
    """An archive of 120 articles in one file."""
    stack = make_stack()
    stack.start()
    stack.drop("day.jsonl", lines(120))
    stack.wait_until(lambda: len(stack.done()) == 1, "the file in _done")
    return stack


def test_a_command_that_is_killed_midway_and_run_again_publishes_each_change_once(many: Stack, own: str) -> None:
    last = many.client.xrevrange(many.keys.articles, count=1)[0][0]
    command = start(many, "rules", "diff", "-", own, "--publish")
    assert many.client.xread({many.keys.articles: last}, count=1, block=30_000)
    kill_family(command.pid)
    command.wait()
    assert 0 < len(told(many)) < 120
    many.run("rules", "diff", "-", own, "--publish")
    assert len({event.id for event in told(many)}) == len(told(many)) == 120
    assert verify(many)["reclassified"] == 120


def test_two_commands_at_once_publish_each_change_once(many: Stack, own: str) -> None:
    commands = [start(many, "rules", "diff", "-", own, "--publish") for _ in range(2)]
    assert [command.wait(60) for command in commands] == [0, 0]
    assert len({event.subject for event in told(many)}) == len(told(many)) == 120
    verify(many)


def test_after_flushall_the_archive_heals_and_a_change_has_the_id_that_it_had(stack: Stack, own: str) -> None:
    stack.run("rules", "diff", "-", own, "--publish")
    before = {event.id for event in told(stack)}
    stack.client.flushall()
    stack.wait_until(lambda: "stream_healed" in stack.log_text() and healed(stack), "the stream to be healed")
    verify(stack)
    assert not told(stack)
    stack.run("rules", "diff", "-", own, "--publish")
    assert {event.id for event in told(stack)} == before
    verify(stack)


def test_what_the_stream_lost_with_the_ledger_kept_is_told_again_with_the_id_that_it_had(
    stack: Stack, own: str
) -> None:
    stack.run("rules", "diff", "-", own, "--publish")
    before = {event.id for event in told(stack)}
    stack.client.xdel(stack.keys.articles, *[entry for entry, _ in stack.client.xrange(stack.keys.articles)])
    stack.run("replay", "--all")
    assert not told(stack)
    stack.run("rules", "diff", "-", own, "--publish")
    assert {event.id for event in told(stack)} == before
    stack.run("rules", "diff", "-", own, "--publish")
    assert len(told(stack)) == len(before)


def test_nothing_is_published_while_the_ledger_is_lost(stack: Stack, own: str) -> None:
    stack.close()
    output = stack.run("rules", "diff", "-", own, "--publish", status=1)
    assert "Redis lost the ledger" in output
    assert "Traceback" not in output
    assert not told(stack)


def content_of(stack: Stack, article_id: str) -> str:
    (content,) = [key.decode() for key in stack.client.hkeys(stack.keys.ledger(article_id)) if len(key) == 64]
    return content


def test_each_reason_why_a_change_is_not_published_is_told(stack: Stack, own: str) -> None:
    _, second, third, fourth, fifth = [
        one["article"] for one in differences(stack.run("rules", "diff", "-", own, "--json"))
    ]
    stack.client.hset(stack.keys.ledger(second), "version", 7)
    stack.client.delete(stack.keys.ledger(third))
    stack.client.hset(stack.keys.ledger(fourth), content_of(stack, fourth), "- 1")
    for path in (stack.inbox / ".journal").glob("*.jsonl"):
        path.write_text(path.read_text().replace(content_of(stack, fifth), "0" * 64))
    found = differences(stack.run("rules", "diff", "-", own, "--publish", "--json", status=1))
    assert [one["verdict"] for one in found] == ["published", "superseded", "forgotten", "healing", "read_differently"]
    output = stack.run("rules", "diff", "-", own, "--publish", status=1)
    assert "run this command again then" in output
    assert "copydesk replay --pipeline" in output


def test_what_is_no_longer_there_or_cannot_be_read_is_told(stack: Stack, own: str) -> None:
    (gone,) = stack.inbox.glob("_done/*/news/b.txt")
    gone.unlink()
    (emptied,) = stack.inbox.glob("_done/*/day.jsonl")
    emptied.write_text("")
    output = stack.run("rules", "diff", "-", own, status=1)
    assert "news/again.txt" in output  # holds the same article
    assert "day.jsonl: empty" in output
    (also,) = stack.inbox.glob("_done/*/news/again.txt")
    also.unlink()
    output = stack.run("rules", "diff", "-", own, status=1)
    assert "1 articles were passed over: their file is no longer in _done/" in output


def test_broken_rules_are_told_and_nothing_is_read(stack: Stack, own: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(TOPIC)
    output = stack.run("rules", "diff", own, str(broken), status=1)
    assert "broken.toml:1: topic 'borders': no rule speaks for it" in output
    assert "Traceback" not in output
    assert "cannot be read" in stack.run("rules", "diff", str(tmp_path / "none.toml"), own, status=1)


def test_a_worker_with_broken_rules_ends_with_the_reason(stack: Stack, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(TOPIC)
    stack.environment["COPYDESK_RULES"] = str(broken)
    output = stack.run("worker", status=1)
    assert "broken.toml:1: topic 'borders': no rule speaks for it" in output
    assert "Traceback" not in output


def test_a_change_goes_to_the_streams_of_the_topics_before_and_after(make_stack: MakeStack, own: str) -> None:
    stack = make_stack(COPYDESK_TOPIC_STREAMS="borders diplomacy", COPYDESK_RULES=own)
    own_topic, other = stack.keys.of_topic("borders"), stack.keys.of_topic("diplomacy")
    stack.start("watch")
    stack.environment |= {"COPYDESK_RULES": "", "COPYDESK_TOPIC_STREAMS": "diplomacy"}
    stack.start("worker")
    stack.drop("a.txt", article(1))
    stack.wait_until(stack.done, "the article")
    assert (stack.client.xlen(own_topic), stack.client.xlen(other)) == (0, 1)
    stack.environment["COPYDESK_TOPIC_STREAMS"] = "borders diplomacy"
    stack.client.set(own_topic, "text")
    refused = stack.run("rules", "diff", "-", own, "--publish", status=1)
    assert f"{own_topic} of a topic stream holds something else" in refused
    assert not told(stack)
    stack.client.delete(own_topic)
    stack.client.xgroup_create(own_topic, "g", mkstream=True)
    stack.client.execute_command("XSETID", own_topic, "9999999999999-0")  # whose ids are others than the main stream's
    stack.run("rules", "diff", "-", own, "--publish")
    (change,) = told(stack)
    newest_record = newest(stack.client, stack.keys, change.subject).data
    assert newest_record == stack.client.xrevrange(stack.keys.articles, count=1)[0][1][b"data"]
    for stream, known in ((own_topic, 0), (other, 1)):
        ids = [fields[b"ce_id"].decode() for _, fields in stack.client.xrange(stream)]
        assert ids[known:] == [change.id]
    stack.run("rules", "diff", own, "-", "--publish")
    assert (stack.client.xlen(own_topic), stack.client.xlen(other)) == (2, 3)
