"""The README shows what is there: its commands are run, its tables made, its links followed.

`pytest --update` writes outputs and tables anew.
"""

import doctest
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lrviz import lint
from lrviz.builds.settings import CurveSettings, FigureSettings, PanelSettings
from lrviz.configs import Stack, all_stacks
from lrviz.families import families
from lrviz.frameworks import Call, frameworks
from lrviz.outputs import pictures
from lrviz.outputs.settings import settings_of
from tests.conftest import Run

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
SAMPLES = ROOT / "sample_configs"
GALLERY = SAMPLES / "README.md"
CONFIGS = sorted(SAMPLES.glob("*.toml"))
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
        assert result.status == 0, command
        return f"```console\n$ {command}\n{result.out}{result.err}```"

    return re.sub(r"```console\n\$ (.+)\n(?:(?!```).*\n)*```", shown, text)


def table_of_calls() -> str:
    """Return the table of all calls of frameworks."""
    rows = [
        f"| {Call(one, one.calls[0]).title} | `{one.modules[0]}` "
        f"| {', '.join(f'`{name}`' for name in sorted(one.calls, key=str.lower))} |"
        for one in frameworks()
    ]
    return "\n".join(["| framework | module | calls |", "| --- | --- | --- |", *rows])


def read_as(one: Stack) -> str:
    """Return what a stack makes of a config, in the words of its file."""
    first = (one.read.__doc__ or "").partition("\n")[0]
    return first.removeprefix("Return ").rstrip(".")


def table_of_stacks() -> str:
    """Return the table of the stacks whose configs are read."""
    rows = [f"| {one.title} | `{name}` | {read_as(one)} |" for name, one in all_stacks().items()]
    return "\n".join(["| stack | name | read as |", "| --- | --- | --- |", *rows])


def table_of_warnings() -> str:
    """Return the table of all warnings."""
    rows = [f"| `{name}` | {sentence} |" for name, sentence in lint.names().items()]
    return "\n".join(["| warning | says |", "| --- | --- |", *rows])


def table_of_settings() -> str:
    """Return the table of what figures, and their panels, can say."""
    of_panels = settings_of(PanelSettings)
    rows = []
    for name, setting in settings_of(FigureSettings).items():
        places = [
            *(["panel"] if name in of_panels else []),
            "figure",
            *([] if setting.own else ["file"]),
        ]
        rows.append(f"| `{name}` | {setting.meaning} | {', '.join(places)} |")
    return "\n".join(["| setting | says | stands in |", "| --- | --- | --- |", *rows])


def table_of_curve_settings() -> str:
    """Return the table of what curves can say."""
    rows = [
        f"| `{name}` | {setting.meaning} |" for name, setting in settings_of(CurveSettings).items()
    ]
    return "\n".join(["| setting | says |", "| --- | --- |", *rows])


def config_of_the_figure() -> str:
    """Return the config that draws the first figure, as code."""
    config = (SAMPLES / "staircase.toml").read_text(encoding="utf-8")
    return f"```toml\n{config}```"


def first_picture(run: Run) -> str:
    """Return what shows the first figure, on light and on dark pages."""
    result = run("build", "sample_configs/staircase.toml", "--snippet", "md")
    assert (result.status, "0 drawn" in result.err) == (0, True)
    return result.out.rstrip()


def with_table(text: str, name: str, table: str) -> str:
    """Return the text with a table between its marks."""
    mark, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, _, rest = text.partition(mark)
    return f"{before}{mark}\n{table}\n{end}{rest.partition(end)[2]}"


