"""The life cycle on disk: every move keeps the bytes, follows no link and overwrites nothing."""

import contextlib
import multiprocessing
import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.records import rejection
from worker.claim import Claim, new_claim_id
from worker.errors import CopydeskError, Misconfigured, Rejected, Unavailable
from worker.failures import failures, put_all_back, put_back
from worker.inbox import Inbox
from worker.sidecar import ENDING
from worker.walking import Waiting

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
MANY = 10**6


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    inbox = Inbox(tmp_path / "inbox", (".bak",))
    inbox.prepare()
    return inbox


def unnoted(_place: str) -> None:
    """Note nothing."""


def drop(inbox: Inbox, name: str, text: str = "text") -> Path:
    path = inbox.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def names(inbox: Inbox) -> list[str]:
    return sorted(found.path for found in inbox.waiting())


def claim(inbox: Inbox, name: str) -> Claim:
    """Claim one file, while its folder is open."""
    for found in inbox.waiting():
        if found.path == name:
            taken = inbox.claim(found, NOW)
            assert taken is not None
            return taken
    raise AssertionError(name)


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


def test_files_in_sub_folders_wait_too(inbox: Inbox) -> None:
    drop(inbox, "a.txt")
    drop(inbox, "euromaidan/b.txt")
    assert names(inbox) == ["a.txt", "euromaidan/b.txt"]


@pytest.mark.parametrize(
    "name", [".a.txt", "~a.txt", "a.tmp", "a.PART", "a.crdownload", "a.swp", "a.filepart", "a.bak", ".git/a.txt"]
)
def test_unfinished_names_are_left_alone(inbox: Inbox, name: str) -> None:
    drop(inbox, name)
    assert names(inbox) == []


def test_our_own_folders_are_ours_only_at_the_top(inbox: Inbox) -> None:
    drop(inbox, "_done/a.txt")
    drop(inbox, "news/_done/b.txt")
    assert names(inbox) == ["news/_done/b.txt"]


def test_a_claimed_file_is_read_and_finished_with_its_path(inbox: Inbox) -> None:
    drop(inbox, "news/a.txt", "the text")
    taken = claim(inbox, "news/a.txt")
    assert names(inbox) == []
    assert list(inbox.claims()) == [taken]
    data, seen = inbox.read(taken, MANY)
    assert data == b"the text"
    assert inbox.unchanged(taken, seen)
    assert inbox.finish(taken, unnoted) == "_done/2026-01-31/news/a.txt"
    assert tree(inbox.root) == ["_done/2026-01-31/news/a.txt"]
    assert list(inbox.claims()) == []
    inbox.tidy()
    assert os.listdir(inbox.root / "_claimed") == []


def test_a_folder_that_holds_a_file_serves_no_other_claim(inbox: Inbox) -> None:
    drop(inbox, "a.txt")
    first = claim(inbox, "a.txt")
    inbox.finish(first, unnoted)
    (inbox.root / "_claimed" / first.id / "stray.txt").write_text("of another")
    drop(inbox, "b.txt")
    second = claim(inbox, "b.txt")
    assert tree(inbox.root / "_claimed") == sorted([f"{first.id}/stray.txt", f"{second.id}/b.txt"])


def test_a_file_that_was_put_back_under_its_claim_stays_there(inbox: Inbox) -> None:
    drop(inbox, "a.txt")
    first = claim(inbox, "a.txt")
    place = inbox.finish(first, unnoted)
    assert inbox.take_back(first, place)
    drop(inbox, "b.txt")
    second = claim(inbox, "b.txt")
    assert set(inbox.claims()) == {first, second}


def test_the_folder_of_a_settled_claim_serves_the_next_one(inbox: Inbox) -> None:
    drop(inbox, "news/a.txt", "first")
    first = claim(inbox, "news/a.txt")
    assert list(inbox.in_flight()) == [first.id]
    inbox.finish(first, unnoted)
    assert list(inbox.in_flight()) == []
    folder = (inbox.root / "_claimed" / first.id).stat().st_ino
    drop(inbox, "desk/b.txt", "second")
    second = claim(inbox, "desk/b.txt")
    assert (inbox.root / "_claimed" / second.id).stat().st_ino == folder
    assert list(inbox.claims()) == [second]
    assert inbox.read(second, MANY)[0] == b"second"
    inbox.finish(second, unnoted)
    assert tree(inbox.root) == ["_done/2026-01-31/desk/b.txt", "_done/2026-01-31/news/a.txt"]


