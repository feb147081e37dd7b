"""TOML files that people write: what they hold, and on which line, which ``tomllib`` does not tell."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from worker.errors import Misconfigured

_SYNTAX_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands, and each of its keys: lines, counted from 1."""

    line: int
    keys: dict[str, int] = field(default_factory=dict)

    def line_of(self, key: object) -> int:
        """The line of a key; where there is none, that of the table."""
        return self.keys.get(str(key), self.line)


def parse(data: bytes, name: str) -> tuple[str, dict[str, Any]]:
    """The text of a file, and what it holds.

    Args:
        data: The whole file.
        name: What to call it in errors.

    Raises:
        Misconfigured: It is not UTF-8, or not TOML: file, line, column, reason, what to do.
    """
    try:
        text = data.decode("utf-8-sig")  # some editors put a mark before the first character
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Misconfigured(f"{name}:{line}: not UTF-8; save the file as UTF-8") from error
    try:
        return text, tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = _SYNTAX_LINE.search(str(error))
        line, column = (int(found[1]), f", column {found[2]}") if found else (text.rstrip().count("\n") + 1, "")
        why = _SYNTAX_LINE.sub("", str(error))
        hint = "text stands in quotes, a list in [ ] with commas between, and no field twice in one table"
        raise Misconfigured(f"{name}:{line}: this is not a TOML file{column}: {why}; {hint}") from error


def outline(text: str) -> tuple[Place, dict[str, list[Place]]]:
    """The place of what stands by itself at the top; and by name, those of the tables under ``[[name]]``, in order.

    Args:
        text: A whole TOML file that ``tomllib`` reads.
    """
    top = current = Place(1)
    tables: dict[str, list[Place]] = {}
    for line, statement, content in _statements(text):
        for key, value in content.items():
            if not statement.lstrip().startswith("["):
                current.keys.setdefault(key, line)
            elif value == [{}]:
                current = Place(line)
                tables.setdefault(key, []).append(current)
            else:
                top.keys.setdefault(key, line)  # a table that is not repeated
                current = Place(line)
    return top, tables


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Each header and each key with its value: its line, its text, and what that holds."""
    lines = text.replace("\r\n", "\n").split("\n")
    starts = [number for number, line in enumerate(lines) if _may_begin(line)]
    begin = starts[0] if starts else len(lines)
    for end in [*starts[1:], len(lines)]:
        statement = "\n".join(lines[begin:end])
        try:
            content = tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue  # it is not whole, and goes on
        yield begin + 1, statement, content
        begin = end


def _may_begin(line: str) -> bool:
    """Whether a line may be the first of a statement: a header, or a key with its "=".

    Whether it is one, tomllib says: it may also stand within a text or a list of several lines.
    """
    return line.lstrip().startswith("[") or (not line.lstrip().startswith("#") and "=" in line)
