"""``copydesk train``: a topic of one's own, learned from some dozen files."""

import importlib.util
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from schemas.topics import TOPICS, is_topic_id
from worker.attempt import Failed, parts_of, wall
from worker.classify.learning import FOLDS, Corpus, calibrate, rows_of
from worker.classify.model import Vocabulary, packaged, packed
from worker.classify.weighing import Fields, count, fields_of
from worker.cleaning import clean
from worker.enrich.language import detect_language
from worker.errors import Misconfigured, Rejected
from worker.formats import read_document
from worker.inspect import files, read, shown_name
from worker.models import Document
from worker.settings import Settings

OTHER = "other"  # the folder of articles that are about none of the topics
LEAST_ARTICLES = 12  # of a topic, and of others
LEAST_OF_LANGUAGE = 6  # articles of topics
LEAST_DOCUMENTS = 2  # that a word must occur in


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with the folder that it lies in."""

    folder: str
    fields: Fields
    language: str


def train(examples: Path, output: Path, settings: Settings) -> None:
    """Learn the topics that the sub-folders of a folder are named for, say how well, and write the model.

    Args:
        examples: Its sub-folders hold articles in any format: one for each topic, and ``other``.
        output: Where the model is written.
        settings: Limits.

    Raises:
        Misconfigured: The folder is not as it must be, or holds too few articles; or scipy is not installed.
    """
    if importlib.util.find_spec("scipy") is None:
        raise Misconfigured("training needs scipy: pip install 'copydesk[train]'")
    if not output.parent.is_dir():
        raise Misconfigured(f"{output}: no such folder to write the model to")
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    articles = list(_read(examples, settings, console))
    topics = _topics(examples, articles)
    model, found = learn(articles, topics)
    for topic in topics:
        right, extra, missed = found[topic]
        console.print(
            f"{topic}: in cross-validation {right} of {right + missed} articles were told, "
            f"and {extra} that are not about it were taken for it"
        )
    try:
        output.write_bytes(model)
    except OSError as error:
        raise Misconfigured(f"{output}: the model cannot be written: {error.strerror}") from error
    console.print(f"Wrote {output}. Use it: COPYDESK_MODEL={output.resolve()}, then start workers and watcher again.")


def learn(articles: Sequence[Labelled], topics: Sequence[str]) -> tuple[bytes, dict[str, tuple[int, int, int]]]:
    """Learn topics.

    Returns:
        The file of the model; and for each topic, by cross-validation, how many of its articles were told, how many
        were taken for it and are not, and how many were missed.
    """
    vocabulary = _vocabulary(articles)
    known = np.array([[article.folder == topic for topic in topics] for article in articles], np.float32)
    corpus = Corpus(
        rows=rows_of([count(article.fields, vocabulary) for article in articles], len(vocabulary.index)),
        said=np.zeros_like(known),
        prior=np.zeros((len(vocabulary.index), len(topics)), np.float32),
        known=known,
        cost=np.ones_like(known),
        folds=_folds(articles),
    )
    logits = corpus.cross_validate()
    factor, summand = calibrate(logits, known, corpus.cost)
    given, is_known = logits * factor + summand >= 0, known > 0
    found = {
        topic: (
            int((given & is_known)[:, number].sum()),
            int((given & ~is_known)[:, number].sum()),
            int((~given & is_known)[:, number].sum()),
        )
        for number, topic in enumerate(topics)
    }
    learned = corpus.learn()
    weights, bias = learned.weights * factor, learned.bias * factor + summand
    scales = np.ones(len(topics), np.float32)
    return packed(vocabulary, topics, weights, bias, scales, _languages(articles)), found


def _read(examples: Path, settings: Settings, console: Console) -> Iterator[Labelled]:
    if not examples.is_dir():
        raise Misconfigured(f"{examples}: no such folder; it should hold a folder for each topic, and {OTHER}/")
    for path, folder in track(list(files([str(examples)])), "reading", console=console, transient=True):
        label, *inside = Path(path).relative_to(examples).parts
        if not inside:
            console.print(f"passed over: {path}: it lies in no topic's folder")
            continue
        document = Document(shown_name(path, folder, ""), b"", datetime.now(UTC))
        try:
            document = Document(document.path, read(path, settings.max_file_bytes), document.received_at)
            for _, part in parts_of(document, settings):
                with wall(part, settings, settings.time_limit):
                    article = clean(read_document(part))
                yield Labelled(label, fields_of(article), detect_language(article.text).code)
        except (Rejected, Failed) as error:
            console.print(f"passed over: {document.path}: {error.reason}, {error.detail}")


def _topics(examples: Path, articles: Sequence[Labelled]) -> list[str]:
    """The topics to learn; raises ``Misconfigured`` where the articles are too few, or a name cannot be one."""
    counts = Counter(article.folder for article in articles)
    for label in sorted({*counts, OTHER} - {OTHER}):
        if not is_topic_id(label):
            raise Misconfigured(
                f"{examples / label}: a topic's folder is named like the topic: small letters, digits, underscores"
            )
        if label in TOPICS:
            raise Misconfigured(
                f"{examples / label}: {label} is a topic already; rules can sharpen it (COPYDESK_RULES)"
            )
    for label in sorted({*counts, OTHER}):
        if counts[label] < LEAST_ARTICLES:
            raise Misconfigured(
                f"{examples / label}: {counts[label]} articles, too few to learn from: at least {LEAST_ARTICLES} "
                f"for each topic, and as many in {OTHER}/ of what usually comes in and is about none of the topics"
            )
    if topics := sorted(counts.keys() - {OTHER}):
        return topics
    raise Misconfigured(f"{examples}: no folder but {OTHER}/; make one for the topic, with its articles in it")


def _languages(articles: Sequence[Labelled]) -> list[str]:
    """The languages that the topics were learned in: a stray article makes none.

    Raises:
        Misconfigured: There is none.
    """
    counts = Counter(article.language for article in articles if article.folder != OTHER)
    if found := sorted(code for code, count in counts.items() if code != "und" and count >= LEAST_OF_LANGUAGE):
        return found
    raise Misconfigured("the language of the examples cannot be told; are they whole articles?")


def _vocabulary(articles: Sequence[Labelled]) -> Vocabulary:
    """The words that some articles share; how rare each is, is known from the packaged model where that knows it."""
    documents: Counter[str] = Counter()
    for article in articles:
        documents.update({forms[0] for words in article.fields.values() for forms in words.forms})
    known = packaged().vocabulary
    rarest = float(known.idf.max())
    kept = sorted(word for word, count in documents.items() if word and count >= LEAST_DOCUMENTS)
    idf = [known.idf[known.index[word]] if word in known.index else rarest for word in kept]
    return Vocabulary({word: number for number, word in enumerate(kept)}, np.array(idf, np.float32))


def _folds(articles: Sequence[Labelled]) -> NDArray[np.int64]:
    """The articles of each folder in turn."""
    seen: Counter[str] = Counter()
    folds = []
    for article in articles:
        folds.append(seen[article.folder] % FOLDS)
        seen[article.folder] += 1
    return np.array(folds)