def test_no_more_folders_are_kept_than_are_of_use(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.claimed.MAX_SPARE", 2)
    for name in ("a.txt", "news/b.txt", "news/desk/c.txt", "d.txt"):
        drop(inbox, name)
    claims = [claim(inbox, name) for name in ("a.txt", "news/b.txt", "news/desk/c.txt", "d.txt")]
    for settled in claims:
        inbox.finish(settled, unnoted)
    assert len(os.listdir(inbox.root / "_claimed")) == 2


@pytest.mark.parametrize("left", ["removed", "used", "replaced"])
def test_what_others_do_to_a_kept_folder_costs_no_file(inbox: Inbox, tmp_path: Path, left: str) -> None:
    drop(inbox, "a.txt", "first")
    first = claim(inbox, "a.txt")
    inbox.finish(first, unnoted)
    kept = inbox.root / "_claimed" / first.id
    drop(inbox, "b.txt", "second")
    if left == "used":
        (kept / "b.txt").write_text("somebody else's")
    else:
        kept.rmdir()
    if left == "replaced":
        (tmp_path / "outside").mkdir()
        kept.symlink_to(tmp_path / "outside")
    for _ in range(2):
        for found in inbox.waiting():
            with contextlib.suppress(NotADirectoryError):
                inbox.claim(found, NOW)
    assert tree(tmp_path / "outside") == []
    contents = {inbox.read(found, MANY)[0] for found in inbox.claims()}
    assert contents == {b"second"} | ({b"somebody else's"} if left == "used" else set())


def test_the_claim_remembers_when_the_file_was_received(inbox: Inbox) -> None:
    drop(inbox, "a.txt")
    claim(inbox, "a.txt")
    (found,) = Inbox(inbox.root).claims()
    assert found.received_at == NOW


def test_only_one_of_two_watchers_gets_a_file(inbox: Inbox) -> None:
    drop(inbox, "a.txt")
    (found,) = (Waiting(w.path, os.dup(w.folder), w.name) for w in inbox.waiting())
    assert inbox.claim(found, NOW) is not None
    assert inbox.claim(found, NOW) is None
    os.close(found.folder)
    assert len(os.listdir(inbox.root / "_claimed")) == 1


def test_a_finished_name_is_never_overwritten(inbox: Inbox) -> None:
    for text in ("first", "second", "third"):
        drop(inbox, "a.txt", text)
        inbox.finish(claim(inbox, "a.txt"), unnoted)
    found = tree(inbox.root)
    assert len(found) == 3
    assert {(inbox.root / name).read_text() for name in found} == {"first", "second", "third"}
    assert all(name.endswith(".txt") for name in found)


def test_a_rejected_file_has_its_reason_beside_it(inbox: Inbox) -> None:
    drop(inbox, "a.png")
    taken = claim(inbox, "a.png")
    inbox.finish(taken, unnoted, rejection(claim=taken.id))
    assert tree(inbox.root) == ["_failed/2026-01-31/a.png", "_failed/2026-01-31/a.png.error.json"]
    (failure,) = failures(inbox)
    assert failure.path == "2026-01-31/a.png"
    assert failure.rejection == rejection(claim=taken.id)


def test_two_rejected_files_of_one_name_keep_their_own_reasons(inbox: Inbox) -> None:
    for detail in ("one", "two"):
        drop(inbox, "a.png", detail)
        taken = claim(inbox, "a.png")
        inbox.finish(taken, unnoted, rejection(claim=taken.id, detail=detail))
    found = list(failures(inbox))
    assert len(found) == 2
    for failure in found:
        assert failure.rejection is not None
        assert (inbox.root / "_failed" / failure.path).read_text() == failure.rejection.detail


def test_a_crash_between_the_sidecar_and_the_move_is_mended(inbox: Inbox) -> None:
    drop(inbox, "a.png")
    taken = claim(inbox, "a.png")
    orphan = inbox.root / "_failed/2026-01-31/a.png.error.json"
    orphan.parent.mkdir()
    orphan.write_text(rejection(claim=taken.id).model_dump_json())
    inbox.finish(taken, unnoted, rejection(claim=taken.id))
    assert tree(inbox.root) == ["_failed/2026-01-31/a.png", "_failed/2026-01-31/a.png.error.json"]


def test_a_rejected_file_is_put_back_where_it_was_dropped(inbox: Inbox) -> None:
    drop(inbox, "news/a.png", "old")
    taken = claim(inbox, "news/a.png")
    inbox.finish(taken, unnoted, rejection(claim=taken.id))
    drop(inbox, "news/a.png", "new")
    (failure,) = failures(inbox)
    place = put_back(inbox, failure, NOW)
    assert place != "news/a.png"
    assert (inbox.root / place).read_text() == "old"
    assert (inbox.root / "news/a.png").read_text() == "new"
    assert list(failures(inbox)) == []


def test_a_renewed_claim_holds_the_same_file(inbox: Inbox) -> None:
    drop(inbox, "news/a.txt")
    taken = claim(inbox, "news/a.txt")
    renewed = inbox.renew(taken, NOW)
    assert renewed.id != taken.id
    assert list(inbox.claims()) == [renewed]


def test_a_late_write_is_noticed(inbox: Inbox) -> None:
    drop(inbox, "a.txt")
    taken = claim(inbox, "a.txt")
    _, seen = inbox.read(taken, MANY)
    with (inbox.root / "_claimed" / taken.id / "a.txt").open("a") as file:
        file.write("more")
    assert not inbox.unchanged(taken, seen)


@pytest.mark.parametrize("kind", ["link", "broken link", "folder link", "pipe", "socket"])
def test_what_is_no_file_is_claimed_and_never_opened(inbox: Inbox, tmp_path: Path, kind: str) -> None:
    path = inbox.root / "a.txt"
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/key.txt").write_text("secret")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            here = os.open(inbox.root, os.O_RDONLY)
            server.bind(f"/proc/self/fd/{here}/a.txt")
            os.close(here)
    else:
        target = {"link": "secret/key.txt", "broken link": "nowhere", "folder link": "secret"}[kind]
        path.symlink_to(tmp_path / target)
    assert names(inbox) == ["a.txt"]
    (found,) = ((w.being_written(), inbox.claim(w, NOW)) for w in inbox.waiting())
    assert found[0] is False
    assert found[1] is not None
    with pytest.raises(Rejected) as error:
        inbox.read(found[1], MANY)
    assert error.value.reason == "not_a_file"
    assert inbox.finish(found[1], unnoted, rejection(claim=found[1].id)) == "_failed/2026-01-31/a.txt"
    assert (tmp_path / "secret/key.txt").read_text() == "secret"


def test_a_folder_that_turns_into_a_link_is_not_followed(inbox: Inbox, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.txt").write_text("not ours")
    taken = Claim(new_claim_id(NOW), "news/a.txt")
    (inbox.root / "_claimed" / taken.id).mkdir()
    (inbox.root / "_claimed" / taken.id / "news").symlink_to(outside)
    with pytest.raises(NotADirectoryError):
        inbox.read(taken, MANY)
    assert names(inbox) == []


def test_a_file_over_the_limit_is_rejected_unread(inbox: Inbox) -> None:
    drop(inbox, "a.txt", "12345")
    taken = claim(inbox, "a.txt")
    with pytest.raises(Rejected) as error:
        inbox.read(taken, 4)
    assert (error.value.stage, error.value.reason) == ("read", "too_large")


def test_a_file_that_another_watcher_settled_is_gone(inbox: Inbox) -> None:
    drop(inbox, "a.txt")
    taken = claim(inbox, "a.txt")
    inbox.finish(taken, unnoted)
    with pytest.raises(FileNotFoundError):
        inbox.finish(taken, unnoted)


def test_a_place_is_noted_before_the_file_is_there(inbox: Inbox) -> None:
    noted = []

    def note(place: str) -> None:
        noted.append((place, (inbox.root / place).exists()))

    for _ in range(2):
        drop(inbox, "a.txt")
        taken = claim(inbox, "a.txt")
        inbox.finish(taken, note)
    assert noted == [("_done/2026-01-31/a.txt", False), (f"_done/2026-01-31/a.{taken.id[-12:]}.txt", False)]


def test_a_settled_file_is_taken_back_under_its_claim(inbox: Inbox) -> None:
    for _ in range(2):
        drop(inbox, "news/a.txt")
        taken = claim(inbox, "news/a.txt")
        place = inbox.finish(taken, unnoted, rejection(claim=taken.id))
    assert inbox.take_back(taken, place)
    assert not inbox.take_back(taken, place)
    assert list(inbox.claims()) == [taken]
    assert sorted(path.name for path in (inbox.root / "_failed").rglob("*.*")) == ["a.txt", "a.txt.error.json"]
    assert inbox.finish(taken, unnoted, rejection(claim=taken.id)) == place


HOSTILE = [
    b"\xff\xfe.txt",
    b"a\nb\x1b[31m.txt",
    "\u202etxt.exe".encode(),
    b"x" * 255,
    "é".encode() * 127,
    b"--help",
    b"$(reboot).txt",
    b"..txt..",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_goes_the_whole_way_and_back(inbox: Inbox, name: bytes) -> None:
    (inbox.root / os.fsdecode(name)).write_text("text")
    if name.startswith(b"."):
        assert names(inbox) == []
        return
    for _ in range(2):  # the second time its name is taken
        (found,) = (w.path for w in inbox.waiting())
        assert os.fsencode(found) == name
        taken = claim(inbox, found)
        inbox.finish(taken, unnoted, rejection(claim=taken.id))
        (inbox.root / os.fsdecode(name)).write_text("text")
    (inbox.root / os.fsdecode(name)).unlink()
    found = list(failures(inbox))
    assert len(found) == 2
    assert all(failure.rejection for failure in found)
    places = {put_back(inbox, failure, NOW) for failure in found}
    assert len(places) == 2
    assert names(inbox) == sorted(places)
    assert not list(inbox.root.rglob(f"*{ENDING}"))


def test_an_inbox_that_cannot_be_used_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match=r"cannot be used.*chown"):
        Inbox(tmp_path / "file" / "inbox").prepare()


def test_deep_folders_end_somewhere(inbox: Inbox) -> None:
    drop(inbox, "/".join(["d"] * 40) + "/a.txt")
    drop(inbox, "/".join(["e"] * 30) + "/b.txt")
    assert names(inbox) == ["/".join(["e"] * 30) + "/b.txt"]


@pytest.mark.parametrize("ours", ["_claimed", "_done", "_failed"])
def test_a_link_in_place_of_our_folder_is_refused_at_the_start(tmp_path: Path, ours: str) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "inbox" / ours).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Misconfigured, match=ours):
        Inbox(tmp_path / "inbox").prepare()


