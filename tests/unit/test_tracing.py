"""Spans of a file's journey."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, Sampler, TraceIdRatioBased
from structlog.testing import capture_logs

from tests.articles import article
from tests.records import MOMENT
from worker import exporting, tracing
from worker.claim import Claim, traceparent
from worker.classify import load_classifier
from worker.errors import Rejected
from worker.journey import tell_settled
from worker.models import Document
from worker.pipeline import process
from worker.publish import Outcome
from worker.tracing import Failure, Run, Step

TRACE = traceparent("a-claim")
_, TRACE_ID, SPAN_ID, _ = TRACE.split("-")


def provider(exporter: InMemorySpanExporter, sampler: Sampler | None = None) -> TracerProvider:
    made = TracerProvider(sampler, shutdown_on_exit=False)
    made.add_span_processor(SimpleSpanProcessor(exporter))
    return made


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.use(provider(exporter))
    yield exporter
    tracing.use(None)


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("OTEL_TRACES_EXPORTER", "OTEL_SDK_DISABLED", *exporting.ENDPOINTS):
        monkeypatch.delenv(name, raising=False)
    exporting.components.cache_clear()
    yield
    exporting.components.cache_clear()


def by_name(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in exporter.get_finished_spans()}


def test_the_span_of_the_journey_is_the_one_that_the_traceparent_names(exporter: InMemorySpanExporter) -> None:
    tracing.note(TRACE, Step("move", 5, 6, {}))
    tracing.note(TRACE, Step("ingest", 1, 7, {}), is_root=True)
    spans = by_name(exporter)
    root = spans["ingest"].get_span_context()
    assert (f"{root.trace_id:032x}", f"{root.span_id:016x}", int(root.trace_flags)) == (TRACE_ID, SPAN_ID, 1)
    assert spans["ingest"].parent is None
    parent = spans["move"].parent
    assert parent is not None
    assert f"{parent.span_id:016x}" == SPAN_ID
    assert (spans["move"].start_time, spans["move"].end_time) == (5, 6)
    assert spans["move"].get_span_context().span_id != root.span_id


def test_each_stage_of_the_pipeline_is_a_span_below_the_run(exporter: InMemorySpanExporter) -> None:
    run = Run(TRACE, {"file.path": "a.txt"})
    process(Document("a.txt", article(1).encode(), MOMENT), load_classifier(), run.watch)
    run.end({"copydesk.status": "published"})
    spans = by_name(exporter)
    assert list(spans) == ["process ingest", "parse", "clean", "enrich", "classify", "validate"]
    top = spans.pop("process ingest")
    assert top.attributes == {"file.path": "a.txt", "copydesk.status": "published"}
    assert {span.parent.span_id for span in spans.values() if span.parent} == {top.get_span_context().span_id}


def test_a_stage_that_rejects_says_why(exporter: InMemorySpanExporter) -> None:
    run = Run(TRACE, {})
    error = Rejected("clean", "no_body", "only a headline")
    with pytest.raises(Rejected), run.watch("clean"):
        raise error
    run.end({}, Failure("no_body", "only a headline"))
    for span in exporter.get_finished_spans():
        assert span.attributes is not None
        assert span.attributes["error.type"] == "no_body"
        assert span.status.description == "only a headline"


def test_no_span_ends_before_it_began_although_clocks_differ(exporter: InMemorySpanExporter) -> None:
    tracing.note(TRACE, Step("queue", 9, 5, {}))
    assert (by_name(exporter)["queue"].start_time, by_name(exporter)["queue"].end_time) == (5, 5)


def test_a_file_on_its_way_again_gets_no_second_root(exporter: InMemorySpanExporter) -> None:
    claim = Claim("20260131T120000000000-0123456789ab", "a.txt")
    for again in (False, True):
        tell_settled(TRACE, claim, Outcome("published", "1-0"), (1, 2), again=again)
    first, second = (span for span in exporter.get_finished_spans() if span.name == "ingest")
    assert first.parent is None
    assert second.parent is not None
    assert second.parent.span_id == first.context.span_id


def test_an_unsampled_trace_makes_no_span(exporter: InMemorySpanExporter) -> None:
    tracing.note(TRACE[:-2] + "00", Step("move", 1, 2, {}))
    tracing.note(TRACE[:-2] + "00", Step("ingest", 1, 2, {}), is_root=True)
    assert not exporter.get_finished_spans()


@pytest.mark.parametrize("sampler", [TraceIdRatioBased(0.5), ParentBased(TraceIdRatioBased(0.5))])
def test_a_sampler_takes_a_journey_whole_or_not_at_all(sampler: Sampler) -> None:
    exporter = InMemorySpanExporter()
    tracing.use(provider(exporter, sampler))
    for number in range(100):
        tracing.note(traceparent(str(number)), Step("move", 1, 2, {}))
        tracing.note(traceparent(str(number)), Step("ingest", 1, 2, {}), is_root=True)
    tracing.use(None)
    names = [span.name for span in exporter.get_finished_spans()]
    assert 0 < names.count("ingest") < 100
    assert names.count("ingest") == names.count("move")


def test_a_subscriber_goes_on_in_the_trace_as_the_documentation_says(
    exporter: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    section = text.partition("## Tracing\n")[2].partition("\n## ")[0]
    snippet = section.partition("```python\n")[2].partition("```")[0]
    handled: list[object] = []
    event = SimpleNamespace(traceparent=TRACE)
    monkeypatch.setattr(trace, "get_tracer", provider(exporter).get_tracer)
    exec(snippet, {"event": event, "handle": handled.append})  # noqa: S102 - our own documentation
    (span,) = exporter.get_finished_spans()
    assert handled == [event]
    assert span.parent is not None
    assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE_ID, SPAN_ID)


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({}, []),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, ["otlp_proto_http"]),
        ({"OTEL_TRACES_EXPORTER": "console,otlp"}, ["console", "otlp_proto_http"]),
        ({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, ["otlp_proto_grpc"]),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, []),
        ({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "True"}, []),
        ({"OTEL_TRACES_EXPORTER": "", "OTEL_EXPORTER_OTLP_ENDPOINT": ""}, []),
    ],
)
def test_the_standard_variables_say_where_spans_go(
    environment: dict[str, str], names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert exporting.exporter_names() == names


def test_what_is_asked_for_and_not_installed_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "otlp")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace.export", None)
    with capture_logs() as lines:
        exporting.prepare()
        tracing.start()
    assert [line["event"] for line in lines] == ["tracing_off"]
    assert "copydesk[worker,otel]" in lines[0]["next"]
    assert not tracing.on()


def test_an_exporter_that_nobody_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "carrier-pigeon")
    with capture_logs() as lines:
        exporting.prepare()
        tracing.start()
    assert [line["exporter"] for line in lines] == ["carrier-pigeon"]
    assert not tracing.on()


def test_a_wrong_number_in_the_environment_turns_tracing_off_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "console")
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "1")  # less than a batch
    with capture_logs() as lines:
        tracing.start()
    assert [line["event"] for line in lines] == ["tracing_off"]
    assert not tracing.on()


def test_nothing_of_opentelemetry_is_imported_where_nobody_asks_for_it() -> None:
    code = (
        "import sys, redis; by_redis = set(sys.modules); import worker.tasks; from worker import exporting, tracing;"
        "exporting.prepare(); tracing.start();"
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules.keys() - by_redis))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_line_about_a_collector_passes_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    seldom, record = exporting.Seldom(), logging.makeLogRecord({"msg": "no answer from %s", "args": ("x",)})
    assert [seldom.filter(record) for _ in range(3)] == [True, False, False]
    assert "files are not" in record.getMessage()
    monkeypatch.setattr(exporting, "SELDOM", 0.0)
    assert seldom.filter(record)
