"""Addresses of Redis, for us and for Celery, and the errors of the edge."""

import fakeredis
import pytest
import redis
from redis.exceptions import AuthenticationError, ResponseError

from schemas.address import parse
from worker.connection import broker_options, broker_url, connect, public, translated, under_way
from worker.errors import Misconfigured, Unavailable


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("redis://localhost:6379/0", "redis://localhost:6379/0"),
        ("rediss://:secret@host:6380/3?ssl_ca_certs=/ca.pem", "rediss://:secret@host:6380/3?ssl_ca_certs=/ca.pem"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("unix:///run/redis.sock?db=4", "redis+socket:///run/redis.sock?virtual_host=4"),
        ("redis+sentinel://a:1/desk", "sentinel://a:1/0"),
        ("redis+sentinel://u:p%40@a:1,[::1]:2/desk/3", "sentinel://u:p%40@a:1/3;sentinel://u:p%40@[::1]:2/3"),
    ],
)
def test_celery_gets_the_same_server(url: str, broker: str) -> None:
    assert broker_url(url) == broker


def test_celery_is_told_which_master_the_sentinels_are_asked_for() -> None:
    assert broker_options("redis+sentinel://a:1/desk") == {"master_name": "desk"}
    assert broker_options("redis://a:1/0") == {}


def test_an_address_of_sentinels_is_read() -> None:
    found = parse("redis+sentinel://u:p%40@a,[::1]:2/desk/3")
    assert found == ((("a", 26379), ("::1", 2)), "desk", 3, "u", "p@")


def test_a_password_is_never_shown() -> None:
    assert public("redis://user:secret@host:6379/0") == "redis://user:***@host:6379/0"
    assert public("redis+sentinel://:secret@a:1,b:2/desk") == "redis+sentinel://:***@a:1,b:2/desk"
    assert public("redis://:sec/ret@host:6379/0") == "redis://:***@host:6379/0"
    assert public("redis://:sec@ret#@host") == "redis://:***@host"
    assert public("redis://host:6379/0") == "redis://host:6379/0"
    assert public("unix:///run/redis.sock") == "unix:///run/redis.sock"


def test_a_server_that_is_away_is_the_worlds_fault() -> None:
    with pytest.raises(Unavailable, match="not reachable") as error, translated("redis://localhost:1"):
        connect("redis://localhost:1").ping()
    assert isinstance(error.value.__cause__, redis.ConnectionError)


def test_a_refused_command_is_the_worlds_fault() -> None:
    with pytest.raises(Unavailable, match="OOM"), translated("redis://localhost"):
        raise ResponseError("OOM command not allowed")


def test_a_refused_login_is_the_operators_fault() -> None:
    with pytest.raises(Misconfigured, match="COPYDESK_REDIS_URL"), translated("redis://:secret@localhost"):
        raise AuthenticationError("WRONGPASS")


def test_an_address_that_makes_no_sense_is_the_operators_fault() -> None:
    with pytest.raises(Misconfigured, match="COPYDESK_REDIS_URL"):
        connect("redis://localhost:port")
    with pytest.raises(Misconfigured, match="must be like"):
        connect("redis+sentinel://localhost:26379")


def test_commands_are_done_while_the_body_runs_and_the_client_is_free_meanwhile() -> None:
    client = fakeredis.FakeRedis()
    with under_way(client, [("SET", "a", b"1"), ("INCRBY", "a", 4)]):
        assert client.get("a") == b"5"
    assert client.get("a") == b"5"


def test_a_refused_command_is_told_behind_the_body_and_holds_back_no_other() -> None:
    client = fakeredis.FakeRedis()
    ended = []
    with (
        pytest.raises(ResponseError, match="not an integer"),
        under_way(client, [("SET", "a", b"x"), ("INCRBY", "a", 1), ("SET", "b", b"y")]),
    ):
        ended.append("body")
    assert ended == ["body"]
    assert client.mget("a", "b") == [b"x", b"y"]


def test_a_body_that_fails_leaves_no_reply_for_the_next_command() -> None:
    client = fakeredis.FakeRedis()
    with pytest.raises(ZeroDivisionError), under_way(client, [("SET", "a", b"x")]):
        raise ZeroDivisionError
    assert client.get("a") == b"x"
    with pytest.raises(KeyboardInterrupt), under_way(client, [("SET", "a", b"z")]):
        raise KeyboardInterrupt
    assert client.get("a") == b"z"


def test_nothing_is_begun_where_commands_cannot_be_sent() -> None:
    begun = []
    with pytest.raises(redis.ConnectionError), under_way(connect("redis://localhost:1"), [("SET", "a", b"x")]):
        begun.append("body")
    assert not begun
