"""The documents name what is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_test_that_the_operations_page_names_is_there() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    source = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
    names = set(re.findall(r"`(?:tests/integration/)?(test_\w+(?:\.py)?)`", page))
    assert len(names) > 15
    for name in names:
        found = name in source if name.endswith(".py") else any(f"def {name}(" in text for text in source.values())
        assert found, name
