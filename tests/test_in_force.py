"""Schedulers that act on the rate in force: what a recording at a few steps does not show."""

import pickle

import numpy as np
import pytest

from lrviz import LrvizError, parse
from lrviz.frameworks.in_force import InForce
from lrviz.schedules.signal import CHUNK

CALLS = (
    "ChainedScheduler([CosineAnnealingLR(o, 5000, 0.01), StepLR(o, 9000, 0.5)], lr=0.1)",
    "ChainedScheduler([CosineAnnealingLR(o, 70), ExponentialLR(o, 0.9999)], lr=0.1)",
    (
        "SequentialLR(o, [SequentialLR(o, [StepLR(o, 50), MultiplicativeLR(o, lambda t: 0.9999)], "
        f"[{CHUNK}]), SWALR(o, 0.05, 3000)], [{2 * CHUNK - 1}], lr=0.1)"
    ),
    (
        "mmengine.optim.param_scheduler_list(o, [LinearLR(end=9000, by_epoch=False), "
        "CosineAnnealingLR(eta_min=0.01, end=120), ReduceOnPlateauLR(patience=0, "
        "metrics=[1, 1, 0.9, 0.9, 0.9])], steps_per_epoch=100, lr=0.1)"
    ),
)
"""Calls that no spec stands for, over several blocks."""


def of(call: str) -> InForce:
    schedule = parse(call)
    assert isinstance(schedule, InForce)
    return schedule


@pytest.mark.parametrize("call", CALLS)
def test_a_step_alone_has_the_rate_that_it_has_among_others(call: str) -> None:
    steps = range(3 * CHUNK)
    rates = of(call)(steps)
    for step in (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 3 * CHUNK - 1):
        assert of(call)(step) == rates[step]
    order = np.random.default_rng(0).permutation(steps)
    assert (of(call)(order) == rates[order]).all()


@pytest.mark.parametrize("call", CALLS)
def test_what_its_text_reads_back_as_has_the_same_rates_phases_and_length(call: str) -> None:
    schedule = of(call)
    again = of(str(schedule))
    assert again == schedule
    assert (again(range(CHUNK)) == schedule(range(CHUNK))).all()
    assert (again.phases, again.length) == (schedule.phases, schedule.length)


@pytest.mark.parametrize("call", CALLS)
def test_a_copy_for_another_process_has_the_same_rates(call: str) -> None:
    schedule = of(call)
    copy = pickle.loads(pickle.dumps(schedule))  # noqa: S301, our own
    assert (copy(range(CHUNK + 9)) == schedule(range(CHUNK + 9))).all()


def test_a_run_of_a_one_cycle_among_others_is_as_long_as_that_is() -> None:
    call = "ChainedScheduler([OneCycleLR(o, 1.0, 50), StepLR(o, 30)], lr=0.1)"
    assert of(call).length == 50


def test_phases_are_named_by_the_schedulers_that_act() -> None:
    call = (
        "SequentialLR(o, [ChainedScheduler([LinearLR(o, 0.1), ExponentialLR(o, 0.9)]), "
        "StepLR(o, 3), StepLR(o, 9)], [10, 20], lr=0.1)"
    )
    phases = [(phase.name, phase.start, phase.stop) for phase in of(call).phases]
    assert phases == [
        ("LinearLR and ExponentialLR", 0, 10),
        ("StepLR", 10, 20),
        ("StepLR", 20, None),
    ]


def test_what_rounding_leaves_below_0_is_0() -> None:
    """PyTorch 2.13 gives -2.5e-19 from step 9 on."""
    call = "SequentialLR(o, [SequentialLR(o, [LinearLR(o, 0.1, 0.0, 9)], [])], [], lr=0.1)"
    assert of(call)(range(9, 60)).tolist() == [0] * 51


def test_a_rate_below_0_is_not_taken_for_rounding_beside_the_higher_rates_of_later_steps() -> None:
    call = (
        "SequentialLR(o, [ChainedScheduler([CosineAnnealingLR(o, 1, 0.2)]), StepLR(o, 3, 1.2)], "
        "[10], lr=0.03)"
    )
    with pytest.raises(LrvizError, match=r"gives the rate -0\.14\d* at its step 0,"):
        of(call)(0)
