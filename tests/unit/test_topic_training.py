"""The baseline that training writes: of whole articles, and as a model sees them that has not learned from them."""

import numpy as np

from schemas.topics import TOPICS
from training.topic_data import Label, Text
from training.topics import Example, baseline_of, example
from worker.classify.profile import NONE

ENGLISH = "The harbour master said on Monday that the boats would stay in port until the storm had passed."
FRENCH = "Le ministre a annoncé lundi que les bateaux resteraient au port jusqu'à la fin de la tempête."
IDS = list(TOPICS)


def whole(text: str, site: str = "a.example", source: str = "pages") -> Example:
    return example(Text(source, text, site, "", text), Label(("sport",), frozenset()))


def logits(*strongest: tuple[str, float]) -> np.ndarray:
    rows = np.full((len(strongest), len(IDS)), -9.0, np.float32)
    for row, (topic, logit) in zip(rows, strongest, strict=True):
        row[IDS.index(topic)] = logit
    return rows


def test_whole_articles_alone_are_counted_by_topic_language_and_confidence() -> None:
    examples = [whole(ENGLISH), whole(ENGLISH), whole(FRENCH), whole(ENGLISH, source="current_events")]
    found = baseline_of(examples, logits(("sport", 4.0), ("health", 0.1), ("sport", 4.0), ("sport", 4.0)), {}, "m")
    assert found.model == "m"
    assert found.languages == {"en": 2, "fr": 1}
    assert found.topics == {"sport": 1, NONE: 1}  # 0.1 is a confidence of 0.52, too little to file an article by
    assert found.confidence is not None
    assert round(found.confidence, 3) == 0.982


def test_a_word_that_only_the_articles_own_fold_holds_is_unknown() -> None:
    sites = ["a.example", next(f"{n}.example" for n in range(99) if fold_of(f"{n}.example") != fold_of("a.example"))]
    own = [whole(f"{ENGLISH} Regatta!", sites[0]) for _ in range(6)]
    others = [whole(ENGLISH, sites[1], "current_events") for _ in range(20)]
    shared = [whole("Regatta!", sites[1], "current_events") for _ in range(6)]
    before, after = (
        baseline_of(examples, logits(*[("sport", 4.0)] * len(examples)), {}, "m").unknown_words
        for examples in ([*own, *others], [*own, *others, *shared])
    )
    words = len(set(ENGLISH.lower().rstrip(".").split())) + 1
    assert before is not None
    assert after is not None
    assert round((before - after) * words, 6) == 1


def fold_of(site: str) -> int:
    return Text("pages", "", site, "", "").fold
