"""What holds for every schedule."""

import itertools
import pickle
import shlex

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lrviz
from lrviz import LrvizError, parse
from lrviz.families.chain import Chain
from lrviz.families.exp import ExponentialDecay
from lrviz.families.floor import Floor
from lrviz.families.for_ import For
from lrviz.families.inverse_time import InverseTimeDecay
from lrviz.families.natural_exp import NaturalExponentialDecay
from lrviz.families.noisy_linear_cosine import NoisyLinearCosineDecay
from lrviz.families.scale import Scale
from lrviz.families.shift import Shift
from lrviz.schedules.base import Schedule
from lrviz.schedules.numeric import Array, Dtype
from lrviz.schedules.periodic import PeriodicDecay
from tests.strategies import LONGEST, curves, schedules, steps


@given(schedules)
def test_the_canonical_text_reads_back_as_the_same_schedule(schedule: Schedule) -> None:
    assert parse(str(schedule)) == schedule


@given(schedules)
def test_the_canonical_text_is_canonical(schedule: Schedule) -> None:
    assert str(parse(str(schedule))) == str(schedule)


@given(schedules)
def test_the_canonical_text_needs_no_quotes_in_a_shell(schedule: Schedule) -> None:
    assert shlex.quote(str(schedule)) == str(schedule)


@given(schedules, steps, st.sampled_from(["float64", "float32"]))
def test_a_step_alone_has_the_rate_that_it_has_among_others(
    schedule: Schedule, asked: list[int], dtype: str
) -> None:
    together = schedule(asked, dtype=dtype)
    alone = [schedule([step], dtype=dtype)[0] for step in asked]
    assert together.tolist() == alone


@given(schedules, steps, st.sampled_from(["float64", "float32", np.float64, np.float32]))
def test_a_step_as_a_number_has_the_rate_that_it_has_in_an_array(
    schedule: Schedule, asked: list[int], dtype: Dtype
) -> None:
    """Whatever was asked before, once or often, near or far."""
    together = schedule(asked, dtype=dtype)
    for step, rate in itertools.chain.from_iterable(
        itertools.repeat((step, rate), 3) for step, rate in zip(asked, together, strict=True)
    ):
        alone = schedule(step, dtype=dtype)
        assert alone == rate
        assert type(alone) is (float if together.dtype == np.float64 else np.float32)


@given(schedules, st.integers(0, 2 * LONGEST), st.sampled_from(["float64", "float32"]))
def test_steps_one_by_one_have_the_rates_that_they_have_in_an_array(
    schedule: Schedule, first: int, dtype: str
) -> None:
    """As a loop of training asks for them."""
    loop = range(first, first + 300)
    assert [schedule(step, dtype=dtype) for step in loop] == schedule(loop, dtype=dtype).tolist()


def test_a_loop_over_the_steps_evaluates_many_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    at = ExponentialDecay.at

    def counted(self: ExponentialDecay, t: Array) -> Array:
        asked.append(len(t))
        return at(self, t)

    monkeypatch.setattr(ExponentialDecay, "at", counted)
    schedule = parse("exp:lr=1,rate=0.9,steps=10")
    assert len([schedule(step) for step in range(1024)]) == 1024
    assert asked == [1, 256] * 4


def test_a_step_beside_one_without_a_rate_has_its_own() -> None:
    schedule = parse("exp:lr=1,rate=1000,steps=1")
    for _ in range(3):
        assert [schedule(step) for step in (0, 1, 100)] == schedule([0, 1, 100]).tolist()
        with pytest.raises(LrvizError, match="gives the rate inf at its step 103"):
            schedule(103)


@given(schedules, st.integers(0, 1000))
def test_what_was_asked_for_changes_nothing_of_a_schedule(schedule: Schedule, step: int) -> None:
    before = pickle.dumps(schedule)
    fresh = pickle.loads(before)  # noqa: S301, written a moment ago
    assert [fresh(step) for _ in range(3)] == [schedule(step)] * 3
    assert fresh == schedule
    assert "_near" not in fresh.__getstate__()


@given(schedules)
def test_what_python_prints_of_a_schedule_is_an_expression_for_it(schedule: Schedule) -> None:
    assert eval(repr(schedule), {"lrviz": lrviz}) == schedule  # noqa: S307, written a moment ago


@given(schedules, steps, st.sampled_from(["float64", "float32"]))
def test_rates_have_the_type_and_the_shape_that_was_asked_for(
    schedule: Schedule, asked: list[int], dtype: str
) -> None:
    rates = schedule(np.array(asked).reshape(1, -1), dtype=dtype)
    assert rates.dtype == dtype
    assert rates.shape == (1, len(asked))


