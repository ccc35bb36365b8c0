"""What is drawn is what drawing every step would show."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg

from lrviz import parse
from lrviz.curves import Curve, evaluate
from lrviz.families.noisy_linear_cosine import NoisyLinearCosineDecay
from lrviz.outputs.figure import Panel, Paper, draw, own_style
from lrviz.outputs.look import Look
from lrviz.sampling import default_horizon, is_exact, key_steps, outline, round_step, thinned
from lrviz.schedules.base import Schedule
from lrviz.schedules.numeric import Array, Dtype, Steps
from lrviz.schedules.signal import Signal
from tests.strategies import schedules

COLUMNS = 600

Pixels = np.ndarray[tuple[Any, ...], np.dtype[np.bool]]

CURVES = {
    "a smooth curve": "exp:lr=0.01,rate=0.9,steps={n}e-1",
    "a staircase": "exp:lr=0.01,rate=0.9,steps={n}e-1,staircase",
    "stairs of a step each": "exp:lr=0.01,rate=0.99999,steps=1,staircase",
    "stairs of broken lengths": "step:lr=1,rate=0.999,steps=1000.37",
    "restarts": "cosine_restarts:lr=1,steps=1000,m_mul=0.8,alpha=0.1",
    "restarts closer than pixels": "cosine_restarts:lr=1,steps=10,t_mul=1,m_mul=0.99999",
    "restarts out of step with steps": "cosine_restarts:lr=1,steps=7.3,t_mul=1.00001",
    "a spike of one step": "piecewise:0=0.1,76543=1,76544=0.1,99999=0.9,100000=0.1",
    "waves": "linear_cosine:lr=1,steps={n},num_periods=3,alpha=0.1",
    "waves closer than pixels": "linear_cosine:lr=1,steps={n},num_periods=12345.6,alpha=0.1",
    "waves that do not end": "cosine:lr=1,steps={n}e-1,end=0.1,unclamped",
    "short waves that do not end": "cosine:lr=1,steps=7.3,end=0.1,unclamped",
    "cycles": "cyclic:lr=0.1,peak=1,up=700.5,down=1234.3,shrink=0.99,rate=0.999999",
    "cycles closer than pixels": "cyclic:lr=0.1,peak=1,up=3.7,down=2.9,rate=0.999999",
    "one cycle": "one_cycle:lr=1,steps={n},pct=0.333",
    "one cycle in three lines": "one_cycle:lr=1,steps={n},pct=0.333,linear,three",
    "restarts of a decay": "restarts:t_mul=1.1,m_mul=0.9/tanh:lr=1,steps=100,end=0.05,lb=-3",
    "restarts that come to an end": "restarts:m_mul=0.999,times=900/linear:lr=1,steps=7.7,end=0.2",
    "restarts ever closer": "restarts:t_mul=0.8,times=500/power:lr=1,steps={n}e-1,end=0.1",
    "lines through points": "interpolate:0=0.1,777=1,1234=0.5,1235=0.5,1236=0.9,39999=0,40000=1",
    "cycles of a line": "poly:lr=1,steps=7.5,end=0.1,cycle",
    "noise": "noisy_linear_cosine:lr=1,steps={n},alpha=1",
    "noise that does not fade": "noisy_linear_cosine:lr=1,steps=9e15,variance_decay=0",
    "warmup and cosine": "warmup:steps=1000/cosine:lr=3e-4,steps={n},end=3e-5",
    "a formula with spikes": "LambdaLR(optimizer, lambda t: 1 if t % 9973 == 7 else 0.1, lr=1)",
    "a chain of unlike stages": "const:lr=1,for=33333/cosine_restarts:lr=0.5,steps=33,t_mul=1,"
    "for=12345/exp:lr=0.7,rate=0.5,steps=1000,staircase,floor=0.1",
    "waves that begin late": "linear_cosine:lr=1,steps=300,num_periods=50,shift=77777",
    "warmup, stable and decay": "wsd:lr=1,steps={n},warmup=12,decay=25,shape=sqrt",
    "cuts at plateaus": "stepped:every=1000/plateau:lr=1,rate=0.5,patience=0,metrics=1,1,1,1,0,0",
    "cuts of every step": "plateau:lr=1,rate=0.5,patience=0,metrics=1,1,1,1,1,1,1,1,1,1,1,1",
    "a curve by the epoch": "stepped:every=391/cosine_restarts:lr=1,steps=10,t_mul=1.5",
    "restarts in strides": "stepped:by=7/cosine_restarts:lr=1,steps=1000,t_mul=1",
    "epochs closer than pixels": "stepped:every=3,by=2/cosine_restarts:lr=1,steps=5.5,t_mul=1",
    "a product of stairs and waves": "product/step:lr=1,rate=0.8,steps=1234"
    "/cosine_restarts:lr=1,steps=77,t_mul=1.1,alpha=0.2",
    "a product of a rise and a fall": "product/log:lr=0,steps={n},end=1/linear:lr=1,steps={n}",
    "a sum of cycles": "sum/cyclic:lr=0,peak=1,up=3.7,down=2.9/cyclic:lr=0,peak=1,up=5.3,down=4.1",
    "a sum of three cycles": "sum/cyclic:lr=0,peak=1,up=3,down=4/cyclic:lr=0,peak=1,up=5,down=6"
    "/cyclic:lr=0,peak=1,up=7,down=10",
    "a product of cycles": "product/cyclic:lr=0,peak=1,up=30.7,down=29.9"
    "/cyclic:lr=0,peak=1,up=51.3,down=41.1",
    "a floor over a sum": "sum/cyclic:lr=0,peak=1,up=300.7,down=2.9"
    "/cyclic:lr=0,peak=1,up=5.3,down=400.1,floor=0.3",
    "a product of noise and restarts": "product/noisy_linear_cosine:lr=1,steps=9e15,"
    "variance_decay=0,alpha=5/cosine_restarts:lr=1,steps=11,t_mul=1",
    "many points side by side": "interpolate:0=0,"
    + ",".join(f"{2 * i + 70_000}={i * 7919 % 1000 / 1000}" for i in range(699)),
    "a wave that is held": "linear_cosine:lr=1,steps=3000,num_periods=50.3,hold=2777",
}
"""Specs, with {n} for the number of steps."""


def envelope(curve: Curve, horizon: int, first: int = 0) -> tuple[list[float], list[float]]:
    """Return the lowest and highest value of each column of steps."""
    edges = np.linspace(first, horizon, COLUMNS + 1).astype(int)[:-1]
    starts = np.searchsorted(curve.steps, edges)
    lowest = np.minimum.reduceat(curve.values, starts)
    return lowest.tolist(), np.maximum.reduceat(curve.values, starts).tolist()


@pytest.mark.parametrize("horizon", [5000, 100_000, 200_000, 3_000_000])
@pytest.mark.parametrize("spec", CURVES.values(), ids=CURVES.keys())
def test_each_column_has_the_lowest_and_highest_of_all_its_steps(spec: str, horizon: int) -> None:
    schedule = parse(spec.format(n=horizon))
    every = evaluate(schedule, range(horizon))
    pixel = float(np.ptp(every.values)) / 400  # of an axis that is 400 pixels high
    drawn = outline(schedule, horizon, COLUMNS)
    for ours, true in zip(envelope(drawn, horizon), envelope(every, horizon), strict=True):
        assert ours == pytest.approx(true, rel=0, abs=pixel)


@pytest.mark.parametrize(("first", "horizon"), [(700, 5700), (99_999, 300_000)])
@pytest.mark.parametrize("spec", CURVES.values(), ids=CURVES.keys())
def test_a_part_of_a_run_has_the_extremes_of_its_own_columns(
    spec: str, first: int, horizon: int
) -> None:
    schedule = parse(spec.format(n=horizon))
    every = evaluate(schedule, range(first, horizon))
    pixel = float(np.ptp(every.values)) / 400
    drawn = outline(schedule, horizon, COLUMNS, first=first)
    assert (drawn.steps[0], drawn.steps[-1]) == (first, horizon - 1)
    ours, true = (envelope(curve, horizon, first) for curve in (drawn, every))
    for our, one in zip(ours, true, strict=True):
        assert our == pytest.approx(one, rel=0, abs=pixel)


@given(schedules, st.integers(0, 10**6), st.integers(1, 4 * COLUMNS))
def test_a_short_part_of_a_run_is_drawn_as_in_the_whole(
    schedule: Schedule, first: int, count: int
) -> None:
    """All its steps, and each jump upright but for one that comes before its first step."""
    part = outline(schedule, first + count, COLUMNS, first=first)
    whole = outline(schedule, first + count, 10**6)
    of_part = whole.steps >= first
    jumps_there = np.count_nonzero(whole.steps == first) > 1
    expected = whole.values[of_part][int(jumps_there) :]
    assert part.steps.tolist() == whole.steps[of_part][int(jumps_there) :].tolist()
    assert part.values.tolist() == expected.tolist()


@pytest.mark.parametrize("horizon", [40, 5000, 50_000])
@pytest.mark.parametrize("spec", CURVES.values(), ids=CURVES.keys())
def test_no_pixel_is_further_than_one_from_where_all_steps_would_paint(
    spec: str, horizon: int
) -> None:
    """Compare the ink of the outline with that of a line through all steps, pixel by pixel."""
    schedule = parse(spec.format(n=horizon))
    paper = Paper(6, 3, 100)
    ours = ink(outline(schedule, horizon, paper.columns), horizon, paper)
    every = outline(schedule, horizon, horizon)  # all steps, with jumps upright
    true = ink(every, horizon, paper)
    assert not (ours & ~grown(true)).any()
    assert not (true & ~grown(ours)).any()


def ink(curve: Curve, horizon: int, paper: Paper) -> Pixels:
    """Return which pixels a figure of the curve paints in the colour of the curve."""
    with own_style():
        figure, _ = draw([Panel([curve], Look(steps=horizon, legend="none"))], paper)
        canvas: Any = FigureCanvasAgg(figure)
        canvas.draw()
        image = np.asarray(canvas.buffer_rgba()).astype(int)
    painted: Pixels = (image[..., 0] - image[..., 2]) > 100  # vermilion: much red, little blue
    return painted


def grown(painted: Pixels) -> Pixels:
    """Return the pixels that are painted, and those around them."""
    wide = np.pad(painted, 1)
    rows, columns = painted.shape
    shifted = [wide[i : i + rows, j : j + columns] for i in range(3) for j in range(3)]
    either: Pixels = np.logical_or.reduce(shifted)
    return either


@given(schedules, st.integers(1, 2000))
def test_what_is_drawn_was_evaluated(schedule: Schedule, horizon: int) -> None:
    drawn = outline(schedule, horizon, COLUMNS)
    rates = schedule(drawn.steps)
    held = np.flatnonzero(rates != drawn.values)
    # Only the point before a jump has another rate than its step: that of the step before.
    assert (drawn.steps[held] == drawn.steps[held + 1]).all()
    assert drawn.values[held].tolist() == schedule(drawn.steps[held] - 1).tolist()


@given(schedules)
def test_an_outline_has_both_ends_and_few_points(schedule: Schedule) -> None:
    for horizon in (10**6, 10**12):
        drawn = outline(schedule, horizon, COLUMNS)
        assert drawn.steps[0] == 0
        assert drawn.steps[-1] == horizon - 1
        assert len(drawn.steps) <= 4 * COLUMNS
        assert (np.diff(drawn.steps) > 0).all()


def test_stairs_rise_upright() -> None:
    drawn = outline(parse("step:lr=1,rate=0.5,steps=3"), 8, COLUMNS)
    assert drawn.steps.tolist() == [0, 1, 2, 3, 3, 4, 5, 6, 6, 7]
    assert drawn.values.tolist() == pytest.approx([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25])


@pytest.mark.parametrize("formula", ["0.1 ** (t // 30)", "1 if t < 30 else 0.1 if t < 60 else t"])
def test_stairs_of_a_formula_rise_upright_too(formula: str) -> None:
    curve = outline(parse(f"LambdaLR(o, lambda t: {formula}, lr=0.1)"), 90, COLUMNS)
    twice = curve.steps[1:][np.diff(curve.steps) == 0]
    assert twice.tolist() == ([30, 60] if "//" in formula else [30])


def test_it_is_known_which_outlines_are_exact() -> None:
    plain, formula = parse(CURVES["cycles"]), parse(CURVES["a formula with spikes"])
    for schedule in (formula, parse(CURVES["a sum of cycles"])):
        assert is_exact(schedule, 10**7)
        assert not is_exact(schedule, 10**7 + 1)
    assert is_exact(plain, 10**12)


def test_a_bend_is_not_drawn_as_a_stair() -> None:
    drawn = outline(parse("warmup:steps=2/const:lr=1"), 5, COLUMNS)
    assert drawn.steps.tolist() == [0, 1, 2, 3, 4]


def test_stages_that_meet_do_not_make_a_stair_and_others_do() -> None:
    met = outline(parse("linear:lr=1,steps=3,end=0.1/const:lr=0.1"), 6, COLUMNS)
    cliff = outline(parse("linear:lr=1,steps=3,end=0.1/const:lr=0.5"), 6, COLUMNS)
    assert met.steps.tolist() == [0, 1, 2, 3, 4, 5]
    assert cliff.steps.tolist() == [0, 1, 2, 3, 3, 4, 5]


def test_noise_of_a_long_run_reaches_its_true_peaks() -> None:
    """The peaks of 10^8 steps are found among all of them, of which most are never evaluated."""
    schedule = NoisyLinearCosineDecay(lr=1, steps=9e15, num_periods=0, variance_decay=0)
    drawn = outline(schedule, 10**8, 50)
    column = schedule(np.arange(2_000_000))
    within = drawn.values[drawn.steps < 2_000_000]
    assert (within.min(), within.max()) == (column.min(), column.max())


def test_the_default_horizon_is_the_longest_length() -> None:
    assert default_horizon([parse("cosine:lr=1,steps=50"), parse("linear:lr=1,steps=70")]) == 70
    assert default_horizon([parse("const:lr=1")]) == 1000
    assert default_horizon([parse("const:lr=1"), parse("cosine:lr=1,steps=50")]) == 50


def test_key_steps_are_round_numbers_ends_and_both_sides_of_jumps() -> None:
    assert key_steps([parse("multistep:lr=1,rate=0.1,at=3,77")], 100) == [
        *(0, 2, 3, 10, 20, 30, 40, 50, 60, 70, 76, 77, 80, 90, 99)
    ]
    assert key_steps([parse("warmup:steps=5/const:lr=1")], 20) == [
        *(0, 2, 4, 5, 6, 8, 10, 12, 14, 16, 18, 19)
    ]


@pytest.mark.parametrize(
    ("span", "step"),
    [(10, 1), (100, 10), (150, 20), (1000, 100), (999, 100), (3, 1), (10**12, 10**11)],
)
def test_round_steps(span: int, step: int) -> None:
    assert round_step(span, 10) == step


@given(
    st.lists(st.integers(0, 100_000), min_size=1, max_size=3000, unique=True).map(sorted),
    st.integers(1, 100_000),
    st.integers(10, 100),
    st.integers(0, 2**32 - 1),
)
def test_a_recorded_run_keeps_the_extremes_of_each_column(
    steps: list[int], horizon: int, columns: int, seed: int
) -> None:
    values = np.random.default_rng(seed).random(len(steps))
    run = Curve("run", np.array(steps), values, recorded=True)
    drawn = thinned(run, horizon, columns)
    assert drawn.recorded
    assert len(drawn.steps) <= max(4 * columns, 0)
    kept = dict(zip(run.steps.tolist(), values.tolist(), strict=True))
    assert all(kept[t] == v for t, v in zip(drawn.steps.tolist(), drawn.values, strict=True))
    edges = np.linspace(0, horizon, columns + 1).astype(np.int64)
    for low, high in itertools.pairwise(edges):
        every = values[(run.steps >= low) & (run.steps < high)]
        some = drawn.values[(drawn.steps >= low) & (drawn.steps < high)]
        assert every.size == 0 or (every.min(), every.max()) == (some.min(), some.max())


def test_a_run_is_evaluated_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    schedule, evaluate_all, asked = parse("cosine:lr=1,steps=1e9"), Signal.__call__, []

    def watched(signal: Signal, steps: Steps, dtype: Dtype) -> Array:
        asked.append(steps.size)
        return evaluate_all(signal, steps, dtype)

    monkeypatch.setattr(Signal, "__call__", watched)
    drawn = outline(schedule, 10**9, COLUMNS)
    assert len(asked) == 1
    monkeypatch.undo()
    assert (drawn.values == schedule(drawn.steps)).all()
