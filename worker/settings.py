"""The settings: environment variables with the prefix ``COPYDESK_``, typed and checked in one place."""

import functools
import hashlib
import ipaddress
import os
import re
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from schemas import address
from schemas.topics import is_topic_id
from worker.errors import Misconfigured

PREFIX = "COPYDESK_"  # of the environment variables
MAX_SOCKET_PATH = 100  # bytes; unix(7) allows 108, macOS 104
SCHEMES = ("redis://", "rediss://", address.SCHEME, "unix://")
MIN_TOKEN = 16  # characters; fewer can be guessed over a network


def _redis_url(url: str) -> str:
    if not url.startswith(SCHEMES):
        raise ValueError(f"must begin with {', '.join(SCHEMES)}, for example redis://localhost:6379/0")
    if "@" in url and not url.startswith("unix:") and "@" not in re.split("[/?#]", url)[2]:
        raise ValueError("of a password, / ? and # must be written %2F %3F and %23")
    if url.startswith(address.SCHEME):
        address.parse(url)
    return url


def _topics(text: str) -> str:
    wrong = [topic for topic in text.split() if not is_topic_id(topic)]
    if wrong:
        raise ValueError(
            f"{wrong[0]!r} is no topic; must be their ids, separated by spaces, for example 'defense sport'"
        )
    return text


def _suffixes(text: str) -> str:
    if any(not part.startswith(".") for part in text.split()):
        raise ValueError("must be endings with their dot, separated by spaces, for example '.bak .lock'")
    return text


def _listen(text: str) -> str:
    host, _, port = text.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    if not bare or (":" in bare and host == bare) or not re.fullmatch(r"\d{1,5}", port) or int(port) > 65_535:
        raise ValueError("must be an address and a port, for example 127.0.0.1:8080 or [::1]:8080")
    return text


def _token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(rf"[!-~]{{{MIN_TOKEN},512}}", token.get_secret_value()):
        raise ValueError(f"must be {MIN_TOKEN} to 512 visible ASCII characters, for example of `openssl rand -hex 32`")
    return token


Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


class Settings(BaseModel):
    """Every setting: what is not given comes from the environment, else it has its default.

    The README's table is checked against these descriptions.
    """

    model_config = ConfigDict(frozen=True)

    inbox: Path = Field(Path("inbox"), description="the drop folder")
    redis_url: Annotated[str, AfterValidator(_redis_url)] | None = Field(
        None,
        description="`redis://`, `rediss://`, `unix://` or `redis+sentinel://`; unset: the embedded server of "
        "`copydesk up`",
    )
    state: Path = Field(Path(".copydesk"), description="the embedded server's data and socket")
    prefix: Annotated[str, Field(pattern=r"^[\w.{}:-]{1,64}$")] = Field(
        "copydesk", description="of every Redis key and stream; `{copydesk}` on a Redis Cluster"
    )
    rules: Path | None = Field(None, description="a file of your own topic rules, read beside the packaged ones")
    model: Path | None = Field(None, description="a model of further topics, as `copydesk train` writes it")
    webhooks: Path | None = Field(None, description="a file of webhooks: `copydesk up` delivers to them too")
    log_format: Literal["auto", "json", "pretty"] = Field(
        "auto", description="`json` or `pretty`; `auto`: pretty on a terminal"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least level logged")
    ignore: Annotated[str, AfterValidator(_suffixes)] = Field(
        "", description="more endings to leave alone until renamed, as `.bak .lock`"
    )
    settle: Seconds = Field(0.3, description="seconds without a change before a closed file is claimed")
    settle_unsure: Seconds = Field(
        3.0, description="the same, where the system cannot tell whether somebody still writes (network drives)"
    )
    poll: Seconds = Field(2.0, description="seconds between looks at the folder when no event arrives")
    max_file_bytes: Count = Field(10 * 2**20, description="larger files are rejected")
    max_in_flight: Count = Field(500, description="files claimed and not yet settled")
    max_in_flight_bytes: Count = Field(64 * 2**20, description="their bytes in Redis")
    time_limit: Seconds = Field(10.0, description="seconds that one article may take, and the unpacking of a file")
    memory_limit_mb: Count = Field(896, description="MiB of data that one worker process may hold")
    max_attempts: Count = Field(3, description="runs alone before a file that ends its process is rejected")
    resubmit_after: Seconds = Field(15.0, description="seconds without an outcome before a claim is enqueued again")
    ledger_days: Count = Field(90, description="days for which published content is remembered")
    heal_days: Annotated[int, Field(ge=0)] = Field(
        7, description="days back to which entries that Redis lost are published again by themselves; 0: none"
    )
    topic_streams: Annotated[str, AfterValidator(_topics)] = Field(
        "", description="topics that get a stream of their own as well, as `defense sport`"
    )
    retention_days: Count = Field(
        30, description="days that stream entries are kept, and longer until the slowest consumer group is done"
    )
    retention_entries: Count | None = Field(
        None, description="most entries that a stream keeps, likewise but for those that a group still needs"
    )
    stream_cap: Count = Field(
        200_000, description="most entries that a stream ever holds; what is beyond goes, read or not, with an error"
    )
    concurrency: Count = Field(
        default_factory=lambda: len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2,
        description="worker processes; default: one a core",
    )

    listen: Annotated[str, AfterValidator(_listen)] = Field(
        "127.0.0.1:8080",
        description="address and port of `copydesk serve`; others than this machine's own need a token",
    )
    token: Annotated[SecretStr, AfterValidator(_token)] | None = Field(
        None, description="what HTTP clients must send as `Authorization: Bearer …`"
    )

    @model_validator(mode="before")
    @classmethod
    def _with_environment(cls, given: dict[str, Any]) -> dict[str, Any]:
        # Not by pydantic-settings, which loads asyncio and a command line of its own at every start.
        texts = {name: os.environ.get(PREFIX + name.upper()) for name in cls.model_fields}
        return {name: text for name, text in texts.items() if text} | given

    @property
    def listens_on(self) -> tuple[str, int]:
        """The host, without brackets, and the port in ``listen``."""
        host, _, port = self.listen.rpartition(":")
        return host.removeprefix("[").removesuffix("]"), int(port)

    @property
    def listens_locally(self) -> bool:
        """Whether only this machine can reach what listens there; of a name but ``localhost`` that is not known."""
        host, _ = self.listens_on
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    @property
    def ignored(self) -> tuple[str, ...]:
        """The endings in ``ignore``, lower case."""
        return tuple(self.ignore.lower().split())

    @property
    def topics(self) -> tuple[str, ...]:
        """The ids in ``topic_streams``."""
        return tuple(dict.fromkeys(self.topic_streams.split()))

    @property
    def address(self) -> str:
        """The Redis to use: the given one, or the embedded server's socket."""
        return self.redis_url or f"unix://{socket_path(self.state)}"


def socket_path(state: Path) -> Path:
    """Where the embedded server of a state folder listens.

    In that folder; or, as the kernel takes no long socket paths, in one of its own in the temporary folder.
    """
    usual = state.resolve() / "redis.sock"
    if len(os.fsencode(usual)) <= MAX_SOCKET_PATH:
        return usual
    digest = hashlib.sha256(os.fsencode(usual)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"copydesk-{os.getuid()}-{digest}" / "redis.sock"


@functools.cache
def load_settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        Misconfigured: naming each variable that is wrong, and what it must be.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        ]
        raise Misconfigured("; ".join(lines)) from error
