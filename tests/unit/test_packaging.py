"""What is installed is all that the packages need."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
NOT_INSTALLED = "schemas/baseline/*"  # what changes of the contract are held against, for its developers


def test_every_package_is_installed() -> None:
    found = {
        str(path.parent.relative_to(ROOT)).replace("/", ".")
        for top in ("schemas", "worker")
        for path in (ROOT / top).rglob("__init__.py")
    }
    assert found == set(SETUPTOOLS["packages"])


def test_every_file_beside_the_code_is_installed() -> None:
    data = {
        f"{package.replace('.', '/')}/{pattern}"
        for package, patterns in SETUPTOOLS["package-data"].items()
        for pattern in patterns
    }
    files = [
        str(path.relative_to(ROOT))
        for top in ("schemas", "worker")
        for path in (ROOT / top).rglob("*")
        if path.is_file()
        and path.suffix not in {".py", ".pyc"}
        and not fnmatch(str(path.relative_to(ROOT)), NOT_INSTALLED)
    ]
    assert len(files) > 15
    assert [file for file in files if not any(fnmatch(file, pattern) for pattern in data)] == []
