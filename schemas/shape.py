"""What a JSON Schema allows, and how another one goes beyond it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Shape = Mapping[str, Any]

_WORDS = ("title", "description", "default", "examples", "deprecated", "$defs", "$id", "$schema")
_AT_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_AT_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_SAME = ("pattern", "format", "additionalProperties")
_COMPARED = {
    *("type", "enum", "const", "properties", "required", "items", "anyOf"),
    *_AT_LEAST,
    *_AT_MOST,
    *_SAME,
}


@dataclass(frozen=True, slots=True)
class Excess:
    """One way in which a document goes beyond what a reader knows.

    Attributes:
        path: Where: ``topics[].qcode``.
        what: What is so, to be read after the path: "may be null".
        added: It is a field that the reader does not know and leaves out.
    """

    path: str
    what: str
    added: bool = False


def shape_of(schema: Shape) -> Shape:
    """The schema without the words for people, its references replaced by what they lead to."""
    return _bare(schema, schema.get("$defs", {}))


def _bare(schema: Shape, definitions: Shape) -> Shape:
    if "$ref" in schema:
        own = {key: value for key, value in schema.items() if key != "$ref"}
        return _bare({**definitions[schema["$ref"].rpartition("/")[2]], **own}, definitions)
    found: dict[str, Any] = {key: value for key, value in schema.items() if key not in _WORDS}
    if "properties" in found:
        found["properties"] = {name: _bare(inner, definitions) for name, inner in found["properties"].items()}
    if isinstance(found.get("items"), Mapping):
        found["items"] = _bare(found["items"], definitions)
    if "anyOf" in found:
        found["anyOf"] = [_bare(inner, definitions) for inner in found["anyOf"]]
    return found


def excess(known: Shape, written: Shape, path: str = "") -> Iterator[Excess]:
    """Where documents of the one shape may hold what a reader of the other does not take; unknown fields it leaves out.

    A keyword that this module does not understand counts as excess wherever it differs.
    """
    readable = _alternatives(known)
    for choice in _alternatives(written):
        found = [(option, list(_beyond(option, choice, path))) for option in readable]
        taken = [beyond for _, beyond in found if all(each.added for each in beyond)]
        alike = [beyond for option, beyond in found if _kind(option) == _kind(choice)]
        if taken:
            yield from taken[0]
        elif len(alike) == 1:
            yield from alike[0]
        elif len(readable) == 1 and not _alternatives(written)[1:]:
            yield from found[0][1]
        else:
            yield Excess(path, f"may be {_kind(choice)}")


def _alternatives(shape: Shape) -> list[Shape]:
    if "anyOf" not in shape:
        return [shape]
    common = {key: value for key, value in shape.items() if key != "anyOf"}
    return [{**common, **choice} for each in shape["anyOf"] for choice in _alternatives(each)]


def _kind(shape: Shape) -> str:
    """The type, for people; "anything" where a shape says none."""
    values = _values(shape)
    return str(shape.get("type") or ("one of " + ", ".join(map(repr, values)) if values else "anything"))


def _values(shape: Shape) -> list[Any]:
    """The only values allowed, if the shape lists them."""
    return [shape["const"]] if "const" in shape else list(shape.get("enum", ()))


def _beyond(known: Shape, written: Shape, path: str) -> Iterator[Excess]:
    """As ``excess``, between two shapes without alternatives."""
    if known.get("type") not in (None, written.get("type")) and not _is_integer_for_number(known, written):
        yield Excess(path, f"may be {_kind(written)} where it was {_kind(known)}")
        return
    if values := _values(known):
        if not _values(written):
            yield Excess(path, f"may be any {_kind(written)} where it was one of {', '.join(map(repr, values))}")
        for value in _values(written):
            if value not in values:
                yield Excess(path, f"may be {value!r}")
    yield from _bounds(known, written, path)
    yield from _fields(known, written, path)
    if "items" in known:
        yield from excess(known["items"], written.get("items", {}), f"{path}[]")


def _is_integer_for_number(known: Shape, written: Shape) -> bool:
    return (known.get("type"), written.get("type")) == ("number", "integer")


def _bounds(known: Shape, written: Shape, path: str) -> Iterator[Excess]:
    for keyword in (*_AT_LEAST, *_AT_MOST):
        if keyword in known and not _within(keyword, known[keyword], written.get(keyword)):
            yield Excess(path, f"has {keyword} {written.get(keyword, 'no more')} where it had {known[keyword]}")
    for keyword in _SAME:
        if keyword in known and written.get(keyword) != known[keyword]:
            yield Excess(path, f"has {keyword} {written.get(keyword, 'no more')} where it had {known[keyword]}")
    for keyword in sorted((known.keys() | written.keys()) - _COMPARED):
        if known.get(keyword) != written.get(keyword):
            yield Excess(path, f"has another {keyword}, which this check cannot judge")


def _within(keyword: str, bound: float, written: float | None) -> bool:
    if written is None:
        return False
    return written >= bound if keyword in _AT_LEAST else written <= bound


def _fields(known: Shape, written: Shape, path: str) -> Iterator[Excess]:
    before, now = known.get("properties", {}), written.get("properties", {})
    added = [name for name in now if name not in before]
    for name, inner in before.items():
        here = f"{path}.{name}".lstrip(".")
        if name in now:
            if name in known.get("required", ()) and name not in written.get("required", ()):
                yield Excess(here, "may be absent")
            yield from excess(inner, now[name], here)
        elif name in known.get("required", ()):
            alike = [other for other in added if now[other] == inner]
            renamed = f" (renamed to {', or '.join(alike)}?)" if alike else ""
            yield Excess(here, f"is not there{renamed}")
    for name in added:
        yield Excess(f"{path}.{name}".lstrip("."), "is there", added=True)
