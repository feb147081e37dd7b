"""Train the topic model: ``python -m training.topics DATA``.

DATA holds ``topics/`` and ``pages/``; a file of them that is absent is done without. Prints what cross-validation over
sites reaches and what the model reaches on the texts that no training sees, and writes the model with its manifest
and its baseline into the package. The same data and versions give the same bytes.

How it learns is told in ``worker/classify/learning.py``; calibrated is on the cross-validated logits of whole articles.
"""

import argparse
import hashlib
import json
import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from schemas.article import TextField
from schemas.topics import TAXONOMY_VERSION, TOPICS
from training.topic_data import (
    HERE,
    Label,
    Lexicon,
    Text,
    agreement,
    read_labels,
    read_lexicon,
    read_texts,
    read_written,
)
from training.topic_scores import Scores
from worker.classify import PRIMARY_THRESHOLD, TOPIC_THRESHOLD
from worker.classify.learning import FOLDS, STRENGTH, Corpus, calibrate, rows_of, sigmoid
from worker.classify.model import MAX_MODEL_WORDS, Floats, Model, Vocabulary, packed
from worker.classify.profile import PACKAGED, Profile, Seen, profile_of, unknown_share
from worker.classify.rules import load
from worker.classify.weighing import Fields, count, weigh_by_rules
from worker.classify.words import words_of
from worker.enrich.language import detect_language

PACKAGE = Path(__file__).parents[1] / "worker" / "classify"
IDS = tuple(TOPICS)
LANGUAGES = ("en",)
LEAST_DOCUMENTS = 5  # that a word must occur in: nothing from which a text could be told
RULE_SCALE = 0.6  # what a unit of a rule's weight adds to a logit while the model learns
LEXICON_SCALE = 2.0  # what the weight of a word is drawn to for each degree that the lexicon gives it
LICENCES = {
    "current_events.jsonl.gz": "CC BY-SA 4.0, Wikipedia's Current Events by way of ianrastall/current-events-context",
    "us_military.jsonl.gz": "public domain, US government by way of sanlee-ys/defense-news-classifier",
    "wcxb_dev.jsonl.xz": "CC BY 4.0 (annotation), Murrough-Foley/web-content-extraction-benchmark",
}
WHOLE = ("pages", "written")  # the sources of whole articles
CODED_ALONE = {"us_military": ("defense", 0.3)}  # sources that are about one topic, of which nothing else is known


@dataclass(frozen=True, slots=True)
class Example:
    """A text with its label, ready to be learned from.

    Attributes:
        text: The text.
        label: What it is about.
        cost: By topic, what an error costs: 0 where nothing is known.
        fields: Its words.
    """

    text: Text
    label: Label
    cost: Floats
    fields: Fields

    @property
    def known(self) -> Floats:
        """By topic, whether it is about it."""
        return np.array([topic in self.label.topics for topic in IDS], np.float32)


def example(text: Text, label: Label) -> Example:
    """A labelled text, ready to be learned from."""
    cost = np.array([topic not in label.unsure for topic in IDS], np.float32)
    if coded := CODED_ALONE.get(text.source):
        cost = np.array([coded[1] if topic == coded[0] else 0.0 for topic in IDS], np.float32)
    fields: dict[TextField, Any] = {
        "headline": words_of(text.headline),
        "standfirst": words_of(""),
        "text": words_of(text.text),
    }
    return Example(text, label, cost, fields)


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


def vocabulary_of(examples: Sequence[Example], lexicon: Lexicon) -> Vocabulary:
    """The words of the lexicon and those that enough texts hold, with their inverse document frequencies."""
    documents: Counter[str] = Counter()
    for found in examples:
        documents.update({forms[0] for words in found.fields.values() for forms in words.forms[:MAX_MODEL_WORDS]})
    most = len(examples) / 2
    common = {word for word, count in documents.items() if len(word) > 1 and LEAST_DOCUMENTS <= count < most}
    kept = sorted(common.union(lexicon), key=lambda word: (-documents[word], word))
    idf = [math.log((1 + len(examples)) / (1 + documents[word])) + 1 for word in kept]
    return Vocabulary({word: number for number, word in enumerate(kept)}, np.array(idf, np.float16).astype(np.float32))


