"""Lines of the log, as ours and as those of a library."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from worker.logs import LineLogger

SCRIPT = """
import logging
from worker.logs import configure, get_logger
configure("json", "info")
log = get_logger("worker.desk")
log.debug("unseen")
log.info("published", claim="c1", path="\\udcff.txt".encode("utf-8", "backslashreplace").decode())
try:
    raise ValueError("odd")
except ValueError:
    log.exception("bug", path="a")
logging.getLogger("library").warning("it says %s", "so")
logging.getLogger("library").info("and %s", "this")
logging.getLogger("celery.app.trace").info("unseen")
print("the end")
"""


def logged(**streams: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", SCRIPT], check=True, text=True, stdout=subprocess.PIPE, **streams)


def test_ours_and_a_librarys_lines_have_one_form() -> None:
    lines = [json.loads(line) for line in logged(stderr=subprocess.PIPE).stderr.splitlines()]
    assert [line["event"] for line in lines] == ["published", "bug", "it says so", "and this"]
    assert [line["level"] for line in lines] == ["info", "error", "warning", "info"]
    assert [line["logger"] for line in lines] == ["worker.desk", "worker.desk", "library", "library"]
    assert all(line["timestamp"].endswith("Z") for line in lines)
    assert lines[0]["claim"] == "c1"
    assert "ValueError: odd" in lines[1]["exception"]


def test_a_log_that_cannot_be_written_stops_no_work() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        assert logged(stderr=full).stdout == "the end\n"
    finally:
        os.close(full)


def test_a_log_that_was_closed_stops_no_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = (tmp_path / "log").open("w")
    log.close()
    monkeypatch.setattr(sys, "stderr", log)
    LineLogger("worker.desk").warning("what happens as a process ends")
