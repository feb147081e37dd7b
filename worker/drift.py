"""``copydesk drift``: whether the newest articles still look to the topic model like those of a baseline."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

from worker.classify.model import Model
from worker.classify.profile import Profile
from worker.profiles import LEAST, Reading
from worker.stability import Cells, by_chance, parts

LOOK, ACT = 0.1, 0.25
"""The usual bounds of the index: below the first nothing has changed, above the second it is time to act."""

DOCS = "docs/operations.md, Does the model still fit"
OF_THE_MODEL = {"abstention", "unknown_words", "confidence"}  # what tells of the model, not of the desk's mix

Judgement = Literal["too few", "no change", "better", "look", "act"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One comparison.

    Attributes:
        name: What is compared, for programs; with spaces for the underscores, for people.
        then: The share or mean in the baseline, 0 to 1; None where it is of no article, and for topics.
        now: The same at present.
        index: The population stability index; None where one side has no article.
        by_chance: What chance alone exceeds once in twenty times; None likewise.
        judgement: What it means.
    """

    name: str
    then: float | None
    now: float | None
    index: float | None
    by_chance: float | None
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Drift:
    """The comparison of the newest articles with a baseline.

    Attributes:
        baseline: The file of the desk's own baseline; None: the packaged one.
        then: The baseline.
        reading: The newest articles.
        measures: What was compared.
        untrained: Languages of the newest articles that the model was not trained on, most frequent first.
    """

    baseline: str | None
    then: Profile
    reading: Reading
    measures: tuple[Measure, ...]
    untrained: tuple[str, ...]

    @property
    def compared_with(self) -> str:
        """What the baseline is, and what a difference from it tells."""
        if self.baseline:
            return f"your own baseline {self.baseline}, of {self.then.articles} articles"
        return (
            f"the packaged baseline, {self.then.articles} whole articles of the training: another mix of topics may be "
            "your desk's own, but unknown words and abstention tell of the model"
        )

    def judged(self, *judgements: Judgement) -> list[str]:
        """The names of what is judged so."""
        return [measure.name for measure in self.measures if measure.judgement in judgements]

    @property
    def judgement(self) -> Judgement:
        """That of the whole: the worst; where nothing is wrong and topics could not be judged, that."""
        for worst in ("act", "look"):
            if self.judged(worst):
                return worst
        return "too few" if "topics" in self.judged("too few") else "no change"

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "baseline": {"file": self.baseline, **self.then.model_dump()},
            "compared_with": self.compared_with,
            "now": self.reading.profile.model_dump(),
            "other_model": self.reading.other_model,
            "unreadable": self.reading.unreadable,
            "measures": [asdict(measure) for measure in self.measures],
            "judgement": self.judgement,
            "finding": finding(self),
            "advice": advice(self),
        }


class _Mean(NamedTuple):
    """A share or a mean of shares, and of how many articles it is; None of no article."""

    share: float | None
    articles: int


def drift_of(baseline: str | None, then: Profile, reading: Reading, model: Model) -> Drift:
    """Compare the newest articles with a baseline; see ``Drift``."""
    spoken = reading.profile.languages
    untrained = sorted(spoken.keys() - model.languages, key=lambda code: (-spoken[code], code))
    measures = compare(then, reading.profile, model.languages)
    return Drift(baseline, then, reading, measures, tuple(untrained))


def compare(then: Profile, now: Profile, trained: frozenset[str]) -> tuple[Measure, ...]:
    """Compare a profile with a baseline.

    Args:
        then: The baseline.
        now: The profile.
        trained: The languages of the model.
    """
    pair = then, now
    return (
        _measure("topics", then.topics, now.topics, worse=True),
        _compare_means("abstention", *(_share(side.abstained, side.measured) for side in pair)),
        _compare_means("unknown_words", *(_Mean(side.unknown_words, side.measured) for side in pair)),
        _compare_means("confidence", *(_Mean(side.confidence, side.filed) for side in pair), more_is_worse=False),
        _compare_means("other_languages", *(_share(_untrained(side, trained), side.articles) for side in pair)),
    )


