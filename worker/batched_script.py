"""A script of ours that is called many times in one round trip."""

import importlib.resources
from collections.abc import Callable, Sequence
from typing import Any

import redis
from redis.client import Pipeline
from redis.exceptions import NoScriptError

from worker.connection import text_of

Call = tuple[Sequence[str], Sequence[str | int | float | None]]


def _nothing(_pipe: Pipeline) -> None:
    """Nothing else is asked for in the same round trip."""


def text_of_script(file: str) -> str:
    """The script in a file of this package."""
    return importlib.resources.files("worker").joinpath(file).read_text(encoding="utf-8")


class BatchedScript:
    """One script, by the name of its file; every call of it must be safe to repeat.

    Args:
        client: Of the server.
        file: Of the script, in this package.
    """

    def __init__(self, client: "redis.Redis", file: str) -> None:
        self._client = client
        self._text = text_of_script(file)
        self._sha = ""

    def __call__(self, calls: Sequence[Call], also: Callable[[Pipeline], object] = _nothing) -> list[Any]:
        """Make the calls, each of some keys and some arguments.

        Args:
            calls: In order.
            also: Adds other commands to the same round trip, behind the calls; they too must be safe to repeat.

        Returns:
            The replies in that order. A server that lost the script (a restart, SCRIPT FLUSH) is given it again.

        Raises:
            redis.RedisError: The first error that the server gave; what came before and after it is done.
        """
        while True:
            self._sha = self._sha or text_of(self._client.script_load(self._text))
            with self._client.pipeline() as pipe:  # one transaction, so the server waits for its disk once
                for keys, arguments in calls:
                    pipe.evalsha(self._sha, len(keys), *keys, *arguments)  # type: ignore[arg-type]  # numbers too
                also(pipe)
                replies: list[Any] = pipe.execute(raise_on_error=False)
            errors = [reply for reply in replies if isinstance(reply, Exception)]
            if not errors:
                return replies
            if not isinstance(errors[0], NoScriptError):
                raise errors[0]
            self._sha = ""
