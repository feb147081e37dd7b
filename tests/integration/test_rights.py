"""A Redis user with no more rights than docs/scale.md gives it runs the whole service."""

import contextlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis

from schemas.subscriber import Subscription
from tests.articles import article
from tests.integration.conftest import RedisServer, Stack
from tests.integration.test_many_articles import lines
from tests.integration.test_rule_changes import RULE, TOPIC

MakeStack = Callable[..., Stack]
PAGE = Path(__file__).parents[2] / "docs" / "scale.md"


def limited(server: RedisServer, prefix: str) -> str:
    """Make the user of the page, for another prefix; returns the address with its login."""
    (line,) = re.findall(r"^ACL SETUSER .*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    server.client.execute_command(
        *re.sub(r"([~&])copydesk:", rf"\1{prefix}:", line).replace(">PASSWORD", ">secret").split()
    )
    return server.url.replace("unix://", "unix://copydesk:secret@")


def refused(server: RedisServer) -> list[Any]:
    """What the user was refused, but for CLIENT: one command before Redis 7, and the driver only says its name."""
    entries: Any = server.client.acl_log()
    told = [(entry["username"], entry["reason"], entry["object"]) for entry in entries]
    return [entry for entry in told if entry[0] == "copydesk" and entry[2] != "client"]


def test_the_user_of_the_page_may_do_all_that_is_done_and_nothing_else(
    make_stack: MakeStack, redis_server: RedisServer, tmp_path: Path
) -> None:
    stack = make_stack(COPYDESK_TOPIC_STREAMS="diplomacy", COPYDESK_LISTEN="127.0.0.1:0")
    stack.environment["COPYDESK_REDIS_URL"] = url = limited(redis_server, stack.keys.prefix)
    stack.start("watch", "worker", "serve")
    stack.drop("a.txt", article(1, "It rained."))
    stack.wait_until(lambda: len(stack.done()) == 1, "the first version in _done")
    stack.drop("a.txt", article(1, "It snowed."))
    stack.drop("again.txt", article(1, "It snowed."))
    stack.drop("many.jsonl", lines(5, bad=[3]))
    stack.drop("b.png", b"\x89PNG\r\n\x1a\n")
    stack.wait_until(lambda: stack.settled() and len(stack.done()) == 5, "every file in its place")
    read(url, stack)
    (tmp_path / "own.toml").write_text(TOPIC + RULE)
    stack.run("rules", "diff", "-", str(tmp_path / "own.toml"), "--publish")
    for command in (["status"], ["verify"], ["replay", "--all"], ["drift"], ["tail", "--from-start", "--count", "1"]):
        stack.run(*command)
    redis_server.client.flushall()
    stack.drop("c.txt", article(9))
    stack.wait_until(lambda: len(stack.events()) >= 5 and stack.settled(), "what was lost to be there again")
    assert refused(redis_server) == []
    with redis.Redis.from_url(url) as user:
        for command in (
            ["FLUSHALL"],
            ["KEYS", "*"],
            ["CONFIG", "GET", "*"],
            ["GET", "other"],
            ["PUBLISH", "other", "x"],
        ):
            with pytest.raises(redis.exceptions.NoPermissionError):
                user.execute_command(*command)


def read(url: str, stack: Stack) -> None:
    """As a subscriber, who leaves one entry unacknowledged and makes another a dead letter."""
    events = Subscription(url, "desk", stream=stack.keys.articles, retry_after=0.1)
    with contextlib.suppress(ZeroDivisionError), events as coming:
        for _ in coming:
            raise ZeroDivisionError
    with events as coming:
        for number, _ in enumerate(coming):
            if number == 1:
                coming.bury("a test")
            if number == 2:
                coming.stop()
