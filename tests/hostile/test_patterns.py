"""Every regular expression of the project, against input that goes round in circles."""

import importlib
import itertools
import pkgutil
import random
import re
from collections import deque
from collections.abc import Iterator

import pytest

import schemas
import worker
from tests.growth import TIMES, grows_too_fast
from tests.hostile.corpus.patterns import ATTACKS
from worker.cleaning import bylines, dates, notices, phrases
from worker.limits import TimeLimitReached, time_limit

SECONDS = 60.0  # an end for what would take for ever
MOST = 20_000  # characters, where no bound is known: what is quadratic takes hundreds of millions of steps
BOUNDS = {  # of the texts that the patterns of these modules are tried on
    "worker.cleaning.phrases": 2 * phrases.MAX_SHORT,
    "worker.cleaning.notices": notices.MAX_NOTICE,
    "worker.cleaning.german": notices.MAX_NOTICE,
    "worker.cleaning.french": notices.MAX_NOTICE,
    "worker.cleaning.dates": dates.MAX_LENGTH,
    "worker.cleaning.bylines": 4 * bylines.MAX_BYLINE,
    "worker.cleaning.captions": 1_000,
    "worker.cleaning.decisions": 700,
    "worker.classify.phrases": 5_000,  # of a rule's pattern; a text's words are tried one by one
    "worker.formats": 4_096,
    "worker.formats.claims": 300,
    "worker.formats.html_blocks": 1_000,
    "worker.formats.recognise": 4_096,
}
CIRCLES = (
    " ",
    "\n",
    "a",
    "A",
    "é",
    "1",
    ".",
    "!",
    "-",
    "(",
    "“",
    "<",
    "'",
    "a ",
    "A.",
    "a@",
    "1/",
    "http://",
    "<!--",
    "\n ",
)
TAILS = ("", "x", "x" * 45, "!x", "\x00")


def patterns() -> Iterator[tuple[str, str, re.Pattern[str]]]:
    """Every compiled pattern: its module, a name, itself."""
    for package in (worker, schemas):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for name, value in vars(module).items():
                for number, pattern in enumerate(_within(value)):
                    yield found.name, f"{name}[{number}]", pattern


def _within(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, tuple):
        for member in value:
            yield from _within(member)


def attacks(pattern: re.Pattern[str], most: int) -> Iterator[str]:
    """Texts that go round in circles: those of the corpus, simple ones, and ones of the pattern's own words."""
    own = sorted(set(re.findall(r"[a-z]+(?: [a-z]+)?", pattern.pattern)) - {"s", "d", "w", "b"}) or ["a"]
    dice = random.Random(pattern.pattern.encode("utf-8", "surrogatepass"))  # noqa: S311 - the same each time
    mixed = [(dice.choice(own), f"{dice.choice((' ', '', '-'))}{dice.choice(own)}") for _ in range(60)]
    yield from (attack * (most // len(attack) or 1) for _, attack in ATTACKS)
    for (head, circle), tail in itertools.product([*(("", circle) for circle in CIRCLES), *mixed], TAILS):
        room = most - len(head) - len(tail)
        yield head + circle * (room // len(circle)) + tail


ALL = list(patterns())


@pytest.mark.parametrize(("module", "name", "pattern"), ALL, ids=[f"{module}.{name}" for module, name, _ in ALL])
def test_no_pattern_is_kept_busy(module: str, name: str, pattern: re.Pattern[str]):
    most = BOUNDS.get(module, MOST)
    for attack in attacks(pattern, most):
        try:
            with time_limit(SECONDS):
                grows = grows_too_fast(
                    lambda text: deque(pattern.finditer(text), 0), attack[:most], attack[: most // 2]
                )
        except TimeLimitReached:
            grows = True
        assert not grows, f"{module}.{name} takes more than {TIMES:g} times as long on twice of {attack[:80]!r} …"
