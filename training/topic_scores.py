"""How well topics are told: the measures that the topic model is judged by."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

SUPPORT = 5  # articles that a topic must have to count in the mean over topics
BINS = 10


@dataclass(slots=True)
class Scores:
    """Counts over articles, and the measures that follow from them.

    A topic that the label is unsure of counts neither way; an article without topics counts for the F1 only.
    """

    hit: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    articles: int = 0
    primaries: list[tuple[float, bool]] = field(default_factory=list)

    def add(self, known: Sequence[str], unsure: Collection[str], given: dict[str, float], primary: str | None) -> None:
        """Count an article.

        Args:
            known: The topics of its label.
            unsure: Those that the label is unsure of.
            given: The topics that it was given, with their confidences.
            primary: The one it would be filed by.
        """
        got = given.keys() - set(unsure)
        self.hit.update(got & set(known))
        self.extra.update(got - set(known))
        self.missed.update(set(known) - got)
        if known:
            self.articles += 1
            if primary and primary not in unsure:
                self.primaries.append((given[primary], primary in known))

    def f1(self, topic: str) -> float:
        """F1 of a topic."""
        return _f1(self.hit[topic], self.extra[topic], self.missed[topic])

    @property
    def micro_f1(self) -> float:
        """F1 over all topics together."""
        return _f1(self.hit.total(), self.extra.total(), self.missed.total())

    @property
    def macro_f1(self) -> float:
        """The mean of F1 over the topics with enough articles."""
        topics = [topic for topic, count in (self.hit + self.missed).items() if count >= SUPPORT]
        return sum(map(self.f1, topics)) / max(1, len(topics))

    @property
    def primary_right(self) -> float:
        """The share of primary topics that are among the known ones."""
        return sum(right for _, right in self.primaries) / max(1, len(self.primaries))

    @property
    def coverage(self) -> float:
        """The share of articles with topics that got a primary one."""
        return len(self.primaries) / max(1, self.articles)

    @property
    def calibration_error(self) -> float:
        """Expected calibration error of the primary topic's confidence, over ten bins."""
        bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
        for confidence, right in self.primaries:
            bins[min(BINS - 1, int(confidence * BINS))].append((confidence, right))
        gaps = (abs(sum(conf for conf, _ in found) - sum(right for _, right in found)) for found in bins.values())
        return sum(gaps) / max(1, len(self.primaries))

    def summary(self) -> dict[str, float]:
        """The measures by name, to three digits."""
        named = {
            "micro_f1": self.micro_f1,
            "macro_f1": self.macro_f1,
            "defense_f1": self.f1("defense"),
            "diplomacy_f1": self.f1("diplomacy"),
            "primary_right": self.primary_right,
            "coverage": self.coverage,
            "calibration_error": self.calibration_error,
        }
        return {name: round(value, 3) for name, value in named.items()}


def _f1(hit: int, extra: int, missed: int) -> float:
    return 2 * hit / max(1, 2 * hit + extra + missed)
