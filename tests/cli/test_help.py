"""Help. `snapshots/` has it whole; `pytest --update` writes it anew."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from lrviz import __version__
from lrviz.docs import pages
from tests.conftest import Run

SNAPSHOTS = Path(__file__).parent / "snapshots"
COMMANDS = [
    *("plot", "table", "compare", "fit", "predict", "list", "explain", "translate", "build"),
    *("completion", "help"),
]


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_whole(
    command: str, option: str, run: Run, snapshot: Callable[[Path, str], None]
) -> None:
    result = run(*command.split(), option)
    assert (result.status, result.err) == (0, "")
    snapshot(SNAPSHOTS / f"help-{command or 'lrviz'}.txt", result.out)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_a_terminal_of_80_columns(command: str, run: Run) -> None:
    assert max(len(line) for line in run(*command.split(), "--help").out.splitlines()) <= 80


def test_no_option_is_lost_under_its_heading(run: Run) -> None:
    """What belongs together stands together, and an option where its command takes it."""
    out = run("plot", "--help").out
    headings = re.findall(r"^(\w+):$", out, re.MULTILINE)
    assert headings == ["Arguments", "Options", "Run", "Picture"]
    *_, options, of_run, of_picture = re.split(r"^\w+:$", out, flags=re.MULTILINE)
    assert "--output" in options
    assert "--epochs" in of_run
    assert "--zoom" in of_picture
    words = run("complete-words", "--", "plot", "-").out.splitlines()
    assert {word.partition("\t")[0] for word in words} <= set(re.findall(r"--[a-z-]+", out))


def test_no_words_at_all_show_the_help(run: Run) -> None:
    assert run() == run("--help")


def test_the_help_names_all_commands(run: Run) -> None:
    listed = re.findall(r"^  (\w+)  ", run("--help").out.partition("Commands:")[2], re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_begins_with_examples(command: str, run: Run) -> None:
    lines = run(command, "--help").out.splitlines()
    assert "lrviz" in lines[2]


@pytest.mark.parametrize("command", ["", "plot", "table", "list", "explain", "help"])
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


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_is_what_its_option_shows(command: str, run: Run) -> None:
    assert run("help", command) == run(command, "--help")


def test_help_lists_all_pages_on_one_screen(
    run: Run, snapshot: Callable[[Path, str], None]
) -> None:
    result = run("help")
    assert (result.status, result.err) == (0, "")
    lines = result.out.splitlines()
    assert len(lines) <= 24
    for page in pages().values():
        assert any(re.fullmatch(rf"  {page.name} +{re.escape(page.summary)}", x) for x in lines)
    snapshot(SNAPSHOTS / "help.txt", result.out)


@pytest.mark.parametrize("name", pages())
def test_a_page_is_shown_as_text(name: str, run: Run) -> None:
    """Prose fits the terminal; code, and what is explained, stands as it is written."""
    result = run("help", name)
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith(pages()[name].text.split("\n")[0].removeprefix("# "))
    assert not re.search(r"^#|^```|<!--|\]\(|^ {0,3}\|", result.out, re.MULTILINE)
    verbatim = re.sub("`", "", pages()[name].text)
    for line in result.out.splitlines():
        text = line.strip()
        assert len(line) <= 80 or text in verbatim or " " not in text
    coloured = run("help", name, "--color", "always").out
    assert re.sub(r"\x1b\[\d*m", "", coloured) == result.out
    assert coloured != result.out


def test_nothing_of_a_page_is_lost(run: Run) -> None:
    """Each word of it is shown, but for marks of Markdown and the addresses of links."""
    for name, page in pages().items():
        marks = r"<!--.*-->|```\w+|\]\(\S+\)|\|.*\|(?=\n\| ---)"  # names of columns stand there
        written = re.findall(r"\w+", re.sub(marks, " ", page.text))
        assert not set(written) - set(re.findall(r"\w+", run("help", name).out)), name


def test_a_page_as_it_is_shown(run: Run, snapshot: Callable[[Path, str], None]) -> None:
    snapshot(SNAPSHOTS / "help-page-programs.txt", run("help", "programs").out)


def test_what_help_can_be_asked_for_is_completed(run: Run) -> None:
    found = [line.split("\t") for line in run("complete-words", "--", "help", "").out.splitlines()]
    assert [name for name, _ in found] == [*pages(), *sorted(COMMANDS)]
    assert ["specs", pages()["specs"].summary] in found


def test_no_page_is_called_as_a_command() -> None:
    assert not set(pages()) & set(COMMANDS)


def completed(run: Run, *words: str) -> list[str]:
    lines = run("complete-words", "--", *words).out.splitlines()
    return [line.partition("\t")[0] for line in lines]


def test_words_that_a_parameter_takes_are_completed(run: Run) -> None:
    shapes = ["linear", "cosine", "sqrt", "exp"]
    assert completed(run, "plot", "wsd:lr=1,shape=") == [f"wsd:lr=1,shape={x}" for x in shapes]
    assert completed(run, "plot", "A=wsd:shape=s") == ["A=wsd:shape=sqrt"]


def test_a_call_of_several_frameworks_is_completed_once(run: Run) -> None:
    assert completed(run, "explain", "StepL") == ["StepLR", "StepLRScheduler"]


def test_files_are_completed_after_their_mark(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "logs").mkdir()
    for name in ("run.csv", ".hidden", "logs/rates.csv"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    assert completed(run, "plot", "@") == ["@logs/", "@run.csv"]
    assert completed(run, "plot", "plan=@ru") == ["plan=@run.csv"]
    assert completed(run, "compare", "const:lr=1", "@logs/r") == ["@logs/rates.csv"]
    assert completed(run, "plot", "@nowhere/x") == []
    assert completed(run, "plot", f"@{tmp_path}/lo") == [f"@{tmp_path}/logs/"]
