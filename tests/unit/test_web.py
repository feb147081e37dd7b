"""The small parts of the HTTP API."""

import asyncio
import contextlib
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import fakeredis
import pytest
import redis.asyncio
from pydantic import SecretStr
from redis.exceptions import RedisError
from starlette.datastructures import URL
from starlette.requests import HTTPConnection
from starlette.responses import Response

from tests.records import MOMENT
from worker.inbox import Inbox
from worker.keys import Keys
from worker.settings import Settings
from worker.web.app import make_app
from worker.web.desk import Desk, Limits
from worker.web.drops import Upload, folder_parts, remove_abandoned, unique_name, wanted_name
from worker.web.feed import PAGE, PAGE_BYTES, Feed
from worker.web.guard import Guard
from worker.web.health import Report, unwell
from worker.web.rate import MOST, Buckets
from worker.web.sse import Choice, entry_of, id_of, text_of_id
from worker.web.submissions import look_up, new_id

NOW = 1_000_000.0


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    inbox = Inbox(tmp_path / "inbox", (".bak",))
    inbox.prepare()
    return inbox


@pytest.fixture
def make_desk(inbox: Inbox) -> Callable[..., Desk]:
    def make(**limits: Any) -> Desk:
        feed = Feed(redis.asyncio.Redis(), Keys("test").articles)  # never asked
        client = fakeredis.FakeRedis()
        return Desk(Settings(inbox=inbox.root), client, client, feed, inbox, Limits(**limits))

    return make


