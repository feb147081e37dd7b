"""What is wrong with a table of a TOML file, in the words of those who write one."""

import difflib
from collections.abc import Iterable

from pydantic import BaseModel
from pydantic_core import ErrorDetails

_EXAMPLES = {
    ("rule", "id"): 'id = "arms-deals"',
    ("rule", "topic"): 'topic = "defense"',
    ("rule", "weight"): "weight = 2",
    ("rule", "patterns"): 'patterns = ["arms deal*"]',
    ("rule", "match"): 'match = ["An arms deal was signed."]',
    ("topic", "id"): 'id = "drones"',
    ("webhook", "url"): 'url = "https://news.example/hooks"',
    ("webhook", "secret"): 'secret = "whsec_…"; make one with  echo "whsec_$(openssl rand -base64 32)"',
    ("topic", "name"): 'name = "Drones"',
}
_FORMS = {
    ("rule", "id"): "must be small letters, digits and hyphens, and begin with a letter",
    ("topic", "id"): "must be small letters, digits and underscores, and begin with a letter",
    ("webhook", "name"): "must be small letters, digits, dots, hyphens and underscores, at most 60; the first no sign",
    ("topic", "qcode"): 'must be a scheme, a colon and a code, for example "medtop:20000639"; or leave it out',
}
_TYPES = {
    "string_type": "must be text in quotes",
    "float_type": "must be a number without quotes, for example 2 or 0.5",
    "finite_number": "must be a number from -10 to 10",
    "greater_than_equal": "must be a number from -10 to 10",
    "less_than_equal": "must be a number from -10 to 10",
    "bool_type": "must be true or false, without quotes",
    "tuple_type": 'must be a list in square brackets, for example ["one", "two"]',
    "too_short": "must hold at least one entry",
    "string_too_short": "must not be empty",
}


def explained(wrong: ErrorDetails, kind: str, model: type[BaseModel]) -> tuple[str, str]:
    """The field that pydantic complains about, and what is wrong with it and what to do.

    Args:
        wrong: Its complaint.
        kind: ``rule``, ``topic`` or ``webhook``.
        model: What it should have been.
    """
    key = str(wrong["loc"][0]) if wrong["loc"] else kind
    which = f"entry {int(wrong['loc'][1]) + 1} " if len(wrong["loc"]) > 1 else ""
    match wrong["type"]:
        case "missing":
            return key, f"is missing; add a line such as  {_EXAMPLES[kind, key]}"
        case "extra_forbidden" if key == "disable":
            return key, "must stand at the top of the file, above the first table; move it there"
        case "extra_forbidden":
            fields = model.model_fields
            return key, f"is no field of a {kind}{near(key, fields)}; the fields are {', '.join(fields)}"
        case "string_pattern_mismatch":
            return key, _FORMS[kind, key]
        case other:
            return key, which + _TYPES.get(other, wrong["msg"].removeprefix("Value error, "))


def near(word: str, known: Iterable[str]) -> str:
    """A question whether something was meant that is spelled alike; empty where nothing is."""
    found = difflib.get_close_matches(word, list(known), 1)
    return f"; did you mean {found[0]!r}?" if found else ""
