"""What an article is about: article → topics, each with the words that spoke for it.

Rules and model each weigh the words of an article. A topic's logit is its bias and the sum of all these weights,
nothing else, and its confidence is the sigmoid of that: so what every word did is exact.
"""

import heapq
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from schemas.article import Evidence, Topic
from schemas.topics import TOPICS, TopicDefinition
from worker.classify.model import Model, packaged
from worker.classify.rules import RuleSet, load_rules
from worker.classify.weighing import Cue, Fields, Weighed, fields_of, weigh_by_rules
from worker.errors import Misconfigured
from worker.models import CleanArticle

__all__ = ["BIAS", "Classify", "Verdict", "load_classifier", "primary_topic", "refuse_unknown"]

BIAS = -5.0
"""The logit, before a word is read, of a topic that only rules speak for."""

TOPIC_THRESHOLD = 0.5  # likelier than not
PRIMARY_THRESHOLD = 0.6  # likely enough to file an article by

MAX_EVIDENCE = 12
"""Words that a record shows for a topic, the weightiest; what the others add is told in one sum."""

_NOT_READ = "topics: the packaged model was not trained on this language; only names and abbreviations count"
_LEAST_LOGIT = math.log(TOPIC_THRESHOLD / (1 - TOPIC_THRESHOLD))
_DIGITS = 4  # that a weight is rounded to: evidence is read by people


class Verdict(NamedTuple):
    """What an article is about.

    Attributes:
        topics: Those given, strongest first; equally strong ones in the order of the taxonomy.
        model: Which model spoke; None where none did.
        warnings: What was not looked for, and why.
    """

    topics: tuple[Topic, ...]
    model: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def primary(self) -> str | None:
        """The id of the topic to file the article by: see ``primary_topic``."""
        return primary_topic(self.topics)


Classify = Callable[[CleanArticle, str], Verdict]
"""An article and the code of its language → what it is about."""


class _Given(NamedTuple):
    """A topic that is given: its logit, and the weightiest of what adds up to it."""

    definition: TopicDefinition
    logit: float
    cues: Sequence[Cue]


def load_classifier(rules: Path | None = None, model: Path | None = None) -> Classify:
    """The classifier, ready to be called any number of times; the caller keeps it.

    Args:
        rules: The user's own rule file, read beside the packaged one.
        model: A model of further topics, as ``copydesk train`` writes it.

    Raises:
        Misconfigured: A file cannot be read, a rule is wrong, or the model is none.
    """
    ruleset, models = load_rules(rules), [packaged(), *([_read_model(model)] if model else [])]
    for_any_language = ruleset.for_any_language()
    own = {topic: TopicDefinition.own(topic) for trained in models[1:] for topic in trained.topics}
    definitions = list({**own, **ruleset.topics}.values())

    def classify(article: CleanArticle, language: str) -> Verdict:
        speaking = [model for model in models if language in model.languages]
        is_known = models[0] in speaking
        speak = ruleset if is_known else for_any_language
        given = list(_given(fields_of(article), speak, speaking, definitions))
        given.sort(key=lambda topic: -topic.logit)
        ids = "+".join(model.id for model in speaking) or None
        return Verdict(tuple(map(_topic, given)), ids, () if is_known else (_NOT_READ,))

    return classify


def refuse_unknown(topics: Sequence[str], rules: Path | None, model: Path | None) -> None:
    """See that topics are among those that an article can be given.

    Args:
        topics: Their ids, from the settings.
        rules: The user's own rule file.
        model: The user's own model.

    Raises:
        Misconfigured: One is not; or a file is wrong, as ``load_classifier`` says.
    """
    if all(topic in TOPICS for topic in topics):
        return
    known = list(dict.fromkeys([*TOPICS, *load_rules(rules).topics, *(_read_model(model).topics if model else ())]))
    for topic in topics:
        if topic not in known:
            raise Misconfigured(
                f"COPYDESK_TOPIC_STREAMS: no topic is called {topic}, there are {', '.join(known)}; "
                "one of your own comes with its rules (COPYDESK_RULES) or its model (COPYDESK_MODEL)"
            )


def primary_topic(topics: Sequence[Topic]) -> str | None:
    """The id of the strongest of an article's topics, which stand strongest first.

    None where there is none, or even that one is too weak to file the article by it.
    """
    return topics[0].id if topics and topics[0].confidence >= PRIMARY_THRESHOLD else None


def _given(
    fields: Fields, rules: RuleSet, models: Sequence[Model], definitions: Sequence[TopicDefinition]
) -> Iterator[_Given]:
    """The topics whose confidence reaches the threshold, in the order of their definitions."""
    by_rules = weigh_by_rules(fields, rules)
    by_models = {
        topic: weighed for model in models for weighed in [Weighed.of(fields, model)] for topic in model.topics
    }
    for definition in definitions:
        topic = definition.id
        cues, weighed = by_rules.get(topic, []), by_models.get(topic)
        bias, scale, of_words = weighed.of_topic(topic) if weighed else (BIAS, 1.0, 0.0)
        logit = bias + of_words + scale * math.fsum([cue.weight for cue in cues])
        if logit >= _LEAST_LOGIT:
            weightiest = heapq.nlargest(MAX_EVIDENCE, cues, key=_weightiness)
            scaled = [cue._replace(weight=cue.weight * scale) for cue in weightiest]
            scaled += weighed.cues(topic, MAX_EVIDENCE) if weighed else []
            yield _Given(definition, logit, heapq.nlargest(MAX_EVIDENCE, scaled, key=_weightiness))


def _weightiness(cue: Cue) -> float:
    return abs(cue.weight)


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


def _read_model(path: Path) -> Model:
    try:
        model = Model.load(path.read_bytes(), str(path))
    except OSError as error:
        raise Misconfigured(f"{path}: the topic model cannot be read: {error.strerror}") from error
    if clash := sorted(model.topics.keys() & TOPICS.keys()):
        raise Misconfigured(f"{path}: {clash[0]} is a topic of the packaged model; train topics of other names")
    return model


def _sigmoid(logit: float) -> float:
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    return math.exp(logit) / (1 + math.exp(logit))
