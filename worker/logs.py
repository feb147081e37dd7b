"""Structured logs: JSON lines by default, readable ones on a terminal."""

import contextlib
import logging
import sys
from collections.abc import Sequence
from typing import Literal, TextIO

import structlog

Format = Literal["auto", "json", "pretty"]


class LineLogger:
    """Writes each line whole, and at once; several processes write to one standard error."""

    def __init__(self, stream: TextIO, name: str) -> None:
        self.name = name
        self._stream = stream

    def msg(self, line: str) -> None:
        """Write a line. No work stops for one that cannot be written: its disk is full, its reader has gone."""
        with contextlib.suppress(OSError, ValueError):  # the latter: it is closed
            self._stream.write(line + "\n")
            self._stream.flush()

    debug = info = warning = error = critical = msg


def configure(log_format: Format, level: str) -> None:
    """Send structlog's and the standard library's records to standard error, in one form.

    Ours take the short way there: as records of the standard library they took three times as long, and there are some
    for each file.

    Args:
        log_format: ``auto`` means pretty where standard error is a terminal.
        level: The least level that is logged, for example ``info``.
    """
    pretty = log_format == "pretty" or (log_format == "auto" and sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=not pretty),
    ]
    render: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
        if pretty
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    stream = sys.stderr
    structlog.configure(
        processors=[*shared, *render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda name: LineLogger(stream, name),
        cache_logger_on_first_use=True,
    )
    _take_in_the_rest(shared, render, level)


def _take_in_the_rest(
    shared: Sequence[structlog.typing.Processor], render: Sequence[structlog.typing.Processor], level: str
) -> None:
    """Give what libraries log through the standard library the same form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Each Celery task would add two lines of its own; ours carry the claim and say more.
    for noisy in ("celery.worker.strategy", "celery.app.trace"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def get_logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger for one module; what is bound with ``structlog.contextvars`` is on each of its lines."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger(name)
    return logger
