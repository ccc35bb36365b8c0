"""Every row of a log counts, also of one that has more of them than are held."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz import parse
from lrviz.answers.compare import compare
from lrviz.answers.table import table
from lrviz.logs import read
from lrviz.series.recorded import Recorded

ROWS = 5000


@pytest.fixture(autouse=True)
def few_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrviz.logs.points.MOST_POINTS", 100)
    monkeypatch.setattr("lrviz.logs.records._PIECE", 1000)
    monkeypatch.setattr("lrviz.logs.whole._BLOCK", 512)


def log(folder: Path, name: str, odd: dict[int, float], rows: int = ROWS) -> str:
    """Return the name of a log of 0.1 at all steps but some."""
    lines = "".join(f"{step},{odd.get(step, 0.1)}\n" for step in range(rows))
    (folder / name).write_text(f"step,lr\n{lines}", encoding="utf-8")
    return f"@{folder / name}"


@pytest.mark.parametrize("step", [0, 1, 1233, 1234, 4095, ROWS - 2, ROWS - 1])
def test_a_single_row_that_differs_is_found(step: int, tmp_path: Path) -> None:
    odd = log(tmp_path, "odd.csv", {step: 0.9})
    even = log(tmp_path, "even.csv", {})
    for pair in (["const:lr=0.1", odd], [even, odd], [odd, even], [odd, "const:lr=0.1"]):
        report = compare(pair)
        (found,) = report.comparison.differences
        assert (found.first, found.gap_step) == (step, step)
        assert found.gap == pytest.approx(0.8)
        assert (found.compared, found.share) == (ROWS, 1 / ROWS)
        assert not report.equal
    assert compare([even, "const:lr=0.1"]).equal


@given(st.dictionaries(st.integers(0, ROWS - 1), st.floats(0.2, 1), min_size=1, max_size=200))
def test_what_differs_is_that_of_all_rows(
    tmp_path_factory: pytest.TempPathFactory, odd: dict[int, float]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (found,) = compare(["const:lr=0.1", log(folder, "odd.csv", odd)]).comparison.differences
    assert found.first == min(odd)
    assert found.gap == pytest.approx(max(odd.values()) - 0.1)
    assert found.share == pytest.approx(len(odd) / ROWS)


@pytest.mark.parametrize("digits", [3, 4, 6])
def test_a_right_log_that_was_rounded_is_equal_at_all_its_rows(digits: int, tmp_path: Path) -> None:
    """Also at those that are not held, where the last digit may be worth ten times more."""
    plan = parse(f"exp:lr=0.3,rate=0.1,steps={ROWS / 3}")
    lines = "".join(f"{t},{plan(t):.{digits - 1}e}\n" for t in range(ROWS))
    (tmp_path / "run.csv").write_text(f"step,lr\n{lines}", encoding="utf-8")
    (found,) = compare([str(plan), f"@{tmp_path / 'run.csv'}"]).comparison.differences
    assert (found.equal, found.compared) == (True, ROWS)


def test_two_logs_that_hold_other_steps_are_compared_at_all_they_share(tmp_path: Path) -> None:
    short, long = log(tmp_path, "short.csv", {}, 1000), log(tmp_path, "long.csv", {777: 0.3})
    (found,) = compare([short, long]).comparison.differences
    assert (found.first, found.compared) == (777, 1000)


def test_the_outline_and_the_table_are_those_of_all_rows(tmp_path: Path) -> None:
    odd = log(tmp_path, "odd.csv", {1235: 0.9, 3001: 0.01})
    curve = read(odd[1:]).curve
    drawn = Recorded("log", curve).outline(ROWS, 100)
    assert drawn.values.max() == 0.9
    assert drawn.values.min() == 0.01
    assert {*drawn.steps.tolist()} >= {1235, 3001, 0, ROWS - 1}
    assert len(drawn.steps) <= 4 * 100
    ((steps, rates),) = table([odd], at="1235").blocks()
    assert (steps.tolist(), rates[0].tolist()) == ([1235], [0.9])
