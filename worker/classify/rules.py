"""The topic rules: reading the rule file, and what its rules find in a text.

What editors may write is explained at the top of ``rules.toml``.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from schemas.topics import TOPICS
from worker.classify.phrases import Found, PhraseTree, parse
from worker.classify.words import Words, words_of
from worker.errors import Misconfigured


def _known(topic: str) -> str:
    if topic not in TOPICS:
        raise ValueError(f"unknown topic {topic!r}; the topics are {', '.join(TOPICS)}")
    return topic


def _not_nothing(weight: float) -> float:
    if weight == 0:
        raise ValueError("a weight of 0 does nothing; leave the rule out instead")
    return weight


def _parsable(phrase: str) -> str:
    parse(phrase)
    return phrase


Phrase = Annotated[str, AfterValidator(_parsable)]
Sentence = Annotated[str, StringConstraints(min_length=1)]


class Rule(BaseModel):
    """One rule: phrases that speak for a topic (or, with a negative weight, against it).

    Attributes:
        id: Unique in its file; evidence names it.
        topic: An id of the taxonomy.
        weight: What the first hit in the lead adds to the topic's logit.
        patterns: Phrases that count.
        unless: Phrases that make a hit they overlap not count.
        match: Sentences in which the rule must be found.
        no_match: Sentences in which it must not be found.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    topic: Annotated[str, AfterValidator(_known)]
    weight: Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False), AfterValidator(_not_nothing)]
    # TOML has lists only, hence the one place that is not strict.
    patterns: Annotated[tuple[Phrase, ...], Field(min_length=1, strict=False)]
    unless: Annotated[tuple[Phrase, ...], Field(strict=False)] = ()
    match: Annotated[tuple[Sentence, ...], Field(min_length=1, strict=False)]
    no_match: Annotated[tuple[Sentence, ...], Field(strict=False)] = ()


class Hit(NamedTuple):
    """A place where a rule was found.

    Attributes:
        rule: The rule.
        start: Code points from the start of the text; likewise ``end``.
        word: How many words stand before it.
    """

    rule: Rule
    start: int
    end: int
    word: int


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of one file, ready to be found in texts."""

    rules: tuple[Rule, ...]
    _tree: PhraseTree = field(repr=False, compare=False)

    @classmethod
    def of(cls, rules: tuple[Rule, ...]) -> "RuleSet":
        """These rules, made ready: rule n's patterns are tagged 2n, its `unless` phrases 2n + 1."""
        return cls(
            rules,
            PhraseTree.of(
                (2 * index + unless, phrase)
                for index, rule in enumerate(rules)
                for unless, phrases in enumerate((rule.patterns, rule.unless))
                for phrase in phrases
            ),
        )

    def find(self, words: Words) -> list[Hit]:
        """Where the rules are found: per rule the leftmost, longest phrases that do not overlap.

        Takes time linear in the number of words.
        """
        found: dict[int, list[Found]] = defaultdict(list)
        barred: dict[int, set[int]] = defaultdict(set)
        for phrase in self._tree.find(words):
            index, unless = divmod(phrase.tag, 2)
            if unless:
                barred[index].update(range(phrase.first, phrase.last + 1))
            else:
                found[index].append(phrase)
        return [
            Hit(self.rules[index], phrase.start, phrase.end, phrase.first)
            for index, phrases in found.items()
            for phrase in _leftmost_longest(phrases, barred.get(index, set()))
        ]

    def broken_examples(self) -> list[str]:
        """What is wrong with the rules' own examples, one line each; empty when every example holds."""
        problems = []
        for rule in self.rules:
            for kind, sentences in (("match", rule.match), ("no_match", rule.no_match)):
                for sentence in sentences:
                    found = any(hit.rule is rule for hit in self.find(words_of(sentence)))
                    if found != (kind == "match"):
                        problems.append(f"rule {rule.id!r}: {kind}: {sentence!r} is {'' if found else 'not '}found")
        return problems


def load(data: str | bytes, name: str) -> RuleSet:
    """The rules of a rule file.

    Args:
        data: What the file holds (bytes: UTF-8).
        name: What to call the file in errors.

    Raises:
        Misconfigured: It is not TOML or not a rule file; says which rule, and what is wrong with it.
    """
    try:
        content = tomllib.loads(data if isinstance(data, str) else data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{name}: this is not a TOML file: {error}") from error
    entries = content.pop("rule", None)
    if content or not isinstance(entries, list) or not entries:
        raise Misconfigured(f"{name}: a rule file holds [[rule]] tables, at least one, and nothing else")
    rules = tuple(_rule(entry, number, name) for number, entry in enumerate(entries, start=1))
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise Misconfigured(f"{name}: rule {rule.id!r}: id: another rule has this id")
        seen.add(rule.id)
    return RuleSet.of(rules)


def _rule(entry: object, number: int, name: str) -> Rule:
    try:
        return Rule.model_validate(entry)
    except ValidationError as error:
        called = repr(entry["id"]) if isinstance(entry, dict) and "id" in entry else f"number {number}"
        wrong = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in wrong["loc"]) or "rule"
        message = f"{name}: rule {called}: {where}: {wrong['msg'].removeprefix('Value error, ')}"
        raise Misconfigured(message) from error


def _leftmost_longest(phrases: list[Found], barred: set[int]) -> Iterator[Found]:
    """The phrases of one rule that remain; they come by first word, shorter before longer."""
    best: Found | None = None
    for phrase in phrases:
        if barred and not barred.isdisjoint(range(phrase.first, phrase.last + 1)):
            continue
        if best and phrase.first > best.last:
            yield best
            best = None
        if best is None or phrase.first == best.first:
            best = phrase
    if best:
        yield best
