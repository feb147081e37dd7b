"""Spans of a file's journey for OpenTelemetry; where its environment asks for none, nothing is made or imported.

A span is made when it is over, from the times that were noted: so it is open in no process that may be killed, and
no code of OpenTelemetry runs while a hostile file is read.
"""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from schemas.rejection import Stage
from worker import __version__, exporting
from worker.errors import Rejected
from worker.logs import get_logger

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import SpanContext, Tracer

log = get_logger(__name__)

Kind = Literal["INTERNAL", "CLIENT", "PRODUCER", "CONSUMER"]
Attributes = Mapping[str, str | int | None]

FLUSH_SECONDS = 5.0  # for the last spans of a process that ends; what a collector does not take by then is let go
MAX_ARTICLES = 20  # of a file of several that have spans of their own: a file makes no more than some hundred spans


class Failure(NamedTuple):
    """Why something failed: of few kinds, and for people."""

    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What brought a batch: its id, its queue, when it was sent (nanoseconds since the epoch), and for how many files.

    What is None is unknown.
    """

    id: str | None = None
    queue: str | None = None
    sent_at: int | None = None
    count: int = 1


UNKNOWN = Message()


@dataclass(slots=True)
class Step:
    """A part of the journey: nanoseconds since the epoch, and what the conventions of OpenTelemetry ask for."""

    name: str
    began: int
    ended: int
    attributes: Attributes
    kind: Kind = "INTERNAL"
    failure: Failure | None = None
    inner: list[Step] = field(default_factory=list)


class Ids:
    """Gives spans their ids, as OpenTelemetry's ``IdGenerator``: random, but for the one that is given to it."""

    def __init__(self) -> None:
        self.given: SpanContext | None = None

    def generate_trace_id(self) -> int:
        """The given one's; only a span without a parent needs one, and there is no other."""
        return self.given.trace_id if self.given else random.getrandbits(128) or 1

    def generate_span_id(self) -> int:
        """The given one's, once."""
        given, self.given = self.given, None
        return given.span_id if given else random.getrandbits(64) or 1

    def is_trace_id_random(self) -> bool:
        """Without that flag the flags stay those of the traceparent."""
        return False


@dataclass(slots=True)
class _Tracing:
    provider: TracerProvider
    tracer: Tracer
    ids: Ids


_tracing: _Tracing | None = None


def on() -> bool:
    """Whether spans are made in this process."""
    return _tracing is not None


def start() -> None:
    """Make spans in this process if the environment asks for them; in each process anew, for no thread is forked."""
    exporters = exporting.exporters()
    if not exporters:
        return
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    try:
        provider = exporting.provider()
        for exporter in exporters:
            logging.getLogger(type(exporter).__module__).addFilter(exporting.Seldom())
            provider.add_span_processor(BatchSpanProcessor(exporter))
    except ValueError as error:
        log.warning("tracing_off", detail=str(error), next="correct the OTEL_ variables and restart")
        return
    use(provider)


def use(provider: TracerProvider | None) -> None:
    """Make spans with this provider from now on; None: make none."""
    global _tracing  # noqa: PLW0603 - there is one in a process
    _tracing = None
    if provider is not None:
        provider.id_generator = ids = Ids()  # type: ignore[assignment]  # no base class without an import
        _tracing = _Tracing(provider, provider.get_tracer("copydesk", __version__), ids)


def stop() -> None:
    """Send what is not sent yet, for ``FLUSH_SECONDS`` at most, and make no more spans."""
    if _tracing is not None:
        flush = threading.Thread(target=_tracing.provider.shutdown, daemon=True)
        use(None)
        flush.start()
        flush.join(FLUSH_SECONDS)


