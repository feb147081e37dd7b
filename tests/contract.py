"""The contract as a stranger checks it: by the published JSON files and ``jsonschema``, with none of our models."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

FOLDER = Path(__file__).parents[1] / "schemas" / "json"

Fields = Mapping[bytes, bytes] | Mapping[str, str]


def document(name: str) -> dict[str, Any]:
    """One of the files in schemas/json/."""
    found: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found


@cache
def _validators(stream: str) -> Mapping[str, tuple[Draft202012Validator, Draft202012Validator]]:
    """For each type of a channel's messages: what checks the fields, and what checks the data."""
    whole = document("asyncapi.json")
    messages = {name: whole["components"]["messages"][name] for name in whole["channels"][stream]["messages"]}
    return {
        message["name"]: (
            Draft202012Validator(message["headers"]),
            Draft202012Validator(document(message["payload"]["$ref"])),
        )
        for message in messages.values()
    }


def check_entries(entries: Iterable[Fields], stream: str) -> None:
    """Check entries by what the AsyncAPI document says of a channel.

    Raises:
        AssertionError: The channel does not carry messages of such a type.
        jsonschema.ValidationError: A field, or something in the data, is not as the documents say.
    """
    for entry in entries:
        fields = {_text(name): _text(value) for name, value in entry.items()}
        validators = _validators(stream)
        assert fields.get("ce_type") in validators, f"{stream} carries nothing of ce_type {fields.get('ce_type')}"
        headers, payload = validators[fields["ce_type"]]
        headers.validate({name: value for name, value in fields.items() if name != "data"})
        payload.validate(json.loads(fields["data"]))


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
