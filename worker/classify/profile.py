"""What many articles look like to the topic model: a profile, which is compared with an earlier one.

The profile of the training is shipped as ``baseline.json``; a desk can save one of its own.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Annotated, NamedTuple, Self

from pydantic import Field, ValidationError, model_validator

from schemas.article import Model, NonEmpty, Share
from schemas.topics import NONE
from worker.classify.model import MAX_MODEL_WORDS, Vocabulary
from worker.classify.weighing import Fields
from worker.errors import Misconfigured

PACKAGED = "baseline.json"

Count = Annotated[int, Field(ge=0)]


class Seen(NamedTuple):
    """One article, in a language that the model was trained on.

    Attributes:
        primary: The id of its primary topic; None where the classifier abstained.
        confidence: That of the primary topic, 0 to 1; without meaning where there is none.
        unknown: Its share of unknown words, see ``unknown_share``.
    """

    primary: str | None
    confidence: float
    unknown: float


class Profile(Model):
    """What many articles look like to a topic model."""

    model: NonEmpty = Field(description="The id of the model.")
    languages: dict[NonEmpty, Count] = Field(description="Articles by language.")
    topics: dict[NonEmpty, Count] = Field(
        description="Articles in the model's languages by primary topic, 'none' where there is none."
    )
    unknown_words: Share | None = Field(description="Mean share of unknown words of these; None: there are none.")
    confidence: Share | None = Field(description="Mean confidence of primary topics; None: there are none.")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.measured > self.articles:
            raise ValueError("more articles have been given topics than there are")
        if (self.unknown_words is None) != (self.measured == 0) or (self.confidence is None) != (self.filed == 0):
            raise ValueError("a mean and the number of articles that it is of do not fit together")
        return self

    @property
    def articles(self) -> int:
        """How many articles, in any language."""
        return sum(self.languages.values())

    @property
    def measured(self) -> int:
        """How many the model has read: those in its languages."""
        return sum(self.topics.values())

    @property
    def abstained(self) -> int:
        """How many of these have no primary topic."""
        return self.topics.get(NONE, 0)

    @property
    def filed(self) -> int:
        """How many have one."""
        return self.measured - self.abstained

    @classmethod
    def load(cls, data: bytes, name: str) -> Self:
        """The profile in a file.

        Args:
            data: What the file holds.
            name: What to call it in errors.

        Raises:
            Misconfigured: It is not a profile.
        """
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"]))
            what = f"{place}: {first['msg']}" if place else first["msg"]
            raise Misconfigured(
                f"{name}: this is no baseline ({what}); write one with `copydesk drift --save`"
            ) from error


def profile_of(model: str, languages: Mapping[str, int], seen: Sequence[Seen]) -> Profile:
    """The profile of articles.

    Args:
        model: The id of the model.
        languages: How many articles there are in each language, by its code.
        seen: Those in the model's languages.
    """
    sure = [article.confidence for article in seen if article.primary]
    return Profile(
        model=model,
        languages=dict(sorted(languages.items())),
        topics=dict(sorted(Counter(article.primary or NONE for article in seen).items())),
        unknown_words=_mean([article.unknown for article in seen]),
        confidence=_mean(sure),
    )


def unknown_share(fields: Fields, vocabulary: Vocabulary) -> float:
    """Of the different words of an article, as far as the model reads it, the share that it does not know, 0 to 1.

    Different words rather than all, so that the few that every text repeats, which no model weighs, count little.
    """
    words = {forms[0] for found in fields.values() for forms in found.forms[:MAX_MODEL_WORDS]}
    return sum(word not in vocabulary.index for word in words) / max(1, len(words))


def packaged_profile() -> Profile:
    """The profile of the training; raises ``Misconfigured`` as ``load`` does."""
    return Profile.load(resources.files(__package__).joinpath(PACKAGED).read_bytes(), PACKAGED)


def _mean(shares: Sequence[float]) -> float | None:
    return sum(shares) / len(shares) if shares else None
