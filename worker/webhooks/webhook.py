"""One webhook: where events go, which, and how they are signed."""

import base64
import binascii
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from schemas.topics import is_topic_id

SECRET_PREFIX = "whsec_"  # noqa: S105 - what a secret begins with, not one
SECRET_BYTES = range(24, 65)
_MAKE_ONE = 'make one with  echo "whsec_$(openssl rand -base64 32)"'


def _url(url: str) -> str:
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("must be ASCII without spaces: write a name in another script as xn--…, other signs as %20")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError('must begin with https:// (or http://) and a host, for example "https://news.example/hooks"')
    if "@" in parts.netloc:
        raise ValueError(
            "must hold no user and no password: the signature tells the receiver who sends; leave them out"
        )
    if parts.fragment:
        raise ValueError("must not hold a part behind #, which is never sent; leave it out")
    try:
        parts.port  # noqa: B018 - reading it checks it
        parts.hostname.encode("idna")
    except ValueError as error:
        raise ValueError(f"has no possible host and port ({error}); correct it") from error
    return url


def _key(secret: object) -> bytes:
    """The bytes of a secret."""
    if not isinstance(secret, str) or not secret.startswith(SECRET_PREFIX):
        raise ValueError(f"must be text that begins with whsec_, or a list of such texts; {_MAKE_ONE}")
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError(f"must be whsec_ and base64 behind it, which this is not; {_MAKE_ONE}") from error
    if len(key) not in SECRET_BYTES:
        raise ValueError(f"holds {len(key)} bytes and must hold 24 to 64; {_MAKE_ONE}")
    return key


def _keys(secrets: Any) -> tuple[bytes, ...]:
    if secrets == []:
        raise ValueError(f"must hold at least one entry; {_MAKE_ONE}")
    return tuple(_key(secret) for secret in (secrets if isinstance(secrets, list) else [secrets]))


def _topic(topic: str) -> str:
    if not is_topic_id(topic):
        raise ValueError("must be an id of a topic, in small letters, digits and underscores, for example defense")
    return topic


class Webhook(BaseModel):
    """Where events go.

    Attributes:
        url: To which they are sent; it may hold what only the receiver should know, so it is not logged.
        topics: Only events that concern one of these; empty: all.
        secret: The keys that sign; several while a receiver changes from one to another.
        name: What logs and Redis call it; the host of the url where none is given.
        allow_private: Whether the host may have an address that is not reachable from the whole internet.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    url: Annotated[str, AfterValidator(_url)] = Field(repr=False)
    topics: Annotated[tuple[Annotated[str, AfterValidator(_topic)], ...], Field(min_length=1, strict=False)] | None = (
        None
    )
    secret: Annotated[tuple[bytes, ...], BeforeValidator(_keys)] = Field(repr=False)
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,59}$")] | None = None
    allow_private: bool = False

    @property
    def parts(self) -> SplitResult:
        """The parts of the url."""
        return urlsplit(self.url)

    @property
    def called(self) -> str:
        """Its name, or the host and port of its url."""
        return self.name or self.parts.netloc.lower()

    @property
    def group(self) -> str:
        """Its consumer group on the article stream."""
        return f"webhook-{self.called}"
