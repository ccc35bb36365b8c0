"""Imports run one way only, downwards; and nothing costly is imported before it is used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import lrviz

PACKAGE = Path(lrviz.__file__).parent

FLOORS = [
    {"__main__"},
    {"cli"},
    {"builds"},
    {"answers"},
    {"fitting"},
    {"outputs", "comparison", "lint", "translation"},
    {"series"},
    {"logs"},
    {"specs"},
    {"configs"},
    {"programs"},
    {"frameworks"},
    {"families", "sampling", "theory"},
    {"curves"},
    {"schedules"},
    {"docs", "errors", "discover", "display"},
]
"""The floors of the house from the top; a file sees only its own folder and the floors below."""

FILES = sorted(PACKAGE.rglob("*.py"))


def floor_of(name: str) -> int:
    return next(i for i, floor in enumerate(FLOORS) if name in floor)


def imported(file: Path) -> set[str]:
    """Return the parts of lrviz that a file imports, wherever in it."""
    found = set()
    depth = len(file.relative_to(PACKAGE).parts)
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[1] for name in node.names if "lrviz." in name.name}
        elif isinstance(node, ast.ImportFrom) and node.level == depth:
            found |= {node.module.split(".")[0]} if node.module else {n.name for n in node.names}
    return found - {"__version__"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_file_imports_only_from_below(file: Path) -> None:
    own = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    for part in imported(file):
        assert part == own or floor_of(part) > floor_of(own), f"{own} may not import {part}"


def test_the_walk_sees_imports() -> None:
    """A walk that found nothing would pass every file."""
    assert imported(PACKAGE / "curves.py") == {"display", "schedules"}
    assert imported(PACKAGE / "cli" / "commands" / "plot.py") == {
        *("answers", "errors", "outputs", "series", "specs", "builds")
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_only_the_command_line_prints_or_ends(file: Path) -> None:
    if {"cli", "__main__.py"} & set(file.relative_to(PACKAGE).parts):
        return
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "exit", "quit")
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("exit", "_exit", "stdout", "stderr")
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {n.name for n in node.names} | {getattr(node, "module", "") or ""}
            assert "typer" not in names


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_notes_are_returned_and_never_warned_of(file: Path) -> None:
    """Python's warnings are only ever silenced: what other modules give through them."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "warnings":
            assert node.attr in ("catch_warnings", "filterwarnings", "simplefilter")


def modules_after(code: str) -> set[str]:
    """Return the top-level modules that are loaded when `code` has run."""
    program = f"{code}\nimport sys; print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in done.stderr.split()}


def command(*words: str) -> str:
    return (
        "import sys\n"
        f"sys.argv = ['lrviz', *{words!r}]\n"
        "from lrviz.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code"
    )


def test_a_table_as_csv_needs_neither_matplotlib_nor_rich() -> None:
    loaded = modules_after(command("table", "exp:lr=1,rate=0.9,steps=10", "--format", "csv"))
    assert "numpy" in loaded
    assert not {"matplotlib", "rich", "PIL"} & loaded


def test_a_table_of_a_spec_as_csv_needs_nothing_that_reads_configs() -> None:
    loaded = modules_after(command("table", "exp:lr=1,rate=0.9,steps=10", "--format", "csv"))
    assert not {"yaml", "shlex", "tomllib", "json"} & loaded


def test_a_chart_does_not_need_matplotlib() -> None:
    loaded = modules_after(command("plot", "exp:lr=1,rate=0.9,steps=10"))
    assert "numpy" in loaded
    assert not {"matplotlib", "rich", "PIL"} & loaded


def test_a_page_does_not_need_matplotlib(tmp_path: Path) -> None:
    page = str(tmp_path / "x.html")
    loaded = modules_after(command("plot", "exp:lr={1,2},rate=0.9,steps=10", "-o", page))
    assert "numpy" in loaded
    assert not {"matplotlib", "rich", "PIL"} & loaded


def test_a_figure_does_not_need_pyplot(tmp_path: Path) -> None:
    code = command("plot", "const:lr=1", "-o", str(tmp_path / "x.png"))
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code], capture_output=True, text=True, check=True
    )
    assert "matplotlib.figure" in done.stderr
    assert "matplotlib.pyplot" not in done.stderr


def imported_by_reading(text: str, part: str) -> set[str]:
    """Return the modules of a part of lrviz that reading a text imports."""
    code = f"import lrviz, sys\nlrviz.parse({text!r})\n"
    code += f"print(*(m for m in sys.modules if m.startswith('lrviz.{part}.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[-1] for name in done.stdout.split()}


def test_a_spec_imports_only_the_families_that_it_names() -> None:
    text = "exp:lr=1,rate=0.9,steps=10"
    assert imported_by_reading(text, "families") == {"exp"}
    assert imported_by_reading(text, "schedules") == {
        *("base", "facts", "fields", "knots", "numeric", "periodic", "placed", "run"),
        *("quantity", "signal"),
    }
    assert imported_by_reading(text, "frameworks") == set()


def test_a_call_imports_only_its_framework_and_family() -> None:
    text = "torch.optim.lr_scheduler.StepLR(optimizer, 30, lr=0.1)"
    assert imported_by_reading(text, "frameworks") == {
        *("binding", "calls", "composing", "kinds", "torch", "values")
    }
    assert imported_by_reading(text, "families") == {"step"}
    assert imported_by_reading(text, "schedules") == {
        *("base", "drops", "facts", "fields", "knots", "numeric", "placed", "run"),
        *("quantity", "signal"),
    }
