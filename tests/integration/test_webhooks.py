"""Webhooks: every event to every receiver, in order, whatever the receivers and processes do."""

import json
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from schemas.article import Topic
from schemas.event import PUBLISHED, ArticleEvent, from_entry, to_entry
from tests.integration.conftest import RedisServer, Stack, kill_family
from tests.receiver import Receiver
from tests.records import MOMENT, TRACEPARENT, record
from tests.unit.webhooks.test_webhook_file import SECRET
from worker.settings import Settings
from worker.webhooks.delivery import Patience
from worker.webhooks.lock import HOLD_SECONDS
from worker.webhooks.service import run
from worker.webhooks.webhook_file import read_webhooks

WaitUntil = Callable[..., None]
QUICK = Patience(first=0.001, longest=0.02, asked=0.05, whole=600)


def event(number: int, topic: str) -> ArticleEvent:
    topics = (Topic(id=topic, name=topic, qcode=None, confidence=0.9, evidence=(), rest=0.0),)
    data = record(f"Paragraph {number}.", id=f"article-{number}", topics=topics, primary_topic=topic)
    return ArticleEvent(
        id=f"{number:04}",
        source="/copydesk/inbox",
        type=PUBLISHED,
        time=MOMENT,
        subject=data.id,
        traceparent=TRACEPARENT,
        data=data,
    )


def publish(stack: Stack, numbers: range, topic: str = "defense") -> list[str]:
    """Put events on the stream, and give their ids."""
    for number in numbers:
        entry: dict[Any, Any] = to_entry(event(number, topic))
        stack.client.xadd(stack.keys.articles, entry)
    return [f"{number:04}" for number in numbers]


def toml(*receivers: Receiver, more: str = "") -> str:
    return "".join(
        f'[[webhook]]\nname = "r{number}"\nurl = "{receiver.url}"\nsecret = "{SECRET}"\nallow_private = true\n{more}\n'
        for number, receiver in enumerate(receivers)
    )


@pytest.fixture
def stack(make_stack: Callable[..., Stack], tmp_path: Path) -> Stack:
    return make_stack(COPYDESK_WEBHOOKS=str(tmp_path / "hooks.toml"))


@pytest.fixture
def make_receiver() -> Iterator[Callable[..., Receiver]]:
    made: list[Receiver] = []

    def make(*arguments: Any, **options: Any) -> Receiver:
        made.append(Receiver(*arguments, **options))
        return made[-1]

    yield make
    for receiver in made:
        receiver.close()


Deliver = Callable[..., threading.Event]


@pytest.fixture
def deliver(stack: Stack, redis_server: RedisServer) -> Iterator[Deliver]:
    """Run the deliveries in this process, until the test ends or the event that it gets is set."""
    stop, threads = threading.Event(), list[threading.Thread]()
    settings = Settings(redis_url=redis_server.url, prefix=stack.keys.prefix)

    def start(text: str, patience: Patience = QUICK) -> threading.Event:
        webhooks = read_webhooks(text.encode(), "hooks.toml")
        threads.append(threading.Thread(target=run, args=(settings, webhooks, stop, patience)))
        threads[-1].start()
        return stop

    yield start
    stop.set()
    for thread in threads:
        thread.join()


def dead(stack: Stack, group: str) -> list[tuple[str, str]]:
    """The ids in a group's dead stream, each with its error."""
    found: Any = stack.client.xrange(f"{stack.keys.articles}:dead:{group}")
    return [
        (fields[b"ce_id"].decode(), " ".join(v.decode() for k, v in fields.items() if b"error" in k))
        for _, fields in found
    ]


def pending(stack: Stack, group: str) -> int:
    summary: Any = stack.client.xpending(stack.keys.articles, group)
    return int(summary["pending"])


def test_a_receiver_that_fails_for_a_while_gets_everything_once_and_in_order(
    stack: Stack, make_receiver: Callable[..., Receiver], deliver: Deliver, wait_until: WaitUntil
) -> None:
    answers: dict[int, Any] = {2: 500, 3: (503, {"retry-after": "1"}), 4: None, 5: 404, 6: 302, 9: 429}
    receiver = make_receiver(lambda request: answers.get(request.number, 200))
    ids = publish(stack, range(12))
    with structlog.testing.capture_logs() as logs:
        deliver(toml(receiver))
        wait_until(lambda: len(receiver.delivered) >= 12, "all to arrive")
    assert receiver.ids == ids
    tries = Counter(request.id for request in receiver.requests)
    assert tries == Counter({**dict.fromkeys(ids, 1), "0001": 6, "0003": 2})
    webhook_ids = {request.headers["webhook-id"] for request in receiver.requests if request.id == "0001"}
    assert len(webhook_ids) == 1
    said = Counter(line["event"] for line in logs)
    assert (said["webhook_failing"], said["webhook_works_again"], said["webhook_dead_letter"]) == (2, 2, 0)
    assert "hidden" not in str(logs)
    wait_until(lambda: pending(stack, "webhook-r0") == 0, "all to be acknowledged")