def by_rules(examples: Sequence[Example]) -> Floats:
    """What the packaged rules say, in units of a rule's weight, shape (texts, topics)."""
    rules = load((PACKAGE / "rules.toml").read_bytes(), "rules.toml")
    sums = [
        {topic: sum(cue.weight for cue in cues) for topic, cues in weigh_by_rules(found.fields, rules).items()}
        for found in examples
    ]
    return np.array([[found.get(topic, 0.0) for topic in IDS] for found in sums], np.float32)


def corpus_of(examples: Sequence[Example], vocabulary: Vocabulary, lexicon: Lexicon) -> Corpus:
    """The texts of a training."""
    prior = np.zeros((len(vocabulary.index), len(IDS)), np.float32)
    for word, topics in lexicon.items():
        for topic, degree in topics.items():
            prior[vocabulary.index[word], IDS.index(topic)] = degree * LEXICON_SCALE
    return Corpus(
        rows=rows_of([count(found.fields, vocabulary) for found in examples], len(vocabulary.index)),
        said=by_rules(examples) * RULE_SCALE,
        prior=prior,
        known=np.stack([found.known for found in examples]),
        cost=np.stack([found.cost for found in examples]),
        folds=np.array([found.text.fold for found in examples]),
    )


def scores_of(examples: Sequence[Example], logits: Floats) -> Scores:
    """How well calibrated logits tell the topics of texts."""
    scores = Scores()
    for found, row in zip(examples, sigmoid(logits.astype(np.float64)), strict=True):
        given = {topic: float(share) for topic, share in zip(IDS, row, strict=True) if share >= TOPIC_THRESHOLD}
        best = max(given, key=given.__getitem__, default=None)
        primary = best if best and given[best] >= PRIMARY_THRESHOLD else None
        scores.add(found.label.topics, found.label.unsure, given, primary)
    return scores


def measure(how: str, examples: Sequence[Example], logits: Floats) -> dict[str, dict[str, float]]:
    """Print the measures of each source, with their spread over folds and those of its topics; gives them by name."""
    measured = {}
    for source in sorted({found.text.source for found in examples} - CODED_ALONE.keys()):
        chosen = [number for number, found in enumerate(examples) if found.text.source == source]
        scores = scores_of([examples[number] for number in chosen], logits[chosen])
        folds = {examples[number].text.fold for number in chosen}
        by_fold = [[number for number in chosen if examples[number].text.fold == fold] for fold in sorted(folds)]
        parts = [scores_of([examples[number] for number in part], logits[part]).micro_f1 for part in by_fold]
        measured[f"{source}, {how}"] = scores.summary() | {"micro_f1_spread": round(statistics.pstdev(parts), 3)}
        say(f"{source}, {how}: {json.dumps(measured[f'{source}, {how}'])}")
        for topic in IDS:
            counts = f"right {scores.hit[topic]:4} extra {scores.extra[topic]:4} missed {scores.missed[topic]:4}"
            say(f"  {topic:20} f1 {scores.f1(topic):.2f} {counts}")
    return measured


def baseline_of(examples: Sequence[Example], logits: Floats, lexicon: Lexicon, model: str) -> Profile:
    """What whole articles look like to a model that has not seen them: what ``copydesk drift`` compares with.

    Args:
        examples: What was learned from; sources of whole articles count.
        logits: Of these, cross-validated and calibrated, shape (texts, topics).
        lexicon: For the vocabularies that know nothing of a fold.
        model: The id of the model.
    """
    folds = range(FOLDS)
    vocabularies = [vocabulary_of([found for found in examples if found.text.fold != fold], lexicon) for fold in folds]
    languages: Counter[str] = Counter()
    seen: list[Seen] = []
    for found, row in zip(examples, sigmoid(logits.astype(np.float64)), strict=True):
        if found.text.source in WHOLE:
            code = detect_language(found.text.text).code
            languages[code] += 1
            if code in LANGUAGES:
                best = int(row.argmax())
                primary = IDS[best] if row[best] >= PRIMARY_THRESHOLD else None
                seen.append(Seen(primary, float(row[best]), unknown_share(found.fields, vocabularies[found.text.fold])))
    return profile_of(model, languages, seen)


