"""Running cases, each in a process of its own, under the service's own limits: ``python -m tests.hostile [WORDS]``."""

import json
import os
import selectors
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from schemas.article import Article
from tests.hostile.case import Case
from worker.attempt import Failed, attempt_part, parts_of
from worker.classify import Classify, load_classifier
from worker.enrich.language import detect_language
from worker.errors import Rejected
from worker.limits import limit_memory
from worker.models import Document
from worker.names import display
from worker.pipeline import process
from worker.rejections import explain
from worker.settings import Settings

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
AT_ONCE = 2
SECONDS = 10.0
MEGABYTES = 1000.0
UNEXPLAINED = {"died", "crashed", "timed_out", "out_of_memory"}
_WARM_UP = (
    ("a.html", b"<html><body><p>The river rose in the night, the mayor said.</p></body></html>"),
    ("a.json", b'{"title": "The river rose in the night", "body": "The river rose in the night, the mayor said."}'),
    ("a.txt", "Заголовок\n\nМинистры договорились о новых переговорах.".encode("koi8-r")),
)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a case.

    Attributes:
        name: The case's.
        end: ``record``, the reason of a rejection, or ``died``.
        detail: Why it was rejected, or how its process died.
        seconds: That the attempt took, on the clock.
        cpu: Likewise, of processor time.
        megabytes: The most memory that its process ever held: its peak resident set, in MB.
    """

    name: str
    end: str
    detail: str
    seconds: float
    cpu: float
    megabytes: float

    def __str__(self) -> str:
        costs = f"{self.seconds:6.2f} s {self.cpu:6.2f} s of CPU {self.megabytes:5.0f} MB"
        return f"{costs}  {self.name}: {self.end} {self.detail}"


def warm_up(settings: Settings) -> Classify:
    """Load what a worker process has loaded once it has seen a file of each sort."""
    classify = load_classifier(settings.rules)
    detect_language("The language model is loaded with its first text.")
    for name, data in _WARM_UP:
        try:
            process(Document(name, data, NOW), classify)
        except Rejected:
            continue
    return classify


def fault(case: Case, result: Result) -> str | None:
    """What is wrong with how a case ended; None: nothing."""
    if result.end in UNEXPLAINED:
        return "nothing explains its end"
    if case.expect and result.end not in case.expect:
        return f"not {' or '.join(sorted(case.expect))}"
    if result.seconds > SECONDS:
        return f"more than {SECONDS:g} s"
    if result.megabytes > MEGABYTES:
        return f"more than {MEGABYTES:g} MB"
    return None


def run_all(cases: Sequence[Case], settings: Settings) -> Iterator[tuple[Case, Result]]:
    """Some cases and their results, as they come: each ran in a process forked from this one, two at once."""
    classify = warm_up(settings)
    waiting = list(reversed(cases))
    with selectors.DefaultSelector() as running:
        while waiting or running.get_map():
            while waiting and len(running.get_map()) < AT_ONCE:
                case = waiting.pop()
                pipe, pid = _fork(case, classify, settings)
                running.register(pipe, selectors.EVENT_READ, (case, pid))
            for key, _ in running.select():
                running.unregister(key.fd)
                case, pid = key.data
                yield case, _collect(case, pid, key.fd)


def _fork(case: Case, classify: Classify, settings: Settings) -> tuple[int, int]:
    out, into = os.pipe()
    pid = os.fork()
    if pid:
        os.close(into)
        return out, pid
    try:
        limit_memory(settings.memory_limit_mb)
        with os.fdopen(into, "w", encoding="utf-8") as pipe:
            json.dump(_run(case, classify, settings), pipe)
        os._exit(0)
    finally:
        os._exit(3)


def _run(case: Case, classify: Classify, settings: Settings) -> tuple[str, str, float, float]:
    document = Document(display(case.file), case.data(), NOW)
    started, cpu = time.monotonic(), time.process_time()
    end, detail = _outcome(document, classify, settings)
    return end, detail, time.monotonic() - started, time.process_time() - cpu


def _outcome(document: Document, classify: Classify, settings: Settings) -> tuple[str, str]:
    """What became of a file: of its articles one whose end nothing explains, else why the rest was not read, else the
    best end of an article."""
    ends, rest = [], []
    try:
        for _, part in parts_of(document, settings):
            ends.append(_part_outcome(part, classify, settings))
    except Rejected as error:
        explain(error, document).model_dump_json()
        rest = [(error.reason, error.detail)]
    except Failed as failure:
        rest = [(failure.reason, failure.detail)]
    ordered = [
        *(end for end in ends if end[0] in UNEXPLAINED),
        *rest,
        *(end for end in ends if end[0] == "record"),
        *ends,
    ]
    return next(iter(ordered), ("died", "it holds nothing at all"))


def _part_outcome(document: Document, classify: Classify, settings: Settings) -> tuple[str, str]:
    try:
        record = attempt_part(document, classify, settings)
        again = Article.model_validate_json(record.model_dump_json())
    except Rejected as error:
        rejection = explain(error, document)
        rejection.model_dump_json()
        return error.reason, rejection.detail
    except Failed as failure:
        return failure.reason, failure.detail
    return ("record", "") if again == record else ("died", "the record does not survive being JSON")


def _collect(case: Case, pid: int, pipe: int) -> Result:
    with os.fdopen(pipe, encoding="utf-8") as stream:
        said = stream.read()
    _, status, usage = os.wait4(pid, 0)
    megabytes = usage.ru_maxrss / 1000
    if status or not said:
        spent = usage.ru_utime + usage.ru_stime
        return Result(
            case.name, "died", f"its process ended with {os.waitstatus_to_exitcode(status)}", spent, spent, megabytes
        )
    return Result(case.name, *json.loads(said), megabytes)
