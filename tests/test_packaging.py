"""What is said of the package is what it is."""

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import lrviz

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
UNTESTED = {"mypy", "ruff", "types-pyyaml"}
"""What checks the code, and has no part in running or testing it."""


def floors() -> dict[str, str]:
    """Return the lowest versions that the project allows of what it needs to run and be tested."""
    extras = PROJECT["optional-dependencies"].values()
    needed = [*PROJECT["dependencies"], *(one for extra in extras for one in extra)]
    found = {
        match[1]: match[2] for one in needed if (match := re.match(r"([\w-]+)>=([\d.]+)", one))
    }
    return {name: version for name, version in found.items() if name not in UNTESTED}


def test_the_lowest_versions_that_are_allowed_are_those_that_are_tested() -> None:
    lines = (ROOT / ".ci" / "lowest.txt").read_text(encoding="utf-8").splitlines()
    tested = dict(line.split("==") for line in lines if not line.startswith("#"))
    assert floors()
    for name, version in floors().items():
        assert tested[name] in (version, f"{version}.0"), name
    assert "-c .ci/lowest.txt" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_dependency_has_a_lowest_version() -> None:
    for one in PROJECT["dependencies"]:
        assert re.match(r"[\w-]+>=[\d.]+", one), one


def test_the_lowest_python_is_the_first_that_is_named() -> None:
    named = [
        line.rpartition(" ")[2]
        for line in PROJECT["classifiers"]
        if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", line)
    ]
    assert PROJECT["requires-python"] == f">={named[0]}"
    assert f"{sys.version_info.major}.{sys.version_info.minor}" in named


def test_what_is_installed_has_types_and_a_version() -> None:
    package = Path(lrviz.__file__).parent
    assert (package / "py.typed").exists()
    assert re.fullmatch(r"\d+\.\d+\.\d+", lrviz.__version__)
