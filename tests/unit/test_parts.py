"""A file of several articles: its runs, its limits, and what the file says of its articles at the end."""

import itertools
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import fakeredis
import pytest

from tests.articles import article
from tests.records import TRACEPARENT
from worker import attempt, bench, parts
from worker.bench import Bench
from worker.claim_check import Submission
from worker.errors import Rejected, Unavailable
from worker.models import Document
from worker.parts import work_on
from worker.publish import Outcome
from worker.settings import Settings
from worker.tracing import Run

CLAIM = "20260131T120000000000-000000000000"
SUBMISSION: Submission = {
    "claim": CLAIM,
    "inbox": "inbox",
    "inbox_id": "id",
    "path": "day.zip",
    "size": 3,
    "received_at": "2026-01-31T12:00:00+00:00",
    "traceparent": TRACEPARENT,
}
FILE = Document("day.zip", b"...", datetime(2026, 1, 31, 12, tzinfo=UTC))


class Desk:
    """A worker, and a file of texts; after the last of them an error, if there is one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        client = fakeredis.FakeRedis()
        monkeypatch.setattr(bench, "connect", lambda _address: client)
        self.at = Bench(Settings(prefix=uuid.uuid4().hex))
        self.client, self.keys = client, self.at.keys
        client.set(self.keys.marker("id"), 1)
        client.set(self.keys.blob(CLAIM), b"...")
        self.texts: list[str] = []
        self.error: Exception | None = None
        monkeypatch.setattr(attempt, "unpack_document", self.unpack)
        monkeypatch.setattr(parts, "BATCH_SECONDS", 60.0)  # however slow the machine is

    def unpack(self, document: Document) -> Iterator[Document]:
        for number, text in enumerate(self.texts, start=1):
            yield document.contained(f"{number}.txt", text.encode())
        if self.error:
            raise self.error

    def run(self) -> bool:
        with self.at.checks.begin([SUBMISSION]) as (delivery,):
            return work_on(delivery, FILE, self.at, Run(SUBMISSION["traceparent"], {}))

    def outcome(self) -> Outcome:
        return self.at.checks.outcomes([CLAIM])[CLAIM]

    def statuses(self) -> list[tuple[str | None, str]]:
        return [(part.number, part.status) for part in self.outcome().parts]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def test_a_file_says_what_became_of_each_of_its_articles(desk: Desk) -> None:
    desk.texts = [article(1), "", article(2), article(1)]
    assert desk.run()
    outcome = desk.outcome()
    assert (outcome.status, outcome.entry) == ("published", "")
    assert desk.statuses() == [("1", "published"), ("2", "rejected"), ("3", "published"), ("4", "duplicate")]
    assert outcome.rejection
    assert outcome.rejection.detail == (
        "1 of 4 articles gave no record (empty 1):\n  day.zip#2.txt: empty, it holds no bytes"
    )
    assert not desk.client.exists(desk.keys.parts(CLAIM), desk.keys.blob(CLAIM), desk.keys.attempts(CLAIM))


def test_what_comes_before_a_break_is_published_and_the_rest_is_one_rejection(desk: Desk) -> None:
    desk.texts, desk.error = [article(1), article(2)], Rejected("parse", "unreadable", "it is cut off")
    assert desk.run()
    assert desk.statuses() == [("1", "published"), ("2", "published"), ("rest", "rejected")]
    rejection = desk.outcome().rejection
    assert rejection
    assert rejection.detail == "What follows the first 2 articles: unreadable, it is cut off"


def test_a_long_file_is_handed_on_and_goes_on_where_it_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "BATCH_SECONDS", 0.0)
    desk.texts = [article(number) for number in range(3)]
    seen: list[str] = []
    whole = parts.attempt_part
    monkeypatch.setattr(parts, "attempt_part", lambda part, *rest: (seen.append(part.part), whole(part, *rest))[1])
    assert [desk.run() for _ in range(4)] == [False, False, False, True]
    assert seen == ["1.txt", "2.txt", "3.txt"]
    assert desk.client.xlen(desk.keys.articles) == 3


def test_records_are_published_a_chunk_at_a_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "CHUNK", 4)
    desk.texts = [article(number) for number in range(10)]
    sizes: list[int] = []
    publish = desk.at.publisher.publish

    def counting(outputs: Any) -> Any:
        sizes.append(len(outputs))
        return publish(outputs)

    monkeypatch.setattr(desk.at.publisher, "publish", counting)
    desk.run()
    assert sizes == [4, 4, 2]


@pytest.mark.parametrize(
    ("name", "limit", "reason"), [("MAX_SECONDS", 0.0, "timed_out"), ("MAX_RECORD_BYTES", 1000, "too_large")]
)
def test_what_is_too_much_of_a_file_is_rejected_in_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, limit: float, reason: str
) -> None:
    monkeypatch.setattr(parts, name, limit)
    monkeypatch.setattr(parts, "BATCH_SECONDS", 0.0)  # the limits count what earlier runs did
    desk.texts = [article(number) for number in range(5)]
    assert [desk.run(), desk.run()] == [False, True]
    assert desk.statuses() == [("1", "published"), ("rest", "rejected")]
    rejection = desk.outcome().rejection
    assert rejection
    assert reason in rejection.detail
    assert "article 2 and what follows were not read" in rejection.detail


def test_a_file_whose_outcomes_were_lost_is_not_settled(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "CHUNK", 1)
    desk.texts = [article(number) for number in range(3)]
    process = parts.attempt_part
    calls = itertools.count()

    def forgetful(*arguments: Any) -> Any:
        if next(calls) == 2:
            desk.client.delete(desk.keys.parts(CLAIM))
        return process(*arguments)

    monkeypatch.setattr(parts, "attempt_part", forgetful)
    with pytest.raises(Unavailable, match="lost what became"):
        desk.run()
    assert desk.client.exists(desk.keys.blob(CLAIM))
    assert desk.run()
    assert [status for _, status in desk.statuses()] == ["duplicate", "duplicate", "published"]


def test_a_run_that_redis_cut_short_after_progress_does_not_count_below_none(desk: Desk) -> None:
    with desk.at.checks.begin([SUBMISSION]):
        desk.client.delete(desk.keys.attempts(CLAIM))  # as publishing a part does
        desk.at.checks.take_back([SUBMISSION])
    with desk.at.checks.begin([SUBMISSION]) as (delivery,):
        assert delivery.runs_alone == 1


class ProcessDiesError(BaseException):
    """As if the process ended."""


def test_only_the_article_that_ends_its_process_is_rejected(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.texts = [article(number) for number in range(6)]
    process = parts.attempt_part

    def deadly(part: Document, *rest: Any) -> Any:
        if part.part == "4.txt":
            raise ProcessDiesError
        return process(part, *rest)

    monkeypatch.setattr(parts, "attempt_part", deadly)
    assert _runs_until_settled(desk) == 5
    rejected = [("4", "rejected")]
    assert [pair for pair in desk.statuses() if pair[1] != "published"] == rejected
    assert len(desk.statuses()) == 6


def test_unpacking_that_ends_its_process_rejects_what_it_does_not_reach(desk: Desk) -> None:
    desk.texts, desk.error = [article(1), article(2)], ProcessDiesError()  # type: ignore[assignment]
    assert _runs_until_settled(desk) == 5
    assert desk.statuses() == [("1", "published"), ("2", "published"), ("rest", "rejected")]


def _runs_until_settled(desk: Desk) -> int:
    """How many runs died before the one that settled the file."""
    for deaths in range(20):
        try:
            if desk.run():
                return deaths
        except ProcessDiesError:
            continue
    pytest.fail("never settled")


def test_articles_that_hang_do_so_a_bounded_number_of_times(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.texts = [article(1), article(2)]

    def hanging(*_: object) -> Any:
        raise attempt.Failed("timed_out", "still busy")

    monkeypatch.setattr(parts, "attempt_part", hanging)
    assert list(itertools.takewhile(lambda done: not done, (desk.run() for _ in range(20)))) == [False] * 5
    assert desk.statuses() == [("1", "rejected"), ("2", "rejected")]
    assert desk.outcome().status == "rejected"
