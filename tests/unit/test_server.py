"""What a Redis server must be: said once, in one line, with the next step."""

import fakeredis
import pytest
from redis.exceptions import NoPermissionError
from structlog.testing import capture_logs

from worker.errors import Misconfigured
from worker.server import ServerCheck, eviction_risk, refuse_scattered_keys


class Server(fakeredis.FakeRedis):
    """A server that says of itself what a test wants."""

    says: dict[str, object] = {}  # noqa: RUF012 - set by each test on its own server

    def info(self, *_: object, **__: object) -> dict[str, object]:
        return self.says


class MuteServer(fakeredis.FakeRedis):
    """A server whose users may not ask it about itself."""

    def info(self, *_: object, **__: object) -> dict[str, object]:
        raise NoPermissionError("NOPERM")


def server(**says: object) -> Server:
    client = Server()
    client.says = says
    return client


@pytest.mark.parametrize("prefix", ["copydesk", "{}copydesk", "copy}desk{", "{}{copydesk}"])
def test_a_prefix_without_a_hash_tag_is_refused_by_a_cluster(prefix: str) -> None:
    with pytest.raises(Misconfigured, match=r"COPYDESK_PREFIX='\{copydesk\}'"):
        refuse_scattered_keys(server(cluster_enabled=1), prefix)


@pytest.mark.parametrize("prefix", ["{copydesk}", "news:{a}:b", "{a}{}"])
def test_a_prefix_with_a_hash_tag_is_not(prefix: str) -> None:
    refuse_scattered_keys(server(cluster_enabled=1), prefix)


def test_any_prefix_will_do_where_there_is_no_cluster() -> None:
    refuse_scattered_keys(server(cluster_enabled=0), "copydesk")


def test_a_risk_is_told_once_and_again_when_it_changes() -> None:
    client = server(maxmemory_policy="noeviction")
    check = ServerCheck(client, "copydesk")
    told = []
    for policy in ("noeviction", "allkeys-lru", "allkeys-lru", "volatile-ttl", "noeviction", "volatile-ttl"):
        client.says = {"maxmemory_policy": policy}
        with capture_logs() as lines:
            check()
        told.append([line["event"] for line in lines])
    assert told == [[], ["redis_may_evict"], [], ["redis_may_evict"], [], ["redis_may_evict"]]


def test_a_server_that_may_not_be_asked_is_used_as_it_is() -> None:
    ServerCheck(MuteServer(), "copydesk")()
    assert eviction_risk(MuteServer()) == ""
