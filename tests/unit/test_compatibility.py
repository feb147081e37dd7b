"""The check of the contract's word, on a copy of the project's own models that somebody changes."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from schemas import compatibility
from schemas.compatibility import contract, load, problems
from schemas.shape import Excess, excess

Run = Callable[..., "subprocess.CompletedProcess[str]"]
VERSION = 'SCHEMA_VERSION = "1.0"'
PATTERN = r"^1\.\d{1,6}$"
QUOTES = "    quotes: tuple[Quote, ...] = ()\n"


@pytest.fixture
def changed(tmp_path: Path) -> Run:
    """Change the article's model, or its example, in a copy of the package (old text, new text), and check that."""
    shutil.copytree(Path(compatibility.__file__).parent, tmp_path / "schemas")
    modules = [tmp_path / "schemas" / name for name in ("article.py", "examples.py")]

    def run(*edits: tuple[str, str], freeze: bool = False) -> "subprocess.CompletedProcess[str]":
        for old, new in edits:
            texts = {module: module.read_text(encoding="utf-8") for module in modules}
            assert any(old in text for text in texts.values()), f"the model has no {old!r} any more"
            for module, text in texts.items():
                module.write_text(text.replace(old, new), encoding="utf-8")
        command = [sys.executable, "-m", "schemas.compatibility", *(["--freeze"] if freeze else [])]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    return run


def test_the_contract_keeps_its_word_as_it_is(changed: Run) -> None:
    done = changed()
    assert (done.returncode, done.stderr) == (0, "")


REQUIRED = (QUOTES, f"{QUOTES}    mood: str | None\n")
IN_THE_EXAMPLE = ("    version=1,\n", "    version=1,\n    mood=None,\n")
BREAKING = {
    "a field is gone": (
        ("    keywords: tuple[Keyword, ...] = ()\n", ""),
        "article: keywords is not there: ",
    ),
    "a field has another name": (
        ("    keywords: tuple[Keyword, ...] = ()\n", "    phrases: tuple[Keyword, ...] = ()\n"),
        "article: keywords is not there (renamed to phrases?)",
    ),
    "a field has another type": (
        ("    headline: NonEmpty\n", "    headline: NonEmpty | tuple[NonEmpty, ...]\n"),
        "article: headline may be array",
    ),
    "a field has a wider type": (
        ("    word_count: Annotated[int, ", "    word_count: Annotated[float, "),
        "article: word_count may be number where it was integer",
    ),
    "a field may be absent": (
        ("json_schema_serialization_defaults_required=True", "json_schema_serialization_defaults_required=False"),
        "article: provenance.warnings may be absent",
    ),
    "a field may be null": (
        ("    version: Annotated[int, Field(ge=1)]\n", "    version: Annotated[int, Field(ge=1)] | None\n"),
        "article: version may be null",
    ),
    "a list of values has a new one": (
        ('"list_item", "quote"]', '"list_item", "quote", "video"]'),
        "article: body[].kind may be 'video'",
    ),
    "a list of values is no list any more": (
        ("    kind: BlockKind\n", "    kind: str\n"),
        "article: body[].kind may be any string where it was one of 'paragraph', ",
    ),
    "a bound is looser": (
        ("    version: Annotated[int, Field(ge=1)]\n", "    version: Annotated[int, Field(ge=0)]\n"),
        "article: version has minimum 0 where it had 1",
    ),
    "a bound is gone": (
        ("Annotated[tuple[Block, ...], Field(min_length=1)]", "tuple[Block, ...]"),
        "article: body has minItems no more where it had 1",
    ),
    "a pattern is another": (
        ('r"^[a-z]{2,3}$"', 'r"^[a-z]{2,8}$"'),
        "article: language.code has pattern ^[a-z]{2,8}$ where it had ^[a-z]{2,3}$",
    ),
    "an object may hold anything": (
        ('extra="forbid"', 'extra="allow"'),
        "article: provenance has additionalProperties True where it had False",
    ),
    "a new field is required": (
        REQUIRED,
        "article: mood is not there in the entries of before, which would not be read any more (a new field needs a ",
    ),
    "a list of values lacks one": (
        ('"list_item", "quote"]', '"quote"]'),
        "article: body[].kind may be 'list_item' in the entries of before",
    ),
}


