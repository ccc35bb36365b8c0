"""The README and the pages show what is there: their commands are run, their tables made.

`pytest --update` writes outputs and tables anew.
"""

import doctest
import importlib
import inspect
import pkgutil
import re
import shlex
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from lrviz import lint, logs
from lrviz.builds.settings import CurveSettings, FigureSettings, PanelSettings
from lrviz.comparison import causes
from lrviz.configs import Stack, all_stacks
from lrviz.docs import pages
from lrviz.families import families
from lrviz.frameworks import Call, frameworks
from lrviz.outputs import pictures
from lrviz.outputs.settings import settings_of
from tests.conftest import Run
from tests.test_floors import FLOORS

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
SAMPLES = ROOT / "sample_configs"
GALLERY = SAMPLES / "README.md"
CONFIGS = sorted(SAMPLES.glob("*.toml"))
DOCS = ROOT / "lrviz" / "docs"
PAGES = [README, *sorted(DOCS.glob("*.md"))]
"""What is run and made: the README, and the pages that `lrviz help` shows."""

TEXTS = {page.stem: page.read_text(encoding="utf-8") for page in PAGES}
SETUPS = re.findall(r"```sh\n(.+?)\n```", README.read_text(encoding="utf-8"), re.DOTALL)


def table(names: str, rows: Iterable[str]) -> str:
    """Return a table with columns of these names, `a | b`, and rows, `1 | 2`."""
    rule = " | ".join("---" for _ in names.split(" | "))
    return "\n".join(f"| {row} |" for row in (names, rule, *rows))


def table_of_families() -> str:
    """Return the table of all families."""
    return table(
        "family | does | example",
        (
            f"`{kind.name}` | {kind.summary()} | `{kind.examples[0].spec}`"
            for kind in families().values()
        ),
    )


def with_outputs(text: str, run: Run) -> str:
    """Return the text with what its commands print.

    What a comparison finds is on standard output; messages say the same again.
    """

    def shown(block: re.Match[str]) -> str:
        command = block[1]
        result = run(*shlex.split(command)[1:])
        assert result.status == (1 if "compare" in command and result.err else 0), command
        told = "" if result.status else result.err
        return f"```console\n$ {command}\n{result.out}{told}```"

    return re.sub(r"```console\n\$ (.+)\n(?:(?!```).*\n)*```", shown, text)


def table_of_calls() -> str:
    """Return the table of all calls of frameworks."""
    return table(
        "framework | module | calls",
        (
            f"{Call(one, one.calls[0]).title} | `{one.modules[0]}` "
            f"| {', '.join(f'`{name}`' for name in sorted(one.calls, key=str.lower))}"
            for one in frameworks()
        ),
    )


def read_as(one: Stack) -> str:
    """Return what a stack makes of a config, in the words of its file."""
    first = (one.read.__doc__ or "").partition("\n")[0]
    return first.removeprefix("Return ").rstrip(".")


def table_of_stacks() -> str:
    """Return the table of the stacks whose configs are read."""
    return table(
        "stack | name | read as",
        (f"{one.title} | `{name}` | {read_as(one)}" for name, one in all_stacks().items()),
    )


def table_of_warnings() -> str:
    """Return the table of all warnings."""
    return table("warning | says", (f"`{name}` | {says}" for name, says in lint.names().items()))


def first_lines(package: ModuleType) -> Iterator[tuple[str, str]]:
    """Yield the names of the modules in a folder, and how each says what it is."""
    for found in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        yield found.name, (inspect.getdoc(module) or "").partition("\n")[0]


def table_of_causes() -> str:
    """Return the table of the causes that are looked for."""
    return table("cause | is", (f"`{name}` | {says}" for name, says in first_lines(causes)))


def table_of_log_formats() -> str:
    """Return the table of the formats of logs."""
    formats = importlib.import_module(f"{logs.__name__}.formats")
    return table("format | is", (f"{name} | {says}" for name, says in first_lines(formats)))


def table_of_floors() -> str:
    """Return the table of the floors, from the top."""

    def says(part: str) -> str:
        lines = (inspect.getdoc(importlib.import_module(f"lrviz.{part}")) or "").split("\n\n")
        return f"{lines[0].replace(chr(10), ' ')}"

    return table(
        "part | is",
        (f"`{part}` | {says(part)}" for floor in FLOORS for part in sorted(floor)),
    )


def table_of_pages() -> str:
    """Return the table of the pages."""
    return table(
        "page | says",
        (f"[{one.name}](lrviz/docs/{one.name}.md) | {one.summary}" for one in pages().values()),
    )


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
        rows.append(f"`{name}` | {setting.meaning} | {', '.join(places)}")
    return table("setting | says | stands in", rows)


def table_of_curve_settings() -> str:
    """Return the table of what curves can say."""
    return table(
        "setting | says",
        (f"`{name}` | {setting.meaning}" for name, setting in settings_of(CurveSettings).items()),
    )


