"""What is measured side by side: a subject takes files from a folder and puts a record of each on a stream."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Setup:
    """Where one subject works, once.

    Attributes:
        inbox: The drop folder; it exists, and may hold files when the subject is started.
        redis_url: A server that nobody else uses, as ``copydesk up`` starts it.
        stream: The key of the stream that the records go to, each the ``data`` of an entry; ends in ``:articles``.
        processes: How many worker processes do the work.
        state: An empty folder for whatever else the subject needs.
    """

    inbox: Path
    redis_url: str
    stream: str
    processes: int
    state: Path


@dataclass(frozen=True)
class Running:
    """A subject at work.

    Attributes:
        pids: Its processes by part ("watcher", "worker", …); their children count as of the same part.
    """

    pids: dict[str, int] = field(default_factory=dict)


Start = Callable[[Setup], AbstractContextManager[Running]]


@dataclass(frozen=True)
class Subject:
    """One way to do the job.

    Attributes:
        name: As tables show it.
        start: Starts it; it is ready when the context is entered, or takes files as soon as it is.
        lacks: Which of the promises P1 to P6 it does not keep, each with the reason in a few words; empty: none.
    """

    name: str
    start: Start
    lacks: dict[str, str] = field(default_factory=dict)
