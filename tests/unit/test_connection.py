"""Addresses of Redis, for us and for Celery, and the errors of the edge."""

import pytest
import redis
from redis.exceptions import AuthenticationError, ResponseError

from worker.connection import broker_url, connect, public, translated
from worker.errors import Misconfigured, Unavailable


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("redis://localhost:6379/0", "redis://localhost:6379/0"),
        ("rediss://:secret@host:6380/3?ssl_ca_certs=/ca.pem", "rediss://:secret@host:6380/3?ssl_ca_certs=/ca.pem"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("unix:///run/redis.sock?db=4", "redis+socket:///run/redis.sock?virtual_host=4"),
    ],
)
def test_celery_gets_the_same_server(url: str, broker: str) -> None:
    assert broker_url(url) == broker


def test_a_password_is_never_shown() -> None:
    assert public("redis://user:secret@host:6379/0") == "redis://user:***@host:6379/0"
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