def claim_all(root: Path) -> list[str]:
    inbox = Inbox(root)
    return [found.path for found in inbox.waiting() if inbox.claim(found, NOW) is not None]


def test_of_many_processes_that_race_for_files_each_file_has_one_winner(inbox: Inbox) -> None:
    for number in range(300):
        drop(inbox, f"{number}.txt")
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        winners = [path for won in pool.map(claim_all, [inbox.root] * 4, chunksize=1) for path in won]
    assert sorted(winners) == sorted(f"{number}.txt" for number in range(300))
    assert len(list(inbox.claims())) == 300


def test_names_with_brackets_are_put_back_by_the_name_that_is_shown(
    inbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    drop(inbox, "story [1].txt")
    taken = claim(inbox, "story [1].txt")
    inbox.finish(taken, unnoted, rejection(claim=taken.id))
    put_all_back(inbox, ["2026-01-31/story [1].txt"])
    assert names(inbox) == ["story [1].txt"]
    assert "story [1].txt" in capsys.readouterr().out


def test_a_file_that_cannot_be_put_back_keeps_no_other_from_it(inbox: Inbox) -> None:
    for name in ("a/x.txt", "b/y.txt"):
        drop(inbox, name)
        taken = claim(inbox, name)
        inbox.finish(taken, unnoted, rejection(claim=taken.id))
    (inbox.root / "a").rmdir()
    drop(inbox, "a")
    with pytest.raises(CopydeskError, match="1 of 2"):
        put_all_back(inbox, None)
    assert names(inbox) == ["a", "b/y.txt"]
