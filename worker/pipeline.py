"""The pipeline: the bytes of one article in, one record out. Pure: no clock, no disk, no network."""

import contextlib
import hashlib
import json
import posixpath
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

from pydantic import ValidationError

from schemas.article import Article, Dedupe, Language, Provenance, Published, Source
from schemas.rejection import Stage
from schemas.topics import TAXONOMY_VERSION
from worker import __version__
from worker.classify import Classify, Verdict
from worker.cleaning import clean
from worker.cleaning.day_order import SLACK, with_certain_date
from worker.enrich.language import detect_language
from worker.errors import Rejected
from worker.formats import read_document
from worker.models import CleanArticle, Document, RawArticle

Watch = Callable[[Stage], AbstractContextManager[None]]


def unwatched(_stage: Stage) -> AbstractContextManager[None]:
    """Watch nothing."""
    return contextlib.nullcontext()


def process(document: Document, classify: Classify, watch: Watch = unwatched) -> Article:
    """Read, clean, enrich, classify and validate one article.

    Args:
        document: The file, or what it contains.
        classify: Gives an article its topics.
        watch: Entered around each stage, for those who measure.

    Returns:
        The record, as version 1: publishing decides the version.

    Raises:
        Rejected: It gives no record, and why.
    """
    with watch("parse"):
        raw = read_document(document)
    with watch("clean"):
        article = clean(raw)
    with watch("enrich"):
        language = detect_language(article.text)
        article = with_certain_date(article, language.code, document.received_at)
    with watch("classify"):
        verdict = classify(article, language.code)
    with watch("validate"):
        return validated(document, raw, article, language, verdict)


def validated(
    document: Document, raw: RawArticle, article: CleanArticle, language: Language, verdict: Verdict
) -> Article:
    """The record of what the stages before have made.

    Args:
        document: The file, or what it contains.
        raw: What was read.
        article: The article without the rest.
        language: Of its text.
        verdict: What it is about.

    Raises:
        Rejected: It gives no record: it is dated from the future, or breaks the contract.
    """
    check_date(article.published, document.received_at)
    source = Source(name=raw.source_name, url=raw.url, folder=posixpath.dirname(document.path) or None)
    try:
        return Article(
            id=identify(source, article.headline),
            version=1,
            headline=article.headline,
            standfirst=article.standfirst,
            byline=article.byline,
            published=article.published,
            language=language,
            source=source,
            body=article.body,
            text=article.text,
            captions=article.captions,
            word_count=len(article.text.split()),
            links=article.links,
            topics=verdict.topics,
            primary_topic=verdict.primary,
            dedupe=Dedupe(content_sha256=fingerprint(article)),
            provenance=provenance(document, raw, article, verdict),
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or None
        raise Rejected("validate", "invalid", first["msg"], field) from error


def check_date(published: Published | None, received_at: datetime) -> None:
    """Refuse an article from the future, which is a wrong date or an embargo.

    Raises:
        Rejected: It is dated more than a day after it was received.
    """
    if published and date.fromisoformat(published.value[:10]) > (received_at + SLACK).date():
        detail = f"dated {published.value}, but received on {received_at:%Y-%m-%d}"
        raise Rejected("validate", "future_date", detail, "published")


def identify(source: Source, headline: str) -> str:
    """The article's id: its address where it has one, else its headline within its source.

    A correction keeps both, so it keeps the id; 96 bits of SHA-256 make a clash a matter of 10¹³ articles.
    """
    where = [source.url.partition("#")[0]] if source.url else [source.name, source.folder, _folded(headline)]
    return hashlib.sha256(json.dumps(where).encode()).hexdigest()[:24]


def fingerprint(article: CleanArticle) -> str:
    """SHA-256 over what a reader would call the content: not the file, the topics or the pipeline."""
    content = [
        article.headline,
        article.standfirst,
        article.byline,
        article.published.value if article.published else None,
        [[block.kind, block.text] for block in article.body],
        article.captions,
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def provenance(document: Document, raw: RawArticle, article: CleanArticle, verdict: Verdict) -> Provenance:
    """Where the record came from and what was done to it."""
    file_sha256, size = document.facts
    return Provenance(
        path=document.label,
        file_sha256=file_sha256,
        size=size,
        media_type=raw.media_type,
        encoding=raw.encoding,
        received_at=document.received_at,
        pipeline_version=__version__,
        model=verdict.model,
        taxonomy_version=TAXONOMY_VERSION,
        warnings=article.warnings + verdict.warnings,
        removed=article.removed,
    )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
