"""A new framework is one new file."""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import lrviz
from lrviz.frameworks import calls, frameworks
from tests.conftest import Run

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


def test_the_text_of_a_file_tells_its_calls() -> None:
    for one in frameworks():
        file = importlib.import_module(f"{calls.__name__}.{one.name}")
        own = [
            name
            for name, made in vars(file).items()
            if inspect.isfunction(made) and made.__module__ == file.__name__ and name[0] != "_"
        ]
        assert (one.modules, one.calls) == (file.MODULES, tuple(own))


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
