"""Every recorded case of twelve frameworks, read from the call that a user would paste.

Recordings in float64 are met to 1e-12 of their largest value, those of TensorFlow 1 and Keras in
float32 to the last bit. A case is refused only where the framework lets nonsense in and returns
NaN, infinity or rates below 0.
"""

import math
from typing import Any

import numpy as np
import pytest

from lrviz import LrvizError, parse
from lrviz.families.exp import ExponentialDecay
from lrviz.families.noisy_linear_cosine import NoisyLinearCosineDecay
from tests.recorded import Case, cases, recording

REFUSED: dict[str, str] = {
    "tensorflow1-exponential_decay-8": (
        "exponential_decay: decay_rate must be at least 0, not -0.5"
    ),
    "tensorflow1-exponential_decay-9": (
        "exponential_decay: decay_rate must be at least 0, not -0.5"
    ),
    "tensorflow1-exponential_decay-10": "exponential_decay: decay_steps must be above 0, not 0",
    "tensorflow1-cosine_decay_restarts-7": (
        "cosine_decay_restarts: t_mul must be at least 1, not 0.5"
    ),
    "keras-CosineDecayRestarts-7": "CosineDecayRestarts: t_mul must be at least 1, not 0.5",
    "torch-OneCycleLR-2": (
        "one_cycle:lr=0.0003,steps=97,pct=0.25,start=1.1999999999999999e-5,"
        "end=1.1999999999999998e-9,linear,unclamped gives the rate -4.1224948453608265e-06 at its "
        "step 97, and a learning rate is finite and at least 0; change its parameters or end it "
        "before that step"
    ),
    "torch-OneCycleLR-4": (
        "one_cycle:lr=1,steps=50,pct=0.4,start=0.1,end=0.001,linear,three,unclamped gives the "
        "rate -0.007999999999999993 at its step 50, and a learning rate is finite and at least 0; "
        "change its parameters or end it before that step"
    ),
    "torch-ChainedScheduler-8": (
        "ChainedScheduler(optimizer, schedulers=[ExponentialLR(optimizer, gamma=0.97), "
        "CosineAnnealingLR(optimizer, T_max=16, eta_min=0.02)], lr=0.1) gives the rate "
        "-0.0009829206403217314 at its step 22, and a learning rate is finite and at least 0; "
        "change its parameters or end it before that step"
    ),
    "mmengine-OneCycleLR-2": (
        "one_cycle:lr=10,steps=57,pct=0.4,start=1,end=0.01,linear,three,unclamped gives the rate "
        "-0.06983870967741934 at its step 57, and a learning rate is finite and at least 0; "
        "change its parameters or end it before that step"
    ),
    "paddle-OneCycleLR-2": (
        "one_cycle:lr=0.0003,steps=37,pct=0.25,start=2.9999999999999997e-5,end=1e-6,linear,"
        "unclamped gives the rate -9.774774774774764e-06 at its step 37, and a learning rate is "
        "finite and at least 0; change its parameters or end it before that step"
    ),
    "paddle-OneCycleLR-4": (
        "one_cycle:lr=0.1,steps=50,pct=0.25,start=0.004,end=0.0001,linear,three,unclamped gives "
        "the rate -5.0000000000000565e-05 at its step 50, and a learning rate is finite and at "
        "least 0; change its parameters or end it before that step"
    ),
    "torchtitan-LRSchedulersContainer-1": (
        "linear:lr=0.0003,steps=800,unclamped gives the rate -3.7499999999999196e-07 at its step "
        "801, and a learning rate is finite and at least 0; change its parameters or end it "
        "before that step"
    ),
    "torchtitan-LRSchedulersContainer-6": (
        "linear:lr=0.1,steps=10,unclamped gives the rate -0.010000000000000009 at its step 11, "
        "and a learning rate is finite and at least 0; change its parameters or end it before "
        "that step"
    ),
    "torchtitan-LRSchedulersContainer-7": (
        "power:lr=0.1,steps=8,unclamped gives the rate -0.006066017177982119 at its step 9, and a "
        "learning rate is finite and at least 0; change its parameters or end it before that step"
    ),
}
"""Cases that return NaN or rates below 0, and what is said of them."""

LATE: dict[str, list[int]] = {
    "keras-CosineDecayRestarts-6": [605],
    "timm-CosineLRScheduler-10": [61],
}
"""Steps at which a framework, by a logarithm in float64, finds a restart one step late."""

DRAWS = 200
"""How many seeds stand for the noise of the noisy schedule."""

CASES = list(cases())
READ = [case for case in CASES if case.id not in REFUSED]


