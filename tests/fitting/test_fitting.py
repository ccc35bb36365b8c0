"""The schedule behind a log: that it meets every point, in the numbers that were chosen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lrviz
from lrviz import parse
from lrviz.answers.fit import fit
from lrviz.curves import Curve
from lrviz.fitting.digits import digits
from lrviz.schedules.numeric import Array, Steps
from lrviz.series.recorded import Recorded
from tests.recorded import Case, cases

SPECS = {
    "const:lr=0.0003": 200,
    "step:lr=0.05,rate=0.2,steps=80": 400,
    "multistep:lr=0.1,rate=0.1,at=500,750": 1000,
    "piecewise:0=0.3,40=0.02,90=0.07": 150,
    "exp:lr=0.05,rate=0.97,steps=20": 900,
    "exp:lr=0.001,rate=2,steps=100": 400,
    "inverse_time:lr=0.02,rate=0.5,steps=100": 800,
    "inverse_time:lr=0.02,rate=0.5,steps=100,staircase": 800,
    "inverse_sqrt:lr=0.001,steps=300": 2000,
    "noam:lr=2,d_model=512,warmup=400": 2000,
    "linear:lr=0.002,steps=1500": 1500,
    "poly:lr=0.01,steps=600,end=0.001,power=2": 600,
    "cosine:lr=0.256,steps=3000,end=0.0256": 3000,
    "cosine:lr=0.1,steps=40,end=0.001,unclamped": 250,
    "warmup:steps=50/cosine:lr=0.0003,steps=950,end=3e-5": 1000,
    "warmup:steps=20,start=3e-5/linear:lr=0.0003,steps=380": 400,
    "warmup:steps=30/step:lr=0.1,rate=0.5,steps=100": 500,
    "warmup:steps=100/inverse_sqrt:lr=0.0005,steps=100": 1200,
    "warmup:steps=10,start=1e-6,end=0.0003/cosine:lr=0.0003,steps=100,end=1e-5,shift=-10": 120,
    "wsd:lr=0.0005,steps=1000,warmup=30,decay=250,end=5e-5": 1000,
    "wsd:lr=0.4,steps=1500,warmup=20,decay=150,end=0.004,shape=sqrt": 1500,
    "wsd:lr=0.3,steps=800,warmup=0,decay=200,shape=cosine": 800,
    "cosine_restarts:lr=0.1,steps=100": 700,
    "cosine_restarts:lr=0.1,steps=50,t_mul=1,m_mul=0.5": 220,
    "restarts:m_mul=0.5,times=3/cosine:lr=0.1,steps=20": 80,
    "cyclic:lr=0.01,peak=0.1,up=40,shrink=0.5": 300,
    "cyclic:lr=0.01,peak=0.1,up=40,down=25": 300,
    "one_cycle:lr=0.003,steps=500,pct=0.25": 500,
    "one_cycle:lr=0.1,steps=300,linear,three": 300,
    "linear_cosine:lr=0.1,steps=200,beta=0.01": 200,
    "tanh:lr=0.1,steps=200": 200,
    "exp:lr=0.1,rate=0.5,steps=20,floor=0.01": 200,
    "const:lr=0.1,for=30/exp:lr=0.1,rate=0.95,steps=1": 120,
}
"""Schedules and how many of their steps are logged."""


def logged(steps: Steps, values: Array) -> Recorded:
    return Recorded("log", Curve("log", steps, values, recorded=True))


def found(steps: Steps, values: Array) -> str | None:
    (one,) = fit(logged(steps, values)).fits
    return one.spec


@pytest.mark.parametrize("spec", SPECS)
def test_of_all_digits_comes_what_was_logged(spec: str) -> None:
    steps = np.arange(SPECS[spec])
    best = fit(logged(steps, parse(spec)(steps))).fits[0].best
    assert best is not None
    assert best.plan(steps) == pytest.approx(parse(spec)(steps), rel=1e-9, abs=1e-13)
    assert (str(best.plan), best.offset) == (spec, 0) or best.cost <= 12


ROUNDED = [spec for spec in SPECS if spec.startswith(("warmup", "cosine:", "poly", "linear:"))]


@pytest.mark.parametrize("spec", ROUNDED)
def test_of_four_digits_comes_the_same(spec: str) -> None:
    steps = np.arange(SPECS[spec])
    values = np.array([float(f"{rate:.3e}") for rate in parse(spec)(steps)])
    assert found(steps, values) == spec


@pytest.mark.parametrize("spec", ROUNDED)
def test_of_a_float32_comes_the_same(spec: str) -> None:
    steps = np.arange(SPECS[spec])
    values = parse(spec)(steps).astype(np.float32).astype(np.float64)
    assert found(steps, values) == spec


@pytest.mark.parametrize("spec", ["cosine:lr=0.003,steps=600", "step:lr=0.1,rate=0.9,steps=70"])
def test_a_log_that_counts_from_1_says_so(spec: str) -> None:
    steps = np.arange(400)
    (one,) = fit(logged(steps + 1, parse(spec)(steps))).fits
    assert (one.spec, one.offset) == (spec, -1)
    assert one.notes[1] == "the log counts from 1: its step 1 is step 0 of the schedule"


def test_what_a_thinned_log_cannot_tell_is_said() -> None:
    steps = np.arange(0, 1000, 10)
    plan = parse("multistep:lr=0.1,rate=0.5,at=500,700,750")
    (one,) = fit(logged(steps, plan(steps))).fits
    assert one.spec == str(plan)
    assert one.notes == [
        "meets all 100 points to their last digit; steps 0 to 990, every 10th",
        (
            "the log does not tell all of it: its drop at 500 comes at 491 to 500, its drop at 700 "
            "comes at 691 to 700 and its drop at 750 comes at 741 to 750"
        ),
    ]


def test_an_end_that_the_log_does_not_show_is_said() -> None:
    steps = np.arange(300)
    (one,) = fit(logged(steps, parse("cosine:lr=0.1,steps=1000")(steps))).fits
    assert one.spec == "cosine:lr=0.1,steps=1000"
    assert one.notes[1:] == ["the log ends at step 299, before the schedule does at 1,000"]


def test_near_is_not_met() -> None:
    """A cosine with one rate a thousandth off is no cosine."""
    steps = np.arange(500)
    values = parse("cosine:lr=0.1,steps=500")(steps)
    values[250] *= 1.001
    answer = fit(logged(steps, values))
    assert not answer.met
    assert answer.fits[0].spec is None
    assert answer.fits[0].notes == [
        (
            "no schedule of those that are tried meets all 500 points; the nearest, about "
            "cosine:lr=0.1,steps=500, differs from step 250 on, by at most 5e-5 (0.05 % of the "
            "peak) at step 250"
        )
    ]


def test_noise_is_no_schedule() -> None:
    answer = lrviz.fit(logged(np.arange(300), np.random.default_rng(1).uniform(0.1, 0.2, 300)))
    assert not answer.met
    assert str(answer) == answer.fits[0].notes[0]


def test_a_schedule_stands_for_its_own_log() -> None:
    call = "LambdaLR(optimizer, lambda t: 1 / (1 + 0.05 * t), lr=0.1)"
    (one,) = lrviz.fit(call, lrviz.Run(horizon=100)).fits
    assert one.spec == "inverse_time:lr=0.1,rate=0.05,steps=1"
    assert one.notes[1] == "of an inverse time decay a log tells only rate / steps"


def firsts() -> list[Case]:
    """Return the first recorded case of each call of some frameworks that has enough points."""
    chosen: dict[str, Case] = {}
    for case in cases():
        name = f"{case.framework}.{case.recorded['name']}"
        enough = len(case.steps) >= 10 and np.isfinite(case.values).all()
        if case.framework in ("torch", "keras") and enough:
            chosen.setdefault(name, case)
    return [*chosen.values()]


UNMET = {"torch-ChainedScheduler-1"}
"""Recorded cases that no shape meets."""


@pytest.mark.parametrize("case", firsts(), ids=lambda case: case.id)
def test_recorded_rates_of_frameworks_are_met(case: Case) -> None:
    steps, order = np.unique(np.array(case.steps), return_index=True)
    values = np.array(case.values, np.float64)[order]
    best = fit(logged(steps, values)).fits[0].best
    assert (best is None) == (case.id in UNMET)
    if best is not None:
        rates = parse(str(best.plan))(steps + best.offset)
        assert rates == pytest.approx(values, rel=2e-6, abs=1e-6 * values.max())


rates = st.sampled_from([0.1, 0.3, 0.02, 1e-3, 6e-4, 2.5e-4, 5e-5])
lengths = st.integers(6, 60).map(lambda n: 10 * n)
laws = st.one_of(
    st.builds("linear:lr={},steps={}".format, rates, lengths),
    st.builds("cosine:lr={},steps={}".format, rates, lengths),
    st.builds("poly:lr={},steps={},power=2".format, rates, lengths),
    st.builds("exp:lr={},rate=0.5,steps={}".format, rates, lengths),
    st.builds("step:lr={},rate=0.1,steps={}".format, rates, lengths),
    st.builds("warmup:steps=20/cosine:lr={},steps={}".format, rates, lengths),
    st.builds("warmup:steps=20/linear:lr={},steps={}".format, rates, lengths),
    st.builds("wsd:lr={},steps=700,warmup=10,decay={}".format, rates, lengths),
)


@settings(max_examples=12)
@given(spec=laws, kept=st.sampled_from([1, 3, 7]))
def test_what_meets_a_log_meets_it_everywhere(spec: str, kept: int) -> None:
    steps = np.arange(0, 700, kept)
    values = parse(spec)(steps)
    (one,) = fit(logged(steps, values)).fits
    assert one.best is not None
    assert one.best.plan(steps) == pytest.approx(values, rel=1e-8, abs=1e-11 * values.max())
    assert one.best.cost <= len(spec)


@pytest.mark.parametrize(
    ("number", "count"), {0: 0, 0.1: 1, 0.94: 2, 2.5e-4: 2, 1500: 2, 0.0875: 3, 1 / 3: 15}.items()
)
def test_digits_are_those_that_are_written(number: float, count: int) -> None:
    assert digits(number) == count
