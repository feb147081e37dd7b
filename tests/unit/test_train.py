"""``copydesk train``: from folders of files to a topic in the records."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.unit.classify.articles import article
from worker.classify import load_classifier
from worker.classify.model import Model
from worker.cli import main
from worker.errors import Misconfigured

PLACES = [
    "Arden",
    "Breck",
    "Corin",
    "Dunmore",
    "Eskdale",
    "Farley",
    "Glenn",
    "Harrow",
    "Iver",
    "Jura",
    "Kelso",
    "Lorne",
]
DRONE = (
    "Quadcopter seen over {}\n\nA drone hovered above the depot in {} for an hour on Monday. Pilots flew the "
    "quadcopter by remote control, and its rotors were heard across the valley. The drone carried a camera."
)
MARKET = (
    "Market returns to {}\n\nThe weekly market came back to the square in {} on Monday. Bakers sold bread and cheese, "
    "and the mayor opened a stall with honey. Residents said they had missed the smell of coffee in the morning."
)


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    for folder, text in (("drones", DRONE), ("other", MARKET)):
        (tmp_path / "examples" / folder).mkdir(parents=True)
        for place in PLACES:
            (tmp_path / "examples" / folder / f"{place}.txt").write_text(text.format(place, place), encoding="utf-8")
    return tmp_path / "examples"


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["train", *map(str, arguments)])
    return result.exit_code, result.output


def test_a_topic_learned_from_examples_is_given_to_articles_about_it_and_explained(
    examples: Path, tmp_path: Path
) -> None:
    output = tmp_path / "own.npz"
    code, told = run("--examples", examples, "--output", output)
    assert code == 0
    assert "drones: in cross-validation 12 of 12 articles were told" in told
    assert "0 that are not about it were taken for it" in told
    assert f"COPYDESK_MODEL={output}" in told.replace("\n", "")
    classify = load_classifier(model=output)
    topics = classify(article("Drone stops traffic", "A quadcopter and its rotors were over the port on Sunday."), "en")
    (drones,) = [topic for topic in topics.topics if topic.id == "drones"]
    assert (drones.name, drones.qcode) == ("Drones", None)
    assert {"Drone", "quadcopter", "rotors"} <= {span.text for span in drones.evidence if span.weight > 0}
    assert "+" in str(topics.model)
    market = classify(article("Market day", "Bakers sold bread, cheese and honey in the square."), "en")
    assert "drones" not in [topic.id for topic in market.topics]


def test_the_same_examples_give_the_same_bytes(examples: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.npz", tmp_path / "b.npz"
    run("--examples", examples, "--output", first)
    run("--examples", examples, "--output", second)
    assert first.read_bytes() == second.read_bytes()


def test_files_that_cannot_be_read_or_lie_in_no_topics_folder_are_named_and_passed_over(
    examples: Path, tmp_path: Path
) -> None:
    (examples / "drones" / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (examples / "stray.txt").write_text("Stray\n\nA text.", encoding="utf-8")
    code, told = run("--examples", examples, "--output", tmp_path / "own.npz")
    assert code == 0
    assert "passed over: drones/photo.png: binary" in told
    assert "stray.txt: it lies in no topic's folder" in told.replace("\n", "")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda folder: (folder / "other").rename(folder.parent / "away"), "other: 0 articles, too few to learn from"),
        (lambda folder: (folder / "drones").rename(folder.parent / "away"), "no folder but other/"),
        (lambda folder: (folder / "drones").rename(folder / "Big Drones"), "a topic's folder is named like the topic"),
        (lambda folder: (folder / "drones").rename(folder / "defense"), "defense is a topic already"),
        (lambda folder: [(folder / "drones" / f"{place}.txt").unlink() for place in PLACES[:1]], "drones: 11 articles"),
        (lambda folder: folder.rename(folder.parent / "away"), "no such folder"),
    ],
)
def test_a_folder_that_is_not_as_it_must_be_is_refused_with_the_reason(
    examples: Path, tmp_path: Path, change: object, problem: str
) -> None:
    change(examples)  # type: ignore[operator]
    code, told = run("--examples", examples, "--output", tmp_path / "own.npz")
    assert code == 1
    assert problem in told.replace("\n", "")
    assert "Traceback" not in told
    assert not (tmp_path / "own.npz").exists()


def test_an_output_that_cannot_be_written_is_told_before_the_work(examples: Path, tmp_path: Path) -> None:
    code, told = run("--examples", examples, "--output", tmp_path / "none" / "own.npz")
    assert code == 1
    assert "no such folder to write the model to" in told.replace("\n", "")


def test_stray_articles_of_another_language_do_not_make_the_model_speak_it(examples: Path, tmp_path: Path) -> None:
    danish = (
        "Markedet vender tilbage\n\nDet ugentlige marked kom tilbage til torvet i går, sagde borgmesteren på mandag.\n"
    )
    (examples / "drones" / "dansk.txt").write_text(danish, encoding="utf-8")
    run("--examples", examples, "--output", tmp_path / "own.npz")
    assert Model.load((tmp_path / "own.npz").read_bytes(), "own.npz").languages == {"en"}


def test_a_model_that_is_none_or_clashes_with_the_taxonomy_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.npz"
    with pytest.raises(Misconfigured, match=r"broken\.npz: the topic model cannot be read: No such file"):
        load_classifier(model=broken)
    broken.write_bytes(b"x")
    with pytest.raises(Misconfigured, match=r"broken\.npz: this is not a topic model"):
        load_classifier(model=broken)
    packaged = Path(__file__).parents[2] / "worker" / "classify" / "topics.npz"
    with pytest.raises(Misconfigured, match="is a topic of the packaged model"):
        load_classifier(model=packaged)


@pytest.mark.parametrize("command", [("inspect", "-"), ("worker",), ("up",)])
def test_a_broken_model_is_told_without_a_stack_trace(tmp_path: Path, command: tuple[str, ...]) -> None:
    broken = tmp_path / "broken.npz"
    broken.write_bytes(b"no model")
    environment = {
        "COPYDESK_MODEL": str(broken),
        "COPYDESK_INBOX": str(tmp_path),
        "COPYDESK_STATE": str(tmp_path / "s"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "worker.cli", *command],
        env=os.environ | environment,
        input="A text",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "broken.npz: this is not a topic model" in done.stderr
    assert "Traceback" not in done.stderr
