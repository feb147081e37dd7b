"""The broken copies are what they say."""

from pathlib import Path

import pytest

from tests.chaos import breaks
from tests.chaos.breaks import BREAKS, ROOT, Change, broken_product


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_a_broken_copy_differs_from_the_product_in_what_it_names(name: str, tmp_path: Path) -> None:
    broken_product(name, tmp_path)
    for change in BREAKS[name]:
        assert (tmp_path / change.file).read_text() != (ROOT / change.file).read_text()
        if change.file.endswith(".py"):
            compile((tmp_path / change.file).read_text(), change.file, "exec")


def test_source_that_has_changed_is_an_error_and_not_an_unbroken_product(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(breaks.BREAKS, "gone", (Change("worker/celery.py", "no such line", ""),))
    with pytest.raises(ValueError, match="0 times"):
        broken_product("gone", tmp_path)
