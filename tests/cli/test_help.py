"""Help. `snapshots/` has it whole; `pytest --update` writes it anew."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from lrviz import __version__
from tests.conftest import Run

SNAPSHOTS = Path(__file__).parent / "snapshots"
COMMANDS = ["plot", "table", "compare", "fit", "list", "explain", "build", "completion"]


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_whole(
    command: str, option: str, run: Run, snapshot: Callable[[Path, str], None]
) -> None:
    result = run(*command.split(), option)
    assert (result.status, result.err) == (0, "")
    snapshot(SNAPSHOTS / f"help-{command or 'lrviz'}.txt", result.out)


def test_no_words_at_all_show_the_help(run: Run) -> None:
    assert run() == run("--help")


def test_the_help_names_all_commands(run: Run) -> None:
    listed = re.findall(r"^  (\w+)  ", run("--help").out.partition("Commands:")[2], re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_begins_with_examples(command: str, run: Run) -> None:
    lines = run(command, "--help").out.splitlines()
    assert "lrviz" in lines[2]


@pytest.mark.parametrize("command", ["", "plot", "table", "list", "explain"])
def test_the_examples_of_the_help_run(
    command: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"^  (lrviz \w+ .*)$", run(*command.split(), "--help").out, re.MULTILINE)
    assert examples or command == "list"
    for example in examples:
        _, *words = shlex.split(re.split(r" {3,}", example)[0])
        result = run(*words)
        assert result.status == 0, example
        assert "error" not in result.err


def test_the_version(run: Run) -> None:
    assert run("--version") == (0, f"lrviz {__version__}\n", "")
