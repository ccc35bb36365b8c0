"""Schedules that are stepped by the epoch, or in strides."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lrviz import parse
from lrviz.families.stepped import Stepped
from lrviz.schedules.base import Schedule
from tests.strategies import schedules, steps


@given(schedules, st.integers(1, 1000), st.integers(1, 100), steps)
def test_it_has_the_rates_of_the_steps_that_it_comes_to(
    schedule: Schedule, every: int, by: int, asked: list[int]
) -> None:
    stepped = Stepped(of=schedule, every=every, by=by)
    assert stepped(asked).tolist() == schedule([step // every * by for step in asked]).tolist()


def test_every_change_is_a_jump_of_which_the_first_step_is_known() -> None:
    schedule = parse("stepped:every=4,by=3/multistep:lr=1,rate=0.5,at=1,3,4,8")
    assert schedule(range(13)).tolist() == [1] * 4 + [0.25] * 4 + [0.125] * 4 + [0.0625]
    stairs, drops = schedule.knots
    assert stairs.jump
    assert drops.jump
    assert stairs.listed(13).tolist() == [4, 8, 12]
    assert drops.listed(13).tolist() == [4, 4, 8, 12]


def test_with_a_rate_for_each_step_only_the_jumps_of_the_schedule_are_jumps() -> None:
    schedule = parse("stepped:by=3/warmup:steps=4/step:lr=1,rate=0.5,steps=5")
    bend, drops = schedule.knots
    assert (bend.jump, drops.jump) == (False, True)
    assert bend.listed(9).tolist() == [2]
    assert drops.listed(9).tolist() == [3, 5, 7, 8]


def test_strides_beyond_the_last_step_stay_there() -> None:
    schedule = parse("stepped:by=9e15/exp:lr=1,rate=0.5,steps=9e15")
    assert schedule([0, 1, 2, 2**53]).tolist() == [1, 0.5, 0.5, 0.5]
    assert np.isfinite(schedule.length or 0)