def of(chosen: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", chosen, ids=[case.id for case in chosen])


@of([case for case in READ if case.dtype == "float32"])
def test_float32_is_equal_to_the_last_bit(case: Case) -> None:
    rates = parse(case.call())(case.steps, dtype=np.float32)
    assert rates.tolist() == case.values


@of([case for case in READ if case.dtype == "float32"])
def test_float64_is_as_near_as_float32_can_be(case: Case) -> None:
    rates = parse(case.call())(case.steps)
    assert rates == pytest.approx(case.values, rel=0, abs=1e-6 * max(case.values))


@of([case for case in READ if case.dtype == "float64" and case.framework != "tensorflow1"])
def test_float64_is_equal_to_1e_12_of_the_peak(case: Case) -> None:
    assert_equal(case, case.call(), case.values)


def assert_equal(case: Case, call: str, values: list[float]) -> None:
    late = LATE.get(case.id, [])
    pairs = [(t, v) for t, v in zip(case.steps, values, strict=True) if t not in late]
    rates = parse(call, **case.run())([t for t, _ in pairs])
    assert rates == pytest.approx([v for _, v in pairs], rel=0, abs=1e-12 * max(values))


def in_float32(number: Any) -> Any:
    """Return what TensorFlow takes a Python number for, also beside a float64 rate."""
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    return float(np.float32(number)) if is_number else number


WIDE = [
    case
    for case in READ
    if (case.framework == "tensorflow1" and case.dtype == "float64")
    or "values_float64" in case.recorded
]


@of(WIDE)
def test_rates_given_in_float64_are_equal_to_1e_12_of_the_peak(case: Case) -> None:
    # Beside a float64 rate, TensorFlow takes the other numbers as float32 has them; the alpha of
    # Keras's CosineDecay goes into a Python expression first.
    kept = {"learning_rate", "initial_learning_rate", "values"}
    kept |= {"alpha"} if case.recorded["name"] == "CosineDecay" else set()
    given = {"end_learning_rate": 0.0001} if "olynomial" in case.recorded["name"] else {}
    given |= case.recorded["kwargs"]
    changed = {k: v if k in kept else in_float32(v) for k, v in given.items()}
    if case.recorded["name"] == "natural_exp_decay":  # of which it rounds the base as well
        changed["decay_rate"] = -math.log(in_float32(math.exp(-changed["decay_rate"])))
    values = case.recorded.get("values_float64", case.values)
    assert_equal(case, case.call(**changed), values)


@of([case for case in CASES if case.id in REFUSED])
def test_what_a_framework_turns_into_nonsense_is_refused(case: Case) -> None:
    with pytest.raises(LrvizError) as error:
        parse(case.call(), **case.run())(case.steps)
    assert error.value.message == REFUSED[case.id]
    values = [float(value) for value in case.recorded["values"]]
    assert not all(0 <= value < math.inf for value in values)


@of(READ)
def test_the_spec_of_a_call_reads_back_as_the_same_schedule(case: Case) -> None:
    schedule = parse(case.call(), **case.run())
    assert parse(str(schedule)) == schedule


@pytest.mark.parametrize(
    ("step", "rate"),
    {1: 0.09902113, 3: 0.09175571, 7: 0.0682443, 13: 0.097820126, 22: 0.07381966}.items(),
)
def test_restarts_subtract_alpha_in_float32(step: int, rate: float) -> None:
    """Recorded from TensorFlow 2.21; a cosine without restarts subtracts in float64."""
    call = "tf.train.cosine_decay_restarts(0.1, step, 10, alpha=0.6)"
    assert str(parse(call)(step, dtype="float32")) == str(np.float32(rate))


def test_the_printed_table_of_the_tensorflow_tutorial() -> None:
    published = recording("tensorflow1")["published_table"]
    rates = ExponentialDecay(lr=0.01, rate=0.9, steps=10)(published["steps"], dtype="float32")
    assert [str(rate) for rate in rates] == published["published"]


@pytest.mark.parametrize("draw", recording("tensorflow1")["noise_statistics"])
def test_noise_has_the_mean_and_deviation_of_tensorflow(draw: dict[str, Any]) -> None:
    words = {"learning_rate": "lr", "decay_steps": "steps"}
    given = {words.get(name, name): value for name, value in draw["kwargs"].items()}
    by_seed = (NoisyLinearCosineDecay(**given, seed=seed) for seed in range(DRAWS))
    rates = np.array([noisy(draw["step"]) for noisy in by_seed])
    mean, deviation = draw["formula_mean"], draw["formula_std"]
    assert rates.mean() == pytest.approx(mean, abs=4 * deviation / math.sqrt(DRAWS) + 1e-9)
    assert rates.std() == pytest.approx(deviation, rel=0.2, abs=1e-9)
