"""Reading a rule file: its rules and topics, or everything that is wrong with it, each thing with its line.

What editors may write is explained at the top of ``rules.toml``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from schemas.topics import TOPICS, TopicDefinition
from worker.classify.rule import OwnTopic, Rule
from worker.errors import Misconfigured
from worker.mistakes import explained, near
from worker.toml_file import Place, outline, parse

_TABLES = ("rule", "topic", "disable")
_HOLDS = '[[rule]] tables, [[topic]] tables, and a list  disable = ["rule-id"]  above them'

Kind = TypeVar("Kind", Rule, OwnTopic)


@dataclass(frozen=True, slots=True)
class RuleFile:
    """What one rule file says.

    Attributes:
        name: What to call the file in messages.
        rules: In its order.
        topics: That it adds to the taxonomy.
        disabled: The ids of the packaged rules that it switches off.
        places: Where each rule stands, by its id.
    """

    name: str
    rules: tuple[Rule, ...] = ()
    topics: tuple[TopicDefinition, ...] = ()
    disabled: tuple[str, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def ids(self) -> frozenset[str]:
        """The ids of its rules."""
        return frozenset(self.places)

    def where(self, rule: str, key: str) -> str:
        """What to call a field of a rule: ``own.toml:12: rule 'arms-deals': match``."""
        return f"{self.name}:{self.places[rule].line_of(key)}: rule {rule!r}: {key}"


def read_rules(data: bytes, name: str, packaged: RuleFile | None = None) -> RuleFile:
    """Read a rule file.

    Args:
        data: What the file holds.
        name: What to call it in errors.
        packaged: The rules beside which a user's own file is read.

    Raises:
        Misconfigured: Something in it is wrong; a line for each thing: file, line, rule, field, what, what to do.
    """
    text, content = parse(data, name)
    reader = _Reader(name, content, text, packaged or RuleFile(name))
    found = reader.read()
    if reader.problems:
        raise Misconfigured("\n".join(f"{name}:{line}: {what}" for line, what in sorted(set(reader.problems))))
    return found


class _Reader:
    """Reads the tables of a file, and collects what is wrong with them as lines and messages."""

    def __init__(self, name: str, content: dict[str, Any], text: str, packaged: RuleFile) -> None:
        self.problems: list[tuple[int, str]] = []
        self._name = name
        self._content = content
        self._packaged = packaged
        self._top, self._tables = outline(text)

    def read(self) -> RuleFile:
        if not any(self._content.values()):
            self._wrong(1, f"it holds nothing; a rule file holds {_HOLDS}")
        for key in self._content.keys() - set(_TABLES):
            line = self._tables[key][0].line if key in self._tables else self._top.line_of(key)
            self._wrong(line, f"{key}: does not belong here{near(key, _TABLES)}; a rule file holds {_HOLDS}")
        rules, topics = self._models("rule", Rule), self._models("topic", OwnTopic)
        self._check_rules(rules)
        self._check_topics(topics, [rule for rule, _ in rules])
        return RuleFile(
            self._name,
            tuple(rule for rule, _ in rules),
            tuple(TopicDefinition(topic.id, topic.name, topic.qcode) for topic, _ in topics),
            self._disabled({rule.id for rule, _ in rules}),
            {rule.id: place for rule, place in rules},
        )

    def _wrong(self, line: int, what: str) -> None:
        self.problems.append((line, what))

    def _entries(self, kind: str) -> list[tuple[Any, Place]]:
        """The tables of a kind, each with its place."""
        entries, places = self._content.get(kind, []), self._tables.get(kind, [])
        if isinstance(entries, list) and len(entries) == len(places):
            return list(zip(entries, places, strict=True))
        self._wrong(self._top.line_of(kind), f"{kind}: write each {kind} below a line of its own that says [[{kind}]]")
        return []

    def _models(self, kind: str, model: type[Kind]) -> list[tuple[Kind, Place]]:
        """The tables of a kind as models, but for those that are wrong; an id that comes again is."""
        found: dict[str, tuple[Kind, Place]] = {}
        for number, (entry, place) in enumerate(self._entries(kind), start=1):
            called = f"{kind} {entry['id']!r}" if "id" in entry else f"{kind} number {number}"
            try:
                made = model.model_validate(entry)
            except ValidationError as error:
                for line, key, why in _explanations(error, kind, model, place):
                    self._wrong(line, f"{called}: {key}: {why}")
                continue
            if made.id in found:
                other = found[made.id][1].line
                self._wrong(place.line_of("id"), f"{called}: id: the {kind} in line {other} has it too; give another")
            else:
                found[made.id] = (made, place)
        return list(found.values())

    def _check_rules(self, rules: list[tuple[Rule, Place]]) -> None:
        """Each speaks for a topic that there is."""
        named = [str(entry.get("id")) for entry, _ in self._entries("topic")] if "topic" in self._content else []
        topics = [*TOPICS, *named]
        for rule, place in rules:
            if rule.topic not in topics:
                what = f"rule {rule.id!r}: topic: there is no topic {rule.topic!r}{near(rule.topic, topics)}"
                known = f"the topics are {', '.join(topics)}, and those that you add with a [[topic]] table"
                self._wrong(place.line_of("topic"), f"{what}; {known}")

    def _check_topics(self, topics: list[tuple[OwnTopic, Place]], rules: list[Rule]) -> None:
        """None is one of the taxonomy, and each can be given."""
        spoken_for = {rule.topic for rule in rules if rule.weight > 0}
        for topic, place in topics:
            if topic.id in TOPICS:
                what = "the taxonomy has it already; leave the table out, or give another id"
                self._wrong(place.line_of("id"), f"topic {topic.id!r}: id: {what}")
            elif topic.id not in spoken_for:
                what = f'no rule speaks for it; add a [[rule]] with  topic = "{topic.id}"  and a weight above 0'
                self._wrong(place.line, f"topic {topic.id!r}: {what}")

    def _disabled(self, own: set[str]) -> tuple[str, ...]:
        """The packaged rules that are switched off."""
        ids, line = self._content.get("disable", []), self._top.line_of("disable")
        if not isinstance(ids, list) or not all(isinstance(rule, str) for rule in ids):
            self._wrong(line, 'disable: must be a list of ids in quotes, for example ["defense-ranks"]')
            return ()
        for rule in ids:
            if rule not in self._packaged.ids:
                self._wrong(line, f"disable: there is no packaged rule {rule!r}{near(rule, self._packaged.ids)}")
            elif rule in own:
                self._wrong(line, f"disable: rule {rule!r} is replaced in this file too; do one or the other")
        return tuple(dict.fromkeys(ids))


def _explanations(
    error: ValidationError, kind: str, model: type[BaseModel], place: Place
) -> Iterator[tuple[int, str, str]]:
    """The line and the field of each thing that is wrong with a table, and what to do."""
    told = set()
    for wrong in error.errors(include_url=False, include_context=False):
        key, why = explained(wrong, kind, model)
        if wrong["type"] != "too_short" or key not in told:  # a list whose entries are wrong counts as empty
            told.add(key)
            yield place.line_of(key), key, why
