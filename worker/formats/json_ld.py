"""JSON-LD: what a web page says about its article in schema.org's words."""

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from worker.cleaning.whitespace import repair

Node = Mapping[str, Any]

_MAX_NODES = 5_000
_MAX_CHARACTERS = 1_000_000  # of all of a page's JSON-LD: as objects it takes thirty times the memory
_MAX_SCRIPTS = 100
_MAX_AUTHORS = 50
_MAX_STRING = 2_000  # characters of what says something of an article
_DATED_TYPES = ("page", "recipe", "howto", "creativework")
_NO_PERSONS = ("organization", "corporation", "business", "website", "association", "brand", "project")
_AUTHORED_TYPES = ("webpage", "review")  # whose author is the article's where no article is told of
_ARTICLE_TYPES = ("article", "newsarticle", "reportagenewsarticle", "blogposting", "report", "liveblogposting")


def find_article(tree: Any) -> Node:
    """The node of the page's article; empty where there is none.

    Args:
        tree: The page, as lxml parsed it.
    """
    found: Node = {}
    for node in _nodes(tree):
        if _is_a(node, _ARTICLE_TYPES) and len(node) > len(found) and (not found or "headline" in node):
            found = node
            if "headline" in node and "datePublished" in node:
                break
    return found


def page_dates(tree: Any) -> list[str]:
    """When the page, or what it is about in place of an article, was published as its nodes say."""
    return [text for node in _nodes(tree) if _is_a(node, _DATED_TYPES) for text in strings(node.get("datePublished"))]


@dataclass(frozen=True, slots=True)
class Author:
    """A claimed author.

    Attributes:
        name: As it is claimed.
        person: Whether the claim says that it is a person; it may say nothing.
    """

    name: str
    person: bool


def find_authors(tree: Any, article: Node) -> list[Author]:
    """Those whom the page claims as the article's authors, but for organisations.

    Args:
        tree: The page, as lxml parsed it.
        article: What ``find_article`` found on it.
    """
    nodes = list(_nodes(tree))
    pages = (node for node in nodes if _is_a(node, _AUTHORED_TYPES) and "datePublished" in node)
    for node in (article, *islice(pages, 1)):
        for key in ("author", "creator"):
            if found := list(_authors(node.get(key), nodes)):
                return found
    return []


def _authors(value: Any, nodes: Sequence[Node]) -> Iterator[Author]:
    members = value if isinstance(value, list) else [value]
    for member in members[:_MAX_AUTHORS]:
        node = _referred(member, nodes) if isinstance(member, Mapping) else {"name": member}
        if not _is_a(node, _NO_PERSONS):
            yield from (Author(name, _is_a(node, ("person",))) for name in strings(node.get("name")))


def _referred(node: Node, nodes: Sequence[Node]) -> Node:
    """The node that tells most of what a node refers to."""
    name = node.get("@id")
    if not isinstance(name, str) or "@type" in node:
        return node
    return next((other for other in nodes if other.get("@id") == name and "@type" in other and "name" in other), node)


def strings(value: Any, key: str | None = None) -> list[str]:
    """The texts in a JSON value, but for overlong ones: itself, or those of its members; of objects that at the key."""
    if isinstance(value, str):
        text = repair(value) if len(value) <= _MAX_STRING else ""
        return [text] if text else []
    if isinstance(value, list):
        return [text for member in value[:50] if not isinstance(member, list) for text in strings(member, key)]
    if isinstance(value, Mapping) and key is not None and not isinstance(value.get(key), Mapping):
        return strings(value.get(key))
    return []


def _nodes(tree: Any) -> Iterator[Node]:
    """Every object on the page's JSON-LD, those further out first; at most so many."""
    waiting = deque(_parsed(text) for text in _scripts(tree))
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        value = waiting.popleft()
        if isinstance(value, list):
            waiting.extendleft(reversed(value[:_MAX_NODES]))
        elif isinstance(value, Mapping):
            yield value
            waiting.extend(member for member in value.values() if isinstance(member, list | dict))


def _scripts(tree: Any) -> Iterator[str]:
    left = _MAX_CHARACTERS
    scripts = (script for script in tree.iter("script") if "ld+json" in (script.get("type") or "").lower())
    for script in islice(scripts, _MAX_SCRIPTS):
        text = script.text or ""
        left -= len(text)
        if left < 0:
            return
        yield text


def _parsed(text: str) -> Any:
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _is_a(node: Node, endings: tuple[str, ...]) -> bool:
    types = node.get("@type")
    return any(
        isinstance(name, str) and name.rpartition("/")[2].lower().endswith(endings)
        for name in (types if isinstance(types, list) else [types])
    )
