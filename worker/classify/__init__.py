"""What an article is about: article → topics, each with the words that spoke for it.

Rules and model each weigh the words of an article. A topic's logit is its bias and the sum of all these weights,
nothing else, and its confidence is the sigmoid of that: so what every word did is exact.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from schemas.article import Evidence, Topic
from schemas.topics import TOPICS, TopicDefinition
from worker.classify.model import Model, packaged
from worker.classify.rules import RuleSet, load
from worker.classify.weighing import Cue, Fields, Weighed, fields_of, weigh_by_rules
from worker.errors import Misconfigured
from worker.models import CleanArticle

__all__ = ["BIAS", "Classify", "Verdict", "load_classifier"]

BIAS = -5.0
"""The logit, before a word is read, of a topic that only rules speak for."""

TOPIC_THRESHOLD = 0.5
PRIMARY_THRESHOLD = 0.6  # just above 0.5 every second topic was wrong: enough to list one, too little to file by it

MAX_EVIDENCE = 12
"""Words that a record shows for a topic, the weightiest; what the others add is told in one sum."""

_NOT_READ = "topics: the language is none that the classifier was trained on"
_DIGITS = 4  # that a weight is rounded to: evidence is read by people


class Verdict(NamedTuple):
    """What an article is about.

    Attributes:
        topics: Those given, strongest first; equally strong ones in the order of the taxonomy.
        primary: The id of the strongest; None where there is none, or even that is too weak to file the article by.
        model: Which model spoke; None where none did.
        warnings: What was not looked for, and why.
    """

    topics: tuple[Topic, ...]
    primary: str | None
    model: str | None = None
    warnings: tuple[str, ...] = ()


Classify = Callable[[CleanArticle, str], Verdict]
"""An article and the code of its language → what it is about."""


class _Given(NamedTuple):
    """A topic that is given: its logit, and the weightiest of what adds up to it."""

    definition: TopicDefinition
    logit: float
    cues: Sequence[Cue]


def load_classifier(rules: Path | None = None) -> Classify:
    """The classifier, ready to be called any number of times; the caller keeps it.

    Args:
        rules: A rule file instead of the packaged one.

    Raises:
        Misconfigured: The rule file cannot be read, or a rule in it is wrong.
    """
    ruleset, model = _read(rules), packaged()

    def classify(article: CleanArticle, language: str) -> Verdict:
        speaks = model if language in model.languages else None
        given = sorted(_given(fields_of(article), ruleset, speaks), key=lambda topic: -topic.logit)
        primary = given[0].definition.id if given and _sigmoid(given[0].logit) >= PRIMARY_THRESHOLD else None
        topics = tuple(map(_topic, given))
        return Verdict(topics, primary, speaks.id) if speaks else Verdict(topics, primary, None, (_NOT_READ,))

    return classify


def _given(fields: Fields, rules: RuleSet, model: Model | None) -> Iterator[_Given]:
    """The topics whose confidence reaches the threshold, in the order of the taxonomy."""
    by_rules = weigh_by_rules(fields, rules)
    by_model = Weighed.of(fields, model) if model else None
    sums = by_model.sums() if by_model else {}
    for definition in TOPICS.values():
        topic = definition.id
        bias, scale = (model.bias[topic], model.scales[topic]) if model else (BIAS, 1.0)
        cues = by_rules.get(topic, [])
        logit = math.fsum((bias, sums.get(topic, 0.0), scale * math.fsum(cue.weight for cue in cues)))
        if _sigmoid(logit) >= TOPIC_THRESHOLD:
            scaled = [cue._replace(weight=cue.weight * scale) for cue in cues]
            scaled += by_model.cues(topic, MAX_EVIDENCE) if by_model else []
            scaled.sort(key=lambda cue: -abs(cue.weight))
            yield _Given(definition, logit, scaled[:MAX_EVIDENCE])


def _topic(given: _Given) -> Topic:
    weights = [round(cue.weight, _DIGITS) for cue in given.cues]
    return Topic(
        id=given.definition.id,
        name=given.definition.name,
        qcode=given.definition.qcode,
        confidence=_sigmoid(given.logit),
        evidence=tuple(
            Evidence(field=cue.field, start=cue.start, end=cue.end, text=cue.text, weight=weight, rule=cue.rule)
            for cue, weight in zip(given.cues, weights, strict=True)
        ),
        rest=given.logit - math.fsum(weights),
    )


def _read(path: Path | None) -> RuleSet:
    if path is None:
        return load(resources.files(__name__).joinpath("rules.toml").read_bytes(), "rules.toml")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{path}: the rule file cannot be read: {error.strerror}") from error
    return load(data, str(path))


def _sigmoid(logit: float) -> float:
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    return math.exp(logit) / (1 + math.exp(logit))
