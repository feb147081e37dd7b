"""Profiles: of the newest articles on the stream, and of files."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis

from schemas.article import Article
from schemas.event import from_entry
from worker.classify.model import Model
from worker.classify.profile import Profile, Seen, packaged_profile, profile_of, unknown_share
from worker.classify.weighing import fields_of
from worker.connection import text_of
from worker.errors import Misconfigured

LEAST = 100
"""Articles without which nothing is judged, and no baseline is saved."""

PAGE = 100  # entries read at once


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from the stream.

    Attributes:
        profile: Of the articles: languages of all, the rest of those that the model has read.
        other_model: Articles in the model's languages that another model, or none, gave topics.
        unreadable: Entries that are no article of ours.
    """

    profile: Profile
    other_model: int
    unreadable: int


def read_newest(
    client: "redis.Redis", stream: str, last: int, model: Model, progress: Callable[[str], None]
) -> Reading:
    """Look at the newest articles of a stream, each in its newest version.

    Args:
        client: Of the server.
        stream: The article stream.
        last: How many articles at most.
        model: The topic model that is in use.
        progress: Told what is being done, in words.

    Raises:
        redis.RedisError: The server does not answer.
    """
    languages: Counter[str] = Counter()
    seen: list[Seen] = []
    known: set[str] = set()
    other_model = unreadable = 0
    for article in _newest(client, stream):
        if article is None:
            unreadable += 1
        elif article.id not in known:
            known.add(article.id)
            languages[article.language.code] += 1
            if article.language.code in model.languages:
                if (article.provenance.model or "").partition("+")[0] == model.id:
                    seen.append(see(article, model))
                else:
                    other_model += 1
            if len(known) % PAGE == 0:
                progress(f"{len(known)} articles read")
            if len(known) == last:
                break
    return Reading(profile_of(model.id, languages, seen), other_model, unreadable)


def see(article: Article, model: Model) -> Seen:
    """What the model made of an article; its unknown words are counted again."""
    confidence = max((topic.confidence for topic in article.topics), default=0.0)
    return Seen(article.primary_topic, confidence, unknown_share(fields_of(article), model.vocabulary))


def _newest(client: "redis.Redis", stream: str) -> Iterator[Article | None]:
    """The articles of a stream, newest first; None for an entry that is none."""
    end = "+"
    while True:
        page: Any = client.xrevrange(stream, max=end, count=PAGE)
        if not page:
            return
        for _, fields in page:
            try:
                data = from_entry(fields).data
            except ValueError:
                data = None
            yield data if isinstance(data, Article) else None
        end = f"({text_of(page[-1][0])}"


def load_baseline(path: Path | None, model: Model) -> Profile:
    """The baseline in a file, or the packaged one.

    Raises:
        Misconfigured: It cannot be read, is none, or is another model's.
    """
    if path is None:
        profile, name, remedy = packaged_profile(), "the packaged baseline", "install copydesk again"
    else:
        name, remedy = str(path), f"write a new one with `copydesk drift --save {path}`"
        try:
            profile = Profile.load(path.read_bytes(), name)
        except OSError as error:
            raise Misconfigured(f"{path}: the baseline cannot be read: {error.strerror}; {remedy}") from error
    if profile.model != model.id:
        raise Misconfigured(f"{name} is of the model {profile.model}, but {model.id} is in use; {remedy}")
    return profile


def save(profile: Profile, path: Path) -> None:
    """Write a profile as a baseline.

    Raises:
        Misconfigured: It is of too few articles, or cannot be written.
    """
    if profile.measured < LEAST:
        raise Misconfigured(
            f"{path}: not written: only {profile.measured} of the articles were read by the model {profile.model}, "
            f"too few for a baseline; wait for {LEAST}, or raise --last"
        )
    try:
        path.write_text(profile.model_dump_json(indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise Misconfigured(f"{path}: the baseline cannot be written: {error.strerror}; name another file") from error
