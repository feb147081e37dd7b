"""Reading the file of webhooks: all of them, or everything that is wrong with it, each thing with its line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from worker.errors import Misconfigured
from worker.mistakes import explained, near
from worker.toml_file import Place, outline, parse
from worker.webhooks.webhook import Webhook

_EXAMPLE = '[[webhook]]  with  url = "https://…"  and  secret = "whsec_…"  below it'


def load_webhooks(path: Path) -> tuple[Webhook, ...]:
    """The webhooks of a file.

    Raises:
        Misconfigured: It cannot be read, or something in it is wrong: file, line, entry, field, what to do.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"COPYDESK_WEBHOOKS {path}: {error.strerror}; give the path of a TOML file") from error
    return read_webhooks(data, str(path))


def read_webhooks(data: bytes, name: str) -> tuple[Webhook, ...]:
    """The webhooks that a file holds.

    Args:
        data: The whole file.
        name: What to call it in errors.

    Raises:
        Misconfigured: A line for each thing that is wrong: file, line, entry, field, what, what to do.
    """
    text, content = parse(data, name)
    top, tables = outline(text)
    problems: list[tuple[int, str]] = []
    for key in content.keys() - {"webhook"}:
        line = tables[key][0].line if key in tables else top.line_of(key)
        problems.append((line, f"{key}: does not belong here{near(key, ['webhook'])}; write {_EXAMPLE}"))
    entries, places = content.get("webhook", []), tables.get("webhook", [])
    if not isinstance(entries, list) or len(entries) != len(places):
        problems.append((top.line_of("webhook"), f"webhook: write each below a line of its own: {_EXAMPLE}"))
    elif not entries and not problems:
        problems.append((1, f"it holds nothing; write {_EXAMPLE}"))
    else:
        found = _checked(list(zip(entries, places, strict=True)), problems)
    if problems:
        raise Misconfigured("\n".join(f"{name}:{line}: {what}" for line, what in sorted(set(problems))))
    return found


def _checked(entries: list[tuple[Any, Place]], problems: list[tuple[int, str]]) -> tuple[Webhook, ...]:
    """The webhooks, but for those that are wrong or there twice."""
    found: list[Webhook] = []
    seen: dict[tuple[str, str], int] = {}
    for number, (entry, place) in enumerate(entries, start=1):
        called = f"webhook {entry['name']!r}" if "name" in entry else f"webhook number {number}"
        try:
            webhook = Webhook.model_validate(entry)
        except ValidationError as error:
            problems += _explanations(error, called, place)
            continue
        for key, value, instead in _unique(webhook):
            other = seen.setdefault((key, value), place.line)
            if other != place.line:
                what = f"{called}: {key}: the webhook in line {other} has it too; {instead}"
                problems.append((place.line_of(key), what))
        found.append(webhook)
    return tuple(found)


def _explanations(error: ValidationError, called: str, place: Place) -> Iterator[tuple[int, str]]:
    """The line of each thing that is wrong with a table, and what and what to do."""
    for wrong in error.errors(include_url=False, include_context=False, include_input=False):
        key, why = explained(wrong, "webhook", Webhook)
        yield place.line_of(key), f"{called}: {key}: {why}"


def _unique(webhook: Webhook) -> Iterator[tuple[str, str, str]]:
    """The fields that no two webhooks share, and what to do instead."""
    parts = webhook.parts
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    where = f"{parts.scheme}://{parts.hostname}:{port}{parts.path or '/'}?{parts.query}"
    yield "url", where, "list all its topics in one of them"
    how = "give another" if webhook.name else "it is taken from the url; give this one a name of its own"
    yield "name", webhook.called, how
