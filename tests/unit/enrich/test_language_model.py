"""The packaged model tells what py3langid tells, of which it is made."""

import unicodedata
from pathlib import Path

import numpy as np
import py3langid
import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.enrich.language_model import Automaton, packaged

SAMPLES = sorted((Path(__file__).parents[2] / "samples").rglob("*.txt"))
TEXTS = [
    "Die Minister trafen sich am Dienstag in der Hauptstadt.",
    "Les ministres se sont réunis mardi dans la capitale.",
    unicodedata.normalize("NFD", "Les ministres se sont réunis à la hâte."),
    "THE MINISTERS MET IN THE CAPITAL ON TUESDAY",
    "Министри су се састали у уторак у главном граду. Ministri su se sastali u utorak.",  # two scripts of one language
    "Міністри зустрілися у вівторок у столиці.",
    "日本語のニュース",
    "한국어 뉴스",
    "اجتمع الوزراء يوم الثلاثاء في العاصمة",
    "half a character \ud83d and more of the text",
]


def ranked(text: str) -> dict[str, float] | None:
    """The score of each language; None where nothing tells."""
    scores = packaged().scores(text)
    if scores is None:
        return None
    found: dict[str, float] = {}
    for code, score in zip(packaged().codes, scores.tolist(), strict=True):
        found.setdefault(code, score)
    return found


def test_there_are_samples() -> None:
    assert len(SAMPLES) > 5


@pytest.mark.parametrize("text", [*TEXTS, *(path.read_text(encoding="utf-8", errors="replace") for path in SAMPLES)])
def test_texts_are_ranked_as_by_py3langid_to_the_last_bit(text: str) -> None:
    assert ranked(text) == dict(py3langid.rank(text))


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=80))
def test_any_text_is(text: str) -> None:
    found, expected = ranked(text), dict(py3langid.rank(text))
    if found is None:
        assert len(set(expected.values())) == 1
    else:
        assert found == expected


@pytest.mark.parametrize("text", ["", "\x01"])
def test_text_that_tells_nothing_has_no_scores(text: str) -> None:
    assert packaged().scores(text) is None


def test_every_sequence_of_the_model_is_there() -> None:
    identifier = py3langid.langid._load_identifier()
    model = packaged()
    mine, theirs = (np.sort(weights.astype(np.float32), axis=0) for weights in (model.weights, identifier.nb_ptc))
    assert np.array_equal(mine, theirs)
    assert len(model.automaton.rows) == len(identifier.tk_row)


def test_the_longest_sequence_that_ends_somewhere_is_found() -> None:
    # The tree of a, b, ab, bc, abd: states "", a, b, ab, bc, abd. All but a count.
    children, letters = np.array([2, 1, 1, 1, 0, 0], np.uint8), np.frombuffer(b"\0abbcd", np.uint8)
    automaton = Automaton.of(children, letters, np.array([False, False, True, True, True, True]))
    b, ab, bc, abd = range(4)
    found = automaton.sequences(np.frombuffer(b"abdabcbxab", np.uint8)).tolist()
    assert found == [ab, abd, ab, bc, b, ab]
    assert automaton.longest == 3
