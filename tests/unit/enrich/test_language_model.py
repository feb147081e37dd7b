import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from py3langid import langid
from py3langid.langid import LanguageIdentifier

from tests.articles import article
from worker.enrich.language_model import MEMORY, LanguageModel, language_model


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return language_model()


@pytest.fixture(scope="module")
def package() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(langid.MODEL_FILE)


@given(st.text(min_size=1) | st.binary().map(lambda data: data.decode("utf-8", "surrogateescape")))
@example(article(1))
@example(article(2).upper())
@example(
    "Die Straße nach Köln e\u0301tait fermée. Привет, мир. Срби и Хрвати. O‘zbekiston. Ўзбекистон. 日本語のニュース"
)
@example("\ud800 half a character")
def test_the_scores_are_those_of_the_package(model: LanguageModel, package: LanguageIdentifier, text: str):
    scores, expected = model.scores(text), dict(package.rank(text))
    if scores is None:
        assert len({*expected.values()}) == 1
        return
    found: dict[str, float] = {}
    for label, score in zip(model.labels, scores.tolist(), strict=True):
        found.setdefault(label, score)
    assert found == expected


def test_text_that_tells_nothing_has_no_scores(model: LanguageModel):
    assert model.scores("") is None
    assert model.scores("\x01") is None


def test_so_many_bytes_decide_the_state_whatever_stood_before_them(model: LanguageModel):
    """The same bytes after any state and after the first one: where do they lead apart?"""
    rows, first = np.unique(model.rows), model.rows[:1]
    differ = []
    for _ in range(MEMORY):
        after, after_first = (model.moves[row[:, None] + np.arange(256)] for row in (rows, first))
        apart = after != after_first
        differ.append(apart.sum())
        size = len(model.moves)
        pairs = np.unique(
            model.rows[after[apart]] * size + np.broadcast_to(model.rows[after_first], after.shape)[apart]
        )
        pairs = pairs[pairs // size != pairs % size]
        rows, first = pairs // size, pairs % size
    assert differ[-1] == 0
    assert differ[-2] > 0, "fewer would do"
