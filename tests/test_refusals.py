"""Every set of parameters that a framework is recorded to refuse is refused here too.

A few are read on purpose: the integers of Keras, which are numbers here as 1.0 is.
"""

from typing import Any

import pytest

from lrviz import LrvizError, parse
from tests.recorded import Case, recording

FRAMEWORKS = ("keras", "optax", "paddle")

SAID: dict[str, str] = {
    "keras-PiecewiseConstantDecay-3": (
        "PiecewiseConstantDecay: values must be one more than boundaries: 3, not 2"
    ),
    "keras-ExponentialDecay-4": "ExponentialDecay: decay_steps must be above 0, not 0",
    "keras-CosineDecay-5": "CosineDecay: decay_steps must be above 0, not -1",
    "optax-cosine_decay_schedule-0": "cosine_decay_schedule: decay_steps must be above 0, not 0",
    "optax-warmup_cosine_decay_schedule-1": (
        "warmup_cosine_decay_schedule: decay_steps includes the warmup and must be above its 10 "
        "steps, not 10"
    ),
    "optax-piecewise_constant_schedule-2": (
        "piecewise_constant_schedule: boundaries_and_scales must hold factors of at least 0, not "
        "-1 at 5"
    ),
    "optax-piecewise_interpolate_schedule-3": (
        "piecewise_interpolate_schedule: boundaries_and_scales must hold factors of at least 0, "
        "not -1 at 5"
    ),
    "optax-piecewise_interpolate_schedule-4": (
        "piecewise_interpolate_schedule: interpolate_type must be linear or cosine, not 'quadratic'"
    ),
    "optax-linear_onecycle_schedule-5": (
        "linear_onecycle_schedule: transition_steps must be at least 1, not 0"
    ),
    "optax-cosine_onecycle_schedule-6": (
        "cosine_onecycle_schedule: transition_steps must be above 0, not -5"
    ),
    "paddle-StepDecay-0": "StepDecay: learning_rate must be at least 0, not -1",
    "paddle-StepDecay-1": "StepDecay: gamma must be below 1, not 1",
    "paddle-StepDecay-2": (
        "StepDecay: step_size must be a whole number of at least 1 without a point, not 0"
    ),
    "paddle-MultiStepDecay-3": "MultiStepDecay: milestones must rise, not go from 5 to 5",
    "paddle-MultiStepDecay-4": "MultiStepDecay: gamma must be below 1, not 1.5",
    "paddle-ExponentialDecay-5": "ExponentialDecay: gamma must be below 1, not 1",
    "paddle-NaturalExpDecay-6": "NaturalExpDecay: gamma must be above 0, not 0",
    "paddle-PolynomialDecay-7": (
        "PolynomialDecay: decay_steps must be a whole number of at least 1 without a point, not "
        "10.0"
    ),
    "paddle-PolynomialDecay-8": "PolynomialDecay: power must be above 0, not 0",
    "paddle-LinearWarmup-9": "LinearWarmup: end_lr must be above start_lr, 0.5, not 0.5",
    "paddle-LinearWarmup-10": (
        "LinearWarmup: warmup_steps must be a whole number of at least 1 without a point, not 0"
    ),
    "paddle-PiecewiseDecay-11": "PiecewiseDecay: boundaries must hold at least one step, not none",
    "paddle-PiecewiseDecay-12": (
        "PiecewiseDecay: values must be at least one more than boundaries: 3, not 2"
    ),
    "paddle-CosineAnnealingDecay-13": (
        "CosineAnnealingDecay: T_max must be a whole number of at least 1 without a point, not 10.0"
    ),
    "paddle-LinearLR-14": "LinearLR: start_factor must be at most 1, not 1.5",
    "paddle-LinearLR-15": "LinearLR: end_factor must be at most 1, not 1.5",
    "paddle-OneCycleLR-16": (
        "OneCycleLR: phase_pct must not be 1 / total_steps, because a rise that ends at step 0 has "
        "no steps, and Paddle divides by them; choose another"
    ),
    "paddle-OneCycleLR-17": (
        "one_cycle:lr=1,steps=10,pct=1,start=0.04,end=0.0001,unclamped has no rate from step 10 "
        "on, because PyTorch and PaddlePaddle stop there with an error; end the run before that "
        "step, or leave unclamped out"
    ),
    "paddle-OneCycleLR-18": (
        "OneCycleLR: phase_pct must be below 0.5 where there are three phases, not 0.5"
    ),
    "paddle-OneCycleLR-19": (
        "one_cycle:lr=1,steps=10,start=0.04,end=0.0001,unclamped has no rate from step 11 on, "
        "because PyTorch and PaddlePaddle stop there with an error; end the run before that step, "
        "or leave unclamped out"
    ),
    "paddle-CosineAnnealingWarmRestarts-20": (
        "CosineAnnealingWarmRestarts: T_mult must be a whole number of at least 1 without a point, "
        "not 1.5"
    ),
    "paddle-ReduceOnPlateau-21": "ReduceOnPlateau: factor must be below 1, not 1",
    "paddle-NoamDecay-22": "NoamDecay: d_model must be at least 1, not 0",
    "paddle-NoamDecay-23": "NoamDecay: warmup_steps must be at least 1, not 0",
}
"""What is said of each."""

READ: dict[str, tuple[str, str]] = {
    "keras-CosineDecay-0": (
        "warmup:steps=10/cosine:lr=0.1,steps=100",
        (
            "initial_learning_rate=0 is an integer, to which Keras cuts down all other numbers, so "
            "that all rates are 0 or TensorFlow stops with an error; 0.0 is meant"
        ),
    ),
    "keras-ExponentialDecay-1": (
        "exp:lr=1,rate=0.5,steps=10",
        (
            "initial_learning_rate=1 is an integer, to which Keras cuts down decay_rate without a "
            "word; 1.0 is meant"
        ),
    ),
    "keras-PiecewiseConstantDecay-2": (
        "piecewise:0=1,11=0.5,21=0.1",
        (
            "values begins with an integer, at which TensorFlow and NumPy stop with an error and "
            "JAX does not; 1.0 is meant"
        ),
    ),
}
"""Those that are read, as what, and why; the help of each call says so."""


def refused() -> list[Case]:
    """Return the sets of parameters in the lists of errors, as cases."""
    found = []
    for framework in FRAMEWORKS:
        recorded = recording(framework)
        for number, error in enumerate(recorded["errors"]):
            case: dict[str, Any] = {
                "id": f"{framework}-{error['name']}-{number}",
                "name": error["name"],
                "kwargs": error["kwargs"],
                "steps": [],
                "values": [],
            }
            if error["name"] == "ReduceOnPlateau":
                case["metrics"] = [1.0]
            found.append(Case(framework, recorded["dtype"], case))
    return found


def run_through(case: Case) -> None:
    """Read a call and compute its rates, up to the second step past the end of a run."""
    schedule = parse(case.call())
    schedule(range(case.recorded["kwargs"].get("total_steps", 0) + 2))


CASES = refused()


def of(chosen: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", chosen, ids=[case.id for case in chosen])


@of([case for case in CASES if case.id not in READ])
def test_what_a_framework_refuses_is_refused(case: Case) -> None:
    with pytest.raises(LrvizError) as error:
        run_through(case)
    assert error.value.message == SAID[case.id]


@of([case for case in CASES if case.id in READ])
def test_the_integers_of_keras_are_read_as_numbers(case: Case) -> None:
    spec, _ = READ[case.id]
    assert str(parse(case.call())) == spec


def test_both_tables_are_of_recorded_errors() -> None:
    assert sorted([*SAID, *READ]) == sorted(case.id for case in CASES)