def test_a_receiver_that_is_down_gets_everything_when_it_is_there(
    stack: Stack, make_receiver: Callable[..., Receiver], deliver: Deliver, wait_until: WaitUntil
) -> None:
    away = make_receiver()
    text, port = toml(away), away.port
    away.close()
    ids = publish(stack, range(5))
    with structlog.testing.capture_logs() as logs:
        deliver(text)
        wait_until(lambda: sum(line["event"] == "webhook_failing_still" for line in logs) > 5, "some tries")
        receiver = make_receiver(port=port)
        wait_until(lambda: len(receiver.delivered) == 5, "all to arrive")
    assert receiver.ids == ids
    assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["webhook_failing"]


def test_what_does_not_arrive_within_its_time_is_dead_and_the_next_goes_on(
    stack: Stack, make_receiver: Callable[..., Receiver], deliver: Deliver, wait_until: WaitUntil
) -> None:
    receiver = make_receiver(lambda request: 500 if request.id == "0001" else 200)
    publish(stack, range(4))
    deliver(toml(receiver), Patience(first=0.001, longest=0.001, whole=0.05))
    wait_until(lambda: len(receiver.delivered) == 3, "the others to arrive")
    assert receiver.ids == ["0000", "0002", "0003"]
    ((which, why),) = dead(stack, "webhook-r0")
    assert which == "0001"
    assert "127.0.0.1 answered 500 Internal Server Error; given up after" in why


def test_an_event_that_the_receiver_refuses_as_such_is_dead_soon(
    stack: Stack, make_receiver: Callable[..., Receiver], deliver: Deliver, wait_until: WaitUntil
) -> None:
    receiver = make_receiver(lambda request: 422 if request.id == "0000" else 200)
    publish(stack, range(2))
    deliver(toml(receiver))
    wait_until(lambda: receiver.delivered, "the other to arrive")
    assert [request.id for request in receiver.requests] == ["0000"] * QUICK.refusals + ["0001"]
    assert [which for which, _ in dead(stack, "webhook-r0")] == ["0000"]


def test_a_receiver_that_is_gone_gets_no_more_and_nothing_is_dropped(
    stack: Stack, make_receiver: Callable[..., Receiver], deliver: Deliver, wait_until: WaitUntil
) -> None:
    gone, other = make_receiver(lambda _: 410), make_receiver()
    publish(stack, range(3))
    with structlog.testing.capture_logs() as logs:
        deliver(toml(gone, other))
        wait_until(lambda: len(other.delivered) == 3, "the other to get all")
        wait_until(lambda: any(line["event"] == "webhook_gone" for line in logs), "it to be said")
        publish(stack, range(3, 6))
        wait_until(lambda: len(other.delivered) == 6, "the other to get all")
    assert len(gone.requests) == 1
    assert pending(stack, "webhook-r0") > 0
    assert not dead(stack, "webhook-r0")


def test_only_the_topics_that_were_asked_for_are_sent(
    stack: Stack, make_receiver: Callable[..., Receiver], deliver: Deliver, wait_until: WaitUntil
) -> None:
    receiver = make_receiver()
    publish(stack, range(3), "sport")
    wanted = publish(stack, range(3, 5), "defense")
    publish(stack, range(5, 7), "sport")
    wanted += publish(stack, range(7, 8), "drones")
    deliver(toml(receiver, more='topics = ["defense", "drones"]'))
    wait_until(lambda: len(receiver.delivered) == 3, "all to arrive")
    assert receiver.ids == wanted
    wait_until(lambda: pending(stack, "webhook-r0") == 0, "the others to be passed over")


def test_a_receiver_that_hangs_holds_up_no_other(
    stack: Stack, make_receiver: Callable[..., Receiver], deliver: Deliver, wait_until: WaitUntil
) -> None:
    release = threading.Event()

    def hang(_: object) -> int:
        release.wait(30)
        return 200

    slow, quick = make_receiver(hang), make_receiver()
    ids = publish(stack, range(50))
    deliver(toml(slow, quick))
    wait_until(lambda: slow.requests and len(quick.delivered) == 50, "the quick one to get all")
    assert not slow.delivered
    release.set()
    wait_until(lambda: len(slow.delivered) == 50, "the slow one to get all")
    assert slow.ids == quick.ids == ids


def test_a_private_receiver_is_not_asked_unless_it_is_allowed(
    stack: Stack, make_receiver: Callable[..., Receiver], deliver: Deliver, wait_until: WaitUntil
) -> None:
    receiver = make_receiver()
    publish(stack, range(1))
    with structlog.testing.capture_logs() as logs:
        deliver(toml(receiver).replace("allow_private = true", ""))
        wait_until(lambda: any(line["event"] == "webhook_failing" for line in logs), "the failure")
    (line,) = [line for line in logs if line["event"] == "webhook_failing"]
    assert "allow_private = true" in line["error"]
    assert not receiver.requests


