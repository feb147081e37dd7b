"""What a web page says about its article: meta elements, JSON-LD, the time and heading elements."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from itertools import islice
from operator import itemgetter
from typing import Any
from urllib.parse import urljoin, urlsplit

from schemas.article import Published
from worker.cleaning.bylines import clean_names
from worker.cleaning.tables import words
from worker.cleaning.whitespace import repair
from worker.formats.html_byline import shown_authors
from worker.formats.html_dates import modified_by, published_by
from worker.formats.json_ld import Node, find_article, find_authors, strings

_AUTHORS = words(
    """
    author article:author byl parsely-author sailthru.author dc.creator dcterms.creator dc.creator.name
    """
)
_DESCRIPTIONS = words(
    """
    og:description description twitter:description dc.description
    """
)
_TITLE_CUTS = (" | ", " - ", " – ", " — ", " :: ", " • ", " · ", " » ", " « ")
_MOST = 100  # claims of one sort that are looked at: an article has one title, and a page may hold a hundred thousand
_LONGEST_BODY = 200_000  # characters of a claim of the whole text
_LONGEST = 2_000  # characters of a claim; what is longer is none
_SHORTEST_DESCRIPTION, _LONGEST_DESCRIPTION = 40, 600  # characters
_ALIKE = 0.3  # of the words of a heading and a title together
_FEWEST_WORDS = 4  # of a heading that is believed by itself
_LONGEST_KICKER = 25  # characters
_WRITTEN_BY = re.compile(
    r"(?:written )?by\b|author|verfasst von|geschrieben von|écrit par|escrito por|scritto da", re.IGNORECASE
)
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page claims; None or empty where it claims nothing that can be believed."""

    headline: str | None
    description: str | None
    authors: tuple[str, ...]
    published: Published | None
    site_name: str | None
    url: str | None
    body: str | None = None  # the article's text, as some pages state it in their JSON-LD
    modified: Published | None = None


def read_metadata(tree: Any) -> Metadata:
    """Read a page's metadata.

    Args:
        tree: The page, as lxml parsed it.
    """
    metas = _metas(tree)
    article = find_article(tree)
    site = _site_name(metas, article)
    url = _url(tree, metas, article)
    headline = _headline(tree, metas, article, site)
    return Metadata(
        headline=headline,
        description=_description(metas, article),
        authors=_authors(tree, metas, article, headline, site or (urlsplit(url).netloc if url else None)),
        published=published_by(tree, metas, article, url),
        site_name=site,
        url=url,
        body=_body(article),
        modified=modified_by(metas, article),
    )


def _body(article: Node) -> str | None:
    claimed = article.get("articleBody")
    return claimed if isinstance(claimed, str) and len(claimed) <= _LONGEST_BODY else None


