"""A page as blocks of text in reading order, each with what the mark-up says of it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from worker.cleaning.tables import words
from worker.formats.bounds import bounded
from worker.formats.html_tree import parse
from worker.models import RawBlock, RawKind

SKIPPED = frozenset(words("script style noscript template head svg iframe object select option math canvas audio video datalist"))
INLINE = frozenset(
    words(
        """
    a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q ruby rt s samp small span strike strong sub
    sup time tt u var wbr picture source
    """
    )
)
_KINDS: dict[str, RawKind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    "li": "list_item", "dt": "list_item", "dd": "list_item", "blockquote": "quote", "figcaption": "caption",
}
_ROLES = ("nav", "header", "footer", "aside", "form", "article", "main", "figure", "table", "list", "button", "section", "blockquote", "dialog")
_ROLE_OF = {
    "nav": "nav", "header": "header", "footer": "footer", "aside": "aside", "form": "form", "article": "article", "main": "main",
    "figure": "figure", "figcaption": "figure", "table": "table", "ul": "list", "ol": "list", "button": "button", "section": "section",
    "blockquote": "blockquote", "dialog": "dialog",
}
_HINTS = {
    "body": r"article-?_?(?:body|content|text|copy)|story-?_?(?:body|content|text)|post-?_?(?:body|content|text)|entry-?_?content|body-?_?(?:text|copy|content)|articlebody|rich-?_?text|prose|paragraph|main-?_?content|page-?_?content|td-post-content|single-?_?content|wysiwyg",
    "article": r"article|story|post\b|entry|news|blog|content|text|copy",
    "meta": r"byline|author|date|time|meta|dateline|publish|kicker|category|breadcrumb|eyebrow",
    "headline": r"headline|title|heading",
    "standfirst": r"standfirst|subtitle|sub-?_?head|dek\b|deck|lede?\b|intro|summary|excerpt|teaser|description|abstract",
    "caption": r"caption|credit|photo|image|gallery|figure|media|video|slide",
    "related": r"relat|recommend|more-|read-?_?(?:more|next|also)|also|trending|popular|latest|most-|outbrain|taboola|recirc|card|teaser|promo|feed\b|list-?_?item|carousel|archive",
    "share": r"share|social|follow|tweet|facebook|whatsapp",
    "comment": r"comment|disqus|repl(?:y|ies)|discuss|livefyre",
    "newsletter": r"newsletter|subscri|signup|sign-up|e?mail|paywall|register|donat|support-us|membership|piano",
    "ad": r"\bads?\b|\bads?[-_]|[-_]ads?\b|advert|sponsor|dfp|banner|affiliate",
    "frame": r"foot|nav|menu|sidebar|side-?_?bar|widget|cookie|consent|gdpr|modal|popup|overlay|login|search|toolbar|masthead|skip|header|topbar|bottom|rail|aside",
    "tags": r"\btags?\b|tag-|tags-|topics?|keyword|categor",
    "bio": r"\bbio|about-?_?(?:the-?)?author|author-?_?(?:bio|box|info|desc)|profile|contributor",
    "hidden": r"hidden|visually|sr-only|screen-reader|d-none|collaps|tooltip|print-only|noprint",
    "info": r"info-?_?box|fact|pull-?_?quote|quote|embed|table|correction|note|disclaimer|editor|copyright|source",
}  # fmt: skip
_HINT_NAMES = tuple(_HINTS)
_HINT = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _HINTS.items()), re.IGNORECASE)
_HINT_RES = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _HINTS.items()}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


@dataclass(slots=True)
class Context:
    """An open element and what its block children have in common."""

    tag: str
    depth: int
    roles: frozenset[str]
    hints: tuple[int, ...]  # own
    near: tuple[int, ...]  # levels up to the nearest with the hint
    hidden: bool
    signature: str
    number: int
    parent: "Context | None"
    body_item: bool


@dataclass(slots=True)
class PageBlock:
    text: str
    kind: RawKind
    tag: str
    context: Context
    linked: int
    strong: int
    slanted: int
    images: int
    gap: bool
    parts: list[str] = field(default_factory=list)


def page_blocks(tree: Any) -> list[PageBlock]:
    walker = _Walker()
    walker.walk(tree)
    return walker.blocks


class _Walker:
    def __init__(self) -> None:
        self.blocks: list[PageBlock] = []
        self.parts: list[str] = []
        self.linked = self.strong = self.slanted = self.images = 0
        self.in_link = self.in_strong = self.in_slanted = 0
        self.number = 0
        self.cache: dict[str, tuple[int, ...]] = {}
        self.gap = True

    def walk(self, tree: Any) -> None:
        root = Context("", 0, frozenset(), (0,) * len(_HINT_NAMES), (99,) * len(_HINT_NAMES), False, "", 0, None, False)
        stack = [root]
        skipped = None
        for event, node in etree.iterwalk(tree, events=("start", "end")):
            if skipped is not None:
                if event == "end" and node is skipped:
                    skipped = None
                    self.add(node.tail)
                continue
            tag = node.tag
            if event == "start":
                if tag in SKIPPED:
                    skipped = node
                    if tag not in INLINE and tag not in {"script", "style", "noscript", "svg"}:
                        self.flush(stack[-1])
                    continue
                if tag in INLINE:
                    self.enter(tag)
                elif tag == "br":
                    self.parts.append("\n")
                else:
                    self.flush(stack[-1])
                    stack.append(self.context(node, stack[-1]))
                self.add(node.text)
            else:
                if tag in INLINE:
                    self.leave(tag)
                elif tag != "br":
                    self.flush(stack[-1])
                    stack.pop()
                self.add(node.tail)
        self.flush(stack[-1])

    def enter(self, tag: str) -> None:
        if tag == "a":
            self.in_link += 1
        elif tag in {"b", "strong"}:
            self.in_strong += 1
        elif tag in {"i", "em"}:
            self.in_slanted += 1
        elif tag == "img":
            self.images += 1

    def leave(self, tag: str) -> None:
        if tag == "a":
            self.in_link -= 1
        elif tag in {"b", "strong"}:
            self.in_strong -= 1
        elif tag in {"i", "em"}:
            self.in_slanted -= 1

    def add(self, text: str | None) -> None:
        if text:
            self.parts.append(_SPACES.sub(" ", text))
            size = len(text.strip())
            if self.in_link > 0:
                self.linked += size
            if self.in_strong > 0:
                self.strong += size
            if self.in_slanted > 0:
                self.slanted += size

    def flush(self, context: Context) -> None:
        if self.parts:
            whole = "".join(self.parts)
            self.parts = []
            linked, strong, slanted, images = self.linked, self.strong, self.slanted, self.images
            self.linked = self.strong = self.slanted = self.images = 0
            total = max(1, len(whole.strip()))
            for text in _split(whole):
                share = len(text) / total
                self.blocks.append(
                    PageBlock(text, _kind(context), context.tag, context, round(linked * share), round(strong * share), round(slanted * share), images, True)
                )

    def context(self, node: Any, parent: Context) -> Context:
        self.number += 1
        role = _ROLE_OF.get(node.tag)
        names = f"{node.get('class') or ''} {node.get('id') or ''}"[:300]
        hints = self.cache.get(names)
        if hints is None:
            hints = self.cache[names] = tuple(int(_HINT_RES[name].search(names) is not None) for name in _HINT_NAMES) if names != " " else (0,) * len(_HINT_NAMES)
        near = tuple(0 if hint else min(99, up + 1) for hint, up in zip(hints, parent.near, strict=True))
        hidden = parent.hidden or node.get("hidden") is not None or node.get("aria-hidden") == "true" or bool(_HIDDEN_STYLE.search(node.get("style") or ""))
        roles = parent.roles | {role} if role else parent.roles
        aria = node.get("role")
        if aria == "navigation":
            roles = roles | {"nav"}
        elif aria in {"dialog", "alertdialog"}:
            roles = roles | {"dialog"}
        elif aria == "complementary":
            roles = roles | {"aside"}
        elif aria == "contentinfo":
            roles = roles | {"footer"}
        item = parent.body_item or (node.get("itemprop") or "").lower() in {"articlebody", "text"}
        return Context(node.tag, parent.depth + 1, roles, hints, near, hidden, f"{node.tag}.{node.get('class') or ''}"[:100], self.number, parent, item)


def _kind(context: Context) -> RawKind:
    at: Context | None = context
    while at is not None and at.tag in {"div", "p", "section", "span"}:
        if at.tag == "p" and at.parent is not None and at.parent.tag not in {"li", "blockquote", "figcaption", "dd"}:
            return "paragraph"
        at = at.parent
        if at is not None and at.tag in {"div", "section"}:
            return "paragraph"
    return _KINDS.get(at.tag, "paragraph") if at is not None else "paragraph"


_SENTENCE_END = (".", "!", "?", "…", ":", '"', "”", "’", "»")


def _split(whole: str) -> Iterator[str]:
    """The paragraphs in a block's text: an empty line parts two, and a break where a sentence ends before it."""
    current = ""
    blank = False
    for line in whole.split("\n"):
        line = " ".join(line.split())
        if not line:
            blank = True
            continue
        if current and (blank or current.endswith(_SENTENCE_END)):
            yield current
            current = line
        else:
            current = f"{current} {line}" if current else line
        blank = False
    if current:
        yield current


