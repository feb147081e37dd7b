"""The byline that a page shows: names in elements that are marked as an author's, close to the headline."""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml import etree

from worker.cleaning.bylines import clean_names
from worker.cleaning.tables import words

_BELOW, _ABOVE = 1_500, 400  # characters between a headline and its byline
_APART = 80  # characters between the names of one byline
_LONGEST = 400  # characters and tags of a byline, with all that stands in it
_LONGEST_MARK = 300  # characters of what marks an element
_MOST = 500  # marked elements that are looked at

_MARKS = ("class", "id", "itemprop", "rel", "data-testid", "slot")
_MARK = re.compile(
    r"author(?!i)|by-?line|writer|journalist|columnist|contributor|reporter|autor(?!i)|auteur|autore|verfasser"
    r"|redakteur|skribent|forfatter|kirjoittaja|yazar"
)
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|staff|contributors?|reporters?|writers?|journalists?|columnists?|autor(?:es|en)?|auteurs?|autori?)"
    r"/[^/?#]{2,80}/?(?:[?#]|\Z)",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"comment|repl(?:y|ies)|related|recommend|teaser|promo|popular|trending|sidebar|widget|carousel|newsletter|recirc"
    r"|photo|image|caption|credit|quote|testimonial|review(?:er|ed)|fact-?check"
)
_SILENT = frozenset(words("script style noscript template svg time button select textarea nav figure blockquote head"))
_BREAKS = frozenset(words("a address br dd div dt h1 h2 h3 h4 h5 h6 li p section td tr ul"))
_OTHERS = re.compile(
    r"\b(?:review|edit|fact|photo|picture|illustrat|updat|check|translat|interview)[a-z]*\b", re.IGNORECASE
)
_JOIN = r"(?:,|;|&|and|und|et|y|e|och|og|en)"
_JOINS = re.compile(rf"{_JOIN}(?:\s|\Z)", re.IGNORECASE)
_JOINED = re.compile(rf"(?:,|;|\b{_JOIN})\Z", re.IGNORECASE)
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Shown:
    """Names, and where they stand: in characters of the page's text."""

    start: int
    end: int
    names: tuple[str, ...]


def shown_authors(tree: Any, headline: str | None, site: str | None) -> tuple[str, ...]:
    """The names in a page's byline; none where it shows none.

    Args:
        tree: The page, as lxml parsed it.
        headline: The article's.
        site: The name of the site, which is nobody's.
    """
    walk = _Walk(_anchor(tree, headline), site)
    walk.through(tree)
    return _chosen(walk.found, walk.headline)


class _Walk:
    """A walk through a page, with the names that were found on it."""

    def __init__(self, anchor: Any | None, site: str | None) -> None:
        self.found: list[_Shown] = []
        self.headline: tuple[int, int] | None = None
        self._anchor, self._site = anchor, site
        self._around = frozenset(() if anchor is None else anchor.iterancestors())  # no teaser holds the headline
        self._in_article = any(node.tag == "article" for node in self._around)
        self._at = self._looked = 0
        self._said = ""  # the last text, which may introduce a name
        self._open: list[tuple[Any, int, int]] = []

    def through(self, tree: Any) -> None:
        walk = etree.iterwalk(tree, events=("start", "end"))
        skipped = None
        for event, node in walk:
            if event == "end":
                if node is skipped:
                    skipped = None
                else:
                    self._leave(node)
                self._pass(node.tail)
            elif self._is_elsewhere(node, mark := _mark(node)):
                skipped = node
                walk.skip_subtree()
            else:
                self._enter(node, mark)
                self._pass(node.text)

    def _pass(self, text: str | None) -> None:
        if text and (bare := text.strip()):
            self._at += len(bare)
            self._said = bare

    def _is_elsewhere(self, node: Any, mark: str) -> bool:
        if node.tag in _SILENT:
            return True
        if node in self._around or node is self._anchor or node.tag == "body":
            return False
        if node.tag == "article" and self._in_article:
            return True
        if node.tag == "footer" and not any(up.tag == "article" for up in node.iterancestors()):
            return True
        return _marks_others(mark)

    def _enter(self, node: Any, mark: str) -> None:
        if node is self._anchor:
            self.headline = (self._at, self._at)
        if self._looked < _MOST and _is_marked(node, mark) and not self._is_of_others():
            self._looked += 1
            self._open.append((node, self._at, len(self.found)))

    def _is_of_others(self) -> bool:
        """Whether the last text says that what follows is somebody who did something else."""
        return len(self._said) < _APART and _OTHERS.search(self._said) is not None

    def _leave(self, node: Any) -> None:
        if node is self._anchor and self.headline:
            self.headline = (self.headline[0], self._at)
        if self._open and self._open[-1][0] is node:
            _, start, before = self._open.pop()
            if len(self.found) == before and (names := _names(node, self._site)):
                self.found.append(_Shown(start, self._at, names))


