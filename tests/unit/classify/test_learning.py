import numpy as np
import pytest
from numpy.typing import NDArray

from worker.classify.learning import Corpus, calibrate, rows_of, sigmoid
from worker.classify.model import Vocabulary
from worker.classify.words import words_of

Floats = NDArray[np.float32]


def column(*values: float) -> Floats:
    return np.array(values, np.float32)[:, None]


def calibrated(logits: Floats, known: Floats) -> Floats:
    factor, summand = calibrate(logits, known, np.ones_like(known))
    return np.asarray(sigmoid(logits * factor + summand))


def test_calibration_makes_confidences_as_often_right_as_they_say() -> None:
    random = np.random.default_rng(1)
    true = random.normal(size=(4000, 1))
    known = (random.random((4000, 1)) < sigmoid(true)).astype(np.float32)
    too_sure = (3 * true + 1).astype(np.float32)
    shares = calibrated(too_sure, known)
    for low, high in ((0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9)):
        these = (shares >= low) & (shares < high)
        assert abs(float(shares[these].mean() - known[these].mean())) < 0.05


@pytest.mark.parametrize(
    ("logits", "known"),
    [((1, 1.5, 0.5), (1, 1, 1)), ((-1.9, -8, -9), (1, 0, 0)), ((1.9, -8, -9), (0, 0, 0)), ((0.1,), (1,))],
)
def test_a_few_doubtful_answers_that_are_all_right_or_all_wrong_move_little(
    logits: tuple[float, ...], known: tuple[float, ...]
) -> None:
    factor, summand = calibrate(column(*logits), column(*known), np.ones((len(logits), 1), np.float32))
    assert abs(float(factor[0]) - 1) < 0.5
    assert abs(float(summand[0])) < 0.5


def test_what_the_rules_say_is_not_learned_again_and_what_costs_nothing_is_not_learned() -> None:
    vocabulary = Vocabulary({"war": 0, "peace": 1}, np.ones(2, np.float32))
    counted = [vocabulary.count([], words_of(text)) for text in ("war", "peace")] * 20
    known = np.array([[1, 1], [0, 0]] * 20, np.float32)
    said, cost = np.zeros_like(known), np.ones_like(known)
    cost[:, 1] = 0
    args = (rows_of(counted, 2), np.zeros((2, 2), np.float32), known, cost, np.arange(40) % 5)
    rows, prior, known, cost, folds = args
    alone = Corpus(rows, said, prior, known, cost, folds).learn()
    assert alone.weights[0, 0] > 1 > -1 > alone.weights[1, 0]
    assert not alone.weights[:, 1].any()
    said[:, 0] = np.where(known[:, 0] > 0, 5, -5)
    beside = Corpus(rows, said, prior, known, cost, folds).learn()
    assert abs(beside.weights[0, 0]) < alone.weights[0, 0] / 2
