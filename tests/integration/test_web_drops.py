"""Files sent over HTTP: complete in the inbox, followed to their outcome, and the articles that come of them."""

import contextlib
import http.client
import json
import select
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from schemas.article import Article, Topic
from tests.articles import article
from tests.integration.conftest import RedisServer, Stack, files
from tests.integration.web import Web, publish
from tests.records import TRACEPARENT, record
from worker.publish import Output, Publisher
from worker.reclassify import Change, Reclassifier

MakeStack = Callable[..., Stack]
TOKEN = "a-token-for-this-test"  # noqa: S105 - it opens nothing else


@pytest.fixture
def serve(make_stack: MakeStack) -> Iterator[Callable[..., Web]]:
    """Start a server; settings are given as ``COPYDESK_…="…"``."""
    started: list[Web] = []

    def start(**settings: str) -> Web:
        started.append(Web(make_stack(**settings)))
        return started[-1]

    yield start
    for web in started:
        web.close()


def settled(web: Web, location: str) -> dict[str, Any]:
    told: dict[str, Any] = {}

    def done() -> bool:
        told.update(web.get(location).json())
        return told["status"] not in ("waiting", "in_flight")

    web.stack.wait_until(done, "the submission to be settled")
    return told


def test_a_file_that_is_sent_is_followed_until_its_article_is_there(serve: Callable[..., Web]) -> None:
    web = serve()
    web.stack.start("watch", "worker")
    follower = web.follow()
    sent = web.ask("POST", "/v1/articles?name=talks.txt&folder=agency/politics", article(1).encode())
    assert (sent.status, sent.json()["status"]) == (202, "waiting")

    told = settled(web, sent.headers["location"])
    assert told["status"] == "published"
    (placed,) = told["articles"]
    ((entry, _, data),) = follower.read(1)
    assert entry == placed["entry"]
    got = web.get(placed["href"])
    assert json.loads(data)["data"] == got.json()
    one = Article.model_validate_json(got.body)
    assert (one.id, one.provenance.path, one.source.folder) == (placed["article"], told["path"], "agency/politics")

    again = settled(
        web, web.ask("POST", "/v1/articles?folder=agency/politics", article(1).encode()).headers["location"]
    )
    assert (again["status"], again["articles"][0]["entry"]) == ("duplicate", entry)
    web.stack.wait_until(lambda: web.get("/readyz").status == 200, "the service to be ready")


def test_why_a_file_gave_no_record_is_told(serve: Callable[..., Web]) -> None:
    web = serve()
    web.stack.start("watch", "worker")
    location = web.ask("POST", "/v1/articles?name=photo.png", b"\x89PNG\r\n\x1a\n").headers["location"]
    told = settled(web, location)
    assert (told["status"], told["rejection"]["reason"]) == ("rejected", "binary")
    for sidecar in files(web.stack.inbox / "_failed"):
        sidecar.unlink()
    assert web.get(location).json()["rejection"]["reason"] == "binary"  # from the stream


def test_of_a_file_of_several_each_is_told(serve: Callable[..., Web]) -> None:
    web = serve()
    web.stack.start("watch", "worker")
    lines = [json.dumps({"title": f"Port of Tallin{n} opens", "text": article(n)}) for n in range(2)] + ["{}"]
    told = settled(web, web.ask("POST", "/v1/articles?name=day.jsonl", "\n".join(lines)).headers["location"])
    assert told["status"] == "published"
    assert [part["status"] for part in told["articles"]] == ["published", "published", "rejected"]
    assert told["rejection"]["reason"] == "articles_rejected"


def test_a_file_waits_whole_under_a_name_that_the_watcher_takes(serve: Callable[..., Web]) -> None:
    web = serve()
    kind = {"Content-Type": "application/json"}
    for name in ("../../.etc/.passwd.part", "a%00b%0A.txt", "~", "_done", "%2E%2E", "x.txt.tmp"):
        assert web.ask("POST", f"/v1/articles?name={name}", b'{"title": "x"}', kind).status == 202
    sent = web.ask("POST", "/v1/articles", b'{"title": "x"}', kind)
    assert web.get(sent.headers["location"]).json()["status"] == "waiting"
    lying = [path for path in web.stack.inbox.iterdir() if path.is_file()]
    assert len(lying) == 7
    assert all(path.read_bytes() == b'{"title": "x"}' for path in lying)
    assert not any(path.name.startswith((".", "~")) or path.suffix in (".part", ".tmp") for path in lying)
    assert sent.json()["path"].endswith(".json")
    assert not files(web.stack.inbox / ".uploads")


@pytest.mark.parametrize("folder", ["..", "a/../b", "/etc", "a//b", "_done", ".hidden", "a/b.tmp", "a%00", "a%5Cb"])
def test_a_folder_that_is_none_of_the_inbox_is_refused(serve: Callable[..., Web], folder: str) -> None:
    web = serve()
    answer = web.ask("POST", f"/v1/articles?folder={folder}", "text")
    assert answer.status == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert not [path for path in files(web.stack.inbox) if ".journal" not in path.parts]


def test_a_body_that_is_too_large_is_refused_with_or_without_its_length(serve: Callable[..., Web]) -> None:
    web = serve(COPYDESK_MAX_FILE_BYTES="100000")
    assert web.ask("POST", "/v1/articles", b"x" * 100_001).status == 413
    assert web.ask("POST", "/v1/articles", iter([b"x" * 50_000] * 3)).status == 413
    assert web.ask("POST", "/v1/articles", b"").status == 400
    assert web.ask("POST", "/v1/articles", iter([b"x" * 50_000] * 2)).status == 202
    assert not files(web.stack.inbox / ".uploads")


