"""Train the topic model: ``python -m training.topics DATA``.

DATA holds ``topics/`` and ``pages/``; a file of them that is absent is done without. Prints what cross-validation over
sites reaches and what the model reaches on the texts that no training sees, and writes the model with its manifest
into the package. The same data and versions give the same bytes.

The model is a logistic regression for each topic, regularised by the squared weights and trained beside the rules:
what the rules say is added to its logits while it learns, so that it learns what they do not say. Platt's scaling,
fitted on the cross-validated logits of whole articles, calibrates it (J. Platt, "Probabilistic outputs for support
vector machines", 1999).
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.optimize
import scipy.sparse
from numpy.typing import NDArray

from schemas.article import TextField
from schemas.topics import TOPICS
from training.topic_data import FOLDS, HERE, Label, Text, read_labels, read_lexicon, read_texts, read_written
from training.topic_scores import Scores
from worker.classify import PRIMARY_THRESHOLD, TOPIC_THRESHOLD
from worker.classify.model import MAX_MODEL_WORDS, Floats, Vocabulary, packed
from worker.classify.rules import load
from worker.classify.weighing import Fields, weigh_by_rules
from worker.classify.words import words_of

PACKAGE = Path(__file__).parents[1] / "worker" / "classify"
IDS = tuple(TOPICS)
LANGUAGES = ("en",)
LEAST_DOCUMENTS = 5  # that a word must occur in: nothing from which a text could be told
RULE_SCALE = 0.6  # what a unit of a rule's weight adds to a logit while the model learns
STRENGTH = 30.0  # of what is learned from texts, beside 1 for small weights: the C of other programs
ITERATIONS = 80
PRIOR = 10.0  # how strongly calibration holds on to 1 and 0
LEXICON_SCALE = 1.5  # what the weight of a word is drawn to for each degree that the lexicon gives it
WHOLE = ("pages", "written")  # the sources of whole articles
CODED_ALONE = {"us_military": ("defense", 0.3)}  # sources that are about one topic, of which nothing else is known


@dataclass(frozen=True, slots=True)
class Example:
    """A text with its label, ready to be learned from.

    Attributes:
        text: The text.
        label: What it is about.
        weight: By topic, what an error costs: 0 where nothing is known.
        fields: Its words.
    """

    text: Text
    label: Label
    weight: Floats
    fields: Fields

    @property
    def known(self) -> Floats:
        """By topic, whether it is about it."""
        return np.array([topic in self.label.topics for topic in IDS], np.float32)


@dataclass(frozen=True, slots=True)
class Trained:
    """Weights of words (words, topics) and biases (topics), not yet calibrated."""

    weights: Floats
    bias: Floats

    def logits(self, rows: Any, by_rules: Floats) -> Floats:
        """Of texts for the topics."""
        return np.asarray(rows @ self.weights + self.bias + by_rules)


def example(text: Text, label: Label) -> Example:
    """A labelled text, ready to be learned from."""
    weight = np.array([topic not in label.unsure for topic in IDS], np.float32)
    if coded := CODED_ALONE.get(text.source):
        weight = np.array([coded[1] if topic == coded[0] else 0.0 for topic in IDS], np.float32)
    fields: dict[TextField, Any] = {
        "headline": words_of(text.headline),
        "standfirst": words_of(""),
        "text": words_of(text.text),
    }
    return Example(text, label, weight, fields)


def read_examples(folder: Path) -> tuple[list[Example], list[Example]]:
    """The texts to learn from, and those that no training sees: labelled twice, of other sites."""
    first, second = (read_labels(HERE / "labels" / f"{name}.tsv") for name in ("first", "second"))
    learned: list[Example] = []
    held_out: list[Example] = []
    for text in read_texts(folder):
        key = (text.source, text.name, text.sha256)
        if text.source in CODED_ALONE:
            learned.append(example(text, Label((CODED_ALONE[text.source][0],), frozenset())))
        elif key in first:
            is_test = text.source == "wikinews" or (text.source == "pages" and key in second)
            (held_out if is_test else learned).append(example(text, first[key].agreed(second.get(key))))
    sites = {found.text.site for found in held_out}
    learned = [found for found in learned if found.text.site not in sites]
    return learned + [example(text, label) for text, label in read_written()], held_out


def vocabulary_of(examples: Sequence[Example], lexicon: Collection[str]) -> Vocabulary:
    """The words of the lexicon and those that enough texts hold, with their inverse document frequencies."""
    documents: Counter[str] = Counter()
    for found in examples:
        documents.update({forms[0] for words in found.fields.values() for forms in words.forms[:MAX_MODEL_WORDS]})
    most = len(examples) / 2
    common = {word for word, count in documents.items() if word and LEAST_DOCUMENTS <= count < most}
    kept = sorted(common.union(lexicon), key=lambda word: (-documents[word], word))
    idf = [math.log((1 + len(examples)) / (1 + documents[word])) + 1 for word in kept]
    return Vocabulary({word: number for number, word in enumerate(kept)}, np.array(idf, np.float16).astype(np.float32))


def rows_of(examples: Sequence[Example], vocabulary: Vocabulary) -> Any:
    """TF-IDF of texts, a sparse matrix (texts, words)."""
    counted = [
        vocabulary.count([found.fields["headline"], found.fields["standfirst"]], found.fields["text"])
        for found in examples
    ]
    ends = np.cumsum([0, *(len(row.words) for row in counted)])
    values, words = np.concatenate([row.values for row in counted]), np.concatenate([row.words for row in counted])
    return scipy.sparse.csr_matrix((values, words, ends), shape=(len(examples), len(vocabulary.idf)))


def by_rules(examples: Sequence[Example]) -> Floats:
    """What the packaged rules say, in units of a rule's weight, shape (texts, topics)."""
    rules = load((PACKAGE / "rules.toml").read_bytes(), "rules.toml")
    sums = [
        {topic: sum(cue.weight for cue in cues) for topic, cues in weigh_by_rules(found.fields, rules).items()}
        for found in examples
    ]
    return np.array([[found.get(topic, 0.0) for topic in IDS] for found in sums], np.float32)