def say(line: str) -> None:
    """Print a line at once: training takes a while."""
    print(line, flush=True)  # noqa: T201 - a script


def train(folder: Path) -> dict[str, bytes]:
    """The files of the model by name: itself, the manifest of what it is made of and reaches, the baseline for drift.

    Args:
        folder: The data.
    """
    examples, held_out = read_examples(folder)
    lexicon = read_lexicon()
    vocabulary = vocabulary_of(examples, lexicon)
    corpus = corpus_of(examples, vocabulary, lexicon)
    logits = corpus.cross_validate()
    whole = np.array([found.text.source in WHOLE for found in examples])
    factor, summand = calibrate(logits[whole], corpus.known[whole], corpus.cost[whole])
    measured = measure("cross-validated", examples, logits * factor + summand)
    learned = corpus.learn()
    if held_out:
        rows = rows_of([count(found.fields, vocabulary) for found in held_out], len(vocabulary.index))
        tested = learned.logits(rows, by_rules(held_out) * RULE_SCALE) * factor + summand
        measured |= measure("held out", held_out, tested)
    weights, bias = learned.weights * factor, learned.bias * factor + summand
    manifest = {
        "purpose": "topics of an article",
        "made_by": "python -m training.topics",
        "versions": {name: version(name) for name in ("numpy", "scipy")},
        "taxonomy": TAXONOMY_VERSION,
        "parameters": {"strength": STRENGTH, "rules": RULE_SCALE, "lexicon": LEXICON_SCALE, "folds": FOLDS},
        "seed": None,  # nothing is drawn
        "texts": dict(Counter(found.text.source for found in examples)),
        "words": len(vocabulary.index),
        "sources": sources(folder),
        "measured": measured,
    }
    data = packed(vocabulary, IDS, weights, bias, factor * RULE_SCALE, LANGUAGES)
    baseline = baseline_of(examples, logits * factor + summand, lexicon, Model.load(data, "topics.npz").id)
    say(f"{len(vocabulary.index)} words, {len(data)} bytes")
    manifest |= {"model": baseline.model, "sha256": hashlib.sha256(data).hexdigest()}
    return {
        "topics.npz": data,
        "topics.json": f"{json.dumps(manifest, indent=1)}\n".encode(),
        PACKAGED: f"{baseline.model_dump_json(indent=1)}\n".encode(),
    }


def sources(folder: Path) -> list[dict[str, str]]:
    """What the model is made of: each file with its SHA-256, and whose it is."""
    own = [path for part in ("labels", "articles", "lexicon") for path in sorted((HERE / part).iterdir())]
    files = [(path, LICENCES[path.name]) for path in sorted(folder.glob("*/*")) if path.name in LICENCES]
    files += [(path, "written for this project, with its licence") for path in (PACKAGE / "rules.toml", *own)]
    return [
        {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "licence": licence}
        for path, licence in files
    ]


def main() -> None:
    """Train, say how well topics are told, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path, metavar="DATA")
    options.add_argument("--to", type=Path, default=PACKAGE, help="folder for the model; default: the package")
    given = options.parse_args()
    first, second = (read_labels(HERE / "labels" / f"{name}.tsv") for name in ("first", "second"))
    for source in sorted({source for source, *_ in second}):
        both = {text: label for text, label in second.items() if text[0] == source}
        say(f"{source}: two people who labelled {len(both)} texts agree with F1 {agreement(first, both):.3f}")
    say(f"in all: F1 {agreement(first, second):.3f}")
    for name, content in train(given.data).items():
        (given.to / name).write_bytes(content)


if __name__ == "__main__":
    main()
