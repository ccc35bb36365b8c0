"""What all tests use: the command, run in this process or as it is installed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from lrviz import cli

settings.register_profile(
    "lrviz", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("lrviz")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the snapshots anew")


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Return a function that compares a text with the one in a file, whole."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


class Result(NamedTuple):
    """What a command left: its exit status, and what it printed."""

    status: int
    out: str
    err: str


Run = Callable[..., Result]


def wait_for(happened: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something has happened, but not forever."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.01)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs `lrviz` with some words, in this process, without a terminal."""

    def run_lrviz(*words: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["lrviz", *words])
        for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
            monkeypatch.delenv(name, raising=False)
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Result(int(ended.value.code or 0), *capfd.readouterr())

    return run_lrviz


@pytest.fixture
def installed() -> Run:
    """Return a function that runs the installed `lrviz` in a process of its own."""
    program = Path(sys.executable).with_name("lrviz")

    def run_lrviz(
        *words: str, env: Mapping[str, str] | None = None, cwd: Path | None = None, text: str = ""
    ) -> Result:
        done = subprocess.run(
            [program, *words],
            capture_output=True,
            encoding="utf-8",
            input=text,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            timeout=60,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return run_lrviz