def test_outputs_and_tables_are_what_is_printed(
    run: Run, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    text = README.read_text(encoding="utf-8")
    made = with_table(with_outputs(text, run), "families", table_of_families())
    made = with_table(made, "calls", table_of_calls())
    made = with_table(made, "stacks", table_of_stacks())
    made = with_table(made, "warnings", table_of_warnings())
    made = with_table(made, "settings", table_of_settings())
    made = with_table(made, "curve settings", table_of_curve_settings())
    made = with_table(made, "config", config_of_the_figure())
    made = with_table(made, "picture", first_picture(run))
    if request.config.getoption("--update"):
        README.write_text(made, encoding="utf-8")
    assert made == README.read_text(encoding="utf-8")


def test_there_are_commands_to_run() -> None:
    assert README.read_text(encoding="utf-8").count("```console\n$ lrviz ") >= 2


def test_the_python_session_runs_as_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(SAMPLES / "run.csv", tmp_path)
    monkeypatch.chdir(tmp_path)
    (session,) = re.findall(
        r"```python\n(>>> .+?)```", README.read_text(encoding="utf-8"), re.DOTALL
    )
    test = doctest.DocTestParser().get_doctest(session, {}, "README.md", str(README), 0)
    result = doctest.DocTestRunner().run(test)
    assert result.attempted >= 6
    assert result.failed == 0
    assert (tmp_path / "plan.svg").stat().st_size > 0


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
    """What both pictures say of themselves is the same; another matplotlib moves pixels."""
    monkeypatch.chdir(tmp_path)
    words = shlex.split(SETUPS[0].rpartition("&&")[2])
    assert words[0] == ".venv/bin/lrviz"
    assert run(*words[1:]).status == 0
    ours, shown = (
        pictures.read((folder / "staircase.png").read_bytes()) for folder in (tmp_path, SAMPLES)
    )
    assert ours is not None
    assert ours == shown


def test_one_line_sets_up_and_tests() -> None:
    assert len(SETUPS) == 2
    assert SETUPS[1].endswith(".venv/bin/python -m pytest -q -n auto")
    for line in SETUPS:
        assert line.startswith("python3 -m venv .venv && .venv/bin/pip install -q ")
        assert "\n" not in line


@pytest.mark.parametrize("page", [README, GALLERY], ids=["README", "gallery"])
def test_links_lead_to_files(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)|src(?:set)?=\"([^\"]+)\"", text)
    targets = [link or source for link, source in links]
    assert targets
    for target in targets:
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_ci_runs_the_lines_of_the_readme() -> None:
    """It takes them from the README itself, and so cannot part from it."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "README.md" in script
    assert "pip install -q -e" not in script


def gallery(run: Run) -> str:
    """Return the page that shows all sample configs and what they draw."""
    parts = [
        (
            "# Sample configs\n\n"
            "Each config beside the pictures that `lrviz build` drew from it. "
            "`pytest --update` writes this page anew.\n"
        )
    ]
    for config in CONFIGS:
        result = run("build", config.name, "--snippet", "md", "-q")
        assert (result.status, result.err) == (0, ""), config
        text = config.read_text(encoding="utf-8")
        parts += [f"## {config.stem}\n", result.out, f"```toml\n{text}```\n"]
    return "\n".join(parts)


def test_the_gallery_shows_all_sample_configs(
    run: Run, snapshot: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert len(CONFIGS) >= 10
    folder = tmp_path / "sample_configs"
    shutil.copytree(SAMPLES, folder)
    monkeypatch.chdir(folder)
    snapshot(GALLERY, gallery(run))


def test_the_sample_pictures_show_what_their_configs_say(run: Run) -> None:
    result = run("build", *map(str, CONFIGS), "--check")
    assert (result.status, result.out) == (0, "")


def test_a_sample_config_begins_with_what_it_shows() -> None:
    for config in CONFIGS:
        first = config.read_text(encoding="utf-8").splitlines()[0]
        assert re.fullmatch(r"# .+\.", first), config


def recipe(name: str) -> str:
    """Return the block of YAML in the README that has these words."""
    blocks: list[str] = re.findall(
        r"```yaml\n(.+?)```", README.read_text(encoding="utf-8"), re.DOTALL
    )
    (found,) = (block for block in blocks if name in block)
    return found


def test_the_steps_of_the_workflow_run(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As far as that goes without the service: on good pictures, and on one that is stale."""
    steps = re.findall(r"run: lrviz (.+)", recipe("runs-on"))
    assert [("--check" in step) for step in steps] == [True, False]
    check, draw = (shlex.split(step) for step in steps)
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path)
    config = tmp_path / "docs" / "figures.toml"
    config.write_text('[figure.plan]\ncurves = ["const:lr=1"]\n')
    assert run("build", "docs/figures.toml", "-q").status == 0
    assert run(*check).status == 0
    config.write_text('[figure.plan]\ncurves = ["const:lr=2"]\n')
    assert run(*check).status == 1
    assert run(*draw).status == 0
    assert (tmp_path / "drawn" / "plan.png").exists()


def test_the_hooks_of_pre_commit_run(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    names, entries = (re.findall(rf"{key} (.+)", text) for key in ("id:", "entry: lrviz"))
    hooks = dict(zip(names, entries, strict=True))
    (used,) = re.findall(r"id: (.+)", recipe("repos:"))
    assert used in hooks
    args = re.findall(r"args: \[(.+)\]", recipe("repos:"))
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs" / "figures.toml").write_text('[figure.plan]\ncurves = ["const:lr=1"]\n')
    statuses = [
        run(*shlex.split(hooks[name]), *args).status
        for name in ("lrviz-check", "lrviz-build", "lrviz-check")
    ]
    assert statuses == [1, 0, 0]