def config_of_the_figure() -> str:
    """Return the config that draws the first figure, as code."""
    config = (SAMPLES / "staircase.toml").read_text(encoding="utf-8")
    return f"```toml\n{config}```"


def first_picture(run: Run) -> str:
    """Return what shows the first figure, on light and on dark pages."""
    result = run("build", "sample_configs/staircase.toml", "--snippet", "md")
    assert (result.status, "0 drawn" in result.err) == (0, True)
    return result.out.rstrip()


MADE: dict[str, Callable[[Run], str]] = {
    "families": lambda _: table_of_families(),
    "calls": lambda _: table_of_calls(),
    "stacks": lambda _: table_of_stacks(),
    "causes": lambda _: table_of_causes(),
    "log formats": lambda _: table_of_log_formats(),
    "warnings": lambda _: table_of_warnings(),
    "settings": lambda _: table_of_settings(),
    "curve settings": lambda _: table_of_curve_settings(),
    "floors": lambda _: table_of_floors(),
    "pages": lambda _: table_of_pages(),
    "config": lambda _: config_of_the_figure(),
    "picture": first_picture,
}
"""What stands between marks of these names, and is made by the tests."""


def with_made(text: str, name: str, made: str) -> str:
    """Return the text with what is made between its marks."""
    mark, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, _, rest = text.partition(mark)
    return f"{before}{mark}\n{made}\n{end}{rest.partition(end)[2]}"


COUNTED = {
    "families": len(families()),
    "frameworks": len(frameworks()),
    "stacks": len(all_stacks()),
}


def with_counts(text: str) -> str:
    """Return the text with how many there are of what it counts, such as `41 families`."""
    return re.sub(
        rf"\b\d+ ({'|'.join(COUNTED)})\b", lambda found: f"{COUNTED[found[1]]} {found[1]}", text
    )


@pytest.mark.parametrize("page", PAGES, ids=TEXTS)
def test_outputs_and_tables_are_what_is_printed(
    page: Path, run: Run, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    made = with_counts(with_outputs(page.read_text(encoding="utf-8"), run))
    for name in re.findall(r"^<!-- (?!end of )(.+) -->$", made, re.MULTILINE):
        made = with_made(made, name, MADE[name](run))
    if request.config.getoption("--update"):
        page.write_text(made, encoding="utf-8")
    assert made == page.read_text(encoding="utf-8")


def test_what_is_made_stands_on_one_page() -> None:
    marks = re.findall(r"^<!-- (.+) -->$", "\n".join(TEXTS.values()), re.MULTILINE)
    assert sorted(marks) == sorted([*MADE, *(f"end of {name}" for name in MADE)])


def test_the_readme_is_read_at_one_sitting() -> None:
    assert len(README.read_bytes()) <= 10_000


def test_there_are_commands_to_run() -> None:
    assert sum(text.count("```console\n$ lrviz ") for text in TEXTS.values()) >= 8


@pytest.mark.parametrize("page", [p for p in PAGES if ">>> " in TEXTS[p.stem]], ids=str)
def test_python_sessions_run_as_shown(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(SAMPLES / "run.csv", tmp_path)
    monkeypatch.chdir(tmp_path)
    (session,) = re.findall(r"```python\n(>>> .+?)```", TEXTS[page.stem], re.DOTALL)
    test = doctest.DocTestParser().get_doctest(session, {}, page.name, str(page), 0)
    result = doctest.DocTestRunner().run(test)
    assert result.attempted >= 6
    assert result.failed == 0
    assert (tmp_path / "plan.svg").stat().st_size > 0


@pytest.mark.parametrize(
    "spec",
    sorted(
        {
            spec
            for text in TEXTS.values()
            for spec in re.findall(r"^\| `([a-z_]+(?:=\w+)?:[a-z0-9][^`]+)` \|", text, re.MULTILINE)
        }
    ),
)
def test_the_specs_in_its_tables_are_specs(spec: str, run: Run) -> None:
    assert run("table", spec).status == 0


def test_the_calls_in_its_tables_are_read(run: Run) -> None:
    calls = re.findall(r"^\| `([^`]*\([^`]*\))`", "\n".join(TEXTS.values()), re.MULTILINE)
    assert len(calls) >= 8
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


@pytest.mark.parametrize("page", [*PAGES, GALLERY], ids=[*TEXTS, "gallery"])
def test_links_lead_to_files(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)|src(?:set)?=\"([^\"]+)\"", text)
    targets = [link or source for link, source in links]
    assert targets or page.parent == DOCS
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
    """Return the block of YAML about pictures in docs that has these words."""
    blocks: list[str] = re.findall(r"```yaml\n(.+?)```", TEXTS["pictures"], re.DOTALL)
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
