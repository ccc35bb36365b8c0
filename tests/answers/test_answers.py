"""What commands print can be had from Python, as objects."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lrviz
from lrviz import Run, Schedule
from lrviz.answers.table import BLOCK
from lrviz.outputs.pictures.png import Png
from lrviz.schedules.numeric import Array, Dtype, Steps
from lrviz.series import read_inputs
from lrviz.series.recorded import Recorded
from tests import conftest
from tests.strategies import schedules

PLAN = "warmup:steps=50/cosine:lr=0.1,steps=450"


def written(path: Path, shift: int = 0) -> Path:
    """Write a recorded run of the plan, which may be late."""
    plan = lrviz.parse(PLAN)
    lines = (f"{t},{plan(max(t - shift, 0)):.6g}\n" for t in range(0, 500, 2))
    path.write_text("step,lr\n" + "".join(lines))
    return path


def test_the_surface_is_what_is_listed() -> None:
    assert dir(lrviz) == sorted(lrviz.__all__)
    for name in lrviz.__all__:
        assert getattr(lrviz, name) is not None
    with pytest.raises(AttributeError, match="module 'lrviz' has no attribute 'nothing'"):
        lrviz.nothing  # noqa: B018


def test_answers_are_loaded_when_they_are_asked_for() -> None:
    code = "import lrviz, sys; print(*(m for m in sys.modules if m.startswith('lrviz.answers')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
    code = code.replace("lrviz, sys", "lrviz, sys; lrviz.table")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["lrviz.answers", "lrviz.answers.python"]


@pytest.mark.parametrize("form", ["csv", "json", "md", "plain"])
def test_a_table_is_what_its_command_prints(form: str, run: conftest.Run, tmp_path: Path) -> None:
    log = f"log=@{written(tmp_path / 'run.csv')}"
    answer = lrviz.table(PLAN, log, steps_per_epoch=10, at="0,5,3ep:4ep")
    words = ("--at", "0,5,3ep:4ep", "--steps-per-epoch", "10", "--format", form)
    assert answer.text(form) == run("table", PLAN, log, *words).out
    assert len(answer) == 13


@given(schedules, st.integers(1, 3 * BLOCK), st.integers(1, 50))
def test_the_curves_of_a_table_are_those_of_its_blocks(
    plan: Schedule, horizon: int, every: int
) -> None:
    answer = lrviz.table(plan, horizon=horizon, every=str(every))
    (curve,) = answer.curves()
    steps = np.arange(0, horizon, every)
    assert len(answer) == len(steps)
    assert (curve.steps == steps).all()
    assert (curve.values == plan(steps)).all()
    assert curve.label == str(plan)


def test_schedules_texts_and_series_stand_beside_one_another() -> None:
    plan = lrviz.parse("const:lr=1")
    read, _ = read_inputs("b=const:lr=3", Run())
    answer = lrviz.table([plan, "a=const:lr=2", *read, plan], at="7")
    assert [one.label for one in answer.series] == ["const:lr=1", "a", "b", "const:lr=1 (2)"]
    assert [curve.values.tolist() for curve in answer.curves()] == [[1], [2], [3], [1]]


def test_what_was_assumed_to_read_a_call_is_noted() -> None:
    call = "StepLR(optimizer, 30, lr=0.1)"
    said = "StepLR is read as PyTorch 2.13's; for MMEngine 0.10's write mmengine.optim.StepLR"
    assert lrviz.table(call).notes == [said]
    assert lrviz.compare(call).notes == [said]
    assert lrviz.explain(call).notes == [said]


def test_a_comparison_holds_all_that_its_command_says(run: conftest.Run, tmp_path: Path) -> None:
    log = f"log=@{written(tmp_path / 'run.csv', shift=1)}"
    answer = lrviz.compare([PLAN, log])
    result = run("compare", PLAN, log, "--format", "plain")
    assert not answer.equal
    assert str(answer) == result.out
    said = [*answer.reasons(), *answer.warnings]
    assert result.err.splitlines() == [f"lrviz: {line}" for line in said]
    (cause,) = answer.comparison.causes
    assert cause is not None
    assert (cause.name, cause.numbers) == ("shift", {"steps": -1})
    (gap,) = answer.comparison.gaps(columns=100)
    (pair,) = answer.comparison.pairs
    assert pair is not None
    assert gap.values.min() == (pair.b - pair.a).min()
    assert "difference from the first" in answer.chart(80)
    assert answer.drawing().render(Png()).data.startswith(b"\x89PNG")


def test_a_recorded_run_is_looked_up_once_for_each_that_looks_at_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the warnings, for its summary and beside another; the rest is taken from what is held."""
    asked: list[int] = []

    at = Recorded.at

    def watched(self: Recorded, steps: Steps, dtype: Dtype = "float64") -> Array:
        asked.append(len(steps))
        return at(self, steps, dtype)

    monkeypatch.setattr(Recorded, "at", watched)
    answer = lrviz.compare([PLAN, f"@{written(tmp_path / 'run.csv', shift=3)}"])
    assert [*answer.reasons()]
    assert answer.comparison.gaps(100)
    assert asked == [250, 250, 250]


def test_an_explanation_is_sections() -> None:
    def titles(subject: str, *, everything: bool) -> list[str | None]:
        answer = lrviz.explain(subject, silence=None, everything=everything)
        return [section.title for section in answer.sections]

    spec = ["", "formula", "phases", "joints"]
    assert titles(PLAN, everything=False) == spec
    assert titles(PLAN, everything=True) == [*spec, "key steps"]
    family = [None, "", "formula", "parameters"]
    assert titles("cosine", everything=False) == family
    assert titles("cosine", everything=True) == [*family, "examples", "elsewhere"]
    call = ["", "example, and as a spec", "", "parameters"]
    assert titles("StepLR", everything=False) == [*call, "elsewhere"]
    assert titles("StepLR", everything=True) == call * 2
    assert str(lrviz.explain(lrviz.parse(PLAN))) == str(lrviz.explain(PLAN))


def test_an_explanation_has_warnings_but_for_those_that_are_silenced() -> None:
    def titles(silence: str | None) -> list[str | None]:
        plan = "step:lr=0.1,rate=0.1,steps=30"
        return [s.title for s in lrviz.explain(plan, Run(horizon=10), silence=silence).sections]

    assert "warnings" in titles("")
    assert "warnings" not in titles("staircase")
    assert "warnings" not in titles(None)


def test_an_explanation_is_what_its_command_prints(run: conftest.Run) -> None:
    for subject in ("cosine", "StepLR", PLAN):
        assert str(lrviz.explain(subject)) == run("explain", subject, "-q").out