async def asked(
    app: Any, method: str, target: str, send: Any = None, host: bytes = b"localhost"
) -> tuple[int, dict[bytes, bytes]]:
    """What an application answers, asked without a server."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", host)],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    told: list[Any] = []
    coming = iter([{"type": "http.request", "body": b"text", "more_body": False}])

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return next(coming, {"type": "http.disconnect"})

    async def keep(message: Any) -> None:
        told.append(message)

    await app(scope, receive, send or keep)
    return told[0]["status"], dict(told[0]["headers"])


def statuses(
    desk: Desk, *requests: tuple[str, str], app: Any = None, host: bytes = b"localhost"
) -> list[tuple[int, dict[bytes, bytes]]]:
    """What the application answers to each."""
    app = app or make_app(desk)

    async def every() -> list[tuple[int, dict[bytes, bytes]]]:
        return [await asked(app, *request, host=host) for request in requests]

    return asyncio.run(every())


def test_an_address_that_sends_too_often_hears_when_to_come_again(make_desk: Callable[..., Desk]) -> None:
    sent = ("POST", "/v1/articles")
    answers = statuses(make_desk(rate=0.001, burst=2), sent, sent, sent, ("GET", "/healthz"))
    assert [status for status, _ in answers] == [202, 202, 429, 200]
    assert int(answers[2][1][b"retry-after"]) > 1


def test_those_who_ask_how_things_are_while_one_looks_share_what_it_sees(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    health = make_desk().health
    looks: list[float] = []
    asked = threading.Event()
    report = Report((), 0.0, None)

    def look(now: float) -> Report:
        looks.append(now)
        asked.wait(30)
        return report

    monkeypatch.setattr(health, "_look", look)

    async def many() -> list[Report]:
        waiting = [asyncio.create_task(health.look()) for _ in range(50)]
        await asyncio.sleep(0)
        waiting.pop(0).cancel()  # the one that began
        asked.set()
        return await asyncio.gather(*waiting)

    assert asyncio.run(many()) == [report] * 49
    assert len(looks) == 1


def test_only_so_many_clients_follow(make_desk: Callable[..., Desk]) -> None:
    ((status, headers),) = statuses(make_desk(clients=0), ("GET", "/v1/articles"))
    assert (status, headers[b"retry-after"]) == (503, b"30")


def test_no_host_header_opens_what_needs_a_token(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_older_starlettes_make_it(asked: HTTPConnection) -> URL:
        return URL(f"http://{asked.headers['host']}{asked.scope['path']}")

    monkeypatch.setattr(HTTPConnection, "url", property(as_older_starlettes_make_it))
    desk = make_desk()
    desk.settings = desk.settings.model_copy(update={"token": SecretStr("a-token")})

    async def behind(scope: Any, receive: Any, send: Any) -> None:
        await Response("let through")(scope, receive, send)

    asked = [("GET", "/v1/articles"), ("GET", "/healthz")]
    answers = statuses(desk, *asked, app=Guard(behind, desk), host=b"x/healthz?")
    assert [status for status, _ in answers] == [401, 200]


def test_who_comes_while_others_take_their_places_is_counted_with_them(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(clients=2)
    app = make_app(desk)
    taken: list[int] = []

    async def last() -> Any:
        taken.append(desk.feed.clients)
        while len(taken) < 2:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        raise RedisError

    async def many() -> list[int]:
        monkeypatch.setattr(desk.feed, "last", last)
        answers = await asyncio.gather(*(asked(app, "GET", "/v1/articles") for _ in range(20)))
        return [status for status, _ in answers]

    assert asyncio.run(many()) == [503] * 20
    assert (taken, desk.feed.clients) == ([1, 2], 0)


def test_a_client_that_is_gone_before_its_stream_begins_leaves_its_place(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(clients=1)
    taken: list[int] = []

    async def last() -> Any:
        taken.append(desk.feed.clients)
        return (1, 0)

    async def send(_message: Any) -> None:
        raise OSError

    async def gone() -> None:
        monkeypatch.setattr(desk.feed, "last", last)
        with contextlib.suppress(Exception):
            await asked(make_app(desk), "GET", "/v1/articles", send)

    asyncio.run(gone())
    assert (taken, desk.feed.clients) == ([1], 0)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/articles?last_event_id=%D9%A3", 422),
        (f"/v1/submissions/{new_id('a.0123456789ab.txt', datetime(9999, 12, 31, tzinfo=UTC))}", 404),
        ("/v1/submissions/MDAwMTAxMDEvYS4wMTIzNDU2Nzg5YWIudHh0", 404),
    ],
)
def test_what_no_client_of_ours_would_ask_is_no_mistake_of_the_server(
    make_desk: Callable[..., Desk], path: str, status: int
) -> None:
    assert [told for told, _ in statuses(make_desk(), ("GET", path))] == [status]


def test_mistakes_of_the_server_are_counted(make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    desk = make_desk()
    monkeypatch.setattr(desk.health, "look", None)
    with pytest.raises(TypeError):
        statuses(desk, ("GET", "/readyz"))
    assert desk.requests == {("GET", "/readyz", 500): 1}


@pytest.mark.parametrize("limit", ["patience", "whole"])
def test_a_body_that_takes_too_long_is_given_up(make_desk: Callable[..., Desk], limit: str) -> None:
    assert [status for status, _ in statuses(make_desk(**{limit: 0.0}), ("POST", "/v1/articles"))] == [408]


def test_tokens_flow_back_and_quiet_addresses_are_forgotten() -> None:
    buckets = Buckets(rate=2.0, burst=2)
    assert [buckets.take("a", NOW) for _ in range(3)] == [0.0, 0.0, 0.5]
    assert buckets.take("b", NOW) == 0.0
    assert buckets.take("a", NOW + 0.5) == 0.0
    assert buckets.take("a", NOW + 0.5) > 0.0
    for number in range(2 * MOST):
        buckets.take(str(number), NOW)
    assert len(buckets._held) == MOST


@pytest.mark.parametrize(
    ("asked", "stem", "ending"),
    [
        ("a.txt", "a.", ".txt"),
        ("/etc/passwd", "passwd.", ""),
        ("..\\..\\x.html", "x.", ".html"),
        (".hidden.txt", "hidden.", ".txt"),
        ("~$x.docx", "$x.", ".docx"),
        ("a.txt.part", "a.", ".txt"),
        ("a.txt.bak.TMP", "a.", ".txt"),
        ("a\nb\x00c.txt", "a_b_c.", ".txt"),
        ("...", "article.", ""),
        ("ä" * 300 + ".txt", "ä", ".txt"),
    ],
)
def test_a_name_is_made_one_that_the_watcher_takes(inbox: Inbox, asked: str, stem: str, ending: str) -> None:
    name = unique_name(asked, inbox)
    assert name.startswith(stem)
    assert name.endswith(ending)
    assert len(os.fsencode(name)) <= 255
    assert not inbox.ignores(name)
    assert name != unique_name(asked, inbox)


@pytest.mark.parametrize(
    ("query", "disposition", "kind", "name"),
    [
        ("a.txt", 'attachment; filename="b.txt"', "text/html", "a.txt"),
        ("", 'attachment; filename="b c.txt"', "text/html", "b c.txt"),
        ("", "attachment; filename*=UTF-8''%C3%A4.txt", "", "ä.txt"),
        ("", "attachment", "text/html; charset=utf-8", "article.html"),
        ("", "attachment; filename*=idna''%ff", "text/plain", "article.txt"),
        ("", "attachment; filename*=no-such''%ff", "text/plain", "ÿ"),
        ("", "", "application/json", "article.json"),
        ("", "", "application/x-www-form-urlencoded", "article"),
    ],
)
def test_the_query_names_a_file_else_its_header_else_its_type(
    query: str, disposition: str, kind: str, name: str
) -> None:
    assert wanted_name(query, disposition, kind) == name


def test_folders_below_the_inbox_are_taken_and_no_others(inbox: Inbox) -> None:
    assert folder_parts("", inbox) == []
    assert folder_parts("a/_done", inbox) == ["a", "_done"]
    for wrong in ("..", "a/.", "a/", "_claimed", "a.bak", "a/" * 9 + "a", "x" * 256, "\u202e"):
        with pytest.raises(ValueError, match="folder"):
            folder_parts(wrong, inbox)


def test_uploads_that_a_killed_server_left_are_removed_later(inbox: Inbox) -> None:
    old, new = Upload.begin(inbox), Upload.begin(inbox)
    for upload in (old, new):
        upload.file.close()
    long_ago = time.time() - 2 * 86_400
    os.utime(inbox.root / ".uploads" / old.name, (long_ago, long_ago))
    remove_abandoned(inbox)
    assert os.listdir(inbox.root / ".uploads") == [new.name]


def test_an_upload_never_takes_the_place_of_a_file(inbox: Inbox) -> None:
    (inbox.root / "a.txt").write_text("first")
    upload = Upload.begin(inbox)
    upload.add(b"second")
    with pytest.raises(FileExistsError):
        upload.drop([], "a.txt")
    upload.discard()
    assert (inbox.root / "a.txt").read_text() == "first"
    assert os.listdir(inbox.root / ".uploads") == []


def test_only_what_was_sent_here_is_looked_up(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    for path in ("secret.txt", "a.0123456789ab.txt", ".journal/x.0123456789ab.jsonl"):
        (desk.inbox.root / path).parent.mkdir(exist_ok=True)
        (desk.inbox.root / path).write_text("text")
    found = look_up(new_id("a.0123456789ab.txt", datetime.now(UTC)), desk)
    assert found is not None
    assert found.status == "waiting"
    for path in ("secret.txt", ".journal/x.0123456789ab.jsonl", "../a.0123456789ab.txt", "b.0123456789ab.txt"):
        assert look_up(new_id(path, MOMENT), desk) is None
    for nonsense in ("", "x", "ä", "=" * 8, "A" * 999):
        assert look_up(nonsense, desk) is None


def test_an_entry_of_any_kind_becomes_one_message() -> None:
    fields = {b"ce_type": b"x\ny", b"ce_id": "ü".encode(), b"Odd-Name": b"z", b"lang": b"", b"data": b'{"a":\r\n1}'}
    entry = entry_of(b"5-1", fields)
    assert entry.message.endswith(b"\n\n")
    assert entry.message.count(b"\n\n") == 1
    assert entry.message.startswith(b"id: 5-1\nevent: x y\ndata: {")
    assert b"Odd-Name" not in entry.message
    assert entry_of(b"5-2", {}).message.count(b"data: ") == 1


def test_entries_are_chosen_by_any_topic_and_by_language() -> None:
    entry = entry_of(b"1-0", {b"topic": b"a", b"topics": b"a,b", b"lang": b"en"})
    assert Choice()(entry)
    assert Choice(frozenset({"b", "c"}), "en")(entry)
    assert not Choice(frozenset({"c"}))(entry)
    assert not Choice(language="de")(entry)


class Stream:
    """A Redis that has entries of one size, and tells how many it was asked for."""

    def __init__(self, size: int) -> None:
        self.fields = {b"data": b"1" * size}
        self.counts: list[int] = []

    async def xread(self, streams: dict[str, str], count: int, **_: object) -> list[Any]:
        (cursor,) = streams.values()
        return [[b"articles", self.behind(cursor, count)]]

    async def ask(self, cursor: tuple[int, int], count: int) -> tuple[Any, list[Any]]:
        info = {"last-generated-id": b"9999-0", "first-entry": [b"1-0"], "entries-added": 9999, "length": 9999}
        return info, self.behind(text_of_id(cursor), count)

    def behind(self, cursor: str, count: int) -> list[Any]:
        self.counts.append(count)
        first = id_of(cursor)[0] + 1
        return [(b"%d-0" % number, self.fields) for number in range(first, first + count)]


@pytest.mark.parametrize(("size", "counts"), [(1, [4, PAGE, PAGE]), (PAGE_BYTES // 5, [4, 5, 5]), (2**24, [4, 1, 1])])
def test_fewer_entries_are_asked_for_where_they_are_large(
    monkeypatch: pytest.MonkeyPatch, size: int, counts: list[int]
) -> None:
    stream = Stream(size)
    feed = Feed(stream, "articles")  # type: ignore[arg-type]
    monkeypatch.setattr(feed, "_ask", stream.ask)

    async def clients_that_are_back() -> None:
        cursor = (0, 0)
        for _ in counts:
            page = await feed.after(cursor)
            assert sum(len(entry.message) for entry in page.entries) <= max(PAGE_BYTES, size + 1000)
            cursor = page.end

    async def the_window() -> None:
        feed._restart((0, 0))
        for number, _ in enumerate(counts):
            await feed._read()
            assert size < PAGE_BYTES or len(feed._window) <= number + 1

    for reading in (clients_that_are_back, the_window):
        stream.counts.clear()
        asyncio.run(reading())
        assert stream.counts == counts


def test_ids_of_entries_are_read_as_redis_writes_them() -> None:
    assert text_of_id(id_of("12-3")) == "12-3"
    assert id_of("12") == (12, 0)
    for wrong in ("", "-", "1-", "a-1", f"1-{2**64}", "١-0"):
        with pytest.raises(ValueError, match="id of an entry"):
            id_of(wrong)


def test_a_part_is_well_where_one_of_it_reports_and_works() -> None:
    well = {"at": NOW, "stalled": 0.0}
    assert not list(
        unwell({"watcher@a:1": {"at": NOW}, "worker@a:1": well, "worker@b:1": well | {"stalled": 99.0}}, 60, NOW)
    )
    told = list(unwell({"watcher@a:1": {"at": NOW - 100}, "worker@a:1": well | {"stalled": 99.0}}, 60, NOW))
    assert told == ["no watcher has reported for 100 s", "no worker has finished anything for 99 s while work waits"]


def test_a_file_that_waits_too_long_is_a_reason_not_to_be_ready(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    (desk.inbox.root / "a.txt").write_text("text")
    later = time.time() + timedelta(hours=1).total_seconds()
    report = desk.health._look(later)
    assert report.oldest > 3000
    assert any("waited in the inbox" in problem for problem in report.problems)
