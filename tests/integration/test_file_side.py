"""The file side: whatever is dropped, however it is written, it comes out once and whole, or is rejected."""

import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import threading
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.articles import article
from tests.integration.conftest import Stack
from tests.machine import MAY_MOUNT, ROOT

MakeStack = Callable[..., Stack]
LAST = article(0).rpartition("\n")[2]  # the last paragraph of each
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.fixture
def stack(make_stack: MakeStack) -> Iterator[Stack]:
    """A stack at work, on a file system whose events all arrive: at the end nobody may have thought otherwise."""
    stack = make_stack()
    stack.start()
    stack.wait_until(lambda: "watching" in events(stack), "the watcher")
    yield stack
    assert "no_file_events" not in events(stack)


def events(stack: Stack) -> list[str]:
    return [line["event"] for line in stack.log()]


def assert_all_came_out(stack: Stack, *numbers: int, failed: int = 0) -> None:
    """The articles of these numbers, each once and whole, and so many rejected files; nothing else, nothing left."""
    places = len(numbers) + 2 * failed
    stack.wait_until(
        lambda: len(stack.done()) + len(stack.failed()) >= places and stack.settled(), "every file in its place", 60
    )
    expected = sorted(article(number).partition("\n")[0] for number in numbers)
    assert sorted(record.headline for record in stack.articles()) == expected
    assert all(record.text.endswith(LAST) for record in stack.articles())  # it was read to its end
    assert sorted(path.read_text() for path in stack.done()) == sorted(article(number) for number in numbers)
    assert len(stack.failed()) == 2 * failed


def write_in_pieces(path: Path, text: str, pieces: int, pause: float, *, reopen: bool = False) -> None:
    """Write as a slow program does, a piece at a time."""
    data, tick = text.encode(), threading.Event()
    step = len(data) // pieces + 1
    with contextlib.ExitStack() as opened:
        file = opened.enter_context(path.open("ab", buffering=0))
        for start in range(0, len(data), step):
            file.write(data[start : start + step])
            if reopen:
                file.close()
                file = opened.enter_context(path.open("ab", buffering=0))
            tick.wait(pause)


def test_a_writer_that_pauses_longer_than_the_quiet_time_is_read_once_and_whole(stack: Stack) -> None:
    write_in_pieces(stack.inbox / "a.txt", article(1), pieces=12, pause=0.3)
    assert_all_came_out(stack, 1)
    assert "changed_after_reading" not in events(stack)


def test_a_file_that_is_written_byte_by_byte_is_read_once_and_whole(stack: Stack) -> None:
    write_in_pieces(stack.inbox / "a.txt", article(1), pieces=len(article(1)), pause=0.002)
    assert_all_came_out(stack, 1)
    assert "changed_after_reading" not in events(stack)


def test_a_file_that_is_opened_and_closed_while_it_grows_is_read_once_and_whole(make_stack: MakeStack) -> None:
    stack = make_stack(COPYDESK_SETTLE="1")
    stack.start()
    stack.wait_until(lambda: "watching" in events(stack), "the watcher")
    write_in_pieces(stack.inbox / "a.txt", article(1), pieces=40, pause=0.05, reopen=True)
    assert_all_came_out(stack, 1)


def test_files_and_folders_renamed_into_place_come_out(stack: Stack, tmp_path: Path) -> None:
    (stack.inbox / "a.txt.part").write_text(article(1))
    (stack.inbox / "a.txt.part").rename(stack.inbox / "a.txt")
    (tmp_path / "b.txt").write_text(article(2))
    (tmp_path / "b.txt").rename(stack.inbox / "b.txt")
    folder = tmp_path / "staged" / "deep"
    folder.mkdir(parents=True)
    (folder / "c.txt").write_text(article(3))
    (folder.parent / "d.txt").write_text(article(4))
    folder.parent.rename(stack.inbox / "news")
    assert_all_came_out(stack, 1, 2, 3, 4)
    assert {record.source.folder for record in stack.articles()} == {None, "news", "news/deep"}


@pytest.mark.parametrize("seconds", [-1, 0, 86_400 * 365 * 20, 86_400 * 365 * 130], ids=lambda s: f"mtime-{s}")
def test_what_a_files_time_of_change_says_does_not_matter(stack: Stack, seconds: int) -> None:
    aside = stack.drop(".a.txt", article(1))
    os.utime(aside, (seconds, seconds))
    aside.rename(stack.inbox / "a.txt")
    assert_all_came_out(stack, 1)
    assert "changed_after_reading" not in events(stack)


def test_the_same_name_again_while_the_first_is_in_flight_overwrites_nothing(make_stack: MakeStack) -> None:
    stack = make_stack()
    stack.start("watch")
    for number in (1, 2, 3):
        stack.drop("news/a.txt", article(number))
        stack.wait_until(lambda number=number: events(stack).count("submitted") == number, "the file in flight")
    stack.start("worker")
    assert_all_came_out(stack, 1, 2, 3)


