"""Where spans go, as the environment of OpenTelemetry asks for it."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import time
from typing import TYPE_CHECKING

from worker import __version__
from worker.logs import get_logger

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

log = get_logger(__name__)

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
SELDOM = 60.0  # seconds between two lines of a process about a collector that takes nothing


def prepare() -> None:
    """Say what cannot be had of what the environment asks for, and import the rest for processes that are forked."""
    names = exporter_names()
    if not names:
        return
    try:
        components()
    except ImportError as error:
        log.warning("tracing_off", detail=str(error), next="pip install 'copydesk[worker,otel]'")
        return
    for name in names:
        if name not in components():
            log.warning("tracing_off", exporter=name, detail="no such exporter is installed", next="otlp or console")


def exporter_names() -> list[str]:
    """What is asked for: OTEL_TRACES_EXPORTER, or OTLP where nothing but an endpoint is given."""

    def value(name: str) -> str:
        return os.environ.get(name, "").strip()

    if value("OTEL_SDK_DISABLED").lower() == "true":
        return []
    chosen = value("OTEL_TRACES_EXPORTER") or ("otlp" if any(map(value, ENDPOINTS)) else "none")
    protocol = value("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") or value("OTEL_EXPORTER_OTLP_PROTOCOL") or "http/protobuf"
    otlp = f"otlp_proto_{protocol.partition('/')[0]}"
    names = [name.strip().lower() for name in chosen.split(",")]
    return [otlp if name == "otlp" else name for name in names if name and name != "none"]


@functools.cache
def components() -> dict[str, type[SpanExporter]]:
    """The exporters that are installed and asked for.

    Raises:
        ImportError: OpenTelemetry is not installed.
    """
    import importlib.metadata

    import opentelemetry.sdk.trace.export  # noqa: F401 - the ImportError that is meant

    found = importlib.metadata.entry_points(group="opentelemetry_traces_exporter")
    return {name: found[name].load() for name in exporter_names() if name in found.names}


def exporters() -> list[SpanExporter]:
    """Those that are asked for, and can be had; ``prepare`` says which cannot."""
    if not exporter_names():
        return []
    with contextlib.suppress(ImportError):
        return [make() for make in components().values()]
    return []


def provider() -> TracerProvider:
    """What makes spans of this service.

    Raises:
        ValueError: What the environment says cannot be understood.
    """
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    found = Resource({"service.version": __version__}).merge(Resource.create())
    if str(found.attributes["service.name"]).startswith("unknown_service"):
        found = found.merge(Resource({"service.name": "copydesk"}))
    return TracerProvider(resource=found, shutdown_on_exit=False)


class Seldom(logging.Filter):
    """Lets a line pass once in ``SELDOM`` seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._passed = float("-inf")

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it passes, without its stack."""
        now = time.monotonic()
        if now - self._passed < SELDOM:
            return False
        self._passed = now
        record.msg, record.args = f"{record.getMessage()[:300]} (spans may be lost, files are not)", ()
        record.exc_info = None
        return True
