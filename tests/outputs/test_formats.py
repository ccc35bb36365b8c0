"""A format is one file: dropped into its folder, it is read, written, listed and completed."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from lrviz.outputs import pictures, tables
from tests.conftest import Run

PICTURE = '''
"""NAMES: the labels of the curves."""

from collections.abc import Sequence

from lrviz.outputs.pictures import Format, Rendered, Stamp, picture


@picture("names")
class Names(Format):
    def render(self, panels, paper, *, title="", columns=1, about=""):
        labels = [curve.label for panel in panels for curve in panel.curves]
        return Rendered(f"{paper.theme} {labels}\\n{about}".encode(), ["a note"])

    def read(self, data):
        head, _, about = data.decode(errors="replace").partition("\\n")
        return Stamp(self.name, about, True) if head.startswith(("light", "dark")) else None
'''

TABLE = '''
"""A sum a line."""

from lrviz.outputs.tables import writer


@writer("sums")
def write(rows):
    for firsts, columns in rows.blocks:
        for first, *values in zip(firsts, *columns):
            yield f"{first} {sum(values)}\\n"
'''

CONFIG = """\
[figure.x]
output = ["x.names", "x.svg"]
theme = "both"
size = "4x3"
curves = ["const:lr={1,2}"]
"""


def dropped_into(
    package: ModuleType, name: str, text: str, folder: Path, patch: pytest.MonkeyPatch
) -> None:
    """Put a file into a package, as long as the test runs."""
    (folder / "dropped").mkdir()
    (folder / "dropped" / f"{name}.py").write_text(text)
    patch.setattr(package, "__path__", [*package.__path__, str(folder / "dropped")])
    patch.chdir(folder)


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have a format of pictures more."""
    dropped_into(pictures, "names", PICTURE, tmp_path, monkeypatch)
    yield
    pictures._formats.pop("names", None)
    sys.modules.pop("lrviz.outputs.pictures.names", None)


@pytest.fixture
def sums(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have a format of tables more."""
    dropped_into(tables, "sums", TABLE, tmp_path, monkeypatch)
    yield
    tables._writers.pop("sums", None)
    sys.modules.pop("lrviz.outputs.tables.sums", None)


@pytest.mark.usefixtures("names")
def test_a_new_format_of_pictures_is_drawn(run: Run) -> None:
    result = run("plot", "const:lr={1,2}", "-o", "x.names")
    assert (result.status, result.out) == (0, "")
    assert result.err.splitlines() == [
        *("lrviz: warning: a note", "lrviz: wrote x.names: 2 curves, 1000 steps")
    ]
    head, _, about = Path("x.names").read_text().partition("\n")
    assert head == "light ['lr=1', 'lr=2']"
    assert re.match('values = "[0-9a-f]{64}"', about)
    piped = run("plot", "const:lr={1,2}", "-o", "-", "--format", "names", "-q")
    assert piped.out == Path("x.names").read_text()
    assert run("compare", "const:lr={1,1}", "-o", "y.names").status == 0
    assert Path("y.names").read_text().startswith("light [")


@pytest.mark.usefixtures("names")
def test_a_picture_of_a_new_format_is_built_checked_and_explained(run: Run) -> None:
    Path("x.toml").write_text(CONFIG)
    assert "4 drawn" in run("build", "x.toml").err
    assert Path("x-dark.names").read_text().startswith("dark [")
    assert run("build", "x.toml", "--check", "--pixels").status == 0
    assert run("explain", "x.names", "-q").out == (
        '[figure.x]\noutput = "{name}.names"\nsize = "4x3"\nsteps = 1000\n'
        'curves = ["const:lr=1", "const:lr=2"]\n'
    )
    text = Path("x.names").read_text()
    Path("x.names").write_text(text.replace("light", "light ", 1))
    assert run("build", "x.toml", "--check").status == 0
    assert run("build", "x.toml", "--check", "--pixels", "-q").out == (
        "x.names: drawn otherwise (it has other bytes)\n"
    )


@pytest.mark.usefixtures("names")
def test_a_new_format_of_pictures_is_listed_where_formats_are(run: Run) -> None:
    assert run("plot", "const:lr=1", "-o", "x.jpg").err == (
        "lrviz: error: 'x.jpg' ends in '.jpg', and figures are NAMES, PNG, SVG, HTML or PDF; "
        "name a file that ends in .names, .png, .svg, .html or .pdf, or add --format\n"
    )
    assert "add --format names, png, svg, html or pdf" in run("plot", "const:lr=1", "-o", "-").err
    assert run("complete-words", "plot", "--format", "n").out == "names\t\n"


@pytest.mark.usefixtures("sums")
def test_a_new_format_of_tables_is_written_and_listed(run: Run) -> None:
    words = ["const:lr={1,2}", "--at", "3,5"]
    assert run("table", *words, "--format", "sums") == (0, "3 3.0\n5 3.0\n", "")
    assert run("table", *words, "-o", "x.sums", "-q").status == 0
    assert Path("x.sums").read_text() == "3 3.0\n5 3.0\n"
    assert "sums" in run("table", *words, "--format", "qqq").err
    assert run("complete-words", "table", "--format", "su").out == "sums\t\n"


def test_without_them_there_are_the_usual_formats() -> None:
    assert pictures.formats() == ["png", "svg", "html", "pdf"]
    assert pictures.find("names") is None
    assert "sums" not in tables.formats()
