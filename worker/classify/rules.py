"""The topic rules: the packaged ones with a user's own, and what they find in a text."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from schemas.topics import TOPICS, TopicDefinition
from worker.classify.phrases import Found, PhraseTree
from worker.classify.rule import Rule
from worker.classify.rule_file import RuleFile, read_rules
from worker.classify.words import Words, words_of
from worker.errors import Misconfigured
from worker.names import display

PACKAGED = "rules.toml"


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
    """Rules, ready to be found in texts.

    Attributes:
        rules: In their order.
        topics: Every topic that may be given, by its id: the taxonomy, then the user's own.
    """

    rules: tuple[Rule, ...]
    topics: Mapping[str, TopicDefinition]
    _tree: PhraseTree = field(repr=False, compare=False)

    @classmethod
    def of(cls, rules: tuple[Rule, ...], topics: Mapping[str, TopicDefinition] = TOPICS) -> "RuleSet":
        """These rules, made ready: rule n's patterns are tagged 2n, its `unless` phrases 2n + 1."""
        return cls(
            rules,
            topics,
            PhraseTree.of(
                (2 * index + unless, phrase)
                for index, rule in enumerate(rules)
                for unless, phrases in enumerate((rule.patterns, rule.unless))
                for phrase in phrases
            ),
        )

    def for_any_language(self) -> "RuleSet":
        """Those of the rules that may speak in every language, as a set of their own: make it once, and keep it."""
        return RuleSet.of(tuple(rule for rule in self.rules if rule.any_language), self.topics)

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
            Hit(self.rules[index], words.span(phrase.first)[0], words.span(phrase.last)[1], phrase.first)
            for index, phrases in found.items()
            for phrase in (
                _leftmost_longest(phrases, barred[index]) if len(phrases) > 1 or index in barred else phrases
            )
        ]

    def broken_examples(self) -> list[tuple[Rule, str, str]]:
        """The rules' own examples that do not hold: the rule, the field, and what is wrong."""
        return [
            (rule, kind, f"{sentence!r} is {'' if found else 'not '}found")
            for rule in self.rules
            for kind, sentences in (("match", rule.match), ("no_match", rule.no_match))
            for sentence in sentences
            if (found := any(hit.rule is rule for hit in self.find(words_of(sentence)))) != (kind == "match")
        ]


def load_rules(own: Path | None = None) -> RuleSet:
    """The packaged rules, with those of a user's own file beside them or in their place.

    Raises:
        Misconfigured: The file cannot be read, or something in it is wrong.
    """
    packaged = packaged_rules()
    return joined(packaged, read_own(own, packaged)) if own else joined(packaged)


def packaged_rules() -> RuleFile:
    """The rules that come with copydesk."""
    return read_rules(resources.files("worker.classify").joinpath(PACKAGED).read_bytes(), PACKAGED)


def read_own(path: Path, packaged: RuleFile) -> RuleFile:
    """A user's own file; raises as ``load_rules`` does."""
    name = display(str(path))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{name}: the rule file cannot be read: {error.strerror}") from error
    return read_rules(data, name, packaged)


def joined(packaged: RuleFile, own: RuleFile | None = None) -> RuleSet:
    """The rules of both files: one of the own file takes the place of the packaged one with its id."""
    own = own or RuleFile("")
    rules = {rule.id: rule for rule in packaged.rules if rule.id not in own.disabled}
    rules |= {rule.id: rule for rule in own.rules}
    topics = {**TOPICS, **{topic.id: topic for topic in own.topics}}
    return RuleSet.of(tuple(rules.values()), topics)


def load(data: str | bytes, name: str) -> RuleSet:
    """The rules of one rule file by itself; arguments and errors as of ``read_rules``."""
    file = read_rules(data.encode() if isinstance(data, str) else data, name)
    return joined(file, RuleFile(name, topics=file.topics))


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