def test_names_that_differ_only_by_case_or_normal_form_are_different_files(stack: Stack) -> None:
    names = ["Caf\u00e9.txt", unicodedata.normalize("NFD", "Caf\u00e9.txt"), "caf\u00e9.txt", "CAF\u00c9.TXT"]
    for number, name in enumerate(names):
        stack.drop(name, article(number))
    assert_all_came_out(stack, *range(len(names)))
    assert sorted(path.name for path in stack.done()) == sorted(names)


def test_two_names_of_one_file_come_out_as_one_article_and_lie_in_done_both(stack: Stack) -> None:
    aside = stack.drop(".a.txt", article(1))
    for name in ("b.txt", "c.txt", "d.txt"):
        os.link(aside, stack.inbox / name)
    aside.unlink()
    stack.wait_until(lambda: len(stack.done()) == 3, "every name in _done", 60)
    assert len(stack.events()) == 1


def test_a_file_that_is_written_to_by_another_name_after_its_claim_is_read_again(
    make_stack: MakeStack, tmp_path: Path
) -> None:
    stack = make_stack()
    stack.start("watch")
    stack.wait_until(lambda: "watching" in events(stack), "the watcher")
    (tmp_path / "a.txt").write_text(article(1))
    os.link(tmp_path / "a.txt", stack.inbox / "a.txt")
    stack.wait_until(lambda: "submitted" in events(stack), "the file in flight")
    with (tmp_path / "a.txt").open("a") as other:
        other.write("\n\nThe signing is planned for the autumn.")
    stack.start("worker")
    stack.wait_until(lambda: len(stack.done()) == 1, "the file in _done")
    assert "autumn" in stack.articles()[-1].text
    assert "changed_after_reading" in events(stack)


