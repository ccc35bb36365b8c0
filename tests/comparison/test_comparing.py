"""Summaries and differences are those of all steps at once."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz import Curve, evaluate, parse
from lrviz.comparison import Comparison, Difference, Summary, compare, gap_curve
from lrviz.schedules.base import Schedule
from tests.series import series
from tests.strategies import schedules

horizons = st.integers(1, 20_000)


def summarize(one: Schedule | Curve, horizon: int, label: str = "") -> Summary:
    return compare([series(one, label)], horizon).summaries[0]


def difference(
    a: Schedule | Curve,
    b: Schedule | Curve,
    horizon: int,
    *,
    rtol: float = 1e-9,
    atol: float | None = None,
) -> Difference:
    return compare([series(a), series(b)], horizon, rtol=rtol, atol=atol).differences[0]


def recorded(spec: str, steps: Any) -> Curve:
    curve = evaluate(parse(spec), steps)
    return Curve("log", curve.steps, curve.values)


@given(schedules, horizons)
def test_a_summary_is_that_of_all_steps(schedule: Schedule, horizon: int) -> None:
    rates = schedule(np.arange(horizon))
    found = summarize(schedule, horizon)
    peak = float(rates.max())
    first = int(np.argmax(rates >= peak * (1 - 1e-12)))
    halved = np.flatnonzero(rates[first:] <= peak / 2) + first
    assert (found.label, found.exact) == (str(schedule), True)
    assert (found.first, found.peak, found.final) == (rates[0], peak, rates[-1])
    assert found.area == pytest.approx(float(rates.sum()))
    assert found.mean == pytest.approx(float(rates.mean()))
    assert found.half_life == (int(halved[0]) if halved.size and peak else None)
    assert rates[found.peak_step] >= peak * (1 - 2e-12)
    assert found.at_peak == pytest.approx(float((rates >= peak * (1 - 1e-9)).mean()), abs=2e-3)
    assert found.below == pytest.approx(float((rates < peak * 0.01).mean()), abs=2e-3)


@given(schedules, schedules, horizons, st.sampled_from([0, 1e-9, 0.1]))
def test_a_difference_is_that_of_all_steps(
    a: Schedule, b: Schedule, horizon: int, rtol: float
) -> None:
    steps = np.arange(horizon)
    of_a, of_b = a(steps), b(steps)
    atol = 1e-3 * max(of_a.max(), of_b.max())
    gap, larger = abs(of_a - of_b), np.maximum(abs(of_a), abs(of_b))
    different = gap > atol + rtol * larger
    found = difference(a, b, horizon, rtol=rtol, atol=atol)
    assert found.first == (int(different.argmax()) if different.any() else None)
    assert found.equal == (not different.any())
    assert found.share == pytest.approx(float(different.mean()))
    assert found.gap == gap.max()
    assert found.gap_step == (int(gap.argmax()) if gap.any() else None)
    above = gap > atol
    relative = float((gap[above] / larger[above]).max()) if above.any() else 0
    assert found.relative == pytest.approx(relative)
    assert (found.compared, found.exact) == (horizon, True)


@given(schedules, horizons)
def test_a_schedule_equals_itself(schedule: Schedule, horizon: int) -> None:
    found = difference(schedule, schedule, horizon)
    assert found.equal
    assert (found.first, found.gap, found.gap_step, found.share) == (None, 0, None, 0)


def test_rounding_is_no_difference_and_more_is() -> None:
    plan = parse("cosine:lr=1,steps=1000")
    for factor, equal in ((1 + 1e-10, True), (1 + 1e-8, False)):
        assert difference(plan, parse(f"cosine:lr={factor},steps=1000"), 1000).equal == equal


def test_rates_that_are_0_up_to_rounding_are_no_relative_gap() -> None:
    a, b = parse("const:lr=1,for=9/const:lr=1e-17"), parse("const:lr=1,for=9/const:lr=0")
    found = difference(a, b, 20)
    assert (found.equal, found.relative, found.relative_step) == (True, 0, None)


def test_the_numbers_of_a_known_curve() -> None:
    found = summarize(parse("warmup:steps=100/step:lr=1,rate=0.1,steps=300"), 1000, "mine")
    assert found._asdict() == {
        "label": "mine",
        "first": 0.0,
        "peak": 1.0,
        "peak_step": 100,
        "final": pytest.approx(0.01),
        "mean": pytest.approx(0.3825),
        "area": pytest.approx(49.5 + 300 + 30 + 3),
        "half_life": 400,
        "at_peak": 0.3,
        "below": 0.001,
        "exact": True,
    }


def test_a_peak_that_no_sample_finds_is_found() -> None:
    """The first look is at some steps only; a higher rate elsewhere makes it look again."""
    plan = parse("LambdaLR(optimizer, lambda t: 1 if t == 5_432_101 else 0.1, lr=1)")
    found = summarize(plan, 10**7)
    assert (found.peak, found.peak_step, found.half_life) == (1, 5_432_101, 5_432_102)
    assert found.at_peak == 1e-7


def test_a_log_is_compared_at_its_steps_below_the_horizon() -> None:
    plan = parse("linear:lr=1,steps=100")
    log = recorded("linear:lr=1,steps=100,shift=-1", range(5, 200, 10))
    found = difference(plan, log, 100)
    assert (found.compared, found.first, found.share) == (10, 5, 1)
    assert found.gap == pytest.approx(0.01)
    assert found.relative_step == 95
    assert found.relative == pytest.approx(0.2)
    turned = difference(log, plan, 100)
    assert turned == found


def test_two_logs_are_compared_at_the_steps_that_they_share() -> None:
    a, b = (recorded("linear:lr=1,steps=100", range(0, 100, k)) for k in (2, 3))
    assert difference(a, b, 100).compared == 17


def test_a_log_with_gaps_is_summed_up_as_the_line_through_it() -> None:
    every = summarize(parse("linear:lr=1,steps=100"), 100)
    some = summarize(recorded("linear:lr=1,steps=100", [0, 1, 7, 50, 98, 99]), 100)
    assert some.area == pytest.approx(every.area)
    assert some.mean == pytest.approx(every.mean)


def test_missing_values_of_a_log_are_passed_over() -> None:
    log = recorded("const:lr=1", range(10))
    log.values[3] = np.nan
    assert difference(parse("const:lr=1"), log, 10).compared == 9
    assert summarize(log, 10).peak == 1


def test_many_curves_are_each_held_to_the_first() -> None:
    plan, other = parse("cosine:lr=1,steps=100"), parse("linear:lr=1,steps=100")
    log = recorded("cosine:lr=1,steps=100", range(0, 100, 10))
    found = compare([series(plan), series(other, "other"), series(log)], 100)
    assert [summary.label for summary in found.summaries] == [str(plan), "other", "log"]
    assert [one.equal for one in found.differences] == [False, True]
    assert found.differences[0] == difference(plan, other, 100)


def test_progress_is_told_up_to_the_end() -> None:
    told: list[int] = []
    compare([series(parse("const:lr=1"))], 50_000, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 50_000
    assert len(told) > 3


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("cosine:lr=1,steps={n}", "linear:lr=1,steps={n}"),
        ("step:lr=1,rate=0.7,steps={n}e-1", "exp:lr=1,rate=0.7,steps={n}e-1"),
        ("cosine_restarts:lr=1,steps={n}e-2", "const:lr=0.5"),
        ("step:lr=1,rate=0.9999,steps={n}e-6", "const:lr=0.5"),
    ],
)
def test_a_run_too_long_for_every_step_has_the_numbers_of_a_shorter_one(a: str, b: str) -> None:
    def of(n: int) -> Comparison:
        return compare([series(parse(spec.format(n=n))) for spec in (a, b)], n)

    long, short = of(10**12), of(10**7)
    for one, other in zip(long.summaries, short.summaries, strict=True):
        assert (one.exact, other.exact) == (False, True)
        for ours, theirs in zip(one[1:3], other[1:3], strict=True):
            assert ours == pytest.approx(theirs, rel=1e-5)
        for ours, theirs in ((one.mean, other.mean), (one.below, other.below)):
            assert ours == pytest.approx(theirs, abs=1e-4)
    (one_gap,), (other_gap,) = long.differences, short.differences
    assert one_gap.gap == pytest.approx(other_gap.gap, rel=1e-4)
    assert one_gap.share == pytest.approx(other_gap.share, abs=1e-4)
    assert not one_gap.exact


def test_a_jump_of_a_long_run_is_found_to_the_step() -> None:
    a, b = (parse(f"multistep:lr=1,rate=0.1,at=123456789,{at}") for at in (777777777, 777777778))
    found = difference(a, b, 10**9)
    assert (found.first, found.gap_step) == (777777777, 777777777)
    assert found.gap == pytest.approx(0.09)


@pytest.mark.parametrize("horizon", [50, 5000, 300_000])
def test_a_gap_curve_reaches_the_extremes_of_both_signs(horizon: int) -> None:
    a, b = parse(f"cosine:lr=1,steps={horizon}"), parse(f"linear:lr=1,steps={horizon}")
    gaps = b(np.arange(horizon)) - a(np.arange(horizon))
    drawn = gap_curve(series(a), series(b), horizon, 100)
    assert drawn.values.min() == pytest.approx(gaps.min(), abs=1e-5)
    assert drawn.values.max() == pytest.approx(gaps.max(), abs=1e-5)
    assert len(drawn.steps) <= 400
    log = Curve("log", np.arange(horizon), b(np.arange(horizon)))
    thinned = gap_curve(series(a), series(log), horizon, 100)
    assert (thinned.values.min(), thinned.values.max()) == (gaps.min(), gaps.max())
    assert thinned.recorded
    assert len(thinned.steps) <= 400
