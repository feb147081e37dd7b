"""The stream over HTTP: each client gets each entry once, in order, whatever happens to it or to Redis."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from schemas.article import Article, Language, Topic
from tests.integration.conftest import RedisServer, Stack
from tests.integration.web import Web, ids, publish

MakeStack = Callable[..., Stack]

CLIENTS = 200


def topics(*names: str) -> tuple[Topic, ...]:
    return tuple(Topic(id=name, name=name, qcode=None, confidence=0.9) for name in names)


@pytest.fixture
def web(make_stack: MakeStack) -> Iterator[Web]:
    web = Web(make_stack())
    yield web
    web.close()


def test_an_entry_comes_as_a_cloudevent_with_its_id_and_type(web: Web) -> None:
    client = web.follow()
    (entry,) = publish(web.stack, range(1), topics=topics("defense"), primary_topic="defense")
    ((told, kind, data),) = client.read(1)
    event = json.loads(data)
    assert (told, kind) == (entry, "io.copydesk.article.published.v1")
    assert (event["specversion"], event["id"], event["topics"], event["lang"]) == ("1.0", "event-0", "defense", "en")
    assert Article.model_validate_json(json.dumps(event["data"])).id == "article-0"
    assert client.response.headers["Content-Type"].startswith("text/event-stream")


def test_two_hundred_clients_get_each_entry_once_while_some_come_back(web: Web) -> None:
    ready = Barrier(CLIENTS + 1, timeout=90)

    def follow(number: int) -> list[str]:
        client = web.follow()
        ready.wait()
        seen: list[str] = []
        if number % 2:  # it goes after some entries, and goes on where it was
            seen += ids(client.read(1 + number))
            client.close()
            client = web.follow(client.last)
        seen += ids(client.read(TOTAL - len(seen)))
        client.close()
        return seen

    TOTAL = 400  # noqa: N806
    with ThreadPoolExecutor(CLIENTS) as pool:
        running = [pool.submit(follow, number) for number in range(CLIENTS)]
        ready.wait()
        entries = [entry for start in range(0, TOTAL, 20) for entry in publish(web.stack, range(start, start + 20))]
        results = [each.result() for each in running]
    assert all(seen == entries for seen in results)


def test_a_client_resumes_exactly_behind_the_entry_it_names(web: Web) -> None:
    entries = publish(web.stack, range(6))
    assert ids(web.follow(entries[2]).read(3)) == entries[3:]
    assert ids(web.follow(last_event_id=entries[2]).read(3)) == entries[3:]
    both = web.follow(entries[4], last_event_id=entries[0])  # as a browser does that comes back to the same address
    assert ids(both.read(1)) == entries[5:]
    everything = web.follow(**{"from": "beginning"})
    assert ids(everything.read(6)) == entries


def test_without_a_place_to_begin_only_new_entries_come_and_the_place_is_told(web: Web) -> None:
    entries = publish(web.stack, range(3))
    client = web.follow()
    assert client.last == entries[-1]
    client.close()
    (new,) = publish(web.stack, range(3, 4))
    assert ids(web.follow(client.last).read(1)) == [new]


def test_topics_and_language_choose(web: Web) -> None:
    one = web.follow(topic=["energy", "sport"])
    two = web.follow(language="de")
    (first,) = publish(web.stack, range(1), topics=topics("defense", "energy"), primary_topic="defense")
    (second,) = publish(web.stack, range(1, 2), language=Language(code="de", confidence=1.0))
    (third,) = publish(web.stack, range(2, 3), topics=topics("sport"), language=Language(code="de", confidence=1.0))
    assert ids(one.read(2)) == [first, third]
    assert ids(two.read(2)) == [second, third]


def test_a_slow_client_loses_nothing_when_the_window_has_moved_on(web: Web) -> None:
    slow = web.follow(small=True)
    quick = web.follow()
    entries = publish(web.stack, range(4000), byline=tuple(f"Name {number}" for number in range(200)))
    assert ids(quick.read(4000)) == entries
    assert ids(slow.read(4000)) == entries


def test_what_was_trimmed_is_told_before_the_rest(make_stack: MakeStack) -> None:
    stack = make_stack()
    entries = publish(stack, range(10))
    stack.client.xtrim(stack.keys.articles, maxlen=5, approximate=False)
    web = Web(stack)  # which has seen nothing of what is gone
    gap, *rest = web.follow(entries[1]).read(6)
    assert (gap[1], json.loads(gap[2])["after"]) == ("gap", entries[1])
    assert ids(rest) == entries[5:]
    assert ids(web.follow(entries[5]).read(4)) == entries[6:]
    assert ids(web.follow(**{"from": "beginning"}).read(5)) == entries[5:]
    web.close()


def test_what_was_trimmed_after_the_server_had_read_it_is_still_sent(web: Web) -> None:
    client = web.follow()
    entries = publish(web.stack, range(10))
    client.read(10)
    web.stack.client.xtrim(web.stack.keys.articles, maxlen=5, approximate=False)
    assert ids(web.follow(entries[1]).read(8)) == entries[2:]


def test_trimming_what_was_read_is_no_gap(web: Web) -> None:
    client = web.follow()
    publish(web.stack, range(3))
    client.read(3)
    web.stack.client.xtrim(web.stack.keys.articles, maxlen=0, approximate=False)
    (new,) = publish(web.stack, range(3, 4))
    assert ids(client.read(1)) == [new]


def test_a_stream_that_was_begun_anew_is_told_and_read_from_its_beginning(web: Web) -> None:
    entries = publish(web.stack, range(2))
    gap, *rest = web.follow(f"{2**63}-0").read(3)
    assert gap[1] == "gap"
    assert ids(rest) == entries


def test_a_client_stays_connected_over_a_restart_of_redis(web: Web, redis_server: RedisServer) -> None:
    client = web.follow()
    publish(web.stack, range(1))
    client.read(1)
    redis_server.kill()
    assert web.get("/v1/articles").status == 503
    redis_server.start()
    (new,) = publish(web.stack, range(1, 2))
    assert ids(client.read(1)) == [new]


def test_a_stop_ends_the_streams_and_the_server(web: Web) -> None:
    clients = [web.follow() for _ in range(3)]
    web.process.terminate()
    assert all(client.ended() for client in clients)
    assert web.process.wait(60) == 0
    assert "Traceback" not in web.stack.log_text()


@pytest.mark.parametrize("last", ["x", "1-2-3", f"{2**64}-0"])
def test_a_place_that_is_none_is_refused(web: Web, last: str) -> None:
    answer = web.get("/v1/articles", Last_Event_ID=last)
    assert answer.status == 422
    assert "last-event-id" in answer.json()["detail"].lower()