def learn(rows: Any, said: Floats, prior: Floats, known: Floats, weight: Floats) -> Trained:
    """Weights and biases that fit the labels, by L-BFGS.

    Args:
        rows: The texts, shape (texts, words).
        said: What the rules add to their logits, shape (texts, topics).
        prior: What the weights are drawn to, shape (words, topics).
        known: The labels, shape (texts, topics).
        weight: What an error costs, likewise.
    """
    words, topics = rows.shape[1], known.shape[1]
    columns = rows.T.tocsr()

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        parameters = flat.reshape(words + 1, topics).astype(np.float32)
        weights, bias = parameters[:-1], parameters[-1]
        logits = rows @ weights + bias + said
        cost = float(((np.logaddexp(0, logits) - known * logits) * weight).sum(dtype=np.float64))
        cost += float(np.square(weights - prior).sum(dtype=np.float64)) / (2 * STRENGTH)
        gradient = (1 / (1 + np.exp(-logits)) - known) * weight
        slopes = np.vstack([columns @ gradient + (weights - prior) / STRENGTH, gradient.sum(0, keepdims=True)])
        return cost, slopes.astype(np.float64).ravel()

    start = np.vstack([prior, np.full((1, topics), -3.0)])
    found = scipy.optimize.minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS})
    parameters = found.x.reshape(words + 1, topics).astype(np.float32)
    return Trained(parameters[:-1], parameters[-1])


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts as arrays: see ``learn``."""

    vocabulary: Vocabulary
    rows: Any
    said: Floats
    prior: Floats
    known: Floats
    weight: Floats
    folds: NDArray[np.int64]

    @classmethod
    def of(cls, examples: Sequence[Example]) -> "Corpus":
        """The texts of a training."""
        lexicon = read_lexicon()
        vocabulary = vocabulary_of(examples, lexicon)
        prior = np.zeros((len(vocabulary.index), len(IDS)), np.float32)
        for word, topics in lexicon.items():
            for topic, strength in topics.items():
                prior[vocabulary.index[word], IDS.index(topic)] = strength * LEXICON_SCALE
        return cls(
            vocabulary,
            rows_of(examples, vocabulary),
            by_rules(examples) * RULE_SCALE,
            prior,
            np.stack([found.known for found in examples]),
            np.stack([found.weight for found in examples]),
            np.array([found.text.fold for found in examples]),
        )

    def learn(self, seen: NDArray[np.bool_]) -> Trained:
        """What is learned from some of the texts."""
        return learn(self.rows[seen], self.said[seen], self.prior, self.known[seen], self.weight[seen])

    def cross_validate(self) -> Floats:
        """The logits of texts by a model that saw no text of their site, shape (texts, topics)."""
        logits = np.zeros_like(self.known)
        for fold in range(FOLDS):
            unseen = self.folds == fold
            trained = self.learn(~unseen)
            logits[unseen] = trained.logits(self.rows[unseen], self.said[unseen])
        return logits


def calibrate(logits: Floats, known: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """By topic the factor and the summand that make logits calibrated, held near 1 and 0 where little is known."""
    fitted = [_platt(*columns) for columns in zip(logits.T, known.T, weight.T, strict=True)]
    return np.array([one[0] for one in fitted], np.float32), np.array([one[1] for one in fitted], np.float32)


def _platt(logits: Floats, known: Floats, weight: Floats) -> NDArray[np.float64]:
    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scaled = parameters[0] * logits + parameters[1]
        away = parameters - (1.0, 0.0)
        gradient = (1 / (1 + np.exp(-scaled)) - known) * weight
        cost = ((np.logaddexp(0, scaled) - known * scaled) * weight).sum() + (PRIOR * away**2).sum()
        return float(cost), np.array([gradient @ logits, gradient.sum()]) + 2 * PRIOR * away

    return np.asarray(scipy.optimize.minimize(loss, [1.0, 0.0], jac=True, method="BFGS").x)


def scores_of(examples: Sequence[Example], logits: Floats) -> Scores:
    """How well calibrated logits tell the topics of texts."""
    scores = Scores()
    for found, row in zip(examples, 1 / (1 + np.exp(-logits.astype(np.float64))), strict=True):
        given = {topic: float(share) for topic, share in zip(IDS, row, strict=True) if share >= TOPIC_THRESHOLD}
        best = max(given, key=given.__getitem__, default=None)
        primary = best if best and given[best] >= PRIMARY_THRESHOLD else None
        scores.add(found.label.topics, found.label.unsure, given, primary)
    return scores


def report(name: str, scores: Scores) -> None:
    """Print the measures, and those of each topic."""
    say(f"{name}: {json.dumps(scores.summary())}")
    for topic in IDS:
        counts = f"right {scores.hit[topic]:4} extra {scores.extra[topic]:4} missed {scores.missed[topic]:4}"
        say(f"  {topic:20} f1 {scores.f1(topic):.2f} {counts}")


def say(line: str) -> None:
    """Print a line at once: training takes a while."""
    print(line, flush=True)  # noqa: T201 - a script


def main() -> None:
    """Train, say how well it tells topics, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path, metavar="DATA")
    folder = options.parse_args().data
    examples, held_out = read_examples(folder)
    say(f"{dict(Counter(found.text.source for found in examples))}, held out: {len(held_out)}")
    corpus = Corpus.of(examples)
    logits = corpus.cross_validate()
    whole = np.array([found.text.source in WHOLE for found in examples])
    factor, summand = calibrate(logits[whole], corpus.known[whole], corpus.weight[whole])
    for source in sorted({found.text.source for found in examples} - CODED_ALONE.keys()):
        of_source = [number for number, found in enumerate(examples) if found.text.source == source]
        scores = scores_of([examples[number] for number in of_source], logits[of_source] * factor + summand)
        report(f"{source}, cross-validated", scores)
    trained = corpus.learn(np.ones(len(examples), bool))
    tested = trained.logits(rows_of(held_out, corpus.vocabulary), by_rules(held_out) * RULE_SCALE) * factor + summand
    for source in sorted({found.text.source for found in held_out}):
        of_source = [number for number, found in enumerate(held_out) if found.text.source == source]
        report(f"{source}, held out", scores_of([held_out[number] for number in of_source], tested[of_source]))
    data = packed(
        corpus.vocabulary,
        IDS,
        trained.weights * factor,
        trained.bias * factor + summand,
        factor * RULE_SCALE,
        LANGUAGES,
    )
    (PACKAGE / "topics.npz").write_bytes(data)
    say(f"{len(corpus.vocabulary.index)} words, {len(data)} bytes")


if __name__ == "__main__":
    main()