@given(schedules, steps)
def test_rates_are_finite_and_not_negative(schedule: Schedule, asked: list[int]) -> None:
    rates = schedule(asked)
    assert np.isfinite(rates).all()
    if not any(isinstance(part, NoisyLinearCosineDecay) for part in schedule.parts()):
        assert (rates >= 0).all()


@given(schedules)
def test_equal_schedules_have_equal_hashes_and_copies(schedule: Schedule) -> None:
    copy = pickle.loads(pickle.dumps(schedule))  # noqa: S301, written a moment ago
    assert copy == schedule
    assert hash(copy) == hash(schedule)
    assert repr(copy) == repr(schedule)


@pytest.mark.parametrize("kind", [ExponentialDecay, NaturalExponentialDecay, InverseTimeDecay])
@given(
    rate=st.floats(0, 1),
    period=st.integers(1, 10_000),
    ends=st.lists(st.integers(0, 1000), min_size=1),
    dtype=st.sampled_from(["float64", "float32"]),
)
def test_stairs_meet_the_smooth_curve_where_periods_end(
    kind: type[PeriodicDecay], rate: float, period: int, ends: list[int], dtype: str
) -> None:
    smooth = kind(lr=1, rate=rate, steps=period)
    stairs = kind(lr=1, rate=rate, steps=period, staircase=True)
    at = [period * end for end in ends if period * end < 2**24]
    assert smooth(at, dtype=dtype).tolist() == stairs(at, dtype=dtype).tolist()


@given(schedules, st.integers(1, LONGEST), schedules, steps)
def test_a_chain_starts_each_of_its_stages_anew(
    first: Schedule, length: int, second: Schedule, asked: list[int]
) -> None:
    chain = Chain(stages=(For(of=first, steps=length), second))
    before = [step for step in asked if step < length]
    assert chain(before).tolist() == first(before).tolist()
    assert chain([length + step for step in asked]).tolist() == second(asked).tolist()


@given(schedules, st.integers(-LONGEST, LONGEST), steps)
def test_a_shift_moves_the_curve(schedule: Schedule, by: int, asked: list[int]) -> None:
    shifted = Shift(of=schedule, steps=by)
    assert shifted(asked).tolist() == schedule([max(step - by, 0) for step in asked]).tolist()


@given(schedules, st.floats(0, 10), steps)
def test_a_scale_multiplies_every_rate(schedule: Schedule, by: float, asked: list[int]) -> None:
    assert Scale(of=schedule, factor=by)(asked).tolist() == (schedule(asked) * by).tolist()


@given(schedules, st.floats(0, 1), steps)
def test_a_floor_lifts_what_lies_below(schedule: Schedule, low: float, asked: list[int]) -> None:
    expected = np.maximum(schedule(asked), low).tolist()
    assert Floor(of=schedule, value=low)(asked).tolist() == expected


@given(schedules)
def test_phases_follow_one_another_from_step_0(schedule: Schedule) -> None:
    phases = schedule.phases
    assert phases[0].start == 0
    for before, after in itertools.pairwise(phases):
        assert before.stop == after.start
    assert phases[-1].stop is None or phases[-1].stop > phases[-1].start


@given(schedules, st.lists(st.integers(0, 3 * LONGEST), min_size=1, max_size=5))
def test_knots_are_numbered_in_rising_order(schedule: Schedule, before: list[int]) -> None:
    for knots in schedule.knots:
        total = min(knots.total(3 * LONGEST), 5000)
        listed = knots.step(np.arange(total))
        assert (np.diff(listed) >= 0).all()
        if knots.total(3 * LONGEST) == total:
            counted = knots.count(np.array(before))
            assert counted.tolist() == np.searchsorted(listed, before).tolist()


@given(curves, st.integers(2, 3000))
def test_a_curve_jumps_only_where_it_says(schedule: Schedule, horizon: int) -> None:
    """A rate that changes at one step alone, and is held before and after, jumps there."""
    if isinstance(schedule, NoisyLinearCosineDecay):
        return
    rates = schedule(np.arange(horizon))
    jumps = {step for knots in schedule.knots if knots.jump for step in knots.listed(horizon)}
    change = abs(np.diff(rates))
    held = np.flatnonzero((change[1:-1] > 1e-9) & (change[:-2] == 0) & (change[2:] == 0)) + 2
    assert set(held.tolist()) <= jumps
