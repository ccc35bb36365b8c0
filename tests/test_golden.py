"""The families against values recorded from TensorFlow 1 and Keras.

The recordings name parameters as the framework does; the tables below say them in the words of the
families. Where a framework lets nonsense in and returns NaN, infinity or negative rates, the family
refuses it.
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lrviz.errors import LrvizError
from lrviz.schedules.base import Schedule
from lrviz.schedules.cosine import CosineDecay
from lrviz.schedules.cosine_restarts import CosineRestarts
from lrviz.schedules.exp import ExponentialDecay
from lrviz.schedules.inverse_time import InverseTimeDecay
from lrviz.schedules.linear_cosine import LinearCosineDecay
from lrviz.schedules.natural_exp import NaturalExponentialDecay
from lrviz.schedules.noisy_linear_cosine import NoisyLinearCosineDecay
from lrviz.schedules.piecewise import PiecewiseConstant
from lrviz.schedules.poly import PolynomialDecay
from lrviz.schedules.warmup import Warmup

GOLDEN = Path(__file__).parent / "golden"

COMMON = {"learning_rate": "lr", "initial_learning_rate": "lr", "decay_steps": "steps"}
RATE = {**COMMON, "decay_rate": "rate"}
WORDS: dict[str, tuple[type[Schedule], dict[str, str]]] = {
    "exponential_decay": (ExponentialDecay, RATE),
    "ExponentialDecay": (ExponentialDecay, RATE),
    "natural_exp_decay": (NaturalExponentialDecay, RATE),
    "inverse_time_decay": (InverseTimeDecay, RATE),
    "InverseTimeDecay": (InverseTimeDecay, RATE),
    "polynomial_decay": (PolynomialDecay, {**COMMON, "end_learning_rate": "end"}),
    "PolynomialDecay": (PolynomialDecay, {**COMMON, "end_learning_rate": "end"}),
    "cosine_decay": (CosineDecay, COMMON),
    "cosine_decay_restarts": (CosineRestarts, {**COMMON, "first_decay_steps": "steps"}),
    "CosineDecayRestarts": (CosineRestarts, {**COMMON, "first_decay_steps": "steps"}),
    "linear_cosine_decay": (LinearCosineDecay, COMMON),
    "noisy_linear_cosine_decay": (NoisyLinearCosineDecay, COMMON),
}
"""The family of each call, and its parameters' names where they differ."""

DEFAULTS = {
    "polynomial_decay": {"end_learning_rate": 0.0001},
    "PolynomialDecay": {"end_learning_rate": 0.0001},
}
"""What the framework takes for a parameter that is not given, where the family takes another."""

REFUSED = {
    "tensorflow1-exponential_decay-8": "exp: rate must be at least 0, not -0.5",
    "tensorflow1-exponential_decay-9": "exp: rate must be at least 0, not -0.5",
    "tensorflow1-exponential_decay-10": "exp: steps must be above 0, not 0",
    "tensorflow1-cosine_decay_restarts-7": "cosine_restarts: t_mul must be at least 1, not 0.5",
    "keras-CosineDecayRestarts-7": "cosine_restarts: t_mul must be at least 1, not 0.5",
}
"""Cases that return NaN or negative rates, and what is said of them."""


DRAWS = 200
"""How many seeds stand for the noise of the noisy schedule."""

LATE_RESTARTS = {"keras-CosineDecayRestarts-6": [605]}
"""Steps at which Keras in float64, by a logarithm, finds the restart one step late."""


def schedule(name: str, kwargs: dict[str, Any]) -> Schedule:
    """Return the schedule of a recorded call."""
    if name in ("piecewise_constant", "PiecewiseConstantDecay"):
        return piecewise(**kwargs)
    if name == "CosineDecay":
        return keras_cosine(**kwargs)
    kind, words = WORDS[name]
    return kind(**{words.get(k, k): v for k, v in {**DEFAULTS.get(name, {}), **kwargs}.items()})


def piecewise(boundaries: list[float], values: list[float]) -> Schedule:
    """A boundary is the last step of the old rate; Keras cuts a fractional one down."""
    starts = [0, *(int(boundary) + 1 for boundary in boundaries)]
    return PiecewiseConstant(points=tuple(zip(starts, values, strict=True)))


