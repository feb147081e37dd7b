"""Stream retention: old entries go, but never one that a consumer group still needs, unless a stream is at its cap."""

import importlib.resources
from dataclasses import dataclass
from typing import Any

import redis

from worker.connection import text_of
from worker.keys import Keys
from worker.logs import get_logger
from worker.settings import Settings

log = get_logger(__name__)

STEP = 200  # entries that one call of the script removes at most: a few milliseconds of the server's time
STEPS = 100  # calls for one stream in one round of upkeep; the next round goes on
TOLD_SECONDS = 3 * 86_400  # that `copydesk status` tells of what was trimmed before a group was done with it


@dataclass(slots=True)
class Overrun:
    """What was removed before a group was done with it: entries it had not read, and read but not acknowledged."""

    unread: int = 0
    unacknowledged: int = 0


@dataclass(slots=True)
class Trimmed:
    """What became of a stream.

    Attributes:
        removed: How many entries are gone.
        groups: Its consumer groups, by their names, with what each of them lost.
    """

    removed: int
    groups: dict[bytes, Overrun]


class Retention:
    """Trims the streams under one prefix; several watchers may do so at once.

    Args:
        client: Of the server.
        settings: How long and how many entries are kept, and which topics have a stream.
    """

    def __init__(self, client: "redis.Redis", settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._keys = Keys(settings.prefix)
        self._configured = [*map(self._keys.of_topic, settings.topics), self._keys.articles, self._keys.rejected]
        script = importlib.resources.files("worker").joinpath("trim.lua").read_text(encoding="utf-8")
        self._script = client.register_script(script)

    def keep(self) -> None:
        """Trim every stream a bit, and the dead letters of its groups; say loudly what a group loses by it.

        Raises:
            redis.RedisError: The server could not do it; the next call goes on.
        """
        for stream in self._streams():
            groups = self.trim(stream, self._settings.retention_entries).groups
            for group in groups:
                self.trim(dead_letters(stream, group), None)

    def trim(self, stream: str | bytes, most: int | None) -> Trimmed:
        """Trim one stream, as far as a round of upkeep may take.

        Args:
            stream: Its key, which need not be there.
            most: How many entries are kept, but for those that a group still needs; None: any number.

        Raises:
            redis.RedisError: The server could not do it.
        """
        result = Trimmed(0, {})
        keys, settings = self._keys, self._settings
        limits = [settings.retention_days, most or "", settings.stream_cap, STEP, TOLD_SECONDS]
        for _ in range(STEPS):
            reply: Any = self._script(keys=[stream, keys.trimmed, keys.overruns], args=limits)
            removed, *groups = reply or [0]
            result.removed += removed
            for name, unread, unacknowledged in groups:
                overrun = result.groups.setdefault(name, Overrun())
                overrun.unread += unread
                overrun.unacknowledged += unacknowledged
            if removed < STEP:
                break
        for name, overrun in result.groups.items():
            if overrun.unread or overrun.unacknowledged:
                self._tell(text_of(stream), shown(name), overrun)
        return result

    def _tell(self, stream: str, group: str, overrun: Overrun) -> None:
        log.error(
            "trimmed_before_read",
            stream=stream,
            group=group,
            unread=overrun.unread,
            unacknowledged=overrun.unacknowledged,
            cap=self._settings.stream_cap,
            next=f"the group never gets these entries: {what_to_do(stream, group)}",
        )

    def _streams(self) -> list[str]:
        """The streams to trim: those of the settings, and of topics that had one earlier, until it is deleted."""
        found: dict[Any, Any] = self._client.hgetall(self._keys.streams)
        known = {text_of(stream): text_of(days) for stream, days in found.items()}
        wanted = dict.fromkeys(self._configured, str(self._settings.retention_days))
        if wanted.items() - known.items():
            self._client.hset(self._keys.streams, mapping=wanted)  # type: ignore[arg-type]  # text is what it takes
        former = sorted(known.keys() - wanted.keys())
        gone = [stream for stream in former if not self._client.exists(stream)]
        if gone:
            self._client.hdel(self._keys.streams, *gone)
        return [*wanted, *(stream for stream in former if stream not in gone)]


def dead_letters(stream: str, group: bytes) -> bytes:
    """The stream to which a group's subscribers move what keeps failing."""
    return stream.encode() + b":dead:" + group


def shown(name: bytes) -> str:
    """The name of a group, which may be any bytes, for people."""
    return name.decode(errors="backslashreplace")


def what_to_do(stream: str, group: str) -> str:
    """The next step when a group falls so far behind that its entries go."""
    return (
        f"start its consumers, or more of them, or raise COPYDESK_STREAM_CAP; if nobody reads it any more, "
        f"XGROUP DESTROY {stream} {group}"
    )