def fragment_blocks(markup: str) -> tuple[RawBlock, ...]:
    """The blocks of HTML that is known to be an article's, as feeds, e-mails and JSON hold it.

    Raises:
        Rejected: ``too_complex``, ``too_long`` or ``too_many_lines``.
    """
    tree = parse(markup)
    return bounded(RawBlock(block.kind, block.text) for block in page_blocks(tree)) if tree is not None else ()


TAGS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "figcaption", "td", "div", "span", "dd")
MARKUP = (
    *(f"tag_{tag}" for tag in TAGS), "depth", "link_share", "strong_share", "slanted_share", "images", "hidden", "body_item",
    *(f"in_{role}" for role in _ROLES),
    *(f"own_{name}" for name in _HINT_NAMES), *(f"near_{name}" for name in _HINT_NAMES),
    "parent_share", "grand_share", "great_share", "signature_share", "signature_count", "to_best", "best_distance", "under_best", "siblings", "path_share",
)  # fmt: skip


def markup_features(blocks: Sequence[PageBlock], prose: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of numbers for what the mark-up says; ``prose``: words of running text of each block."""
    total = max(1.0, float(prose.sum()))
    scores: Counter[int] = Counter()
    levels: list[Counter[int]] = [Counter(), Counter(), Counter()]
    signatures: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    paths: Counter[str] = Counter()
    siblings: Counter[int] = Counter()
    sig = []
    for block, amount in zip(blocks, prose, strict=True):
        chain = _chain(block.context)
        for level in range(3):
            if level + 1 < len(chain):
                levels[level][chain[level + 1].number] += float(amount)
        for up, context in enumerate(chain[1:6]):
            scores[context.number] += float(amount) / (1, 2, 4, 8, 16)[up]
        if len(chain) > 1:
            siblings[chain[1].number] += 1
        key = f"{block.context.signature}<{block.context.parent.signature if block.context.parent else ''}"
        path = "<".join(context.tag for context in chain[:6])
        sig.append((key, path))
        signatures[key] += float(amount)
        paths[path] += float(amount)
        counts[key] += 1
    best = scores.most_common(1)[0][0] if scores else -1
    best_chain: set[int] = set()
    for block in blocks:
        chain = _chain(block.context)
        if any(context.number == best for context in chain):
            at = next(index for index, context in enumerate(chain) if context.number == best)
            best_chain = {context.number for context in chain[at:]}
            break
    most = max(1.0, max(scores.values(), default=1))
    rows = []
    for block, (key, path) in zip(blocks, sig, strict=True):
        context, chain = block.context, _chain(block.context)
        size = max(1, len(block.text))
        numbers = [c.number for c in chain]
        up = next((index for index, number in enumerate(numbers) if number in best_chain), 30)
        rows.append(
            [
                *(block.tag == tag for tag in TAGS), context.depth, min(1.0, block.linked / size), min(1.0, block.strong / size), min(1.0, block.slanted / size), block.images,
                context.hidden, context.body_item,
                *(role in context.roles for role in _ROLES),
                *context.hints, *(min(n, 12) for n in context.near),
                *(levels[level][numbers[level + 1]] / total if level + 1 < len(numbers) else 1.0 for level in range(3)),
                signatures[key] / total, min(50, counts[key]), (scores[numbers[1]] / most if len(numbers) > 1 else 0.0), up, best in numbers, min(50, siblings[numbers[1]] if len(numbers) > 1 else 0),
                paths[path] / total,
            ]
        )  # fmt: skip
    return np.array(rows, dtype=np.float32).reshape(len(blocks), len(MARKUP))


def _chain(context: Context) -> list[Context]:
    chain = [context]
    while chain[-1].parent is not None:
        chain.append(chain[-1].parent)
    return chain
