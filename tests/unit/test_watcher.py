"""The watcher's rounds: one odd entry, a world in trouble, a lost message; the good files go on."""

import contextlib
import errno
import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import fakeredis
import pytest

from tests.records import record
from worker.bench import output_of
from worker.claim import Claim
from worker.claim_check import ClaimCheck, Submission
from worker.flights import BURIED_AFTER, LOST_AFTER, PATIENCE, Flights
from worker.healing import Healing
from worker.hints import Hints
from worker.inbox import Inbox
from worker.journal import Journal, Settled
from worker.keys import Keys
from worker.ledger import Ledger
from worker.publish import Publisher
from worker.settings import Settings
from worker.settling import Signature
from worker.walking import Waiting
from worker.watcher import Watcher

BAD = [f"bad-{number}.txt" for number in range(10)]
GOOD = [f"good-{number}.txt" for number in range(10)]


class StubbornInbox(Inbox):
    """An inbox on a file system that refuses some of what is asked for files called ``bad``."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.refuse: dict[str, int] = {}
        self.refused = 0

    def _check(self, what: str, path: str) -> None:
        if what in self.refuse and "bad" in path:
            self.refused += 1
            raise OSError(self.refuse[what], os.strerror(self.refuse[what]))

    def claim(self, found: Waiting, now: datetime) -> Claim | None:
        self._check("claim", found.path)
        return super().claim(found, now)

    def read(self, claim: Claim, limit: int) -> tuple[bytes, Signature]:
        self._check("read", claim.path)
        return super().read(claim, limit)


class Desk:
    """A watcher whose clock is turned by hand, and a worker that publishes whatever is rung for."""

    def __init__(self, root: Path, **settings: float) -> None:
        self.root = root
        self.client = fakeredis.FakeRedis()
        self.keys = Keys(uuid.uuid4().hex)
        self.now = 1000.0
        self.rung: list[Submission] = []
        self.deaf = False
        self.settings = Settings(inbox=root, settle=0.1, settle_unsure=0.2, **settings)
        self.publisher = Publisher(self.client, self.keys, ledger_days=1)
        self.hints = Hints(root)
        self.restart()

    def restart(self) -> None:
        self.inbox = StubbornInbox(self.root)
        self.inbox.prepare()
        checks = ClaimCheck(self.client, self.keys)
        self.journal = Journal(self.inbox)
        self.flights = Flights(self.settings, self.inbox, self.journal, checks, self.publisher, self.ring)
        self.marker = self.keys.marker(self.journal.identity())
        ledger = Ledger(self.client, self.keys, self.journal.identity(), days=1)
        healing = Healing(self.settings, self.inbox, self.journal, ledger, self.flights)
        self.watcher = Watcher(self.settings, self.inbox, self.flights, healing, lambda _fields: None)

    def ring(self, submissions: Sequence[Submission]) -> None:
        self.rung += submissions
        if not self.deaf:
            self.publish(submissions)

    def publish(self, submissions: Sequence[Submission]) -> None:
        for number, submission in enumerate(submissions):
            article = record(submission["claim"], id=f"{submission['path']}-{number}")
            self.publisher.publish([output_of(submission, article)])

    def drop(self, *names: str) -> None:
        for name in names:
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
        self.hints.happened = True

    def pass_time(self, seconds: float, *, in_trouble: bool = False) -> None:
        """Let the watcher do its rounds for so long."""
        end = self.now + seconds
        while self.now < end:
            self.now += 0.1
            with contextlib.suppress(OSError) if in_trouble else contextlib.nullcontext():
                self.watcher.step(self.now, self.hints)

    def names(self, place: str) -> list[str]:
        return sorted(name for _, _, names in os.walk(self.root / place) for name in names)


MakeDesk = Callable[..., Desk]


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[MakeDesk]:
    with contextlib.ExitStack() as cleanup:

        def make(**settings: float) -> Desk:
            desk = Desk(tmp_path / "inbox", **settings)
            cleanup.callback(desk.hints.close)
            return desk

        yield make


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk()


@pytest.mark.parametrize("code", [errno.EACCES, errno.EXDEV, errno.EPERM])
def test_a_file_that_cannot_be_claimed_holds_up_no_other(desk: Desk, code: int) -> None:
    desk.inbox.refuse = {"claim": code}
    desk.drop(*BAD, *GOOD)
    desk.pass_time(2)
    assert desk.names("_done") == GOOD
    assert desk.inbox.refused == len(BAD)
    desk.inbox.refuse = {}
    desk.pass_time(PATIENCE + 1)
    assert desk.names("_done") == [*BAD, *GOOD]


def test_a_full_disk_takes_nothing_in_and_what_is_in_flight_goes_on(desk: Desk) -> None:
    desk.deaf = True
    desk.drop("a.txt")
    desk.pass_time(1)
    desk.deaf = False
    desk.inbox.refuse = {"claim": errno.ENOSPC}
    desk.drop(*BAD)
    desk.pass_time(LOST_AFTER + 2, in_trouble=True)
    assert desk.names("_done") == ["a.txt"]
    assert set(BAD) <= set(os.listdir(desk.root))
    desk.inbox.refuse = {}
    desk.pass_time(2)
    assert desk.names("_done") == ["a.txt", *BAD]


def test_a_claim_that_cannot_be_read_holds_up_no_other_and_is_rejected_in_the_end(desk: Desk) -> None:
    desk.inbox.refuse = {"read": errno.EIO}
    desk.drop("bad.txt", *GOOD)
    desk.pass_time(2)
    assert desk.names("_done") == GOOD
    desk.pass_time(4 * PATIENCE)
    assert desk.names("_failed") == ["bad.txt", "bad.txt.error.json"]


def test_a_file_that_was_unreadable_for_a_while_is_published(desk: Desk) -> None:
    desk.inbox.refuse = {"read": errno.ESTALE}
    desk.drop("bad.txt")
    desk.pass_time(2)
    desk.inbox.refuse = {}
    desk.pass_time(2 * PATIENCE)
    assert desk.names("_done") == ["bad.txt"]


def test_what_others_put_into_our_folders_is_left_alone(desk: Desk) -> None:
    desk.drop("_claimed/backup/a.txt", "_claimed/Thumbs.db", *GOOD)
    desk.restart()
    desk.pass_time(2)
    assert desk.names("_done") == GOOD
    assert desk.names("_claimed") == ["Thumbs.db", "a.txt"]


def test_what_others_put_beside_a_claimed_file_never_takes_its_place(desk: Desk) -> None:
    desk.deaf = True
    desk.drop("news/story.txt")
    desk.pass_time(1)
    (claim,) = desk.rung
    desk.drop(f"_claimed/{claim['claim']}/news/.DS_Store", f"_claimed/{claim['claim']}/news/aside.txt")
    desk.deaf = False
    desk.restart()
    desk.pass_time(2 * LOST_AFTER + 30)
    assert desk.names("_done") == ["aside.txt", "story.txt"]
    assert len({submission["claim"] for submission in desk.rung}) == 2


def test_a_file_with_the_name_of_a_folder_that_is_needed_is_no_obstacle(desk: Desk) -> None:
    desk.drop("politics")
    desk.pass_time(1)
    (desk.root / "politics").mkdir()
    desk.drop("politics/a.txt")
    desk.pass_time(1)
    assert desk.names("_done") == ["a.txt", "politics"]
    assert desk.names("_claimed") == []


def test_an_outcome_that_cannot_be_read_ends_nothing(desk: Desk) -> None:
    desk.deaf = True
    desk.drop("odd.txt")
    desk.pass_time(1)
    desk.client.set(desk.keys.outcome(desk.rung[0]["claim"]), '{"status":"rejected","entry":"1-0","rejection":"{}"}')
    desk.deaf = False
    desk.drop(*GOOD)
    desk.pass_time(1)
    assert desk.names("_done") == GOOD


def test_slow_writers_hide_nothing_that_is_complete(make_desk: MakeDesk) -> None:
    desk = make_desk(max_in_flight=1)
    slow = []
    for number in range(1200):
        path = desk.root / f"slow-{number}.txt"
        slow.append(path.open("w"))
    desk.drop(*GOOD)
    desk.pass_time(4)
    for file in slow:
        file.close()
    assert set(GOOD) <= set(desk.names("_done"))


def test_a_backlog_is_looked_at_a_part_at_a_time(make_desk: MakeDesk) -> None:
    desk = make_desk(max_in_flight=2)
    desk.deaf = True
    desk.drop(*(f"{number}.txt" for number in range(3000)))
    for _ in range(5):
        desk.pass_time(1)
        assert len(desk.watcher._settling) <= 1000
        desk.publish(desk.rung[-2:])
    assert len(desk.names("_done")) == 8


def test_our_folders_are_made_again_when_somebody_removed_them(desk: Desk) -> None:
    for name in ("_claimed", "_done", "_failed"):
        (desk.root / name).rmdir()
    desk.drop(*GOOD)
    desk.pass_time(2)
    assert desk.names("_done") == GOOD


def test_a_lost_message_is_rung_for_again(desk: Desk) -> None:
    desk.deaf = True
    desk.drop("a.txt")
    desk.pass_time(1)
    assert len(desk.rung) == 1
    desk.deaf = False
    desk.pass_time(LOST_AFTER + 1)
    assert desk.names("_done") == ["a.txt"]
    assert len(desk.rung) == 2


def test_what_may_be_in_a_queue_is_rung_for_seldom_and_ever_more_seldom(desk: Desk) -> None:
    desk.deaf = True
    desk.client.rpush(f"{desk.keys.broker}ingest", "somebody else's work")
    desk.drop("a.txt")
    desk.pass_time(BURIED_AFTER)
    assert len(desk.rung) == 1
    desk.pass_time(2 * BURIED_AFTER)
    assert len(desk.rung) == 2
    desk.pass_time(2 * BURIED_AFTER)
    assert len(desk.rung) == 2


def test_a_restart_rings_for_nothing_that_may_be_in_a_queue(desk: Desk) -> None:
    desk.deaf = True
    desk.drop("a.txt")
    desk.pass_time(1)
    desk.client.rpush(f"{desk.keys.broker}ingest", "the message")
    for _ in range(5):
        desk.restart()
        desk.pass_time(LOST_AFTER + 1)
    assert len(desk.rung) == 1


def test_a_file_with_a_known_outcome_is_rung_for_no_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise OSError(errno.EIO, "refused")

    with monkeypatch.context() as trouble:
        trouble.setattr(desk.inbox, "finish", refuse)
        desk.drop("a.txt")
        desk.pass_time(3 * LOST_AFTER + 1)
        assert len(desk.rung) == 1
    desk.pass_time(PATIENCE + 1)
    assert desk.names("_done") == ["a.txt"]


def test_a_file_that_was_written_to_after_it_was_read_is_read_again(desk: Desk) -> None:
    desk.deaf = True
    desk.drop("a.txt")
    desk.pass_time(1)
    (first,) = desk.rung
    with (desk.root / "_claimed" / first["claim"] / "a.txt").open("a") as late:
        late.write("more")
    desk.deaf = False
    desk.publish([first])
    desk.pass_time(1)
    assert [submission["path"] for submission in desk.rung] == ["a.txt", "a.txt"]
    assert desk.names("_done") == ["a.txt"]
    assert desk.rung[1]["claim"] != first["claim"]


def test_no_more_is_in_flight_than_there_is_room_for(make_desk: MakeDesk) -> None:
    desk = make_desk(max_in_flight=4, max_in_flight_bytes=30)
    desk.deaf = True
    desk.drop(*GOOD)  # of ten bytes each
    desk.pass_time(1)
    assert len(desk.flights) == 3
    desk.publish(desk.rung)
    desk.pass_time(1)
    assert len(desk.names("_done")) == 3
    assert len(desk.flights) == 3


def test_while_files_are_in_flight_the_next_ones_are_taken_in_together(desk: Desk) -> None:
    desk.deaf = True
    desk.drop(*GOOD)
    desk.pass_time(0.5)
    assert len(desk.flights) == len(GOOD)
    settled = desk.now + desk.settings.settle
    desk.drop("early.txt")
    desk.watcher.step(desk.now, desk.hints)
    desk.drop("late.txt")
    desk.watcher.step(settled - 0.002, desk.hints)  # a look that is too early for both
    desk.watcher.step(settled + 0.002, desk.hints)
    assert len(desk.rung) == len(GOOD)
    desk.watcher.step(settled + desk.settings.settle, desk.hints)
    assert {submission["path"] for submission in desk.rung[len(GOOD) :]} == {"early.txt", "late.txt"}


def test_a_file_is_taken_in_as_soon_as_it_has_settled_when_nothing_is_in_flight(desk: Desk) -> None:
    settled = desk.now + desk.settings.settle
    desk.drop("early.txt")
    desk.watcher.step(desk.now, desk.hints)
    desk.drop("late.txt")
    desk.watcher.step(settled - 0.002, desk.hints)
    desk.watcher.step(settled + 0.002, desk.hints)
    assert [submission["path"] for submission in desk.rung] == ["early.txt"]


def test_the_message_of_a_claim_is_always_the_same(desk: Desk) -> None:
    desk.deaf = True
    desk.drop("a.txt")
    desk.pass_time(1)
    desk.restart()
    desk.pass_time(LOST_AFTER + 1)
    first, second = desk.rung
    assert first == second
    assert datetime.fromisoformat(first["received_at"]).tzinfo == UTC


def test_a_flush_in_the_midst_of_restoring_begins_it_anew(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.drop(*GOOD)
    desk.pass_time(1)
    desk.client.flushall()
    for day in ("29990101", "29990102"):  # days without anything to restore, for two more steps
        (desk.root / ".journal" / f"{day}.elsewhere.jsonl").write_text("\n")
    desk.now += 1
    desk.watcher.step(desk.now, desk.hints)
    assert not desk.client.exists(desk.marker)
    desk.client.flushall()
    desk.pass_time(5)
    assert desk.client.exists(desk.marker)
    assert desk.client.xlen(desk.keys.articles) == len(GOOD)
    assert desk.names("_done") == GOOD


def test_an_outcome_that_was_learned_before_a_flush_is_not_believed(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.drop("good.txt")
    while not desk.client.xlen(desk.keys.articles):
        desk.pass_time(0.1)
    desk.flights.learn_outcomes()
    assert desk.names("_claimed") == ["good.txt"]
    desk.client.flushall()
    desk.pass_time(LOST_AFTER + 1)
    assert desk.client.xlen(desk.keys.articles) == 1
    assert desk.names("_done") == ["good.txt"]


def test_what_is_settled_is_older_than_the_marker_so_that_its_loss_is_noticed(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk()
    desk.deaf = True
    desk.drop("good.txt")
    desk.pass_time(0.5)

    def publish_and_learn(learn: Callable[[], None] = desk.flights.learn_outcomes) -> None:
        marked = desk.client.get(desk.marker)
        while desk.client.time()[0] * 1000 + desk.client.time()[1] // 1000 <= int(marked):
            continue
        desk.publish(desk.rung)
        learn()

    monkeypatch.setattr(desk.flights, "learn_outcomes", publish_and_learn)
    desk.watcher.step(desk.now + 1, desk.hints)
    assert desk.names("_done") == ["good.txt"]
    ((entry, _),) = desk.client.xrange(desk.keys.articles)
    assert int(desk.client.get(desk.marker)) >= int(entry.partition(b"-")[0])


def test_the_journal_knows_no_version_of_an_article_before_the_earlier_ones(desk: Desk) -> None:
    desk.deaf = True
    desk.drop(*GOOD)
    desk.pass_time(0.5)
    for submission in reversed(desk.rung):  # so the last that was claimed has the first version
        article = record(submission["claim"], id="one")
        desk.publisher.publish([output_of(submission, article)])
    desk.pass_time(0.1)
    assert desk.names("_done") == GOOD
    days = desk.journal.days(changed_since=0.0)
    settled = [found for day in days for found in desk.journal.of_day(day).values() if isinstance(found, Settled)]
    assert [found.version for found in sorted(settled, key=lambda found: found.at)] == list(range(1, len(GOOD) + 1))


def test_a_file_whose_articles_are_being_published_is_not_submitted_again(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.deaf = True
    desk.drop("day.jsonl")
    desk.pass_time(1)
    (submission,) = desk.rung
    for number in range(5):
        part = output_of(submission, record(f"{number}", id=f"{number}"), number=str(number))
        desk.publisher.publish([part])
        desk.pass_time(LOST_AFTER)
    assert len(desk.rung) == 1
    desk.pass_time(2 * LOST_AFTER)
    assert len(desk.rung) > 1
