"""The machine that something was measured on, and with what."""

import importlib.metadata
import os
import platform
import re
import subprocess
from pathlib import Path

from benchmarks.server import server_on_path
from worker.embedded import find_server

ROOT = Path(__file__).parents[1]
LIBRARIES = (
    *("celery", "kombu", "redis", "lxml", "numpy", "pydantic"),
    *("rq", "dramatiq", "huey", "streaq", "taskiq", "taskiq-redis", "trafilatura"),
)


def describe_machine(folder: Path) -> dict[str, str]:
    """What it is, by what is told of it.

    Args:
        folder: On the disk that is measured on.
    """
    return {
        "processor": _first(r"model name\s*:\s*(.+)", "/proc/cpuinfo") or platform.processor() or platform.machine(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "file system": _file_system(folder),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "Redis": _redis_version(),
        "libraries": ", ".join(f"{name} {version}" for name in LIBRARIES if (version := _version(name))),
    }


def commit() -> str:
    """The commit that is measured, with a plus sign if files differ from it; empty where there is no repository."""
    try:
        told = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--exclude=*"],  # noqa: S607 - whichever git there is
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return told.stdout.strip()


def _first(pattern: str, path: str) -> str | None:
    try:
        found = re.search(pattern, Path(path).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
    return found[1].strip() if found else None


def _file_system(folder: Path) -> str:
    """The type of the file system, by the longest mount point above the folder."""
    try:
        mounts = [line.split(" ")[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return "unknown"
    above = [(len(point), kind) for point, kind in mounts if folder.resolve().is_relative_to(point)]
    return max(above)[1] if above else "unknown"


def _redis_version() -> str:
    with server_on_path():
        server = find_server()
    told = subprocess.run([server, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"v=(\S+)", told)
    return f"{'Valkey' if 'alkey' in told else 'Redis'} {found[1] if found else 'of unknown version'}"


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
