"""The settings: read from the environment, checked, and documented."""

from pathlib import Path

import pytest

from worker.errors import Misconfigured
from worker.settings import MAX_SOCKET_PATH, Settings, load_settings, socket_path

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"COPYDESK_{name.upper()}", raising=False)
    load_settings.cache_clear()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_readme_with_its_default(name: str) -> None:
    field = Settings.model_fields[name]
    (row,) = [line for line in README.splitlines() if line.startswith(f"| `COPYDESK_{name.upper()}`")]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    default = {"concurrency": "cores"}.get(name, str(field.default) if field.default not in (None, "") else "–")
    assert cells[1:] == [default, field.description]


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_SETTLE", "1.5")
    monkeypatch.setenv("COPYDESK_IGNORE", ".bak .lock")
    monkeypatch.setenv("COPYDESK_MAX_ATTEMPTS", "")
    settings = load_settings()
    assert (settings.settle, settings.ignore, settings.max_attempts) == (1.5, ".bak .lock", 3)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SETTLE", "-1", "greater than 0"),
        ("REDIS_URL", "http://user:secret@x", "redis://"),
        ("REDIS_URL", "redis+sentinel://:secret@a:1", "/SERVICE/0"),
        ("REDIS_URL", "redis+sentinel://:secret/x@a:1/desk", "%2F"),
        ("REDIS_URL", "rediss://:secret?x@a:1/0", "%2F"),
        ("REDIS_URL", "redis+sentinel://a:1/desk?password=secret", "takes no options"),
        ("REDIS_URL", "redis+sentinel://a:1,,b:2/desk", "has no host"),
        ("PREFIX", "a b", "pattern"),
        ("IGNORE", "bak", "with their dot"),
        ("TOPIC_STREAMS", "defense a:b", "'a:b' is no topic"),
        ("STREAM_CAP", "0", "greater than or equal to 1"),
        ("LOG_FORMAT", "xml", "auto"),
    ],
)
def test_a_wrong_value_is_named_with_what_it_must_be(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"COPYDESK_{name}", value)
    with pytest.raises(Misconfigured) as error:
        load_settings()
    assert f"COPYDESK_{name}" in str(error.value)
    assert said in str(error.value)
    assert "secret" not in str(error.value)


def test_the_embedded_servers_socket_lies_in_the_state_folder() -> None:
    short = Path("/tmp/s")  # noqa: S108 - nothing is made there
    assert socket_path(short) == short.resolve() / "redis.sock"
    assert Settings(state=short).address == f"unix://{short.resolve()}/redis.sock"


def test_a_socket_path_is_never_too_long_for_the_kernel(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 90)
    assert len(bytes(socket_path(deep))) <= MAX_SOCKET_PATH
    assert socket_path(deep) == socket_path(deep)
    assert socket_path(deep) != socket_path(tmp_path / ("y" * 90))
