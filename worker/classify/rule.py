"""What an editor may say: a rule, and a topic of their own."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from schemas.topics import is_topic_id
from worker.classify.phrases import parse


def _not_nothing(weight: float) -> float:
    if weight == 0:
        raise ValueError("a weight of 0 does nothing; leave the rule out instead")
    return weight


def _parsable(phrase: str) -> str:
    parse(phrase)
    return phrase


Phrase = Annotated[str, AfterValidator(_parsable)]
Sentence = Annotated[str, StringConstraints(min_length=1)]


class Rule(BaseModel):
    """One rule: phrases that speak for a topic (or, with a negative weight, against it).

    Attributes:
        id: Unique in its file; evidence names it.
        topic: An id of the taxonomy, or of a topic of the same file.
        weight: What the first hit in the lead adds to the topic's logit.
        any_language: Whether it may speak also where the text is in a language that the classifier was not made for.
        patterns: Phrases that count.
        unless: Phrases that make a hit they overlap not count.
        match: Sentences in which the rule must be found.
        no_match: Sentences in which it must not be found.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    topic: Annotated[str, StringConstraints(min_length=1)]
    weight: Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False), AfterValidator(_not_nothing)]
    any_language: bool = False
    # TOML has lists only, hence the one place that is not strict.
    patterns: Annotated[tuple[Phrase, ...], Field(min_length=1, strict=False)]
    unless: Annotated[tuple[Phrase, ...], Field(strict=False)] = ()
    match: Annotated[tuple[Sentence, ...], Field(min_length=1, strict=False)]
    no_match: Annotated[tuple[Sentence, ...], Field(strict=False)] = ()


def _topic_id(text: str) -> str:
    if not is_topic_id(text):
        raise ValueError("must be small letters, digits and underscores, a letter first, at most 40; and not `none`")
    return text


class OwnTopic(BaseModel):
    """A topic that a file adds to the taxonomy; the fields are those of ``TopicDefinition``."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Annotated[str, AfterValidator(_topic_id)]
    name: Annotated[str, StringConstraints(min_length=1)]
    qcode: Annotated[str, StringConstraints(pattern=r"^\w+:\S+$")] | None = None
