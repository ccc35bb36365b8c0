"""Sums over pieces: the same as over every step, for runs of any length."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz import LrvizError, parse
from lrviz.schedules.base import Schedule
from lrviz.theory import sums
from lrviz.theory.convex import Bound, bound
from lrviz.theory.quadratic import Quadratic
from lrviz.theory.sums import Cells, cells_of
from tests.strategies import schedules

SMOOTH = [
    "linear:lr=1,steps=50000",
    "cosine:lr=1,steps=50000,end=0.1",
    "warmup:steps=900/cosine:lr=1,steps=49100",
    "wsd:lr=1,steps=50000,warmup=500,decay=9000,shape=sqrt",
    "exp:lr=1,rate=0.5,steps=3000",
    "exp:lr=1,rate=0.5,steps=700,staircase",
    "one_cycle:lr=1,steps=50000",
    "inverse_sqrt:lr=1,steps=100",
    "cosine_restarts:lr=1,steps=1500,t_mul=2",
    "poly:lr=1,steps=50000,power=0.9",
]
STEPS = 50_000


@pytest.fixture
def sampled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sum short runs over pieces too."""
    with monkeypatch.context() as changed:
        changed.setattr(sums, "ALL", 0)
        yield


def every_step(schedule: Schedule, steps: int) -> Cells:
    return Cells.of_rates(np.asarray(schedule(range(steps))))


def known(found: Bound | None) -> Bound:
    assert found is not None
    return found


@pytest.mark.parametrize("spec", SMOOTH)
def test_pieces_sum_up_to_what_all_steps_do(spec: str) -> None:
    schedule = parse(spec)
    cells = cells_of(schedule, STEPS)
    assert cells.starts.size < STEPS / 5  # else all steps would be meant
    ours, true = known(bound(cells, STEPS)), known(bound(every_step(schedule, STEPS), STEPS))
    assert ours.area == pytest.approx(true.area, rel=1e-12)
    assert ours.rest == pytest.approx(true.rest, rel=1e-11)


@pytest.mark.parametrize("spec", SMOOTH)
@pytest.mark.parametrize("stability", [0.5, 1.7])
def test_the_loss_over_pieces_is_that_over_all_steps(spec: str, stability: float) -> None:
    schedule, quadratic = parse(spec), Quadratic(dims=20, stability=stability)
    at = [0, 1, 17, 12_345, STEPS - 1, STEPS]
    ours = quadratic.course(schedule, at, stability)
    true = quadratic.course_of(every_step(schedule, STEPS), at, stability)
    np.testing.assert_allclose(ours.mean, true.mean, rtol=1e-10)
    np.testing.assert_allclose(ours.sd, true.sd, rtol=1e-10)


@pytest.mark.usefixtures("sampled")
@given(schedules, st.integers(2, 40_000))
def test_any_schedule_is_summed_as_step_by_step(schedule: Schedule, steps: int) -> None:
    try:
        rates = np.asarray(schedule(range(steps)))
    except LrvizError:
        return
    ours, true = bound(cells_of(schedule, steps), steps), bound(Cells.of_rates(rates), steps)
    if ours is None or true is None:
        assert not rates.any()
        return
    assert ours.area == pytest.approx(true.area, rel=1e-9)
    assert ours.peak == pytest.approx(true.peak, rel=1e-9)
    assert ours.kappa == pytest.approx(true.kappa, rel=1e-9)


def test_cells_are_all_steps_in_order_and_some_begin_where_asked() -> None:
    cells = cells_of(parse("cosine:lr=1,steps=1000000"), 10**6, [77, 500_000])
    assert cells.starts[0] == 0
    assert (np.diff(cells.starts) == cells.counts[:-1]).all()
    assert cells.starts[-1] + cells.counts[-1] == 10**6
    assert {77, 500_000} <= set(cells.starts.tolist())
    parts = [*cells.parts(50, [77])]
    assert sum(part.starts.size for part in parts) == cells.starts.size
    assert 77 in [int(part.starts[0]) for part in parts]


def test_a_block_sums_polynomials_exactly() -> None:
    for length in (129, 300, 4096, 5000, 1_000_003):
        rule = sums._rule(length)
        nodes = rule.places[: sums._NODES]
        x = np.arange(length) / length
        for power in (0, 1, 5, 15):
            values = x**power
            ours = rule.after @ (nodes / length) ** power
            behind = np.append(np.cumsum(values[::-1])[::-1], 0.0)
            true = behind[np.concatenate([[0], nodes + 1])]
            np.testing.assert_allclose(ours, true, atol=1e-12 * length)


@pytest.mark.parametrize("steps", [1, 2, 400, 10**6])
def test_closed_forms_of_the_bound(steps: int) -> None:
    """Of a constant rate and of a line, by harmonic numbers."""
    harmonic = math.fsum(1 / k for k in range(1, steps))
    constant = known(bound(cells_of(parse("const:lr=3"), steps), steps))
    assert constant.kappa == pytest.approx(math.sqrt(1 + harmonic), rel=1e-13)
    line = known(bound(cells_of(parse(f"linear:lr=3,steps={steps}"), steps), steps))
    kappa = 2 * math.sqrt((steps - 0.5 + harmonic) / (steps + 1))
    assert line.kappa == pytest.approx(kappa, rel=1e-12)


def test_a_million_pieces_are_summed() -> None:
    steps = 10**9
    found = known(bound(cells_of(parse("step:lr=1,rate=0.99999,steps=1000"), steps), steps))
    assert found.area == pytest.approx(1000 * (1 - 0.99999**10**6) / 1e-5, rel=1e-9)


def test_rates_that_no_polynomial_follows_are_summed_step_by_step() -> None:
    noisy = parse("noisy_linear_cosine:lr=1,steps=20000")
    steps = 20_000
    ours, true = (
        known(bound(cells, steps)) for cells in (cells_of(noisy, steps), every_step(noisy, steps))
    )
    assert ours == true


def test_what_turns_too_often_for_its_length_is_refused() -> None:
    with pytest.raises(LrvizError) as error:
        cells_of(parse("step:lr=1,rate=0.9999999,steps=10"), 10**9)
    assert error.value.message == (
        "'step:lr=1,rate=0.9999999,steps=10' turns too often for a run of 1000000000 steps to be "
        "summed; make it shorter with horizon=10000000"
    )


def test_tiny_and_huge_rates_have_the_same_shape() -> None:
    shapes = [
        known(bound(cells_of(parse(f"cosine:lr={lr},steps=20000"), 20_000), 20_000))
        for lr in ("1", "1e-200", "1e200")
    ]
    for one in shapes:
        assert one.kappa == pytest.approx(shapes[0].kappa, rel=1e-12)
        assert one.best_peak == pytest.approx(shapes[0].best_peak, rel=1e-12)
