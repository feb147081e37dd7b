"""What a member of a group does when its server fails it at the worst moment, step by step."""

from typing import Any

import pytest

from schemas.event import ArticleEvent
from schemas.membership import Ask, Away, Membership, Pause, Steps
from tests.integration.test_subscriber import entry


class Recorder:
    """A pipeline that notes what is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments, **options: self.asked.append((name, arguments, options))


def asked(step: object) -> list[str]:
    assert isinstance(step, Ask)
    recorder = Recorder()
    step.queue(recorder)
    return [name for name, _, _ in recorder.asked]


@pytest.fixture
def member() -> Membership:
    return Membership("g", (), "s", "beginning", 1e9, 5, "me")


def first_event(steps: Steps) -> object:
    """Drive a member up to its first event, on a server that has just one."""
    assert asked(next(steps)) == ["xpending_range"]
    assert asked(steps.send([[]])) == ["xinfo_groups", "xpending", "xinfo_consumers"]
    assert asked(steps.send([[], {"min": None}, []])) == ["xpending_range"]
    assert asked(steps.send([[]])) == ["eval", "xreadgroup"]
    fields = {key.encode(): value.encode() for key, value in entry("a").items()}
    return steps.send([0, [[b"s", [(b"1-0", fields)]]]])


def test_the_acknowledgement_is_sent_again_until_it_is_known_to_have_arrived(member: Membership) -> None:
    steps = member.steps()
    assert isinstance(first_event(steps), ArticleEvent)
    assert asked(steps.send(None)) == ["xack", "hdel", "eval", "xreadgroup"]
    assert isinstance(steps.throw(Away("gone")), Pause)
    assert asked(steps.send(None)) == ["xack", "hdel", "xpending_range"]
    assert asked(steps.send([1, 0, []])) == ["eval", "xreadgroup"]


def test_what_was_given_out_with_a_reply_that_was_lost_is_asked_for_first(member: Membership) -> None:
    steps = member.steps()
    first_event(steps)
    steps.send(None)
    steps.throw(Away("gone"))
    recorder = Recorder()
    step = steps.send(None)
    assert isinstance(step, Ask)
    step.queue(recorder)
    assert recorder.asked[-1][2]["consumername"] == "me"


def test_a_dead_letter_that_may_not_have_arrived_is_made_again_once(member: Membership) -> None:
    steps = member.steps()
    first_event(steps)
    member.burial = "why"
    assert asked(steps.send(None)) == ["eval"]
    steps.throw(Away("gone"))
    assert asked(steps.send(None)) == ["eval"]
    assert asked(steps.send([None])) == ["xpending_range"]


def test_who_is_silent_for_a_day_with_nothing_in_hand_is_a_member_no_more(member: Membership) -> None:
    steps = member.steps()
    next(steps)
    steps.send([[]])
    long = 86_400_001
    members = [
        {"name": b"busy", "pending": 1, "idle": long},
        {"name": b"dead", "pending": 0, "idle": long},
        {"name": b"idle", "pending": 0, "idle": 1000},
    ]
    step = steps.send([[], {"min": None}, members])
    assert isinstance(step, Ask)
    recorder = Recorder()
    step.queue(recorder)
    assert recorder.asked == [("xgroup_delconsumer", ("s", "g", b"dead"), {})]
    assert asked(steps.send([0])) == ["xpending_range"]