def test_a_form_and_a_folder_that_is_a_file_are_explained(serve: Callable[..., Web]) -> None:
    web = serve()
    form = web.ask("POST", "/v1/articles", "x", {"Content-Type": "multipart/form-data; boundary=x"})
    assert (form.status, "--data-binary" in form.json()["detail"]) == (415, True)
    web.stack.drop("taken", "a file")
    assert web.ask("POST", "/v1/articles?folder=taken", "x").status == 409


def test_the_newest_version_with_its_newest_topics_is_given(serve: Callable[..., Web]) -> None:
    web = serve()
    stack = web.stack
    stack.client.set(stack.keys.marker("inbox"), "1")
    publisher = Publisher(stack.client, stack.keys, 90)
    outputs = [Output(f"claim-{n}", "inbox", "inbox", TRACEPARENT, record(f"Text {n}.")) for n in range(2)]
    publisher.publish(outputs)
    assert web.get("/v1/articles/article-1").json()["version"] == 2

    newest = record("Text 1.", topics=(Topic(id="sport", name="Sport", qcode=None, confidence=0.9),))
    change = Change(newest.model_copy(update={"primary_topic": "sport"}), (), TRACEPARENT)
    assert Reclassifier(stack.client, stack.keys, "inbox", "inbox", 90).publish(change) == "published"
    told = web.get("/v1/articles/article-1").json()
    assert (told["version"], told["primary_topic"]) == (2, "sport")

    stack.client.xtrim(stack.keys.articles, maxlen=0, approximate=False)
    gone = web.get("/v1/articles/article-1")
    assert (gone.status, "no longer kept" in gone.json()["detail"]) == (404, True)
    assert web.get("/v1/articles/nobody").status == 404


def test_what_is_not_ready_says_why(serve: Callable[..., Web]) -> None:
    web = serve()
    assert web.get("/healthz").status == 200
    answer = web.get("/readyz")
    assert answer.status == 503
    assert "no watcher has reported; no worker has reported" in answer.json()["detail"]
    publish(web.stack, range(2))
    web.stack.client.xgroup_create(web.stack.keys.articles, 'a"b', "0")
    web.stack.wait_until(
        lambda: b'copydesk_group_pending_entries{group="a\\"b"} 0\n' in web.get("/metrics").body, "the group"
    )
    assert b'copydesk_stream_entries{stream="articles"} 2\n' in web.get("/metrics").body


def test_while_redis_hangs_many_who_ask_how_things_are_hold_up_no_upload(
    serve: Callable[..., Web], redis_server: RedisServer
) -> None:
    web = serve()
    paths = ["/v1/articles/x"] * 45 + ["/readyz", "/metrics"] * 30
    with contextlib.ExitStack() as open_ones, redis_server.paused():
        asking = []
        for path in paths:
            connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=90)
            asking.append(open_ones.enter_context(contextlib.closing(connection)))
            connection.request("GET", path)
        sent = web.ask("POST", "/v1/articles", "text")
        assert sent.status == 202
        assert not select.select([connection.sock for connection in asking[:45]], [], [], 0)[0]  # they wait still
        answers = [connection.getresponse() for connection in asking[45:]]
        told = [(answer.status, answer.read()) for answer in answers]
    assert {status for status, _ in told[::2]} == {503}
    assert all(b"Redis does not answer" in body for _, body in told[::2])
    assert all(b"copydesk_redis_up 0\n" in body for _, body in told[1::2])


def test_a_stop_ends_an_upload_that_has_stalled(serve: Callable[..., Web]) -> None:
    web = serve()
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=90)
    with contextlib.closing(connection):
        connection.request("POST", "/v1/articles", "begun", {"Content-Length": "1000"})
        web.stack.wait_until(lambda: [f for f in files(web.stack.inbox / ".uploads") if f.stat().st_size], "a part")
        web.process.terminate()
        answer = connection.getresponse()
        assert (answer.status, answer.headers["retry-after"]) == (503, "10")
        assert answer.headers["content-type"] == "application/problem+json"
    assert web.process.wait(60) == 0
    assert not files(web.stack.inbox / ".uploads")


def test_without_a_token_it_listens_to_this_machine_only(make_stack: MakeStack) -> None:
    stack = make_stack(COPYDESK_LISTEN="0.0.0.0:0")
    said = stack.run("serve", status=1)
    assert "COPYDESK_TOKEN" in said
    assert "Traceback" not in said


def test_with_a_token_only_who_has_it_is_answered(serve: Callable[..., Web]) -> None:
    web = serve(COPYDESK_LISTEN="0.0.0.0:0", COPYDESK_TOKEN=TOKEN)
    assert web.get("/metrics", Authorization=f"Bearer {TOKEN}", Host="copydesk.example").status == 200
    assert web.get("/metrics", Authorization="Bearer another").status == 401
    assert web.get("/v1/articles").headers["www-authenticate"] == "Bearer"
    assert web.get("/healthz").status == 200
    assert web.get("/readyz").status == 503  # of what it measures


def test_web_pages_of_other_sites_are_refused(serve: Callable[..., Web]) -> None:
    web = serve()
    here = f"localhost:{web.port}"
    assert web.get("/metrics", Host="rebound.example").status == 403
    assert web.get("/metrics", Host=here, Origin="https://evil.example").status == 403
    assert web.get("/metrics", Host=here, Sec_Fetch_Site="cross-site").status == 403
    assert web.get("/metrics", Host=here, Origin=f"http://{here}").status == 200
    assert web.get("/metrics", Host="[::1").status == 403
