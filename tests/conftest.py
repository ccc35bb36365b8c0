"""What all tests use: a machine of their own, and the command, run here or as it is installed."""

import importlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from lrviz import cli

settings.register_profile(
    "lrviz", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("lrviz")


MACHINE = Path(__file__).parent / "machine"
KEPT = ("PYTEST_", "PATH", "TMP", "TEMP", "SYSTEM", "COMSPEC")
"""How the names of all begin that is seen of the environment of whoever runs the tests."""


def pytest_configure(config: pytest.Config) -> None:
    """Give the tests, and the processes that they start, an environment that is always the same."""
    if hasattr(config, "workerinput"):  # of pytest-xdist, started by one that has been here
        home = os.environ["HOME"]
    else:
        home = tempfile.mkdtemp(prefix="lrviz-tests-")
        config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    kept = {name: os.environ[name] for name in os.environ if name.startswith(KEPT)}
    os.environ.clear()
    os.environ |= {
        "PATH": os.defpath,
        **kept,
        "FONTCONFIG_FILE": str(MACHINE / "fonts.conf"),
        "HOME": home,
        "LANG": "C.UTF-8",
        "MPLCONFIGDIR": f"{home}/matplotlib",  # one list of fonts for all processes
        "PYTHONPATH": str(MACHINE),
        "TERM": "xterm-256color",
        "TZ": "UTC",
        "XDG_DATA_HOME": str(MACHINE),
    }
    time.tzset()
    importlib.import_module("tests.machine.sitecustomize")
    os.umask(0o022)


MAY_SKIP = re.compile(
    r"(zsh|fish|bash) is not installed|there is no (bash to compare with|such device|browser.*)"
    r"|there are no such limits|elsewhere a killed program leaves a draft|no notebook.*"
)
"""Why a test may be skipped; for any other reason it fails."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test fail that is skipped for no known reason, as nobody would see that it is."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if not MAY_SKIP.fullmatch(reason):
            report.outcome = "failed"
            report.longrepr = (
                f"{item.nodeid} is skipped for no known reason: {reason} ({call.when})"
            )
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that start the installed command."""
    for item in items:
        if "installed" in getattr(item, "fixturenames", ()):
            item.add_marker("installed")


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
        *words: str,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        text: str = "",
        privileged: bool = True,
    ) -> Result:
        to_run: list[Path | str] = [program, *words]
        if not privileged and os.access("/", os.W_OK):
            to_run = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", *to_run]
        done = subprocess.run(
            to_run,
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
