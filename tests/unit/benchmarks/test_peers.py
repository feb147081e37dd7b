"""What is compared does the same work."""

from pathlib import Path

import pytest

from benchmarks.corpus import article
from benchmarks.peers import celery_chain, work
from benchmarks.subject import Setup
from worker.models import Document
from worker.pipeline import process


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> work.Place:
    found = work.Place.of(Setup(tmp_path, "redis://nowhere", "copydesk:articles", 2, tmp_path))
    monkeypatch.setattr(work, "place", lambda: found)
    return found


def test_the_chain_of_celery_gives_the_record_of_the_pipeline(place: work.Place) -> None:
    path = place.inbox / "wire" / "article.txt"
    path.parent.mkdir()
    path.write_text(article("ordinary", 1), encoding="utf-8")
    draft = celery_chain.DRAFT.validate_json(celery_chain.parse(str(path)))
    record = celery_chain.classify(celery_chain.clean(celery_chain.DRAFT.dump_json(draft).decode()))
    document = Document("wire/article.txt", path.read_bytes(), draft.received_at)
    assert record == process(document, work.classifier()).model_dump_json()


def test_what_was_told_to_a_process_is_read_from_its_environment(place: work.Place) -> None:
    assert work.Place.from_environment(place.environment()) == place
    with pytest.raises(SystemExit, match="BENCH_REDIS_URL is not set"):
        work.Place.from_environment({})
