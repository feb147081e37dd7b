"""The file of the topic model: what it may hold, and that nothing in it can run."""

import io
import pickle
import zipfile
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from schemas.topics import TOPICS
from worker.classify.model import Model, Vocabulary, packaged, packed
from worker.classify.words import words_of
from worker.errors import Misconfigured

PACKAGED = resources.files("worker.classify").joinpath("topics.npz").read_bytes()


def tiny(**changed: object) -> bytes:
    arrays: dict[str, object] = {
        "words": np.frombuffer(b"war\npeace", np.uint8),
        "topics": np.frombuffer(b"conflict", np.uint8),
        "languages": np.frombuffer(b"en", np.uint8),
        "idf": np.ones(2),
        "weights": np.ones((2, 1)),
        "bias": np.zeros(1),
        "scales": np.ones(1),
    } | changed
    buffer = io.BytesIO()
    np.savez(buffer, **{name: array for name, array in arrays.items() if array is not None})  # type: ignore[arg-type]
    return buffer.getvalue()


def one_array() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.ones(3))
    return buffer.getvalue()


def no_arrays() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("words", "topics", "languages", "idf", "weights", "bias", "scales"):
            archive.writestr(name, "no array")
    return buffer.getvalue()


class Harmful:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


def test_the_packaged_model_knows_every_topic_of_the_taxonomy() -> None:
    assert list(packaged().topics) == list(TOPICS)


def test_a_model_survives_its_file_and_the_same_model_gives_the_same_bytes() -> None:
    vocabulary = Vocabulary({"war": 0, "peace": 1}, np.array([1.5, 2.0], np.float32))
    weights, bias = np.array([[3.0], [-1.25]], np.float32), np.array([-2.5], np.float32)
    data = packed(vocabulary, ["conflict"], weights, bias, bias, ["en"])
    assert data == packed(vocabulary, ["conflict"], weights, bias, bias, ["en"])
    model = Model.load(data, "m.npz")
    assert model.vocabulary.index == vocabulary.index
    assert model.vocabulary.idf.tolist() == [1.5, 2.0]
    assert model.weights.tolist() == weights.tolist()
    assert (model.topics, model.bias, model.scales) == ({"conflict": 0}, {"conflict": -2.5}, {"conflict": -2.5})
    assert model.languages == {"en"}


def test_objects_in_a_model_are_refused_and_never_unpickled(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    data = tiny(weights=np.array([[Harmful(canary)], [1.0]], object))
    with pytest.raises(Misconfigured, match=r"m\.npz: this is not a topic model"):
        Model.load(data, "m.npz")
    with pytest.raises(Misconfigured, match=r"m\.npz: this is not a topic model"):
        Model.load(pickle.dumps(Harmful(canary)), "m.npz")
    assert not canary.exists()


def test_no_part_of_the_packaged_model_is_an_object() -> None:
    with np.load(io.BytesIO(PACKAGED), allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"not a model",
        PACKAGED[: len(PACKAGED) // 2],
        tiny(bias=None),
        tiny(words=np.frombuffer(b"war", np.uint8)),
        tiny(weights=np.ones((2, 2))),
        tiny(weights=np.ones(2)),
        tiny(idf=np.ones(3)),
        tiny(scales=np.ones((1, 1))),
        tiny(words=np.frombuffer(b"\xff\nx", np.uint8)),
        tiny(words=np.frombuffer(b"war\nwar", np.uint8)),
        tiny(weights=np.full((2, 1), np.nan)),
        tiny(topics=np.frombuffer(b"none", np.uint8)),
        tiny(topics=np.frombuffer(b"Big Topic", np.uint8)),
        tiny(words=np.array(["war", "peace"])),
        PACKAGED[:5000] + b"\0" * 64 + PACKAGED[5064:],
        one_array(),
        no_arrays(),
    ],
)
def test_a_file_that_is_no_model_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(Misconfigured, match=r"^m\.npz: this is not a topic model"):
        Model.load(data, "m.npz")


def test_words_count_by_where_they_stand_and_an_article_without_known_words_counts_nothing() -> None:
    vocabulary = Vocabulary({"war": 0, "peace": 1, "truce": 2}, np.ones(3, np.float32))
    counted = vocabulary.count([words_of("War"), words_of("")], words_of("peace " + "x " * 499 + "truce"))
    assert counted.words.tolist() == [0, 1, 2]
    assert counted.values[0] > counted.values[1] > counted.values[2] > 0
    assert float(np.linalg.norm(counted.values)) == pytest.approx(1, abs=1e-6)
    assert counted.positions.tolist() == [0, 1, 501]
    assert len(vocabulary.count([words_of("")], words_of("nothing known")).words) == 0