def keras_cosine(
    initial_learning_rate: float,
    decay_steps: float,
    alpha: float = 0.0,
    warmup_target: float | None = None,
    warmup_steps: int = 0,
) -> Schedule:
    """Without a target there is no warmup, whatever `warmup_steps` says."""
    peak = initial_learning_rate if warmup_target is None else warmup_target
    cosine = CosineDecay(lr=peak, steps=decay_steps, alpha=alpha)
    if warmup_target is None or not warmup_steps:
        return cosine
    return Warmup(steps=warmup_steps, start=initial_learning_rate, end=warmup_target, then=cosine)


def in_float32(number: Any) -> Any:
    """Return what TensorFlow takes a Python number for, also beside a float64 rate."""
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    return float(np.float32(number)) if is_number else number


def cases(*, width: str) -> list[Any]:
    """Return the recorded cases of a precision."""
    found = []
    for path in sorted(GOLDEN.glob("*.json")):
        recording = json.loads(path.read_text())
        for case in recording["cases"]:
            if case["id"] in REFUSED:
                continue
            dtype = case.get("dtype", recording["dtype"])
            if dtype == width:
                found.append(pytest.param(case, case["values"], id=case["id"]))
            if width == "float64" and "values_float64" in case:
                found.append(pytest.param(case, case["values_float64"], id=f"{case['id']}-float64"))
    return found


@pytest.mark.parametrize(("case", "values"), cases(width="float32"))
def test_float32_is_equal_to_the_last_bit(case: dict[str, Any], values: list[float]) -> None:
    rates = schedule(case["name"], case["kwargs"])(case["steps"], dtype=np.float32)
    assert rates.tolist() == values


@pytest.mark.parametrize(("case", "values"), cases(width="float32"))
def test_float64_is_as_near_as_float32_can_be(case: dict[str, Any], values: list[float]) -> None:
    rates = schedule(case["name"], case["kwargs"])(case["steps"])
    assert rates == pytest.approx(values, rel=0, abs=1e-6 * max(values))


@pytest.mark.parametrize(("case", "values"), cases(width="float64"))
def test_float64_is_equal_to_1e_12_of_the_peak(case: dict[str, Any], values: list[float]) -> None:
    # Beside a float64 rate, TensorFlow takes the other numbers as float32 has them; the alpha of
    # Keras's CosineDecay goes into a Python expression first.
    kept = {"learning_rate", "initial_learning_rate", "values"}
    kept |= {"alpha"} if case["name"] == "CosineDecay" else set()
    given = {**DEFAULTS.get(case["name"], {}), **case["kwargs"]}
    kwargs = {k: v if k in kept else in_float32(v) for k, v in given.items()}
    if case["name"] == "natural_exp_decay":  # of which TensorFlow rounds the base as well
        base = in_float32(math.exp(-kwargs["decay_rate"]))
        kwargs["decay_rate"] = -math.log(base)
    late = LATE_RESTARTS.get(case["id"], [])
    pairs = [(t, v) for t, v in zip(case["steps"], values, strict=True) if t not in late]
    rates = schedule(case["name"], kwargs)([t for t, _ in pairs])
    assert rates == pytest.approx([v for _, v in pairs], rel=0, abs=1e-12 * max(values))


@pytest.mark.parametrize(("name", "message"), [*REFUSED.items()])
def test_what_a_framework_turns_into_nonsense_is_refused(name: str, message: str) -> None:
    framework = name.partition("-")[0]
    recorded = json.loads((GOLDEN / f"{framework}.json").read_text())["cases"]
    case = next(case for case in recorded if case["id"] == name)
    with pytest.raises(LrvizError) as error:
        schedule(case["name"], case["kwargs"])
    assert error.value.message == message


def test_the_printed_table_of_the_tensorflow_tutorial() -> None:
    published = json.loads((GOLDEN / "tensorflow1.json").read_text())["published_table"]
    rates = ExponentialDecay(lr=0.01, rate=0.9, steps=10)(published["steps"], dtype="float32")
    assert [str(rate) for rate in rates] == published["published"]


@pytest.mark.parametrize(
    "draw", json.loads((GOLDEN / "tensorflow1.json").read_text())["noise_statistics"]
)
def test_noise_has_the_mean_and_deviation_of_tensorflow(draw: dict[str, Any]) -> None:
    by_seed = (
        schedule("noisy_linear_cosine_decay", {**draw["kwargs"], "seed": seed})
        for seed in range(DRAWS)
    )
    rates = np.array([noisy(draw["step"]) for noisy in by_seed])
    mean, deviation = draw["formula_mean"], draw["formula_std"]
    assert rates.mean() == pytest.approx(mean, abs=4 * deviation / math.sqrt(DRAWS) + 1e-9)
    assert rates.std() == pytest.approx(deviation, rel=0.2, abs=1e-9)
