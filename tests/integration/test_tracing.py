"""The journey of a file as spans, sent by the real processes to a collector of our own."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.articles import article
from tests.integration.conftest import Stack, WaitUntil

STAGES = ["parse", "clean", "enrich", "classify", "validate"]


class Collector:
    """Takes spans over OTLP/HTTP and keeps them."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.services: set[str] = set()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = ExportTraceServiceRequest()
                request.ParseFromString(self.rfile.read(int(self.headers["Content-Length"])))
                for resource in request.resource_spans:
                    told = {pair.key: pair.value.string_value for pair in resource.resource.attributes}
                    collector.services.add(told["service.name"])
                    for scope in resource.scope_spans:
                        collector.spans.extend(scope.spans)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def of(self, traceparent: str) -> list[Span]:
        """The spans of a trace in the order in which they began."""
        trace = bytes.fromhex(traceparent.split("-")[1])
        return sorted((s for s in self.spans if s.trace_id == trace), key=lambda s: s.start_time_unix_nano)

    def has_root_of(self, traceparent: str) -> bool:
        """Whether everything of a journey has arrived, as far as the watcher and the worker tell."""
        names = {span.name for span in self.of(traceparent)}
        return {"ingest", "process ingest"} <= names

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.close()


def traced(make_stack: Callable[..., Stack], url: str) -> Stack:
    """A stack that sends its spans soon."""
    return make_stack(OTEL_EXPORTER_OTLP_ENDPOINT=url, OTEL_BSP_SCHEDULE_DELAY="100")


def told(span: Span) -> dict[str, Any]:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in span.attributes}


def test_a_files_journey_is_one_trace_that_its_entry_names(
    make_stack: Callable[..., Stack], collector: Collector, wait_until: WaitUntil
) -> None:
    stack = traced(make_stack, collector.url)
    stack.start()
    stack.drop("talks/one.txt", article(1))
    wait_until(lambda: stack.inbox.exists() and stack.done(), "the file to be done")
    [event] = stack.events()
    wait_until(lambda: collector.has_root_of(event.traceparent), "the spans")

    spans = {span.name: span for span in collector.of(event.traceparent)}
    root, process = spans["ingest"], spans["process ingest"]
    assert root.span_id.hex() == event.traceparent.split("-")[2]
    assert not root.parent_span_id
    publish = f"send {stack.keys.articles}"
    below = dict.fromkeys(("notice", "send ingest", "queue", "process ingest", "move"), "ingest")
    below |= {"settle": "notice", publish: "process ingest"} | dict.fromkeys(STAGES, "process ingest")
    assert spans.keys() == below.keys() | {"ingest"}
    assert {name: spans[name].parent_span_id for name in below} == {n: spans[p].span_id for n, p in below.items()}

    order = ["notice", "settle", "send ingest", "process ingest", *STAGES, publish, "move"]
    began = [spans[name].start_time_unix_nano for name in order]
    assert began == sorted(began)
    assert all(root.start_time_unix_nano <= s.start_time_unix_nano <= s.end_time_unix_nano for s in spans.values())
    assert root.end_time_unix_nano >= max(span.end_time_unix_nano for n, span in spans.items() if n != "process ingest")
    assert root.kind == Span.SPAN_KIND_PRODUCER
    assert process.kind == Span.SPAN_KIND_CONSUMER
    assert spans["send ingest"].kind == spans[publish].kind == Span.SPAN_KIND_CLIENT

    assert told(process)["file.path"] == "talks/one.txt"
    assert told(process)["messaging.destination.name"] == "ingest"
    assert told(process)["copydesk.media_type"] == "text/plain"
    assert told(spans[publish])["messaging.message.id"] == stack.client.xrange(stack.keys.articles)[0][0].decode()
    assert told(root)["copydesk.article.id"] == event.subject
    assert told(root)["copydesk.status"] == "published"
    assert collector.services == {"copydesk"}


def test_each_of_several_files_has_a_trace_of_its_own_and_a_rejected_one_says_why(
    make_stack: Callable[..., Stack], collector: Collector, wait_until: WaitUntil
) -> None:
    stack = traced(make_stack, collector.url)
    for number in range(5):
        stack.drop(f"{number}.txt", article(number))
    stack.drop("headline.txt", "Ministers meet in Oslo\n")
    stack.start()
    wait_until(lambda: len(stack.done()) == 5 and stack.failed(), "the files to be settled")
    rejection, events = stack.rejections()[0], stack.events()
    for event in (rejection, *events):
        wait_until(lambda event=event: collector.has_root_of(event.traceparent), "the spans")
        paths = {told(span)["file.path"] for span in collector.of(event.traceparent) if "file.path" in told(span)}
        assert len(paths) == 1
    failed = {s.name: s for s in collector.of(rejection.traceparent) if s.status.code == Status.STATUS_CODE_ERROR}
    assert failed.keys() == {"ingest", "process ingest", rejection.data.stage}
    assert {told(span)["error.type"] for span in failed.values()} == {rejection.data.reason}


def test_a_file_of_several_articles_makes_a_bounded_number_of_spans(
    make_stack: Callable[..., Stack], collector: Collector, wait_until: WaitUntil
) -> None:
    stack = traced(make_stack, collector.url)
    lines = [json.dumps({"headline": article(n).partition("\n")[0], "text": article(n)}) for n in range(60)]
    stack.drop("day.jsonl", "\n".join(lines))
    stack.start()
    wait_until(lambda: stack.inbox.exists() and stack.done(), "the file to be done")
    events = stack.events()
    assert len(events) == 60
    traceparent = events[0].traceparent
    wait_until(lambda: collector.has_root_of(traceparent), "the spans")
    spans = collector.of(traceparent)
    articles = {span.span_id: told(span)["copydesk.article.number"] for span in spans if span.name == "article"}
    assert sorted(map(int, articles.values())) == list(range(1, 21))
    assert sum(span.parent_span_id in articles for span in spans) == 20 * len(STAGES)
    assert len(spans) < 150


def test_a_collector_that_is_away_keeps_no_file_waiting_and_is_told_of_seldom(
    make_stack: Callable[..., Stack], wait_until: WaitUntil
) -> None:
    stack = traced(make_stack, "http://127.0.0.1:9")
    processes = stack.start()
    for number in range(3):
        stack.drop(f"{number}.txt", article(number))
    wait_until(lambda: stack.inbox.exists() and len(stack.done()) == 3, "the files to be done")
    wait_until(lambda: "spans may be lost" in stack.log_text(), "a line about it")
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(timeout=30)
    told_by = [line for line in stack.log() if str(line.get("logger", "")).startswith("opentelemetry")]
    assert len(told_by) <= 3  # a line for each process that has spans


def test_the_watcher_sends_its_last_spans_before_it_ends(
    make_stack: Callable[..., Stack], collector: Collector, wait_until: WaitUntil
) -> None:
    stack = make_stack(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_BSP_SCHEDULE_DELAY="3600000")
    processes = stack.start()
    stack.drop("one.txt", article(1))
    wait_until(lambda: stack.inbox.exists() and stack.done(), "the file to be done")
    assert not collector.spans
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(timeout=30)
    assert collector.has_root_of(stack.events()[0].traceparent)
