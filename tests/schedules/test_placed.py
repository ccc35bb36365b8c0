"""Where a schedule lies within another, and which of its knots lie there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz import parse
from lrviz.schedules.numeric import LAST_STEP
from lrviz.schedules.placed import Placed

STAIRS = parse("step:lr=1,rate=0.5,steps=7")

places = st.builds(
    Placed,
    schedule=st.just(STAIRS),
    offset=st.integers(-50, 50),
    start=st.integers(0, 60),
    stop=st.integers(61, 300) | st.just(LAST_STEP),
    every=st.integers(1, 9),
    by=st.integers(1, 9),
)


@given(places, st.integers(0, 500))
def test_a_step_is_entered_at_the_first_step_outside_that_comes_to_it(
    placed: Placed, step: int
) -> None:
    outside = placed.outside(step)
    assert placed.inside(outside) >= step
    assert placed.inside(outside - 1) < step


@given(places)
def test_knots_are_where_the_schedule_comes_to_its_own(placed: Placed) -> None:
    horizon = min(placed.stop, 400)
    steps = np.arange(placed.start, horizon)
    came_from, came_to = (np.maximum(placed.inside(at), 0) // 7 for at in (steps - 1, steps))
    expected = steps[came_to > came_from]
    (knots,) = placed.knots
    assert np.unique(knots.listed(horizon)).tolist() == expected.tolist()


@given(places)
def test_a_column_holds_the_steps_around_each_of_its_knots(placed: Placed) -> None:
    (knots,) = placed.knots
    first, stop = np.array([[placed.start]]), np.array([[min(placed.stop, 400)]])
    found = knots.some(first, stop, most=1000)
    assert set(knots.listed(int(stop[0, 0])).tolist()) <= set(found.ravel().tolist())


@pytest.mark.parametrize(
    ("spec", "phases"),
    [
        ("resume:at=50/linear:lr=1,steps=10/cosine:lr=1,steps=20", [(0, 50), (50, 51)]),
        ("shift:steps=-50/linear:lr=1,steps=10", [(0, 1)]),
        ("resume:at=5/const:lr=1/const:lr=2", [(0, 5), (5, None)]),
        ("chain/resume:at=5/const:lr=1/const:lr=2/end/const:lr=3", [(0, 5), (5, 10), (10, None)]),
    ],
)
def test_what_is_entered_past_its_end_has_a_phase_there(
    spec: str, phases: list[tuple[int, int | None]]
) -> None:
    assert [(phase.start, phase.stop) for phase in parse(spec).phases] == phases