def note(traceparent: str, step: Step, *, is_root: bool = False) -> None:
    """Make the span of a step of the journey that a traceparent names.

    Args:
        traceparent: W3C Trace Context.
        step: What is over, with the steps within it.
        is_root: It is the whole journey: the span that the traceparent itself names. Others hang below that.
    """
    if _tracing is None:
        return
    from opentelemetry.sdk.trace.sampling import Decision

    root = _root(traceparent)
    # A sampler tells by the trace alone, so that every process decides alike, and as the root's would be decided.
    asked = _tracing.provider.sampler.should_sample(None, root.trace_id, step.name)
    if not (root.trace_flags.sampled and asked.decision is Decision.RECORD_AND_SAMPLE):
        return
    if is_root:
        _tracing.ids.given = root
    _make(step, None if is_root else _below(root), _tracing.tracer)


def _make(step: Step, parent: Context | None, tracer: Tracer) -> None:
    from opentelemetry.context import Context
    from opentelemetry.trace import SpanKind, StatusCode

    attributes = {name: value for name, value in step.attributes.items() if value is not None}
    if step.failure:
        attributes["error.type"] = step.failure.kind
    began = min(step.began, step.ended)  # another machine's clock may be ahead
    span = tracer.start_span(step.name, parent or Context(), SpanKind[step.kind], attributes, start_time=began)
    if step.failure:
        span.set_status(StatusCode.ERROR, step.failure.detail)
    span.end(step.ended)
    for each in step.inner:
        _make(each, _below(span.get_span_context()), tracer)


def _root(traceparent: str) -> SpanContext:
    from opentelemetry.trace import SpanContext, TraceFlags

    _, trace, span, flags = traceparent.split("-")
    return SpanContext(int(trace, 16), int(span, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16)))


def _below(context: SpanContext) -> Context:
    from opentelemetry.trace import NonRecordingSpan, set_span_in_context

    return set_span_in_context(NonRecordingSpan(context))


class Run:
    """What a worker does with one file: a span with the stages of the pipeline and the publishing below it.

    Args:
        traceparent: Of the file's journey.
        attributes: Of the file and its message.
    """

    def __init__(self, traceparent: str, attributes: Attributes) -> None:
        self._traceparent = traceparent
        self._attributes = dict(attributes)
        self._steps: list[Step] = []
        self._began = time.time_ns() if _tracing else 0

    def watch(self, stage: Stage) -> AbstractContextManager[None]:
        """Enter around a stage of the pipeline."""
        return self._watched(stage) if _tracing else contextlib.nullcontext()

    @contextlib.contextmanager
    def _watched(self, stage: Stage) -> Iterator[None]:
        step = Step(stage, time.time_ns(), 0, {})
        try:
            yield
        except Rejected as error:
            step.failure = Failure(error.reason, error.detail)
            raise
        except BaseException as error:
            step.failure = Failure(type(error).__qualname__)
            raise
        finally:
            step.ended = time.time_ns()
            self._steps.append(step)

    def add(self, step: Step) -> None:
        """Put a step of its own below it."""
        self._steps.append(step)

    def __len__(self) -> int:
        return len(self._steps)

    def article(self, number: str, since: int, attributes: Attributes, failure: Failure | None) -> None:
        """Gather the stages behind the first so many as those of one article of several; the first articles are told.

        Args:
            number: Of the article.
            since: How many steps there were before it.
            attributes: Of the article.
            failure: Why it gave no record.
        """
        stages = self._steps[since:]
        del self._steps[since:]
        if stages and number.isdigit() and int(number) <= MAX_ARTICLES:
            told = {**attributes, "copydesk.article.number": number}
            began, ended = stages[0].began, stages[-1].ended
            self._steps.append(Step("article", began, ended, told, failure=failure, inner=stages))

    def end(self, attributes: Attributes, failure: Failure | None = None) -> None:
        """It is over; what is known of it by now."""
        if _tracing:
            told = {**self._attributes, **attributes}
            step = Step("process ingest", self._began, time.time_ns(), told, "CONSUMER", failure, self._steps)
            note(self._traceparent, step)
            self._steps = []
