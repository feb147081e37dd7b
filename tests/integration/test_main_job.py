"""The main job: a file that is dropped becomes one record on the stream, and lies where its outcome says."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.articles import article
from tests.integration.conftest import Stack

SAMPLES = Path(__file__).parents[1] / "samples"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 4

MakeStack = Callable[..., Stack]


@pytest.fixture
def stack(make_stack: MakeStack) -> Stack:
    stack = make_stack()
    stack.start()
    return stack


def test_a_dropped_article_is_one_entry_and_lies_in_done(stack: Stack) -> None:
    stack.drop("news/nato.txt", (SAMPLES / "nato-talks.txt").read_bytes())
    stack.wait_until(lambda: stack.done() and stack.settled(), "the file in _done")
    (event,) = stack.events()
    (record,) = stack.articles()
    assert event.type == "io.copydesk.article.published.v1"
    assert event.source == "/copydesk/inbox"
    assert (record.primary_topic, record.topics[1].id) == ("diplomacy", "defense")
    assert all(topic.evidence for topic in record.topics[:2])
    assert record.source.folder == "news"
    assert record.provenance.path == "news/nato.txt"
    assert [path.name for path in stack.done()] == ["nato.txt"]


def test_the_same_file_again_gives_no_second_entry(stack: Stack) -> None:
    for name in ("a.txt", "b.txt", "a.txt"):
        before = len(stack.done())
        stack.drop(name, article(1))
        stack.wait_until(lambda before=before: len(stack.done()) > before, "the file in _done")
    assert len(stack.events()) == 1
    assert len(stack.done()) == 3


def test_a_changed_paragraph_is_a_correction(stack: Stack) -> None:
    for number, last in enumerate(["It rained.", "It snowed."], start=1):
        stack.drop("a.txt", article(1, last))
        stack.wait_until(lambda number=number: len(stack.done()) == number, "the file in _done")
    first, second = stack.events()
    assert [event.type.split(".")[3] for event in (first, second)] == ["published", "corrected"]
    assert [record.version for record in stack.articles()] == [1, 2]
    assert first.subject == second.subject
    assert first.id != second.id


def test_a_picture_is_rejected_with_a_reason_and_can_be_retried(stack: Stack) -> None:
    stack.drop("photos/a.png", PNG)
    stack.wait_until(lambda: len(stack.failed()) == 2, "the file and its sidecar in _failed")
    (event,) = stack.rejections()
    sidecar = json.loads(next(path for path in stack.failed() if path.suffix == ".json").read_text())
    assert sidecar["reason"] == "binary"
    assert "PNG" in sidecar["detail"]
    assert sidecar["hint"]
    assert event.data.model_dump(mode="json") == sidecar
    assert "binary" in stack.run("failed")

    first = sidecar["claim"]
    assert "photos/a.png" in stack.run("retry", "a.png")
    stack.wait_until(lambda: len(stack.rejections()) == 2, "a second look at the file")
    stack.wait_until(lambda: len(stack.failed()) == 2, "the file in _failed again")
    assert json.loads(stack.run("failed", "--json"))["claim"] != first


def test_what_cannot_be_read_is_rejected_too(make_stack: MakeStack, tmp_path: Path) -> None:
    stack = make_stack(COPYDESK_MAX_FILE_BYTES="1000", COPYDESK_SETTLE_UNSURE="0.2")
    (tmp_path / "secret.txt").write_text("secret")
    stack.start()
    stack.drop("large.txt", "x" * 1001)
    (stack.inbox / "link.txt").symlink_to(tmp_path / "secret.txt")
    stack.wait_until(lambda: len(stack.failed()) == 4, "both in _failed")
    reasons = {event.data.path: getattr(event.data, "reason", None) for event in stack.rejections()}
    assert reasons == {"large.txt": "too_large", "link.txt": "not_a_file"}


def test_an_article_in_a_file_with_a_hostile_name_is_published(stack: Stack) -> None:
    stack.wait_until(stack.inbox.is_dir, "the inbox")
    name = b"a\xff\n\x1b[31m\xe2\x80\xae.txt"
    with open(bytes(stack.inbox) + b"/" + name, "w") as file:
        file.write(article(3))
    stack.wait_until(stack.articles, "the record")
    assert stack.articles()[0].provenance.path == r"a\xff\n\x1b[31m\u202e.txt"
    stack.wait_until(lambda: any(path.name.startswith("a") for path in stack.done()), "the file in _done")


def test_every_line_of_a_files_journey_carries_its_claim(stack: Stack) -> None:
    stack.drop("a.txt", article(1))
    stack.wait_until(lambda: any(line["event"] == "settled" for line in stack.log()), "the file settled")
    journey = [line for line in stack.log() if line["event"] in ("submitted", "published", "settled")]
    assert [line["event"] for line in journey] == ["submitted", "published", "settled"]
    assert len({line["claim"] for line in journey}) == 1


def test_a_thousand_files_at_once_all_come_out_while_status_tells(make_stack: MakeStack) -> None:
    stack = make_stack(COPYDESK_MAX_IN_FLIGHT="100", COPYDESK_LOG_LEVEL="info")
    for number in range(1000):
        stack.drop(f"{number}.txt", article(number))
    stack.start()
    most = 0

    def all_done() -> bool:
        nonlocal most
        status = json.loads(stack.run("status", "--json", status=0)) if stack.client.exists(stack.keys.articles) else {}
        most = max(most, status.get("in_flight", 0))
        return len(stack.done()) == 1000

    stack.wait_until(lambda: {"watcher", "worker"} <= parts(stack), "both parts to report")
    stack.wait_until(all_done, "a thousand files in _done", seconds=90)
    assert len(stack.events()) == 1000
    assert len({event.subject for event in stack.events()}) == 1000
    assert most <= 100


def parts(stack: Stack) -> set[str]:
    return {name.decode().partition("@")[0] for name in stack.client.hkeys(stack.keys.alive)}
