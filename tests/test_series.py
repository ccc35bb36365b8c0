"""A recorded run stands wherever a schedule may, and says what it does not know."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz import LrvizError, Schedule, evaluate, parse
from lrviz.series import horizon_of, key_steps_of, read_inputs
from lrviz.series.recorded import Recorded
from lrviz.specs.quantities import Run
from tests.series import series
from tests.strategies import schedules


@given(schedules, st.integers(1, 3000), st.sampled_from(["float64", "float32"]))
def test_a_run_recorded_at_every_step_is_its_plan(plan: Schedule, horizon: int, dtype: str) -> None:
    steps = np.arange(horizon)
    planned, recorded = series(plan), series(evaluate(plan, steps))
    assert (planned.at(steps, dtype) == plan(steps, dtype)).all()
    assert (recorded.at(steps, dtype) == plan(steps).astype(dtype)).all()
    drawn, log = (one.outline(horizon, 10**6) for one in (planned, recorded))
    assert set(zip(log.steps, log.values, strict=True)) <= set(
        zip(drawn.steps, drawn.values, strict=True)
    )
    assert (log.recorded, drawn.recorded) == (True, False)


def test_a_run_has_no_rate_where_none_was_recorded() -> None:
    log = series(evaluate(parse("linear:lr=1,steps=10"), [2, 4, 7]))
    assert log.known_steps is not None
    assert log.known_steps.tolist() == [2, 4, 7]
    assert np.isnan(log.at(np.array([0, 2, 3, 8]))).tolist() == [True, False, True, True]
    with pytest.raises(LrvizError, match="its steps are 2 to 7"):
        log.outline(10, 100, first=8)


def test_all_is_shown_as_far_as_the_longest_goes_and_the_endless_as_far_as_the_others() -> None:
    endless, plan = (series(parse(spec)) for spec in ("const:lr=1", "cosine:lr=1,steps=50"))
    log = series(evaluate(parse("const:lr=1"), range(0, 80, 10)))
    assert horizon_of([endless], Run()) == 1000
    assert horizon_of([endless, plan], Run()) == 50
    assert horizon_of([endless, log], Run()) == 71
    assert horizon_of([endless, plan, log], Run()) == 71
    assert horizon_of([endless, plan, log], Run(horizon=9)) == 9


def test_of_recorded_runs_alone_some_of_their_steps_are_key() -> None:
    log = series(evaluate(parse("const:lr=1"), range(0, 8000, 7)))
    chosen = key_steps_of([log], 5000)
    assert len(chosen) == 11
    assert (chosen[0], chosen[-1]) == (0, 4998)
    assert all(step % 7 == 0 for step in chosen)


def test_a_log_is_named_from_where_it_is_looked_for(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "run.csv").write_text("step,lr\n0,1\n1,0.5\n")
    (log, plan), notes = read_inputs(["a=@run.csv", "const:lr=1"], Run(), folder=f"{tmp_path}/logs")
    assert isinstance(log, Recorded)
    assert (log.label, log.spec, notes) == ("a", "@run.csv", [])
    assert (plan.label, plan.spec) == ("const:lr=1", "const:lr=1")
    assert plan.seen_from(str(tmp_path)) is plan
    assert log.labelled("b").label == "b"
    assert log.labelled("b").curve is log.curve
