"""What the words of an article weigh: by the rules, and by the model."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import islice
from typing import NamedTuple

import numpy as np

from schemas.article import Article, TextField
from worker.classify.model import LEAD_WORDS, Counted, Floats, Model, Vocabulary
from worker.classify.rules import Hit, RuleSet
from worker.classify.words import Words, words_of
from worker.models import CleanArticle

Fields = Mapping[TextField, Words]
"""The words of an article."""

# Why these: repetition and depth keep length from deciding. However long an article is, one phrase cannot
# carry a topic, and neither can a mention in its depths.
_FIELD_FACTOR: dict[TextField, float] = {"headline": 1.8, "standfirst": 1.3}
_BRIEF_WORDS = 80  # a text of fewer says more with each of them,
_MAX_BREVITY = 1.5  # up to this factor
_MAX_HITS = 5  # of one rule; the k-th counts 1/k


class Cue(NamedTuple):
    """Evidence in the making: the fields of ``schemas.article.Evidence``, not yet checked.

    Most of what is found speaks for topics that are not given, so it is made a model only when one is.
    """

    field: TextField
    start: int
    end: int
    text: str
    weight: float
    rule: str | None


def fields_of(article: CleanArticle | Article) -> Fields:
    """The words of an article."""
    return {
        "headline": words_of(article.headline),
        "standfirst": words_of(article.standfirst or ""),
        "text": words_of(article.text),
    }


def weigh_by_rules(fields: Fields, rules: RuleSet) -> dict[str, list[Cue]]:
    """What the rules find: per topic the phrases for and against it, with their weights."""
    found: dict[str, list[tuple[TextField, Hit]]] = defaultdict(list)
    for name, words in fields.items():
        for hit in rules.find(words):
            found[hit.rule.id].append((name, hit))
    brevity = min(_MAX_BREVITY, max(1.0, _BRIEF_WORDS / (len(fields["text"].words) or 1)))
    cues: dict[str, list[Cue]] = defaultdict(list)
    for rule, hits in found.items():
        for nth, (name, hit) in enumerate(islice(hits, _MAX_HITS), start=1):
            factor = brevity / max(1.0, hit.word / LEAD_WORDS) if name == "text" else _FIELD_FACTOR[name]
            text = fields[name].text[hit.start : hit.end]
            cues[hit.rule.topic].append(Cue(name, hit.start, hit.end, text, hit.rule.weight * factor / nth, rule))
    return cues


def count(fields: Fields, vocabulary: Vocabulary) -> Counted:
    """An article as a model sees it."""
    return vocabulary.count([fields["headline"], fields["standfirst"]], fields["text"])


class Weighed(NamedTuple):
    """What the words that a model knows weigh in an article.

    Attributes:
        fields: The words of the article.
        model: The model.
        counted: The words that it knows.
        weights: Theirs for each topic, in the order of the model's topics, shape (words, topics).
        sums: What they add to each topic's logit, in that order.
    """

    fields: Fields
    model: Model
    counted: Counted
    weights: Floats
    sums: list[float]

    @classmethod
    def of(cls, fields: Fields, model: Model) -> "Weighed":
        """Count the words of an article, and weigh them."""
        counted = count(fields, model.vocabulary)
        weights = model.weights.take(counted.words, axis=0)
        return cls(fields, model, counted, weights, (counted.values @ weights).tolist())

    def of_topic(self, topic: str) -> tuple[float, float, float]:
        """A topic's bias, what a unit of a rule's weight adds to its logit, and what the words add."""
        return self.model.bias[topic], self.model.scales[topic], self.sums[self.model.topics[topic]]

    def cues(self, topic: str, count: int) -> list[Cue]:
        """The weightiest words of a topic: each occurrence with its part of what the word adds to the logit.

        Args:
            topic: Its id, one that the model knows.
            count: How many at most.
        """
        _, values, occurrences, shares, positions = self.counted
        weights = (values * self.weights[:, self.model.topics[topic]])[occurrences] * shares
        strongest = np.argsort(-np.abs(weights), kind="stable")[:count]
        return list(map(self._cue, positions[strongest].tolist(), weights[strongest].tolist()))

    def _cue(self, position: int, weight: float) -> Cue:
        for name, words in self.fields.items():
            if position < len(words.words):
                start, end = words.span(position)
                return Cue(name, start, end, words.text[start:end], weight, None)
            position -= len(words.words)
        raise IndexError(position)
