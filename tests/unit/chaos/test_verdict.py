"""The verdict sees what is lost, doubled, misplaced and unfinished."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.chaos.evidence import files_below
from tests.chaos.verdict import Dropped, Entry, Found, digest_of, judge


@dataclass
class Case:
    """A round in which all went well: an article with a correction and a copy, and a picture."""

    dropped: list[Dropped] = field(
        default_factory=lambda: [
            Dropped("desk/a.txt", "first", "done"),
            Dropped("desk/a copy.txt", "first", "done"),
            Dropped("desk/a.txt", "second", "done"),
            Dropped("b.png", "picture", "failed"),
            Dropped("c.jsonl", "many", "done", ("1", "3"), ("2",)),
        ]
    )
    found: list[Found] = field(
        default_factory=lambda: [
            Found("done", "desk/a.txt", "first"),
            Found("done", "desk/a copy.txt", "first"),
            Found("done", "desk/a.0123456789ab.txt", "second"),
            Found("failed", "b.png", "picture", explained=True),
            Found("done", "c.jsonl", "many", explained=True),
        ]
    )
    entries: list[Entry] = field(
        default_factory=lambda: [
            Entry("id-1", "a", 1, "desk", "first", "desk/a.txt"),
            Entry("id-2", "a", 2, "desk", "second", "desk/a.txt"),
            Entry("id-3", "c", 1, "", "many", "c.jsonl#1"),
            Entry("id-4", "d", 1, "", "many", "c.jsonl#3"),
        ]
    )
    rejected: list[str] = field(default_factory=lambda: ["b.png", "c.jsonl#2"])

    def troubles(self) -> Sequence[str]:
        return [finding.trouble for finding in judge(self.dropped, self.found, self.entries, self.rejected)]


def lose_a_file(case: Case) -> None:
    del case.found[1]


def lose_an_entry(case: Case) -> None:
    del case.entries[1]


def lose_a_rejection(case: Case) -> None:
    case.rejected.remove("b.png")


def double_a_file(case: Case) -> None:
    case.found.append(replace(case.found[0], path="desk/a.ba9876543210.txt"))


def double_an_entry(case: Case) -> None:
    case.entries.append(Entry("id-5", "a", 3, "desk", "first", "desk/a.txt"))


def double_a_rejection(case: Case) -> None:
    case.rejected.append("b.png")


def repeat_an_id(case: Case) -> None:
    case.entries[1] = replace(case.entries[1], ce_id="id-1")


def repeat_a_version(case: Case) -> None:
    case.entries[1] = replace(case.entries[1], version=1)


def skip_a_version(case: Case) -> None:
    case.entries[1] = replace(case.entries[1], version=3)


def publish_what_nobody_dropped(case: Case) -> None:
    case.entries.append(Entry("id-5", "b", 1, "", "half a file", "b.txt"))


def reject_a_good_file(case: Case) -> None:
    case.found[1] = replace(case.found[1], place="failed", explained=True)


def move_to_another_folder(case: Case) -> None:
    case.found[0] = replace(case.found[0], path="a.txt")


def forget_the_sidecar(case: Case) -> None:
    case.found[3] = replace(case.found[3], explained=False)


def lose_one_article_of_many(case: Case) -> None:
    del case.entries[3]


def double_one_article_of_many(case: Case) -> None:
    case.entries.append(replace(case.entries[3], ce_id="id-5", subject="e"))


def double_one_rejection_of_many(case: Case) -> None:
    case.rejected.append("c.jsonl#2")


def lose_one_rejection_of_many(case: Case) -> None:
    case.rejected.remove("c.jsonl#2")


def leave_it_claimed(case: Case) -> None:
    case.found[0] = replace(case.found[0], place="claimed")


def leave_it_waiting(case: Case) -> None:
    case.found[2] = replace(case.found[2], place="waiting", path="desk/a.txt")


@pytest.mark.parametrize(
    ("harm", "troubles"),
    [
        (lose_a_file, ["lost"]),
        (lose_an_entry, ["lost"]),
        (lose_a_rejection, ["lost"]),
        (double_a_file, ["doubled"]),
        (double_an_entry, ["doubled"]),
        (double_a_rejection, ["doubled"]),
        (repeat_an_id, ["doubled"]),
        (repeat_a_version, ["doubled"]),
        (skip_a_version, ["doubled"]),
        (publish_what_nobody_dropped, ["doubled"]),
        (reject_a_good_file, ["misplaced"]),
        (move_to_another_folder, ["lost", "doubled"]),
        (forget_the_sidecar, ["misplaced"]),
        (lose_one_article_of_many, ["lost"]),
        (double_one_article_of_many, ["doubled"]),
        (lose_one_rejection_of_many, ["lost"]),
        (double_one_rejection_of_many, ["doubled"]),
        (leave_it_claimed, ["unfinished"]),
        (leave_it_waiting, ["unfinished"]),
    ],
)
def test_each_harm_is_seen_and_named(harm: Callable[[Case], None], troubles: list[str]) -> None:
    case = Case()
    assert case.troubles() == []
    harm(case)
    assert case.troubles() == troubles


def test_files_are_found_in_their_places_with_the_word_of_why(tmp_path: Path) -> None:
    for path in (
        "waits/a.txt",
        "_claimed/ID/desk/b.txt",
        "_done/2026-01-31/desk/c.txt",
        "_failed/2026-01-31/d.png",
        "_failed/2026-01-31/d.png.error.json",
        "_failed/2026-01-31/alone.error.json",
        ".staging/e.txt",
        "_failed/2026-01-31/.f.tmp",
    ):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("text")
    (tmp_path / "_failed/2026-01-31/link").symlink_to("/etc/hostname")
    text = digest_of(b"text")
    assert set(files_below(tmp_path)) == {
        Found("waiting", "waits/a.txt", text),
        Found("claimed", "desk/b.txt", text),
        Found("done", "desk/c.txt", text),
        Found("failed", "d.png", text, explained=True),
        Found("failed", "alone.error.json", text),
        Found("failed", "link", digest_of(b"link to /etc/hostname")),
    }