def judge(index: float, chance: float, *, worse: bool) -> Judgement:
    """What an index means.

    Args:
        index: The population stability index.
        chance: What chance alone exceeds once in twenty times.
        worse: Whether the change is for the worse, as every change of topics is taken to be.
    """
    if index < LOOK or index <= chance:
        return "no change"
    if not worse:
        return "better"
    return "look" if index <= ACT else "act"


def finding(drift: Drift) -> str:
    """The judgement in one sentence."""
    much, some = (", ".join(drift.judged(how)).replace("_", " ") for how in ("act", "look"))
    if much or some:
        said = (f"{much} changed much" if much else "", f"{some} changed somewhat" if some else "")
        return f"Since the baseline {', '.join(filter(None, said))}."
    if drift.judgement == "too few":
        read = drift.reading.profile.measured
        few = f"{read} of the newest" if read < LEAST else f"{drift.then.measured} in the baseline"
        return f"Too few articles to judge: the model has read {few}, and at least {LEAST} are needed."
    return "The newest articles look to the model like those of the baseline."


def advice(drift: Drift) -> str:
    """What to do next, in one sentence."""
    much, changed = set(drift.judged("act")), set(drift.judged("look", "act"))
    if much & OF_THE_MODEL:
        return f"Retrain the model with articles of these days ({DOCS}); until then add rules (COPYDESK_RULES)."
    if "other_languages" in much:
        codes = ", ".join(drift.untrained[:3])
        return (
            f"Only rules speak for articles in {codes}: add some (COPYDESK_RULES), or train with such texts ({DOCS})."
        )
    if changed == {"topics"} and drift.baseline is None:
        return "If that is your desk's own mix, write it as your own baseline: copydesk drift --save FILE"
    if changed:
        return "Read some of the articles (copydesk tail); where their topics are wrong, add rules (COPYDESK_RULES)."
    if drift.judgement == "too few":
        return "Wait for more articles, or look at more with --last."
    return "Nothing is to be done."


def moved(then: Profile, now: Profile, count: int) -> list[tuple[str, float, float, float]]:
    """The topics that add most to the index: id, share then, share now, what it adds.

    Args:
        then: The baseline, of at least one article.
        now: The newest articles, of at least one.
        count: How many topics.
    """
    added = parts(then.topics, now.topics)
    most = sorted(added, key=lambda topic: -added[topic])[:count]
    return [
        (topic, then.topics.get(topic, 0) / then.measured, now.topics.get(topic, 0) / now.measured, added[topic])
        for topic in most
    ]


def _compare_means(name: str, then: _Mean, now: _Mean, *, more_is_worse: bool = True) -> Measure:
    worse = ((now.share or 0.0) > (then.share or 0.0)) == more_is_worse
    return _measure(name, _cells(then), _cells(now), then=then.share, now=now.share, worse=worse)


def _measure(
    name: str, before: Cells, after: Cells, *, worse: bool, then: float | None = None, now: float | None = None
) -> Measure:
    sizes = round(sum(before.values())), round(sum(after.values()))
    if not all(sizes):
        return Measure(name, then, now, None, None, "too few")
    added = parts(before, after)
    index, chance = sum(added.values()), by_chance(len(added), *sizes)
    judgement: Judgement = judge(index, chance, worse=worse) if min(sizes) >= LEAST else "too few"
    return Measure(name, then, now, index, chance, judgement)


def _cells(mean: _Mean) -> Mapping[str, float]:
    if mean.share is None:
        return {}
    return {"in": mean.share * mean.articles, "out": (1 - mean.share) * mean.articles}


def _share(count: int, articles: int) -> _Mean:
    return _Mean(count / articles if articles else None, articles)


def _untrained(profile: Profile, trained: frozenset[str]) -> int:
    return sum(count for code, count in profile.languages.items() if code not in trained)
