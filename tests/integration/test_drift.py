"""``copydesk drift`` on a real stream that real workers wrote."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.articles import article
from tests.integration.conftest import Stack
from worker.classify.model import packaged
from worker.profiles import LEAST

MakeStack = Callable[..., Stack]


def articles(first: int, count: int, last: str = "The ministers meet again in spring.") -> str:
    """Lines of JSON, an article each."""
    parts = (article(number, last).split("\n\n", 1) for number in range(first, first + count))
    return "\n".join(json.dumps({"headline": headline, "text": text}) for headline, text in parts)


def strange(first: int, count: int) -> str:
    """Articles with words that nobody has heard of."""
    words = ". ".join(" ".join(f"zq{letter}x{other}" for other in "abcdefghijklmno") for letter in "abcdefgh")
    return articles(first, count, f"The words of the treaty are {words}.")


def drop(stack: Stack, name: str, content: str, entries: int) -> None:
    stack.drop(name, content)
    stack.wait_until(lambda: stack.settled() and len(stack.events()) == entries, f"{entries} entries", seconds=60)


def test_the_stream_is_compared_with_the_training_and_with_the_desks_own_past(
    make_stack: MakeStack, tmp_path: Path
) -> None:
    stack, usual = make_stack(), str(tmp_path / "usual.json")
    assert "Too few articles to judge" in stack.run("drift")
    stack.start()
    drop(stack, "few.jsonl", articles(0, LEAST - 1), LEAST - 1)
    assert json.loads(stack.run("drift", "--json"))["judgement"] == "too few"
    assert "too few for a baseline" in stack.run("drift", "--save", usual, status=1)

    drop(stack, "more.jsonl", articles(LEAST, 21), LEAST + 20)
    found = json.loads(stack.run("drift", "--json"))
    assert found["baseline"]["file"] is None
    assert found["now"]["model"] == packaged().id
    assert found["now"]["topics"] == {"diplomacy": LEAST + 20}
    assert {measure["name"]: measure["judgement"] for measure in found["measures"]}["topics"] == "act"
    assert "the packaged baseline" in stack.run("drift")

    assert f"copydesk drift --baseline {usual}" in stack.run("drift", "--save", usual)
    same = json.loads(stack.run("drift", "--json", "--baseline", usual))
    assert (same["baseline"]["file"], same["judgement"]) == (usual, "no change")

    drop(stack, "strange.jsonl", strange(1000, LEAST), 2 * LEAST + 20)
    said = stack.run("drift", "--baseline", usual, "--last", str(LEAST))
    assert f"your own baseline {usual}" in said
    assert "Retrain the model" in said
