"""Whether the contract keeps its word to who reads it: ``python -m schemas.compatibility [--freeze]``.

``schemas/baseline/`` holds what each version of the contract that has landed lets an entry be. A version in it never
changes: what its readers take would be another thing than what is written. Each difference is held against the newest
version in it of the same major one:

* what its readers do not take breaks them, and needs a new major version: a field that is gone, renamed, of another or
  a wider type, that may be absent or null now, a new value of a list, a looser bound;
* what entries of it that are still on the stream do not have breaks who reads them now: a field that is required now;
* a field that is new is left out by its readers, and a type of event that is new can be told from a broken entry
  (``UnknownType``): they need a new minor version.

The check needs no network and no history, only the folder.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic.json_schema import JsonSchemaMode

from schemas.article import SCHEMA_VERSION, Article, Model, Reclassified
from schemas.asyncapi import headers_of, message_name
from schemas.examples import EXAMPLES
from schemas.rejection import Rejection
from schemas.shape import Excess, Shape, excess, shape_of

FOLDER = Path(__file__).parent / "baseline"
_MODELS: Mapping[str, type[Model]] = {"article": Article, "reclassification": Reclassified, "rejection": Rejection}
_MOVE = "move SCHEMA_VERSION in schemas/article.py to"
_HELP = ", which would not be read any more (a new field needs a default)"

Contract = Mapping[str, Shape]
"""What the data of each kind and the fields of each type of entry may be, by name."""
Version = tuple[int, int]


def contract(mode: JsonSchemaMode = "serialization") -> Contract:
    """The contract as the models have it: as they write (``serialization``), or as they read (``validation``)."""
    data = {name: shape_of(model.model_json_schema(mode=mode)) for name, model in _MODELS.items()}
    fields = {f"{message_name(kind)} entry": shape_of(headers_of(kind)) for kind in EXAMPLES}
    return data | fields


def problems(version: Version, written: Contract, read: Contract, frozen: Mapping[Version, Contract]) -> list[str]:
    """What is wrong with a contract, each with what to do; nothing: it may land.

    Args:
        version: What the contract calls itself.
        written: What is written by it.
        read: What is read by it.
        frozen: The versions that have landed.
    """
    newest = max((each for each in frozen), default=None)
    if newest and version < newest:
        return [f"SCHEMA_VERSION is {_dotted(version)}, but {_dotted(newest)} has landed: {_MOVE} {_dotted(newest)}"]
    if newest is None or newest[0] != version[0]:
        return []
    found = list(_differences(frozen[newest], written, read))
    major = f"{_MOVE} {newest[0] + 1}.0, or take the change back"
    minor = f"{_MOVE} {newest[0]}.{newest[1] + 1}"
    broken = [f"{name}: {each.path or 'it'} {each.what}: {major}" for name, each in found if not each.added]
    added = [f"{name}: {each.path or 'it'} is new in {_dotted(version)}: {minor}" for name, each in found if each.added]
    return broken + (added if version == newest else [])


def _differences(before: Contract, written: Contract, read: Contract) -> Iterator[tuple[str, Excess]]:
    """What has changed since, by the name of the part."""
    for name in before.keys() | written.keys():
        if name not in before:
            yield name, Excess("", "is there", added=True)
        elif name not in written:
            yield name, Excess("", "is not written any more")
        else:
            found = list(excess(before[name], written[name]))
            seen = {each.path for each in found if not each.added}
            old = [each for each in excess(read[name], before[name]) if not each.added and each.path not in seen]
            yield from ((name, each) for each in found)
            yield from ((name, Excess(each.path, f"{each.what} in the entries of before{_HELP}")) for each in old)


def load(folder: Path) -> dict[Version, Contract]:
    """The versions that have landed."""
    return {_version(path.stem): json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def _version(text: str) -> Version:
    major, minor = text.split(".")
    return int(major), int(minor)


def _dotted(version: Version) -> str:
    return f"{version[0]}.{version[1]}"


def main() -> None:
    """Exit with 1 where the contract breaks its word; with ``--freeze``, keep this version as it is from now on."""
    frozen, version = load(FOLDER), _version(SCHEMA_VERSION)
    written = contract()
    if found := problems(version, written, contract("validation"), frozen):
        sys.exit("\n".join(found))
    here = f"schemas/baseline/{SCHEMA_VERSION}.json"
    if version not in frozen and sys.argv[1:] != ["--freeze"]:
        sys.exit(f"{here} is missing: run python -m schemas.compatibility --freeze and commit it with the change")
    if version in frozen and frozen[version] != written:
        sys.exit(
            f"{here} is not what the models say, and what has landed never changes: {_MOVE} "
            f"{version[0]}.{version[1] + 1} and freeze that; if {SCHEMA_VERSION} has not landed yet, delete the file "
            "and freeze again"
        )
    if version not in frozen:
        FOLDER.mkdir(exist_ok=True)
        text = json.dumps(written, indent=1, sort_keys=True) + "\n"
        (FOLDER / f"{SCHEMA_VERSION}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
