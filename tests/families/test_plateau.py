"""Cuts at plateaus against runs recorded from the frameworks."""

import copy
import math
import pickle
from itertools import pairwise

import numpy as np
import pytest

from lrviz import parse
from lrviz.families.plateau import ReduceOnPlateau

SINKING = [1.0, 0.9, 0.8, 0.79995, 0.79991, 0.81, *[0.8] * 9, *[0.7] * 14, *[0.69] * 11]
RISING = [0.1, 0.3, 0.5, 0.6, 0.6, 0.6, 0.605, 0.6, 0.6, *[0.61] * 5, *[0.64] * 9, *[0.7] * 12]
CLIMBING = [
    *(0.1, 0.2, 0.3, 0.3, 0.3, 0.305, 0.31, 0.31, 0.33, 0.33, 0.33, 0.33, 0.4, 0.4, 0.41, 0.42),
    *(0.39, 0.38, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.51, 0.52, *[0.6] * 14),
]
BELOW_ZERO = [*(-1.0, -1.05, -1.1, -1.1, -1.1, -1.1, -1.15), *[-1.2] * 5, *[-1.3] * 8]


def cuts(schedule: ReduceOnPlateau) -> dict[int, float]:
    """Return the steps at which the rate changes, and to what."""
    rates = schedule(range(len(schedule.metrics) + 1)).tolist()
    return {i + 1: after for i, (before, after) in enumerate(pairwise(rates)) if before != after}


def test_pytorch_with_its_defaults() -> None:
    schedule = ReduceOnPlateau(lr=0.1, metrics=tuple(SINKING))
    assert cuts(schedule) == {27: 0.010000000000000002}


def test_patience_bad_metrics_change_nothing_and_one_more_does() -> None:
    schedule = ReduceOnPlateau(lr=10, rate=0.5, patience=2, metrics=tuple(SINKING))
    assert cuts(schedule) == {
        8: 5.0,
        11: 2.5,
        14: 1.25,
        19: 0.625,
        22: 0.3125,
        25: 0.15625,
        28: 0.078125,
        33: 0.0390625,
        36: 0.01953125,
        39: 0.009765625,
    }


def test_higher_is_better_with_an_absolute_threshold_and_a_cooldown() -> None:
    schedule = ReduceOnPlateau(
        lr=0.1,
        rate=0.3,
        patience=2,
        threshold=0.02,
        cooldown=3,
        max=True,
        absolute=True,
        metrics=tuple(RISING),
    )
    assert cuts(schedule) == {
        7: 0.03,
        13: 0.009,
        19: 0.0026999999999999997,
        27: 0.0008099999999999998,
        33: 0.00024299999999999994,
    }


def test_no_cut_goes_below_the_lowest_rate() -> None:
    schedule = ReduceOnPlateau(lr=0.1, rate=0.5, patience=0, min=0.01, metrics=(0.5,) * 40)
    assert cuts(schedule) == {2: 0.05, 3: 0.025, 4: 0.0125, 5: 0.01}


def test_a_cut_of_less_than_eps_is_not_made() -> None:
    schedule = ReduceOnPlateau(lr=1e-4, patience=1, cooldown=2, metrics=(0.5,) * 40)
    assert list(cuts(schedule)) == [3, 7, 11, 15]
    assert schedule(40) == 1.0000000000000004e-08


def test_a_relative_threshold_is_inverted_below_zero() -> None:
    lower = ReduceOnPlateau(lr=0.1, rate=0.5, patience=1, threshold=0.05, metrics=tuple(BELOW_ZERO))
    higher = ReduceOnPlateau(
        lr=0.1, rate=0.5, patience=1, threshold=0.05, max=True, metrics=tuple(BELOW_ZERO)
    )
    assert cuts(lower) == {}
    assert list(cuts(higher)) == list(range(3, 21, 2))


def test_nan_is_a_bad_metric() -> None:
    nan = math.nan
    metrics = (1.0, nan, 0.5, nan, nan, nan, 0.4, 0.4, 0.4, 0.4)
    schedule = ReduceOnPlateau(lr=0.1, rate=0.5, patience=1, metrics=metrics)
    assert cuts(schedule) == {5: 0.05, 9: 0.025}


def test_paddle_does_not_look_at_metrics_in_a_cooldown() -> None:
    """Recorded from PaddlePaddle 3.3.1; PyTorch takes the best from those too."""
    schedule = ReduceOnPlateau(
        lr=0.0003,
        patience=1,
        threshold=0.01,
        cooldown=3,
        min=1e-6,
        max=True,
        absolute=True,
        paddle=True,
        metrics=tuple(CLIMBING),
    )
    assert cuts(schedule) == {5: 2.9999999999999997e-05, 11: 3e-06, 17: 1e-06}


def test_paddle_takes_its_first_metric_whatever_it_is() -> None:
    """After a nan nothing is better any more."""
    metrics = (math.nan, 3.0, 2.0, 1.0)
    paddle = ReduceOnPlateau(lr=1, rate=0.5, patience=1, paddle=True, metrics=metrics)
    assert cuts(paddle) == {3: 0.5}


def test_the_last_rate_is_held() -> None:
    schedule = parse("plateau:lr=1,rate=0.5,patience=0,metrics=1,1")
    assert schedule([0, 1, 2, 3, 10**15]).tolist() == [1, 1, 0.5, 0.5, 0.5]


def test_the_cuts_are_its_knots() -> None:
    schedule = ReduceOnPlateau(lr=10, rate=0.5, patience=2, metrics=tuple(SINKING))
    (knots,) = schedule.knots
    assert knots.jump
    assert knots.listed(10**12).tolist() == list(cuts(schedule))


def test_a_schedule_with_nan_equals_its_copies() -> None:
    schedule = ReduceOnPlateau(lr=1, metrics=(1, float("nan"), float("-inf")))
    assert str(schedule) == "plateau:lr=1,metrics=1,nan,-inf"
    for other in (
        parse(str(schedule)),
        copy.deepcopy(schedule),
        pickle.loads(pickle.dumps(schedule)),  # noqa: S301, written a moment ago
    ):
        assert other == schedule
        assert hash(other) == hash(schedule)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_rates_are_those_of_python_rounded_once(dtype: str) -> None:
    schedule = ReduceOnPlateau(lr=0.1, rate=0.3, patience=0, metrics=(1, 1, 1))
    expected = np.array([0.1, 0.1, 0.1 * 0.3, 0.1 * 0.3 * 0.3]).astype(dtype)
    assert schedule(range(4), dtype=dtype).tolist() == expected.tolist()


def test_nan_equals_nan_alone_and_zero_is_zero_of_either_sign() -> None:
    """No two nan are one object here, as they are none in a program that reads them."""
    first, same, other = (
        ReduceOnPlateau(lr=1, metrics=metrics)
        for metrics in ((float("nan"), 0.0), (float("nan"), -0.0), (2.0, 0.0))
    )
    assert first.metrics == same.metrics
    assert not first.metrics != same.metrics  # noqa: SIM202, a tuple has an answer of its own
    assert (first, hash(first)) == (same, hash(same))
    assert first != other
    assert parse(str(same)) == same
