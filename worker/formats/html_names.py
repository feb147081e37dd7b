"""What classes and ids are called the world over, and patterns that find it fast."""

import functools
import re
from collections.abc import Iterator

__all__ = ["HINTS", "grouped", "hints_of"]

_GROUP = re.compile(r"\(\?:([^()]{1,1000})\)([^?].{0,1000}|)")
_CLASS = re.compile(r"\[([^]]{1,100})\]")


def grouped(*patterns: str) -> tuple[re.Pattern[str], tuple[int, ...]]:
    """A pattern that finds what these find when ``|`` joins them, and for each of its groups which of them that is.

    Its alternatives are grouped by their first character, so at most places in a text none of them is begun.

    Args:
        patterns: Without groups that are remembered; each of their alternatives begins with a character, a class or
            an alternation of them, or with such after a boundary of a word.
    """
    begun: dict[str, list[tuple[str, int]]] = {}
    for owner, pattern in enumerate(patterns):
        for alternative in _alternatives(pattern):
            bare = alternative.removeprefix(r"\b")
            found = _CLASS.match(bare)
            rest = bare[found.end() :] if found else bare[1:]
            for first in found[1] if found else bare[0]:
                bounded = rf"(?<=\b{first})" if bare != alternative else ""
                begun.setdefault(first, []).append((f"{bounded}{rest}()", owner))
    joined = "|".join(f"{first}(?:{'|'.join(rest for rest, _ in rests)})" for first, rests in begun.items())
    return re.compile(joined), tuple(owner for rests in begun.values() for _, owner in rests)


def _alternatives(pattern: str) -> Iterator[str]:
    depth = start = 0
    for at, sign in enumerate(f"{pattern}|"):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 0:
            alternative, start = pattern[start:at], at + 1
            group = _GROUP.fullmatch(alternative)
            yield from [first + group[2] for first in group[1].split("|")] if group else [alternative]


_HINTS = {
    "body": r"(?:article|story|post|entry|page|main|single)-?_?(?:body|content|text|copy)"
    r"|(?:body|rich)-?_?(?:text|copy|content)|prose|paragraph|wysiwyg",
    "headline": r"headline|title|heading",
    "standfirst": r"standfirst|sub-?_?(?:title|head)|\bdek\b|\bdeck\b|lede?\b|intro|summary|excerpt|descript|abstract",
    "caption": r"caption|credit|photo|image|gallery|figure|media|video|slide",
    "bio": r"\bbio|(?:about|author)-?_?(?:the-?_?)?(?:author|bio|box|info|desc)|profile|contributor",
    "byline": r"byline|author|date|time|meta|publish|kicker|breadcrumb|eyebrow",
    "related": r"relat|recommend|more-|read-?_?(?:more|next|also)|trending|popular|latest|most-|outbrain|taboola|recirc"
    r"|card|teaser|promo|feed\b|list-?_?item|carousel|archive",
    "share": r"share|social|follow|tweet|facebook|whatsapp",
    "comment": r"comment|disqus|repl(?:y|ies)|discuss|livefyre",
    "newsletter": r"newsletter|subscri|sign-?up|paywall|register|donat|support-us|membership|piano",
    "ad": r"\bads?\b|\bads?[-_]|[-_]ads?\b|advert|sponsor|dfp|affiliate",
    "consent": r"cookie|consent|gdpr|onetrust|privacy|modal|popup|overlay|login",
    "frame": r"foot|nav|menu|side-?_?bar|widget|search|toolbar|masthead|skip|header|banner|topbar|rail|aside",
    "tags": r"\btags?\b|tags?-|topics?|keyword|categor",
    "hidden": r"hidden|visually|sr-only|screen-reader|d-none|collaps|tooltip|noprint",
    "box": r"info-?_?box|fact|quote|embed|table|correction|note|disclaimer|editor|copyright|source",
    "article": r"article|story|post\b|entry|news|blog|content|text|copy",
}
HINTS = tuple(_HINTS)
_HINT, _OWNERS = grouped(*_HINTS.values())


@functools.lru_cache(maxsize=8192)  # the names on a site's pages are the same few hundred
def hints_of(names: str) -> tuple[int, ...]:
    """The places in ``HINTS`` of those that classes and ids give."""
    return tuple({hint for name in names.lower().split() for hint in _hints_of(name)})


@functools.lru_cache(maxsize=8192)
def _hints_of(name: str) -> frozenset[int]:
    return frozenset(_OWNERS[(match.lastindex or 0) - 1] for match in _HINT.finditer(name))
