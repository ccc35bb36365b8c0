"""What has values over the steps: which it may have, and that curves and axes are called so."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz import LrvizError, evaluate, parse
from lrviz.comparison import gap_curve
from lrviz.curves import Curve
from lrviz.outputs.chart import chart
from lrviz.outputs.figure import Panel, Paper, draw, own_style
from lrviz.outputs.look import Look
from lrviz.sampling import outline, thinned
from lrviz.schedules.numeric import Array
from lrviz.schedules.quantity import (
    DIFFERENCE,
    LEARNING_RATE,
    LOSS,
    MOMENTUM,
    WEIGHT_DECAY,
    Quantity,
)
from lrviz.schedules.signal import Signal
from tests.series import series

ALL = (LEARNING_RATE, MOMENTUM, WEIGHT_DECAY, LOSS, DIFFERENCE)


@given(st.sampled_from(ALL), st.lists(st.floats(width=32), max_size=5))
def test_values_are_finite_and_no_less_than_the_least(what: Quantity, values: list[float]) -> None:
    expected = [bool(np.isfinite(value)) and value >= what.at_least for value in values]
    for dtype in (np.float64, np.float32):
        assert what.allows(np.array(values, dtype)).tolist() == expected


def test_each_says_its_rule() -> None:
    assert [what.rule for what in ALL] == [*["finite and at least 0"] * 3, "finite", "finite"]


@dataclass(frozen=True)
class Falling(Signal):
    """A loss that falls, without end."""

    quantity = LOSS

    def at(self, t: Array) -> Array:
        """Return how far the steps lie below 1."""
        return 1 - t


def test_a_function_of_the_step_that_is_no_schedule_is_evaluated_and_drawn() -> None:
    falling = Falling()
    assert falling(3) == -2
    assert falling(np.array([[0, 1], [2, 3]])).tolist() == [[1, 0], [-1, -2]]
    assert falling.length is None
    curve = outline(falling, 10**9, columns=50, label="falling")
    assert (curve.quantity, curve.values[-1]) == (LOSS, 2 - 10**9)
    assert evaluate(falling, range(3), "falling").quantity is LOSS


@pytest.mark.parametrize("horizon", [20, 10**6])
def test_a_curve_knows_what_it_shows_however_it_is_thinned(horizon: int) -> None:
    a, b = parse("step:lr=1,rate=0.5,steps=10"), parse("const:lr=1")
    assert outline(a, horizon, columns=10).quantity is LEARNING_RATE
    assert gap_curve(series(a), series(b), horizon, columns=10).quantity is DIFFERENCE
    steps = np.arange(horizon)
    recorded = Curve("run", steps, np.ones(horizon), recorded=True, quantity=LOSS)
    assert thinned(recorded, horizon, columns=10).quantity is LOSS


def test_a_schedule_of_something_else_refuses_in_its_words() -> None:
    schedule = parse("linear:lr=1,steps=10,end=0,unclamped")
    with pytest.raises(LrvizError) as error:
        schedule(11)
    assert "gives the rate -0.1" in error.value.message
    assert "and a learning rate is finite and at least 0" in error.value.message
    own = {"quantity": MOMENTUM, "__module__": __name__}
    momentum = type("Momentum", (type(schedule),), own)(lr=1, steps=10, end=0, unclamped=True)
    with pytest.raises(LrvizError) as error:
        momentum(11)
    assert "gives the momentum -0.1" in error.value.message
    assert "and a momentum is finite and at least 0" in error.value.message


def test_axes_are_called_like_what_the_curves_show_unless_they_have_a_name() -> None:
    curve = replace(evaluate(parse("const:lr=1"), range(9)), quantity=LOSS)
    for look, name in (
        (Look(steps=9), "loss"),
        (Look(steps=9, ylabel="L"), "L"),
        (Look(steps=9, ylabel=""), ""),
    ):
        with own_style():
            drawn, _ = draw([Panel([curve], look)], Paper())
        assert drawn.axes[0].get_ylabel() == name
        assert name in "".join(chart([curve], look, width=60)).splitlines()[1]


def test_each_of_two_panels_names_its_own_axis() -> None:
    rates = evaluate(parse("const:lr=1"), range(9))
    losses = replace(rates, quantity=LOSS)
    with own_style():
        panels = [Panel([one], Look(steps=9)) for one in (rates, losses)]
        drawn, _ = draw(panels, Paper(), columns=2)
    assert [axes.get_ylabel() for axes in drawn.axes] == ["learning rate", "loss"]
