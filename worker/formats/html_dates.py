"""When a web page says that its article was published: meta elements, JSON-LD, microdata, the time elements."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from schemas.article import Published
from worker.cleaning.dates import MAX_LENGTH, read_moment
from worker.cleaning.tables import words
from worker.formats.json_ld import Node, page_dates, strings

Metas = Mapping[str, Sequence[str]]

_SUREST = words("article:published_time og:article:published_time article:published og:published_time")
_PUBLISHED = words(
    """
    datepublished publishdate publish-date publish_date pubdate publication_date publication-date published
    published-date published_date published_time published_at parsely-pub-date sailthru.date date.created
    dc.date.issued dcterms.issued dcterms.created dc.date.created dcterms.date dc.date displaydate article.published
    article_date_original cxenseparse:recs:publishtime ptime rbpubdate citation_publication_date citation_online_date
    date
    """
)
_MODIFIED = words("article:modified_time og:updated_time datemodified dcterms.modified last-modified lastmod")
_MOST = 100  # elements of one sort that are looked at
_URL_DAY = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:[/-]|$)")


def published_by(tree: Any, metas: Metas, article: Node, url: str | None) -> Published | None:
    """When the article was published.

    Args:
        tree: The page, as lxml parsed it.
        metas: What its meta elements say, by name in lower case.
        article: Its node in JSON-LD; empty where there is none.
        url: Of the article, whose path may name the day.
    """
    times = list(islice((time for time in tree.iter("time") if time.get("datetime")), _MOST))
    return (
        _first(value for name in _SUREST for value in metas.get(name, ()))
        or _first(strings(article.get("datePublished")))
        or _first(value for name in _PUBLISHED for value in metas.get(name, ()))
        or _first(
            node.get("datetime") or node.get("content") for node in tree.xpath("//*[@itemprop='datePublished']")[:_MOST]
        )
        or _first(time.get("datetime") for time in times if time.get("pubdate") is not None)
        or _first(
            time.get("datetime") for time in times if any(up.tag in {"article", "main"} for up in time.iterancestors())
        )
        or _day_in(url)
        or _first(page_dates(tree))
        or _only_day(times)
    )


def modified_by(metas: Metas, article: Node) -> Published | None:
    """When the article was last changed."""
    return _first(strings(article.get("dateModified"))) or _first(
        value for name in _MODIFIED for value in metas.get(name, ())
    )


def _first(values: Iterable[str | None]) -> Published | None:
    """The first of some values that is a date."""
    return next(
        (moment for value in values if value and len(value) <= MAX_LENGTH and (moment := read_moment(value))), None
    )


def _only_day(times: Sequence[Any]) -> Published | None:
    """The date in a page's time elements, where they all name one day."""
    found = [moment for time in times if (moment := _first((time.get("datetime"),)))]
    return found[0] if len({moment.value[:10] for moment in found}) == 1 else None


def _day_in(url: str | None) -> Published | None:
    """The day in an address like ``/2024/05/17/title``, as many news sites form them."""
    found = _URL_DAY.search(urlsplit(url).path) if url else None
    return read_moment("-".join(found.groups())) if found else None
