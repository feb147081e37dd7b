"""``copydesk rules check``: what a rule file does to the packaged rules, and whether the rules do what they should."""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from worker.classify.rule_file import RuleFile
from worker.classify.rules import joined, packaged_rules, read_own


def check(own_path: Path | None, console: Console) -> bool:
    """Say what the packaged rules and a user's own file hold, and which of their examples fail.

    Args:
        own_path: The user's file; None: the packaged rules only.
        console: Where to say it.

    Returns:
        Whether every example holds.

    Raises:
        Misconfigured: The file cannot be read, or something in it is wrong.
    """
    packaged = packaged_rules()
    own = read_own(own_path, packaged) if own_path else RuleFile("")
    rules = joined(packaged, own)
    lines = [f"{packaged.name}, which comes with copydesk: {_count(len(packaged.rules), 'rule')}"]
    if own_path:
        lines += [f"{own.name}: {_count(len(own.rules), 'rule')}", *_changes(packaged, own)]
    for line in lines:
        console.print(Text(line))
    broken = rules.broken_examples()
    for rule, field, what in broken:
        file = own if rule in own.rules else packaged
        message = f"{file.where(rule.id, field)}: {what}; mend the patterns or the sentence"
        console.print(Text(message, style="red"))
    total = f"Together {_count(len(rules.rules), 'rule')} for {_count(len(rules.topics), 'topic')}"
    verdict = f"{_count(len(broken), 'example')} wrong" if broken else "every example holds"
    console.print(Text(f"{total}; {verdict}.", style="red" if broken else "green"))
    return not broken


def _changes(packaged: RuleFile, own: RuleFile) -> list[str]:
    """What a user's file does, a line for each thing."""
    new = [rule.id for rule in own.rules if rule.id not in packaged.ids]
    return [
        *(f"  adds the topic {topic.id} ({topic.name})" for topic in own.topics),
        *(f"  adds the rule {rule}" for rule in new),
        *(f"  replaces the rule {rule.id}" for rule in own.rules if rule.id in packaged.ids),
        *(f"  switches off the rule {rule}" for rule in own.disabled),
    ]


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