def _metas(tree: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = repair(_short(meta.get("content")))
        if name and content:
            claims = found.setdefault(name.strip().lower(), [])
            if len(claims) < _MOST:
                claims.append(content)
    return found


def _short(claim: str | None) -> str:
    """A claim, or nothing where it is too long to be one."""
    return claim if claim and len(claim) <= _LONGEST else ""


def short_text(node: Any) -> str:
    """The text within an element; nothing where it is too long for a claim, for nested ones would each repeat it."""
    parts, left = [], _LONGEST
    for part in node.itertext():
        parts.append(part)
        left -= len(part) + 1
        if left < 0:
            return ""
    return " ".join(parts)


def _first(metas: dict[str, list[str]], *names: str) -> str | None:
    return next((metas[name][0] for name in names if name in metas), None)


def _site_name(metas: dict[str, list[str]], article: Node) -> str | None:
    publisher = next(iter(strings(article.get("publisher"), "name")), None)
    return _first(metas, "og:site_name") or publisher or _first(metas, "application-name") or None


def _headline(tree: Any, metas: dict[str, list[str]], article: Node, site: str | None) -> str | None:
    """The page's main heading, for that is what its readers see; where none can be it, what the metadata say."""
    titles = [
        *strings(article.get("headline")),
        *(title for name in ("og:title", "twitter:title") for title in metas.get(name, ())),
        *(repair(_short(title.text)) for title in islice(tree.iter("title"), _MOST)),
    ]
    claimed = [title for raw in titles if (title := _without_site(unescape(raw), site))]
    headings = [text for h1 in islice(tree.iter("h1"), _MOST) if (text := repair(short_text(h1)))]
    likest, heading = max(
        ((_likeness(heading, claimed), heading) for heading in headings), default=(0.0, ""), key=itemgetter(0)
    )
    long = [heading for heading in headings if len(_WORDS.findall(heading)) >= _FEWEST_WORDS]
    if likest >= _ALIKE:
        return _without_kicker(heading, claimed)
    if len(long) == 1 and _folded(long[0]) != _folded(site or ""):
        return long[0]
    if claimed:
        return claimed[0]
    return headings[0] if len(headings) == 1 else None


def _likeness(heading: str, claimed: Iterable[str]) -> float:
    """The largest share of words that a heading has in common with a title: 1 where they say the same."""
    own = set(_folded(heading).split())
    others = [set(_folded(title).split()) for title in claimed]
    return max((len(own & other) / max(1, len(own | other)) for other in others), default=0.0)


def _without_kicker(heading: str, claimed: Iterable[str]) -> str:
    """A heading without the section's name before it ("Opinion"), where a title says the same without it."""
    for title in claimed:
        before = len(heading) - len(title)
        if 0 < before <= _LONGEST_KICKER and heading.endswith(title) and len(_WORDS.findall(title)) >= _FEWEST_WORDS:
            return title
    return heading


def _without_site(title: str, site: str | None) -> str:
    """A title without the name of its site, which follows or precedes it behind a mark."""
    cuts = [(title.rfind(cut), cut) for cut in _TITLE_CUTS]
    at, cut = max(cuts)
    if at > 0:
        head, tail = title[:at].strip(), title[at + len(cut) :].strip()
        if _folded(tail) == _folded(site or "") or len(_WORDS.findall(tail)) <= 4 < len(_WORDS.findall(head)):
            return head
    if site and _folded(title) == _folded(site):
        return ""
    return title


def _folded(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))


def _description(metas: dict[str, list[str]], article: Node) -> str | None:
    """The description, where it is an article's: whole sentences, neither cut off nor the site's own."""
    if not article and "article" not in (_first(metas, "og:type") or "").lower():
        return None
    candidates = [
        *(text for name in _DESCRIPTIONS for text in metas.get(name, ())),
        *strings(article.get("description")),
    ]
    for text in candidates:
        cut_off = text.endswith(("...", "…", "[…]", "[...]"))
        if _SHORTEST_DESCRIPTION <= len(text) <= _LONGEST_DESCRIPTION and not cut_off and "<" not in text:
            return text
    return None


def _authors(
    tree: Any, metas: dict[str, list[str]], article: Node, headline: str | None, site: str | None
) -> tuple[str, ...]:
    """The people whom the page claims as authors to programs; else those whom it shows to its readers."""
    told = find_authors(tree, article)
    claimed = [author for name in _AUTHORS for author in metas.get(name, ())]
    return (
        clean_names([author.name for author in told], site, people=all(author.person for author in told))
        or clean_names(claimed, site)
        or shown_authors(tree, headline, site)
        or clean_names(() if told or claimed else _labelled_authors(metas), site)
    )


def _labelled_authors(metas: dict[str, list[str]]) -> list[str]:
    """What stands in the card of a post where its label says that it is an author."""
    return [
        author
        for number in ("1", "2")
        for label in metas.get(f"twitter:label{number}", ())
        if _WRITTEN_BY.match(label)
        for author in metas.get(f"twitter:data{number}", ())
    ]


def _url(tree: Any, metas: dict[str, list[str]], article: Node) -> str | None:
    """The article's own address; the bare address of a site is none, for all its articles would share it."""
    canonical = (link for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical")
    links = [_short(link.get("href")) for link in islice(canonical, _MOST)]
    page = article.get("mainEntityOfPage")
    claimed = [*links, *metas.get("og:url", ()), *strings(page, "@id"), *strings(article.get("url"))]
    base = next((url for url in claimed if url.startswith(("http://", "https://"))), "")
    for url in claimed:
        try:
            whole: str = urljoin(base, url.strip())
            parts = urlsplit(whole)
        except ValueError:
            continue
        if parts.scheme in {"http", "https"} and parts.netloc and (parts.path.strip("/") or parts.query):
            return whole
    return None