def test_what_is_no_file_is_rejected_and_hangs_nobody(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text(article(9))
    for name, target in {"file": "outside/secret.txt", "folder": "outside", "nowhere": "nothing"}.items():
        (stack.inbox / name).symlink_to(tmp_path / target)
    (stack.inbox / "loop").symlink_to("loop")
    (stack.inbox / "inbox").symlink_to(stack.inbox)
    os.mkfifo(stack.inbox / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.open(stack.inbox, os.O_RDONLY)
        server.bind(f"/proc/self/fd/{here}/socket")
        os.close(here)
        odd = 7
        if ROOT:
            os.mknod(stack.inbox / "device", stat.S_IFCHR | 0o666, os.makedev(1, 5))  # /dev/zero, which never ends
            odd += 1
        stack.drop("good.txt", article(1))
        stack.wait_until(lambda: len(stack.done()) == 1, "the good file in _done")
        stack.wait_until(
            lambda: len(list(stack.inbox.glob("_failed/*/*.error.json"))) == odd, "the odd ones in _failed"
        )
    assert len(stack.events()) == 1
    assert [event.data.model_dump()["reason"] for event in stack.rejections()] == ["not_a_file"] * odd
    assert sorted(os.listdir(stack.inbox)) == [".journal", "_claimed", "_done", "_failed"]
    assert (tmp_path / "outside" / "secret.txt").read_text() == article(9)


def test_more_events_than_the_kernel_keeps_cost_no_file(make_stack: MakeStack) -> None:
    stack = make_stack(COPYDESK_POLL="600")
    (watcher, _) = stack.start()
    stack.drop("first.txt", article(0))
    stack.wait_until(lambda: len(stack.done()) == 1, "the first file in _done")
    watcher.send_signal(signal.SIGSTOP)
    kept = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    for _ in range(kept // 2 + 1):
        for name in (".a", ".b"):  # in turns, because the kernel makes one event of two equal ones
            (stack.inbox / name).write_bytes(b"")
    for name in (".a", ".b"):
        (stack.inbox / name).unlink()
    for number in range(1, 21):
        stack.drop(f"{number}.txt", article(number))
    watcher.send_signal(signal.SIGCONT)
    assert_all_came_out(stack, *range(21))


def test_an_inbox_that_is_deleted_and_made_again_goes_on(stack: Stack) -> None:
    stack.drop("a.txt", article(1))
    stack.wait_until(lambda: len(stack.done()) == 1, "the first file in _done")
    shutil.rmtree(stack.inbox)
    stack.wait_until(lambda: "waiting_for_the_world" in events(stack), "a word about it")
    stack.drop("b.txt", article(2))
    stack.wait_until(lambda: len(stack.done()) == 1 and stack.settled(), "the second file in _done")
    assert len(stack.events()) == 2


if MAY_MOUNT:

    @contextlib.contextmanager
    def mounted(kind: str, options: str, place: Path) -> Iterator[None]:
        place.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", kind, "-o", options, "copydesk-test", str(place)], check=True)
        try:
            yield
        finally:
            subprocess.run(["umount", "--lazy", str(place)], check=True)

    def remount(place: Path, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(place)], check=True)

    def test_a_disk_without_room_for_a_claim_is_waited_for(make_stack: MakeStack) -> None:
        stack = make_stack()
        with mounted("tmpfs", "size=4m,nr_inodes=200", stack.inbox):
            (watcher, _) = stack.start()
            stack.wait_until(lambda: "watching" in events(stack), "the watcher")
            watcher.send_signal(signal.SIGSTOP)
            stack.drop("a.png", PNG)
            for number in range(10):
                stack.drop(f"{number}.txt", article(number))
            with contextlib.suppress(OSError):
                for number in range(1000):
                    (stack.inbox / f".filler-{number}").touch()
            watcher.send_signal(signal.SIGCONT)
            stack.wait_until(lambda: "No space left" in stack.log_text(), "a word about it")
            for path in stack.inbox.glob(".filler-*"):
                path.unlink()
            assert_all_came_out(stack, *range(10), failed=1)

    def test_an_inbox_that_is_read_only_is_waited_for(make_stack: MakeStack) -> None:
        stack = make_stack()
        with mounted("tmpfs", "size=4m", stack.inbox):
            (watcher, _) = stack.start()
            stack.wait_until(lambda: "watching" in events(stack), "the watcher")
            watcher.send_signal(signal.SIGSTOP)
            stack.drop("a.txt", article(1))
            remount(stack.inbox, "ro")
            watcher.send_signal(signal.SIGCONT)
            stack.wait_until(lambda: "Read-only file system" in stack.log_text(), "a word about it")
            remount(stack.inbox, "rw")
            assert_all_came_out(stack, 1)

    def test_what_lies_on_a_mount_inside_the_inbox_is_told_of_and_holds_up_nothing(stack: Stack) -> None:
        with mounted("tmpfs", "size=4m", stack.inbox / "usb"):
            stack.drop("usb/a.txt", article(1))
            stack.drop("b.txt", article(2))
            stack.wait_until(lambda: "cannot_claim" in events(stack), "a word about it")
            stack.wait_until(lambda: len(stack.done()) == 1, "the other file in _done")
            assert (stack.inbox / "usb" / "a.txt").read_text() == article(1)

    def test_a_watcher_without_inotify_watches_says_so_polls_and_tells_when_they_are_back(
        make_stack: MakeStack,
    ) -> None:
        stack = make_stack(COPYDESK_POLL="0.2")
        limit = "/proc/sys/user/max_inotify_watches"  # of the user namespace that the watcher runs in
        (watcher,) = stack.start("watch", within=["unshare", "-r", "sh", "-c", f'echo 0 > {limit}; exec "$@"', "sh"])
        stack.start("worker")
        stack.wait_until(lambda: "no_file_events" in events(stack), "a word about it")
        write_in_pieces(stack.inbox / "a.txt", article(1), pieces=4, pause=0.3)
        assert_all_came_out(stack, 1)
        assert "changed_after_reading" not in events(stack)
        stack.wait_until(lambda: "polls its inbox" in stack.run("status"), "the same in the status")
        subprocess.run(
            [
                "nsenter",
                "--user",
                "--preserve-credentials",
                "--target",
                str(watcher.pid),
                "sh",
                "-c",
                f"echo 99 > {limit}",
            ],
            check=True,
        )
        stack.wait_until(lambda: "file_events_are_back" in events(stack), "a word about their return", 60)
        stack.wait_until(lambda: "polls its inbox" not in stack.run("status"), "the same in the status")
        assert events(stack).count("no_file_events") == 1

    def test_what_is_written_beneath_the_watchers_system_comes_out_whole(make_stack: MakeStack, tmp_path: Path) -> None:
        stack = make_stack(COPYDESK_POLL="0.2", COPYDESK_SETTLE_UNSURE="2")
        layers = {name: tmp_path / name for name in ("lower", "upper", "work")}
        for layer in layers.values():
            layer.mkdir()
        options = f"lowerdir={layers['lower']},upperdir={layers['upper']},workdir={layers['work']}"
        with mounted("overlay", options, stack.inbox):
            stack.start()
            stack.wait_until(lambda: "watching" in events(stack), "the watcher")
            stack.drop("a.txt", article(1))
            stack.wait_until(lambda: len(stack.done()) == 1, "a file that is heard of in _done")
            assert "no_file_events" not in events(stack)
            for number in (2, 3):  # no event tells of these, and a lease is granted on them at any time
                write_in_pieces(layers["upper"] / f"{number}.txt", article(number), pieces=6, pause=0.6)
            assert_all_came_out(stack, 1, 2, 3)
            assert events(stack).count("no_file_events") == 1
            assert "changed_after_reading" not in events(stack)