def test_a_killed_process_leaves_nothing_out_and_keeps_the_order(
    stack: Stack, make_receiver: Callable[..., Receiver], wait_until: WaitUntil, tmp_path: Path
) -> None:
    held, release = threading.Event(), threading.Event()

    def answer(request: Any) -> int:
        if request.id == "0007" and not release.is_set():
            held.set()
            release.wait(30)
        return 200

    receiver = make_receiver(answer)
    (tmp_path / "hooks.toml").write_text(toml(receiver))
    ids = publish(stack, range(20))
    (process,) = stack.start("webhooks")
    wait_until(held.is_set, "one to be under way")
    kill_family(process.pid)
    process.wait()
    release.set()
    publish(stack, range(20, 30))
    stack.start("webhooks")
    wait_until(lambda: "0029" in receiver.ids, "the rest to arrive", HOLD_SECONDS + 30)
    assert list(dict.fromkeys(receiver.ids)) == [*ids, *(f"{number:04}" for number in range(20, 30))]
    assert set(Counter(request.id for request in receiver.requests).items()) - {("0007", 2)} == {
        (which, 1) for which in receiver.ids if which != "0007"
    }


def test_a_process_that_is_told_to_end_finishes_its_request_and_the_next_begins_at_once(
    stack: Stack, make_receiver: Callable[..., Receiver], wait_until: WaitUntil, tmp_path: Path
) -> None:
    held, release = threading.Event(), threading.Event()

    def answer(_: object) -> int:
        held.set()
        release.wait(30)
        return 200

    receiver = make_receiver(answer)
    (tmp_path / "hooks.toml").write_text(toml(receiver))
    ids = publish(stack, range(100))
    (process,) = stack.start("webhooks")
    wait_until(held.is_set, "one to be under way")
    process.send_signal(signal.SIGTERM)
    release.set()
    assert process.wait(30) == 0
    before = len(receiver.requests)
    stack.start("webhooks")
    wait_until(lambda: len(receiver.delivered) == 100, "the rest to arrive")
    assert [request.id for request in receiver.requests] == ids  # none a second time
    assert before < 100  # it was told while the first was under way, and may take a moment to hear it


def test_a_second_process_waits_and_goes_on_when_the_first_has_ended(
    stack: Stack, make_receiver: Callable[..., Receiver], wait_until: WaitUntil, tmp_path: Path
) -> None:
    receiver = make_receiver()
    (tmp_path / "hooks.toml").write_text(toml(receiver))
    (first,) = stack.start("webhooks")
    ids = publish(stack, range(2))
    wait_until(lambda: len(receiver.delivered) == 2, "the first to deliver")
    stack.start("webhooks")
    wait_until(lambda: "webhook_waiting" in stack.log_text(), "the second to wait")
    ids += publish(stack, range(2, 4))
    wait_until(lambda: len(receiver.delivered) == 4, "one of them to deliver")
    first.send_signal(signal.SIGTERM)
    assert first.wait(30) == 0
    ids += publish(stack, range(4, 6))
    wait_until(lambda: len(receiver.delivered) == 6, "the second to deliver")
    assert [request.id for request in receiver.requests] == ids


def test_redis_that_was_away_loses_nothing(
    stack: Stack,
    make_receiver: Callable[..., Receiver],
    deliver: Deliver,
    redis_server: RedisServer,
    wait_until: WaitUntil,
) -> None:
    receiver = make_receiver()
    ids = publish(stack, range(3))
    deliver(toml(receiver))
    wait_until(lambda: len(receiver.delivered) == 3, "the first to arrive")
    redis_server.kill()
    redis_server.start()
    ids += publish(stack, range(3, 6))
    wait_until(lambda: "0005" in receiver.ids, "the rest to arrive")
    assert list(dict.fromkeys(receiver.ids)) == ids


def test_a_wrong_file_and_none_are_told_in_one_line_each(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "hooks.toml").write_text('[[webhook]]\nurl = "https://news.example/"\n')
    assert f"{tmp_path}/hooks.toml:1: webhook number 1: secret: is missing" in stack.run("webhooks", status=1)
    del stack.environment["COPYDESK_WEBHOOKS"]
    assert "COPYDESK_WEBHOOKS is not set" in stack.run("webhooks", status=1)


def test_the_dead_stream_can_be_read_as_the_stream_is(
    stack: Stack, make_receiver: Callable[..., Receiver], deliver: Deliver, wait_until: WaitUntil
) -> None:
    receiver = make_receiver(lambda _: 400)
    publish(stack, range(1))
    deliver(toml(receiver))
    stream = f"{stack.keys.articles}:dead:webhook-r0"
    wait_until(lambda: stack.client.xlen(stream), "it to be dead")
    found: Any = stack.client.xrange(stream)
    assert from_entry(found[0][1]) == event(0, "defense")
    assert json.loads(receiver.requests[0].body)["id"] == "0000"
