"""The audit's judgement of what a look found: each kind of trouble is told, and nothing else is."""

from dataclasses import replace

import pytest

from worker.audit import Evidence, Stream, audit
from worker.claim import Claim, traceparent
from worker.journal import Settled

DAY_MS = 86_400_000
NOW = 1_800_000_000_000
SOURCE = "/copydesk/inbox"


def claim(number: int) -> Claim:
    return Claim(f"20270115T080000{number:06}-{number:012x}", f"{number}.txt")


def settled(number: int, **changes: object) -> Settled:
    found = Settled(
        claim=claim(number),
        status="published",
        places=(f"_done/2027-01-15/{number}.txt",),
        entry=f"{NOW + number}-0",
        article=f"article-{number}",
        version=1,
        content=f"{number:x}".ljust(64, "0"),
        topic=None,
        pipeline="0",
        at=NOW / 1000,
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def stream(*entries: Settled) -> Stream:
    result = Stream()
    for found in entries:
        result.events[found.event] += 1
        result.sources.append((found.entry, SOURCE, traceparent(found.claim.id)))
        if found.article and found.version:
            result.versions[found.article, found.version] += 1
    return result


def evidence(*settled_files: Settled, **changes: object) -> Evidence:
    articles = [found for found in settled_files if found.status == "published"]
    rejected = [found for found in settled_files if found.status == "rejected"]
    found = Evidence(
        known={found.claim.id: found for found in settled_files},
        begins=NOW - DAY_MS,
        flying=frozenset(),
        waiting=0,
        present=frozenset(place for found in settled_files for place in found.places),
        articles=stream(*articles),
        rejections=stream(*rejected),
        retained_since=NOW - 30 * DAY_MS,
        healing=False,
        source=SOURCE,
        alone=True,
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def rejected(number: int) -> Settled:
    places = (f"_failed/2027-01-15/{number}.txt",)
    return settled(number, status="rejected", places=places, article=None, version=None, content=None)


def test_books_that_balance_have_no_problem() -> None:
    duplicate = settled(3, status="duplicate", entry=settled(1).entry, article="article-1", content=settled(1).content)
    result = audit(evidence(settled(1), settled(2), duplicate, rejected(4), waiting=7))
    assert not result.problems
    assert (result.seen, result.published, result.duplicate, result.failed, result.waiting) == (4, 2, 1, 1, 7)


def of_many(*parts: Settled) -> Settled:
    """A file whose articles have these outcomes."""
    whole = settled(1, entry="", article=None, version=None, content=None)
    numbered = [replace(part, claim=whole.claim, number=str(n)) for n, part in enumerate(parts, start=1)]
    return replace(whole, parts=tuple(numbered))


def test_files_and_their_articles_are_counted_apart() -> None:
    found = of_many(settled(1), settled(2), settled(2, status="duplicate"), rejected(3))
    first, second, _, bad = found.parts
    result = audit(evidence(found, settled(9), articles=stream(first, second, settled(9)), rejections=stream(bad)))
    assert not result.problems
    assert (result.seen, result.published, result.articles) == (2, 2, 5)
    assert (result.articles_published, result.articles_duplicate, result.articles_rejected) == (3, 1, 1)


def test_an_article_of_a_file_that_is_not_there_is_told() -> None:
    found = of_many(settled(1), settled(2), rejected(3))
    problems = audit(evidence(found, articles=stream(found.parts[0]), rejections=Stream())).problems
    assert [(problem.kind, problem.what) for problem in problems] == [
        ("not_on_stream", "1.txt, article 2"),
        ("not_on_stream", "1.txt, article 3"),
    ]


def test_a_claim_without_outcome_is_lost_unless_it_is_in_flight() -> None:
    known = {claim(1).id: claim(1)}
    (problem,) = audit(evidence(known=known)).problems
    assert (problem.kind, problem.what) == ("lost", "1.txt")
    result = audit(evidence(known=known, flying=frozenset({claim(1).id})))
    assert not result.problems
    assert (result.seen, result.in_flight, result.lost) == (1, 1, 0)


@pytest.mark.parametrize("found", [settled(1), settled(1, status="duplicate"), rejected(1)])
def test_an_entry_that_is_not_there_is_told(found: Settled) -> None:
    missing = evidence(found, articles=Stream(), rejections=Stream())
    (problem,) = audit(missing).problems
    assert (problem.kind, problem.what) == ("not_on_stream", "1.txt")
    assert "replay" in problem.hint


def test_an_entry_that_was_trimmed_removed_or_is_being_healed_is_told_apart() -> None:
    for changes, name in (
        ({"retained_since": NOW + 2}, "trimmed"),
        ({"articles": Stream(removed_up_to=NOW + 1)}, "trimmed"),
        ({"healing": True}, "healing"),
    ):
        result = audit(evidence(settled(1), **{"articles": Stream(), **changes}))
        assert not result.problems, name
        assert getattr(result, name) == 1


def test_the_same_event_twice_is_told() -> None:
    problems = audit(evidence(settled(1), articles=stream(settled(1), settled(1)))).problems
    assert {problem.kind for problem in problems} == {"doubled"}
    assert {problem.what for problem in problems} == {settled(1).event, "article-1"}


def test_the_same_version_of_an_article_twice_is_told() -> None:
    other = settled(2, article="article-1")
    (problem,) = audit(evidence(settled(1), other)).problems
    assert (problem.kind, problem.what) == ("doubled", "article-1")
    assert "version 1" in problem.detail


def test_an_entry_without_a_file_is_told_unless_it_may_be_somebody_elses_or_older() -> None:
    stranger = stream(settled(1), settled(9))
    (problem,) = audit(evidence(settled(1), articles=stranger)).problems
    assert (problem.kind, problem.what) == ("no_source", settled(9).entry)
    assert audit(evidence(settled(1), articles=stranger, alone=False)).foreign == 1
    assert audit(evidence(settled(1), articles=stranger, begins=NOW + DAY_MS)).older == 1


def test_a_file_that_no_claim_put_there_is_told() -> None:
    present = frozenset({"_done/2027-01-15/1.txt", "_done/2027-01-15/strange.txt"})
    (problem,) = audit(evidence(settled(1), present=present)).problems
    assert (problem.kind, problem.what) == ("unaccounted", "_done/2027-01-15/strange.txt")


def test_a_file_that_was_taken_away_is_counted_and_no_problem() -> None:
    result = audit(evidence(settled(1), present=frozenset()))
    assert not result.problems
    assert result.archived == 1
