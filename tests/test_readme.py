"""The README shows what is there: its commands are run, its tables made, its links followed.

`pytest --update` writes outputs and tables anew.
"""

import doctest
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lrviz import lint
from lrviz.frameworks import Call, frameworks
from lrviz.schedules import families

from .conftest import Run

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
SETUPS = re.findall(r"```sh\n(.+?)\n```", README.read_text(encoding="utf-8"), re.DOTALL)


def table_of_families() -> str:
    """Return the table of all families."""
    rows = [
        f"| `{kind.name}` | {kind.summary()} | `{kind.examples[0].spec}` |"
        for kind in families().values()
    ]
    return "\n".join(["| family | does | example |", "| --- | --- | --- |", *rows])


def with_outputs(text: str, run: Run) -> str:
    """Return the text with what its commands print."""

    def shown(block: re.Match[str]) -> str:
        command = block[1]
        result = run(*shlex.split(command)[1:])
        assert (result.status, result.err) == (0, ""), command
        return f"```console\n$ {command}\n{result.out}```"

    return re.sub(r"```console\n\$ (.+)\n(?:(?!```).*\n)*```", shown, text)


def table_of_calls() -> str:
    """Return the table of all calls of frameworks."""
    rows = [
        f"| {Call(one, one.calls[0]).title} | `{one.modules[0]}` "
        f"| {', '.join(f'`{name}`' for name in sorted(one.calls, key=str.lower))} |"
        for one in frameworks()
    ]
    return "\n".join(["| framework | module | calls |", "| --- | --- | --- |", *rows])


def table_of_warnings() -> str:
    """Return the table of all warnings."""
    rows = [f"| `{name}` | {sentence} |" for name, sentence in lint.names().items()]
    return "\n".join(["| warning | says |", "| --- | --- |", *rows])


def with_table(text: str, name: str, table: str) -> str:
    """Return the text with a table between its marks."""
    mark, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, _, rest = text.partition(mark)
    return f"{before}{mark}\n{table}\n{end}{rest.partition(end)[2]}"


def test_outputs_and_tables_are_what_is_printed(run: Run, request: pytest.FixtureRequest) -> None:
    text = README.read_text(encoding="utf-8")
    made = with_table(with_outputs(text, run), "families", table_of_families())
    made = with_table(made, "calls", table_of_calls())
    made = with_table(made, "warnings", table_of_warnings())
    if request.config.getoption("--update"):
        README.write_text(made, encoding="utf-8")
    assert made == README.read_text(encoding="utf-8")


def test_there_are_commands_to_run() -> None:
    assert README.read_text(encoding="utf-8").count("```console\n$ lrviz ") >= 2


def test_the_python_session_runs_as_shown() -> None:
    (session,) = re.findall(r"```python\n(.+?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    test = doctest.DocTestParser().get_doctest(session, {}, "README.md", str(README), 0)
    result = doctest.DocTestRunner().run(test)
    assert result.attempted >= 6
    assert result.failed == 0


@pytest.mark.parametrize(
    "spec",
    re.findall(
        r"^\| `([a-z_]+(?:=\w+)?[:=][^`]+)` \|", README.read_text(encoding="utf-8"), re.MULTILINE
    ),
)
def test_the_specs_in_its_tables_are_specs(spec: str, run: Run) -> None:
    assert run("table", spec).status == 0


def test_the_calls_in_its_tables_are_read(run: Run) -> None:
    calls = re.findall(r"^\| `([^`]*\([^`]*\))`", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(calls) >= 6
    for call in calls:
        assert run("table", call, "--lr", "0.1").status == 0, call


def test_the_line_that_sets_up_draws_the_figure_that_is_shown(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figure may differ by the pixels that another matplotlib moves."""
    monkeypatch.chdir(tmp_path)
    words = shlex.split(SETUPS[0].rpartition("&&")[2])
    assert words[0] == ".venv/bin/lrviz"
    assert run(*words[1:]).status == 0
    ours = np.asarray(Image.open(tmp_path / "staircase.png").convert("L"), float)
    shown = np.asarray(Image.open(ROOT / "sample_configs" / "staircase.png").convert("L"), float)
    assert ours.shape == shown.shape
    assert np.abs(ours - shown).mean() < 1


def test_one_line_sets_up_and_tests() -> None:
    assert len(SETUPS) == 2
    assert SETUPS[1].endswith(".venv/bin/python -m pytest -q")
    for line in SETUPS:
        assert line.startswith("python3 -m venv .venv && .venv/bin/pip install -q ")
        assert "\n" not in line


def test_links_lead_to_files() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", README.read_text(encoding="utf-8")):
        assert (ROOT / target).exists()


def test_ci_runs_the_lines_of_the_readme() -> None:
    """It takes them from the README itself, and so cannot part from it."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "README.md" in script
    assert "pip install" not in script
