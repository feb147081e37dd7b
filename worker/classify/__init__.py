"""What an article is about: article → topics, each with the words that spoke for it.

Every source of knowledge about topics weighs the words of an article: it gives evidence, and a topic's logit
is ``BIAS`` plus the weights of its evidence, nothing else. The rules are the first such source; a trained
model joins by adding its own evidence before ``decide``.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from schemas.article import Evidence, TextField, Topic
from schemas.topics import TOPICS, TopicDefinition
from worker.classify.rules import Hit, RuleSet, load_rules
from worker.models import CleanArticle

__all__ = ["BIAS", "Classify", "Cue", "decide", "load_classifier", "primary_topic", "weigh"]


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


Classify = Callable[[CleanArticle], list[Topic]]
Weighed = Mapping[str, Sequence[Cue]]

BIAS = -5.0
"""The logit of any topic before a word is read: an article is about something only if its words say so."""

TOPIC_THRESHOLD = 0.5
PRIMARY_THRESHOLD = 0.6  # just above 0.5 every second topic was wrong: enough to list one, too little to file by it

# Why these: repetition and depth keep length from deciding. However long an article is, one phrase cannot
# carry a topic, and neither can a mention in its depths.
_FIELD_FACTOR: dict[TextField, float] = {"headline": 1.8, "standfirst": 1.3}
_LEAD_WORDS = 100  # of the text count in full; the word at n times that counts 1/n
_BRIEF_WORDS = 80  # a text of fewer says more with each of them,
_MAX_BREVITY = 1.5  # up to this factor
_MAX_HITS = 5  # of one rule; the k-th counts 1/k
_DIGITS = 4  # that a weight is rounded to: evidence is read by people


def load_classifier(rules: Path | None = None) -> Classify:
    """The classifier, ready to be called any number of times; the caller keeps it.

    Args:
        rules: The user's own rule file, read beside the packaged one.

    Raises:
        Misconfigured: The rule file cannot be read, or a rule in it is wrong.
    """
    ruleset = load_rules(rules)

    def classify(article: CleanArticle) -> list[Topic]:
        return decide(weigh(article, ruleset), ruleset.topics)

    return classify


def weigh(article: CleanArticle, rules: RuleSet) -> dict[str, list[Cue]]:
    """What the rules find in an article: per topic the words for and against it."""
    found: dict[str, list[tuple[TextField, str, Hit]]] = defaultdict(list)
    for field, text in _fields(article):
        for hit in rules.find(text):
            found[hit.rule.id].append((field, text, hit))
    brevity = _brevity(article.text)
    cues: dict[str, list[Cue]] = defaultdict(list)
    for rule, hits in found.items():
        for nth, (field, text, hit) in enumerate(islice(hits, _MAX_HITS), start=1):
            factor = brevity / max(1.0, hit.word / _LEAD_WORDS) if field == "text" else _FIELD_FACTOR[field]
            weight = round(hit.rule.weight * factor / nth, _DIGITS)
            cues[hit.rule.topic].append(Cue(field, hit.start, hit.end, text[hit.start : hit.end], weight, rule))
    return cues


def decide(weighed: Weighed, topics: Mapping[str, TopicDefinition] = TOPICS) -> list[Topic]:
    """The topics whose confidence, ``sigmoid(BIAS + weights of the evidence)``, reaches the threshold.

    Strongest first; equally strong ones in the order of ``topics``, which are all that may be given.
    """
    given: list[tuple[float, TopicDefinition, Sequence[Cue]]] = []
    for definition in topics.values():
        cues = weighed.get(definition.id, ())
        logit = math.fsum((BIAS, *(cue.weight for cue in cues)))
        if _sigmoid(logit) >= TOPIC_THRESHOLD:
            given.append((logit, definition, cues))
    given.sort(key=lambda entry: -entry[0])  # by the logit: sigmoids of strong ones are all 1
    return [
        Topic(
            id=definition.id,
            name=definition.name,
            qcode=definition.qcode,
            confidence=_sigmoid(logit),
            evidence=tuple(Evidence(**cue._asdict()) for cue in cues),
        )
        for logit, definition, cues in given
    ]


def primary_topic(topics: Sequence[Topic]) -> str | None:
    """The id of the strongest of some topics that stand strongest first, as ``decide`` gives them.

    None where there is none, or even the strongest is too weak to stand for the article.
    """
    if not topics or topics[0].confidence < PRIMARY_THRESHOLD:
        return None
    return topics[0].id


def _fields(article: CleanArticle) -> Iterator[tuple[TextField, str]]:
    yield "headline", article.headline
    yield "standfirst", article.standfirst or ""
    yield "text", article.text


def _brevity(text: str) -> float:
    """How much more each word of a text says because there are few of them."""
    return min(_MAX_BREVITY, max(1.0, _BRIEF_WORDS / (len(text.split()) or 1)))


def _sigmoid(logit: float) -> float:
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    return math.exp(logit) / (1 + math.exp(logit))
