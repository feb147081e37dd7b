"""What was measured, as a JSON file keeps it: of each measurement the last time it was made."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Row


@dataclass(frozen=True)
class Result:
    """One measurement.

    Attributes:
        date: Of the day on which it was made, ISO 8601.
        commit: What was measured.
        quick: Whether it only shows that the measurement works.
        machine: What it was measured on.
        rows: The observations.
    """

    date: str
    commit: str
    quick: bool
    machine: dict[str, str]
    rows: list[Row]


Results = dict[str, Result]
"""By the name of the measurement."""


def load(path: Path) -> Results:
    """The results in a file; none where there is no file.

    Raises:
        ValueError: It is not as ``save`` writes it.
    """
    try:
        told: Any = json.loads(path.read_text(encoding="utf-8"))
        return {name: Result(**result) for name, result in told.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} holds no results ({error}); remove it, or give another file by --out") from error


def save(results: Results, path: Path) -> None:
    """Replace the file, at once and whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = json.dumps({name: asdict(result) for name, result in results.items()}, indent=1, ensure_ascii=False)
    new = path.with_suffix(".json.tmp")
    new.write_text(told + "\n", encoding="utf-8")
    os.replace(new, path)