@pytest.mark.parametrize("case", sorted(BREAKING))
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_what_breaks_readers_asks_for_a_new_major_version(changed: Run, case: str, version: str) -> None:
    edit, message = BREAKING[case]
    example = (IN_THE_EXAMPLE,) if edit is REQUIRED else ()
    done = changed(edit, *example, (VERSION, f'SCHEMA_VERSION = "{version}"'))
    assert done.returncode == 1
    (line,) = [line for line in done.stderr.splitlines() if line.startswith(message)]
    assert line.endswith("move SCHEMA_VERSION in schemas/article.py to 2.0, or take the change back")


def test_what_breaks_readers_may_land_as_a_new_major_version(changed: Run) -> None:
    edit, _ = BREAKING["a field is gone"]
    done = changed(edit, (VERSION, 'SCHEMA_VERSION = "2.0"'), (PATTERN, r"^2\.\d{1,6}$"))
    assert "schemas/baseline/2.0.json is missing" in done.stderr
    assert changed(freeze=True).returncode == 0
    assert changed().returncode == 0


ADDED = (QUOTES, f"{QUOTES}    mood: str | None = None\n")


def test_a_new_field_asks_for_a_new_minor_version(changed: Run) -> None:
    lines = changed(ADDED).stderr.splitlines()
    assert sorted(lines) == [
        f"{name}: mood is new in 1.0: move SCHEMA_VERSION in schemas/article.py to 1.1"
        for name in ("article", "reclassification")
    ]
    assert changed(freeze=True).returncode == 1


def test_a_new_field_lands_with_a_new_minor_version_and_its_baseline(changed: Run, tmp_path: Path) -> None:
    done = changed(ADDED, (VERSION, 'SCHEMA_VERSION = "1.1"'))
    assert done.stderr.strip() == (
        "schemas/baseline/1.1.json is missing: run python -m schemas.compatibility --freeze and commit it with the "
        "change"
    )
    assert changed(freeze=True).returncode == 0
    assert sorted(path.name for path in (tmp_path / "schemas" / "baseline").iterdir()) == ["1.0.json", "1.1.json"]
    assert changed().returncode == 0
    taken_back = changed((ADDED[1], QUOTES))
    assert taken_back.returncode == 1
    assert "article: mood is not there" in taken_back.stderr


def test_a_version_never_goes_back(changed: Run) -> None:
    assert changed((VERSION, 'SCHEMA_VERSION = "1.1"'), freeze=True).returncode == 0
    done = changed(('SCHEMA_VERSION = "1.1"', VERSION))
    assert done.stderr.startswith("SCHEMA_VERSION is 1.0, but 1.1 has landed")


def test_words_for_people_may_change(changed: Run) -> None:
    assert changed(("Strongest first.", "The strongest first.")).returncode == 0


def altered(name: str, change: Callable[[Any], object]) -> list[str]:
    before = contract()
    now = deepcopy(dict(before))
    change(now[name])
    return problems((1, 0), now, now, {(1, 0): before})


def test_the_fields_of_an_entry_are_part_of_the_contract() -> None:
    def drop(shape: Any) -> None:
        del shape["properties"]["lang"]
        shape["required"].remove("lang")

    (found,) = altered("published entry", drop)
    assert found.startswith("published entry: lang is not there: move SCHEMA_VERSION")


def test_what_the_check_does_not_understand_counts_as_a_break() -> None:
    found = altered("article", lambda shape: shape["properties"]["word_count"].update(multipleOf=2))
    assert any("word_count has another multipleOf, which this check cannot judge" in line for line in found)


def test_a_new_type_of_event_asks_for_a_new_minor_version() -> None:
    before = dict(contract())
    known = {name: shape for name, shape in before.items() if name != "corrected entry"}
    assert problems((1, 0), before, before, {(1, 0): known}) == [
        "corrected entry: it is new in 1.0: move SCHEMA_VERSION in schemas/article.py to 1.1"
    ]


def test_a_whole_number_is_a_number() -> None:
    assert list(excess({"type": "number"}, {"type": "integer"})) == []
    assert list(excess({"type": "integer"}, {"type": "number"})) == [Excess("", "may be number where it was integer")]


def test_this_version_has_a_baseline() -> None:
    assert load(compatibility.FOLDER)[1, 0] == contract()
