"""Stream retention, in a real server."""

import time
import uuid

import pytest

from tests.integration.conftest import RedisServer
from worker.retention import trim

DAY_MS = 86_400_000


@pytest.fixture
def stream(redis_server: RedisServer) -> str:
    """A stream with an entry for each of the last ten days, oldest first."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    now = int(time.time() * 1000)
    for days in range(10, 0, -1):
        redis_server.client.xadd(name, {"days": days}, id=f"{now - days * DAY_MS + 60_000}-0")
    return name


def left(server: RedisServer, stream: str) -> int:
    return int(server.client.xlen(stream))


def test_what_is_older_goes_and_the_rest_stays(redis_server: RedisServer, stream: str) -> None:
    assert trim(redis_server.client, stream, days=4) == 6
    assert left(redis_server, stream) == 4


def test_a_stream_that_is_not_there_is_no_error(redis_server: RedisServer) -> None:
    assert trim(redis_server.client, "nothing", days=1) == 0


def test_what_a_group_has_not_read_stays(redis_server: RedisServer, stream: str) -> None:
    client = redis_server.client
    client.xgroup_create(stream, "slow", id="0")
    client.xgroup_create(stream, "fast", id="$")
    assert trim(client, stream, days=1) == 0
    client.xreadgroup("slow", "c", {stream: ">"}, count=3, noack=True)
    assert trim(client, stream, days=1) == 3


def test_what_a_group_has_read_and_not_acknowledged_stays(redis_server: RedisServer, stream: str) -> None:
    client = redis_server.client
    client.xgroup_create(stream, "g", id="0")
    read = client.xreadgroup("g", "c", {stream: ">"}, count=10)
    ids = [entry for entry, _ in read[0][1]]
    client.xack(stream, "g", *ids[:2], *ids[3:])
    assert trim(client, stream, days=1) == 2
    assert left(redis_server, stream) == 8
