"""Decays that are run again and again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz import parse
from lrviz.families.restarts import Restarts
from lrviz.schedules.base import Schedule
from tests.strategies import LONGEST, decays


@pytest.mark.parametrize("t_mul", [1, 2, 3, 5, 10])
@pytest.mark.parametrize("first", [1, 5, 7, 49, 100])
def test_restarts_are_on_time(first: int, t_mul: int) -> None:
    """By a logarithm alone, as timm finds them, some come one step late."""
    schedule = parse(f"restarts:t_mul={t_mul}/linear:lr=1,steps={first},end=0.5")
    starts = np.cumsum([0, *(first * t_mul**i for i in range(12))])
    starts = starts[starts < 2**24]
    for dtype in ("float64", "float32"):
        assert schedule(starts, dtype=dtype).tolist() == [1] * len(starts)
        if first > 1:
            assert (schedule(starts[1:] - 1, dtype=dtype) < 1).all()


def test_timm_is_one_step_late_where_a_logarithm_falls_short() -> None:
    """Of CosineLRScheduler(16, cycle_mul=1.25, cycle_limit=5), step 61 is recorded as 0."""
    schedule = parse("restarts:t_mul=1.25,times=5/cosine:lr=1,steps=16")
    recorded = [0.0039426493427611176, 0.9974755084906501, 0.00015790535835003006, 0.0, 0.0]
    assert schedule([60, 62, 131, 132, 140]) == pytest.approx(recorded, rel=1e-12)
    assert schedule(61) == 1


def test_cycles_that_shrink_lie_before_a_step() -> None:
    schedule = parse("restarts:t_mul=0.5,times=5000/linear:lr=1,steps=8")
    assert schedule([0, 7, 8, 11, 12, 13, 14, 15, 16, 99]).tolist() == [
        *(1, 0.125, 1, 0.25, 1, 0.5, 1, 1, 0, 0)
    ]
    assert [knots.listed(100).tolist() for knots in schedule.knots] == [[8, 12, 14, 15, 16], [16]]


@given(decays, st.floats(0, 1), st.integers(1, LONGEST))
def test_one_cycle_is_the_decay_and_then_its_end(of: Schedule, m_mul: float, step: int) -> None:
    once = Restarts(of=of, m_mul=m_mul, times=1)
    assert once.length == of.length
    if step < once.length:
        assert once(step) == pytest.approx(of(step), rel=1e-9, abs=1e-15)
    else:
        assert once(step) == once.decay.end


@given(st.floats(0, 1), st.floats(1, 3), st.integers(1, 100), st.integers(0, LONGEST))
def test_a_cosine_is_the_same_under_its_own_name(
    end: float, t_mul: float, steps: int, step: int
) -> None:
    own = parse(f"cosine_restarts:lr=0.5,steps={steps},t_mul={t_mul},m_mul=0.9,end={end}")
    wrapped = parse(f"restarts:t_mul={t_mul},m_mul=0.9/cosine:lr=0.5,steps={steps},end={end}")
    assert own.length == wrapped.length
    assert own(step) == pytest.approx(wrapped(step), abs=1e-6)
