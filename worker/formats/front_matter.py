"""Front matter: the fields above a text, as site generators write them, in YAML or TOML; only what is common to all.

No parser of either is used: what they can express beyond names, texts and lists is nothing that an article has.
"""

import re
from collections.abc import Iterator

_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_MAX_LINES = 200
_MAX_LINE = 2_000  # characters
_FIELD = re.compile(r"(?P<name>[A-Za-z][\w-]{0,40})[ \t]*[:=](?:[ \t]+|(?=[\"'\[])|$)(?P<value>.*)")
_ITEM = re.compile(r"\A[ \t]*+-[ \t]++(?:name:[ \t]*)?(?P<value>.+)")
_FLOW = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^,\[\]]+")
_SCALARS = ("|", ">", "|-", ">-", "|+", ">+")  # what stands before a value that begins on the next line
_COMMENT = re.compile(r"[ \t]#.*")

Fields = dict[str, list[str]]


def split(text: str) -> tuple[Fields, str]:
    """The fields above a text, their names in lower case, and the text below; no fields where there is no fence."""
    lines = text.lstrip("\ufeff \t\r\n").split("\n", _MAX_LINES)
    ends = _FENCES.get(lines[0].strip())
    at = next((number for number, line in enumerate(lines[1:_MAX_LINES], 1) if ends and line.strip() in ends), None)
    if at is None:
        return {}, text
    found: Fields = {}
    for name, value in _fields(lines[1:at]):
        found.setdefault(name, []).append(value)
    return found, "\n".join(lines[at + 1 :])


def _fields(lines: list[str]) -> Iterator[tuple[str, str]]:
    """The names and values, one after the other; of a list one for each of its members."""
    name, value = "", ""
    item: re.Match[str] | None = None
    for raw in lines:
        line = raw.rstrip()[:_MAX_LINE]
        field = _FIELD.fullmatch(line)
        if name and not field and not _ITEM.fullmatch(line) and line.startswith((" ", "\t")):
            value = _continued(value, line.strip(), within=item is not None)
            continue
        item = _ITEM.fullmatch(line)
        yield from ((name, text) for text in _values(value.strip()) if name)
        value = ""
        if field:
            name, value = field["name"].lower(), field["value"].strip()
        elif item:
            value = item["value"].strip()
        elif line.startswith("["):
            name = ""  # a table of TOML: its fields are not the article's
    yield from ((name, text) for text in _values(value.strip()) if name)


def _continued(value: str, line: str, *, within: bool) -> str:
    """A value with a line below its name; of an object there, or within a member of a list, only the name counts."""
    inner = _FIELD.fullmatch(line)
    if inner and (within or not value):
        return inner["value"] if inner["name"].lower() == "name" and not value else value
    return f"{'' if value in _SCALARS else value} {line}"


def _values(value: str) -> Iterator[str]:
    if value.startswith("[") and value.endswith("]"):
        yield from (text for piece in _FLOW.findall(value[1:-1]) if (text := _bare(piece)))
    elif text := _bare(value):
        yield text


def _bare(value: str) -> str:
    """A value without its quotes, or without the comment behind it."""
    value = value.strip()
    for quote in ('"', "'"):
        end = value.rfind(quote)
        if value.startswith(quote) and end > 0:
            inner = value[1:end]
            return inner.replace("''", "'") if quote == "'" else inner.replace('\\"', '"').replace("\\\\", "\\")
    return _COMMENT.sub("", value).strip()