def _anchor(tree: Any, headline: str | None) -> Any | None:
    wanted = _folded(headline or "")
    first = None
    for node in tree.iter("h1", "h2"):
        if wanted and _folded(_short_text(node)) == wanted:
            return node
        first = node if first is None and node.tag == "h1" else first
    return first


def _mark(node: Any) -> str:
    return " ".join([node.get(name) or "" for name in _MARKS])[:_LONGEST_MARK].lower()


def _is_marked(node: Any, mark: str) -> bool:
    if node.tag == "a" and _AUTHOR_PAGE.search(node.get("href") or ""):
        return not _in_text(node)
    return _marks_author(mark)


@functools.lru_cache(maxsize=4096)  # the marks on a page are mostly the same few hundred
def _marks_author(mark: str) -> bool:
    return _MARK.search(mark) is not None


@functools.lru_cache(maxsize=4096)
def _marks_others(mark: str) -> bool:
    return _ELSEWHERE.search(mark) is not None


def _texts(node: Any) -> Iterator[str]:
    return islice(node.itertext(), 50)


def _in_text(link: Any) -> bool:
    """Whether a link stands in running text, of which it tells rather than by whom it is."""
    around = next((up for up in link.iterancestors() if up.tag in _BREAKS), None)
    return around is not None and around.tag != "a" and sum(len(part.strip()) for part in _texts(around)) > 2 * _APART


def _names(node: Any, site: str | None) -> tuple[str, ...]:
    """The first names in an element's text, and those that a comma or an "and" joins to them."""
    names: list[str] = []
    joined = True
    for piece in _pieces(node):
        if _OTHERS.search(piece):
            break
        joined = joined or _JOINS.match(piece) is not None
        if found := clean_names([piece], site) if joined else ():
            names += found
            joined = _JOINED.search(piece) is not None
    return tuple(dict.fromkeys(names))


def _pieces(node: Any) -> Iterator[str]:
    text = _short_text(node)
    return (piece for line in text.split("\n") if (piece := " ".join(line.split())))


def _short_text(node: Any) -> str:
    """What an element says, a line for each element in it that stands apart; nothing where it is too long."""
    parts: list[str] = []
    left = _LONGEST
    for event, inner in etree.iterwalk(node, events=("start", "end")):
        begins = event == "start"
        text = (inner.text if begins else inner.tail) or ""
        if inner.tag in _SILENT if begins else inner is node:
            text = ""
        parts.append("\n" + text if inner.tag in _BREAKS else text)
        left -= len(text.strip()) + 1  # elements count too, for there may be many without any text
        if left < 0:
            return ""
    return "".join(parts)


def _chosen(found: Sequence[_Shown], headline: tuple[int, int] | None) -> tuple[str, ...]:
    """The names below the headline, else above it, else those that alone are found."""
    if headline:
        above, below = headline
        for group in _groups([shown for shown in found if shown.start >= below]):
            if group[0].start - below <= _BELOW:
                return _together(group)
        for group in reversed(list(_groups([shown for shown in found if shown.end <= above]))):
            if above - group[-1].end <= _ABOVE:
                return _together(group)
    names = {_together(group) for group in _groups(found)}
    return names.pop() if len(names) == 1 else ()


def _groups(found: Sequence[_Shown]) -> Iterator[list[_Shown]]:
    group: list[_Shown] = []
    for shown in found:
        if group and shown.start - group[-1].end > _APART:
            yield group
            group = []
        group.append(shown)
    if group:
        yield group


def _together(group: Sequence[_Shown]) -> tuple[str, ...]:
    return tuple({name.casefold(): name for shown in group for name in shown.names}.values())


def _folded(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))
