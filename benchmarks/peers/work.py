"""What every peer does with a file: read it, make its record, put that on the stream."""

import functools
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import redis

from benchmarks.subject import Setup
from worker.classify import Classify, load_classifier
from worker.enrich.language import detect_language
from worker.errors import Rejected
from worker.models import Document
from worker.names import display
from worker.pipeline import process

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """Where a peer works, as its processes learn it from their environment.

    Attributes:
        redis_url: The server of both the queue and the stream.
        stream: The key of the stream that the records go to.
        inbox: The drop folder, absolute.
        ready: The folder in which each process leaves a file named after its id, once it takes work.
    """

    redis_url: str
    stream: str
    inbox: Path
    ready: Path

    @classmethod
    def of(cls, setup: Setup) -> "Place":
        """The place of one measurement."""
        return cls(setup.redis_url, setup.stream, setup.inbox.resolve(), setup.state.resolve() / "ready")

    def environment(self) -> dict[str, str]:
        """The variables that tell a process; see ``from_environment``."""
        return {
            "BENCH_REDIS_URL": self.redis_url,
            "BENCH_STREAM": self.stream,
            "BENCH_INBOX": str(self.inbox),
            "BENCH_READY": str(self.ready),
        }

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Place":
        """What ``environment`` told.

        Raises:
            SystemExit: A variable is missing.
        """
        try:
            return cls(
                environment["BENCH_REDIS_URL"],
                environment["BENCH_STREAM"],
                Path(environment["BENCH_INBOX"]),
                Path(environment["BENCH_READY"]),
            )
        except KeyError as error:
            raise SystemExit(
                f"Error: {error.args[0]} is not set; peers are started by `python -m benchmarks`"
            ) from None


@functools.cache
def place() -> Place:
    """Where this process works."""
    return Place.from_environment(os.environ)


@functools.cache
def client() -> "redis.Redis":
    """The connection of this process."""
    return redis.Redis.from_url(place().redis_url)


@functools.cache
def classifier() -> Classify:
    """The classifier of this process."""
    return load_classifier()


def load(**_: object) -> None:
    """Load the models now, rather than with the first file; takes what Celery tells of the moment."""
    classifier()
    detect_language("The language model is loaded with its first text.")


def report_ready(**_: object) -> None:
    """Tell who started this process that it takes work; takes what Celery tells of the moment."""
    (place().ready / str(os.getpid())).touch()


def read(path: str) -> Document:
    """The file at an absolute path in the inbox.

    Raises:
        OSError: It cannot be read.
    """
    return Document(display(os.path.relpath(path, place().inbox)), Path(path).read_bytes(), datetime.now(UTC))


def publish(record: str) -> None:
    """Put a record on the stream.

    Raises:
        redis.RedisError: The server does not take it.
    """
    client().xadd(place().stream, {"data": record})


def ingest(path: str) -> None:
    """Do the whole work on one file; one that gives no record is logged.

    Raises:
        OSError: It cannot be read.
        redis.RedisError: The server does not take the record.
    """
    document = read(path)
    try:
        record = process(document, classifier())
    except Rejected as error:
        log.warning("%s gives no record: %s", document.path, error)
    else:
        publish(record.model_dump_json())
