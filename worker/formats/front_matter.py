"""Front matter: the fields above a text, as site generators write them, in YAML or TOML; only what is common to all.

No parser of either is used: what they can express beyond names, texts and lists is nothing that an article has.
"""

import re
from collections.abc import Iterator

_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_MAX_LINES = 200
_MAX_LINE = 2_000  # characters
_FIELD = re.compile(r"(?P<name>[A-Za-z][\w-]{0,40})[ \t]*[:=](?:[ \t]+|(?=[\"'\[])|$)(?P<value>.*)")
_ITEM = re.compile(r"[ \t]*-[ \t]+(?:name:[ \t]*)?(?P<value>.+)")
_FLOW = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^,\[\]]+")
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
    name = ""
    block: list[str] | None = None  # the lines of a value that is written below its name
    for raw in lines:
        line = raw.rstrip()[:_MAX_LINE]
        if block is not None and (not line or line.startswith((" ", "\t"))):
            block.append(line.strip())
            continue
        if block:
            yield name, " ".join(block).strip()
        block = None
        if field := _FIELD.fullmatch(line):
            name, value = field["name"].lower(), field["value"].strip()
            if value in {"|", ">", "|-", ">-", "|+", ">+"}:
                block = []
            else:
                yield from ((name, text) for text in _values(value))
        elif name and (item := _ITEM.fullmatch(line)):
            yield from ((name, text) for text in _values(item["value"].strip()))
        elif line.startswith("["):
            name = ""  # a table of TOML: its fields are not the article's
    if block:
        yield name, " ".join(block).strip()


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
