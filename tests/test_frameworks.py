"""The frameworks: their index, and that a new one is one new file."""

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import lrviz
from lrviz.frameworks import Framework, calls, frameworks, read_file
from tests.conftest import Run

INDEX = Path(lrviz.__file__).parent / "frameworks" / "index.py"

OURS = sorted(file.stem for file in Path(calls.__path__[0]).glob("[!_]*.py"))


def index_of(found: list[Framework]) -> str:
    """Return the text of the index."""
    lines = [
        '"""The modules and the calls of each framework, as its file has them.',
        "",
        "tests/test_frameworks.py writes this anew.",
        '"""',
        "",
        "INDEX = {",
    ]
    for one in found:
        lines.append(f'    "{one.name}": (')
        for words in (one.modules, one.calls):
            texts = [f'"{t}"' for t in textwrap.wrap(" ".join(words), 82, drop_whitespace=False)]
            if len(texts) == 1:
                lines.append(f"        {texts[0]},")
            else:
                lines += ["        (", *(f"            {text}" for text in texts), "        ),"]
        lines.append("    ),")
    return "\n".join([*lines, "}", '"""By the name of its file."""', ""])


def test_the_index_has_what_the_files_have(snapshot: Callable[[Path, str], None]) -> None:
    snapshot(INDEX, index_of([read_file(name) for name in OURS]))


NEWCOMER = """
TITLE = "Newcomer 1.0"
MODULES = ("newcomer.schedules",)
KINDS = {Rate: "peak", Period: "period"}

def Halving(optimizer, period, peak=0.1, floor=True):
    \"\"\"Halve the rate.\"\"\"
    return build("step", lr=peak, rate=0.5, steps=period)

def _helper(x):
    return x
"""


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Drop a file into a second folder of calls."""
    imports = (
        "from lrviz.frameworks.composing import build\n"
        "from lrviz.frameworks.kinds import Period, Rate\n"
    )
    (tmp_path / "newcomer.py").write_text(imports + NEWCOMER)
    monkeypatch.setattr(calls, "__path__", [str(tmp_path), *calls.__path__])
    frameworks.cache_clear()
    yield
    frameworks.cache_clear()


@pytest.mark.usefixtures("newcomer")
def test_a_new_framework_is_one_new_file(run: Run) -> None:
    schedule = lrviz.parse("newcomer.schedules.Halving(optimizer, 10, peak=1)")
    assert str(schedule) == "step:lr=1,rate=0.5,steps=10"
    assert str(lrviz.parse("Halving(optimizer, period=10, peak=1)")) == str(schedule)
    assert "Newcomer 1.0" in run("list").out
    explained = run("explain", "Halving").out
    assert "Halve the rate." in explained
    assert "a learning rate; default 0.1" in explained
    error = run("table", "Halving(optimizer, 0)").err
    assert "Halving: period must be at least 1, not 0" in error
