"""The record as schema.org's NewsArticle in JSON-LD (https://schema.org/NewsArticle)."""

from typing import Any

from schemas.article import Article, Topic
from schemas.identifiers import MEDIA_TOPICS, article_uri, concept_uri

_KINDS = {"person": "Person", "organisation": "Organization", "place": "Place"}


def to_news_article(article: Article) -> dict[str, Any]:
    """The article as JSON-LD, ready for ``json.dumps``.

    ``datePublished`` is what the article says: a day, or a time with its zone or without one, for none is invented.
    """
    published, source, language = article.published, article.source, article.language.code
    primary = next((topic.name for topic in article.topics if topic.id == article.primary_topic), None)
    found = {
        "@id": article_uri(article.id),
        "identifier": article.id,
        "version": article.version,
        "url": source.url,
        "headline": article.headline,
        "description": article.standfirst,
        "author": [_thing("Person", name) for name in article.byline],
        "datePublished": published.value if published else None,
        "inLanguage": None if language == "und" else language,
        "publisher": _thing("Organization", source.name) if source.name else None,
        "articleSection": primary,
        "about": [_term(topic) for topic in article.topics],
        "mentions": [_thing(_KINDS[entity.kind], entity.text) for entity in article.entities],
        "keywords": [keyword.text for keyword in article.keywords],
        "image": [{"@type": "ImageObject", "caption": caption} for caption in article.captions],
        "wordCount": article.word_count,
        "articleBody": article.text,
    }
    said = {name: value for name, value in found.items() if value not in (None, [], "")}
    return {"@context": "https://schema.org", "@type": "NewsArticle", **said}


def _thing(kind: str, name: str) -> dict[str, str]:
    return {"@type": kind, "name": name}


def _term(topic: Topic) -> dict[str, str]:
    uri = concept_uri(topic.qcode)
    vocabulary = {"@id": uri, "inDefinedTermSet": MEDIA_TOPICS} if uri else {}
    return {"@type": "DefinedTerm", "name": topic.name, "termCode": topic.qcode or topic.id, **vocabulary}
