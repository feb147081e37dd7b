"""Celery as its tutorials show it: a chain of one task per stage, messages in JSON, the defaults otherwise.

The pipeline's stages are called one by one here, so that each can be a task; the records are the same.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from celery import Celery, chain, signals
from celery.exceptions import Ignore
from pydantic import TypeAdapter

from benchmarks.peers import work
from schemas.article import Article
from worker import cleaning, formats
from worker.cleaning.day_order import with_certain_date
from worker.connection import broker_url
from worker.enrich.language import detect_language
from worker.errors import Rejected
from worker.models import CleanArticle, Document, RawArticle
from worker.pipeline import validated

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Draft:
    """What one task hands to the next, as JSON.

    Attributes:
        path: Relative to the inbox.
        received_at: UTC.
        file: SHA-256 and size of the file.
        raw: What was read; without its blocks once they are cleaned.
        article: What cleaning made of it.
    """

    path: str
    received_at: datetime
    file: tuple[str, int]
    raw: RawArticle
    article: CleanArticle | None = None


DRAFT = TypeAdapter(Draft)

app = Celery("celery_chain", set_as_current=False)
app.add_defaults(
    lambda: {  # asked for when the worker starts
        "broker_url": broker_url(work.place().redis_url),
        "broker_connection_retry_on_startup": True,
        "task_ignore_result": True,  # a chain hands results on in its messages, and nobody asks for the last
    }
)


@app.task(name="parse")
def parse(path: str) -> str:
    """Read the file at an absolute path; gives a draft."""
    document = work.read(path)
    try:
        raw = formats.read_document(document)
    except Rejected as error:
        raise _refused(document.path, error) from None
    return DRAFT.dump_json(Draft(document.path, document.received_at, document.facts, raw)).decode()


@app.task(name="clean")
def clean(message: str) -> str:
    """Clean a draft."""
    draft = DRAFT.validate_json(message)
    try:
        article = cleaning.clean(draft.raw)
    except Rejected as error:
        raise _refused(draft.path, error) from None
    return DRAFT.dump_json(replace(draft, raw=replace(draft.raw, blocks=()), article=article)).decode()


@app.task(name="classify")
def classify(message: str) -> str:
    """Find the language and the topics of a cleaned draft; gives its record."""
    draft = DRAFT.validate_json(message)
    try:
        return record_of(draft).model_dump_json()
    except Rejected as error:
        raise _refused(draft.path, error) from None


@app.task(name="publish")
def publish(record: str) -> None:
    """Put a record on the stream."""
    work.publish(record)


def record_of(draft: Draft) -> Article:
    """The record of a cleaned draft.

    Raises:
        Rejected: It gives no record.
    """
    assert draft.article is not None  # noqa: S101 - the chain's order
    document = Document(draft.path, b"", draft.received_at, file=draft.file)
    language = detect_language(draft.article.text)
    article = with_certain_date(draft.article, language.code, draft.received_at)
    verdict = work.classifier()(article, language.code)
    return validated(document, draft.raw, article, language, verdict)


def feed(paths: Iterator[str]) -> None:
    """Enqueue the files."""
    for path in paths:
        chain(parse.s(path), clean.s(), classify.s(), publish.s()).apply_async()


def _refused(path: str, error: Rejected) -> Ignore:
    """What ends a chain without calling it a failure."""
    log.warning("%s gives no record: %s", path, error)
    return Ignore()


signals.worker_init.connect(work.load)
signals.worker_ready.connect(work.report_ready)
