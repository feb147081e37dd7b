"""Reading the file of webhooks, and what is said when something in it is wrong."""

import base64
from pathlib import Path

import pytest

from worker.errors import Misconfigured
from worker.webhooks.webhook_file import load_webhooks, read_webhooks

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OLD = "whsec_" + base64.b64encode(bytes(24)).decode()
GOOD = f'[[webhook]]\nurl = "https://news.example/hooks"\nsecret = "{SECRET}"\n'


def wrong(text: str) -> str:
    with pytest.raises(Misconfigured) as error:
        read_webhooks(text.encode(), "hooks.toml")
    assert SECRET not in str(error.value)
    return str(error.value)


def test_a_webhook_needs_no_more_than_url_and_secret() -> None:
    (webhook,) = read_webhooks(GOOD.encode(), "hooks.toml")
    assert (webhook.called, webhook.group) == ("news.example", "webhook-news.example")
    assert (webhook.topics, webhook.secret, webhook.allow_private) == (None, (bytes(range(32)),), False)


def test_all_fields_are_read_and_two_secrets_too() -> None:
    text = f"""
        [[webhook]]
        name = "alerts"
        url = "http://[::1]:8080/in?k=v"
        topics = ["defense", "drones"]
        secret = ["{SECRET}", "{OLD}"]
        allow_private = true
    """
    (webhook,) = read_webhooks(text.encode(), "hooks.toml")
    assert (webhook.called, webhook.topics, webhook.allow_private) == ("alerts", ("defense", "drones"), True)
    assert webhook.secret == (bytes(range(32)), bytes(24))


def test_neither_secret_nor_url_is_shown() -> None:
    text = GOOD.replace("hooks", "hooks?token=hidden")
    shown = repr(read_webhooks(text.encode(), "hooks.toml"))
    assert "hidden" not in shown
    assert "x01" not in shown


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('url = "ftp://news.example/"', "hooks.toml:2: webhook number 1: url: must begin with https://"),
        ('url = "https:///hooks"', "url: must begin with https://"),
        ('url = "https://ana:word@news.example/"', "url: must hold no user and no password"),
        ('url = "https://news.example/#top"', "url: must not hold a part behind #"),
        ('url = "https://news.example:99999/"', "url: has no possible host and port"),
        ('url = "https://nachrichten-für-alle.example/"', "url: must be ASCII"),
        ('url = "https://news.example/a b"', "url: must be ASCII without spaces"),
        ("url = 7", "url: must be text in quotes"),
        ("", "hooks.toml:1: webhook number 1: url: is missing; add a line such as  url ="),
    ],
)
def test_a_wrong_url_is_told(line: str, said: str) -> None:
    assert said in wrong(GOOD.replace('url = "https://news.example/hooks"', line))


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ('"word"', "hooks.toml:3: webhook number 1: secret: must be text that begins with whsec_"),
        ("7", "must be text that begins with whsec_"),
        ("[]", "must hold at least one entry"),
        ('"whsec_###"', "must be whsec_ and base64 behind it"),
        ('"whsec_c2hvcnQ="', "holds 5 bytes and must hold 24 to 64; make one with"),
        (f'["{SECRET}", "word"]', "must be text that begins with whsec_"),
    ],
)
def test_a_wrong_secret_is_told_and_never_shown(secret: str, said: str) -> None:
    assert said in wrong(GOOD.replace(f'"{SECRET}"', secret))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('topics = ["Armed Conflict"]', "topics: entry 1 must be an id of a topic"),
        ("topics = []", "topics: must hold at least one entry"),
        ('topics = "defense"', "topics: must be a list in square brackets"),
        ('allow_private = "yes"', "allow_private: must be true or false"),
        ('name = "Old Alerts"', "webhook 'Old Alerts': name: must be small letters"),
        ('topic = ["defense"]', "topic: is no field of a webhook; did you mean 'topics'?"),
        (GOOD.replace("/hooks", "/else"), "hooks.toml:4: webhook number 2: name: the webhook in line 1 has it too"),
        (
            GOOD.replace("https://news.example", "https://NEWS.example:443") + 'name = "b"',
            "hooks.toml:5: webhook 'b': url: the webhook in line 1 has it too; list all its topics in one of them",
        ),
    ],
)
def test_what_else_is_wrong_is_told(more: str, said: str) -> None:
    assert said in wrong(GOOD + more + "\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "hooks.toml:1: it holds nothing; write [[webhook]]"),
        ("[webhook]\nurl = 'x'\n", "hooks.toml:1: webhook: write each below a line of its own: [[webhook]]"),
        ("[[webhooks]]\n", "hooks.toml:1: webhooks: does not belong here; did you mean 'webhook'?"),
        ("[[webhook]]\nurl = x\n", "hooks.toml:2: this is not a TOML file"),
        ("webhook = 1\n", "hooks.toml:1: webhook: write each below a line of its own"),
        ("webhook = []\n", "hooks.toml:1: it holds nothing"),
    ],
)
def test_a_file_of_another_form_is_told(text: str, said: str) -> None:
    assert said in wrong(text)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    told = wrong("[[webhook]]\nurl = 'x'\n[[webhook]]\nsecret = 'y'\n").splitlines()
    assert [line.split(":")[1] for line in told] == ["1", "2", "3", "4"]


def test_a_file_that_is_not_there_is_told_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"COPYDESK_WEBHOOKS .*hooks\.toml: No such file"):
        load_webhooks(tmp_path / "hooks.toml")
