"""The greedy schedule against runs recorded from Transformers 5.23."""

import pytest

from lrviz import parse
from lrviz.families.greedy import Greedy

SINKING = [1.0, 0.9, 0.8, 0.7, *[0.6] * 6, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2, *[0.3] * 13]
WAVES = [
    *(0.5, 0.68677, 0.826588, 0.883998, 0.843719, 0.714389, 0.526448, 0.324687, 0.157279),
    *(0.063988, 0.06643, 0.162784, 0.328234, 0.521048, 0.692795, 0.8002, 0.815743),
]


def rates(schedule: Greedy) -> list[float]:
    return list(map(float, schedule(range(len(schedule.metrics) + 1))))


def test_the_rate_rises_and_falls() -> None:
    schedule = Greedy(lr=0.1, rate=0.9, patience=2, metrics=tuple(SINKING))
    higher, highest = 0.11111111111111112, 0.1234567901234568
    assert rates(schedule) == [
        *([0.1] * 3 + [higher] * 5 + [0.1] * 5 + [higher] * 3 + [highest] * 4 + [higher] * 3),
        *([0.1] * 3 + [0.09000000000000001] * 3 + [0.08100000000000002] * 2),
    ]


def test_nothing_counts_in_a_cooldown_or_a_warmup() -> None:
    schedule = Greedy(
        lr=0.1,
        rate=0.5,
        patience=1,
        min=0.01,
        peak=0.5,
        cooldown=2,
        warmup=3,
        metrics=tuple(WAVES),
    )
    assert rates(schedule) == [
        *([0.1] * 3 + [0.05] * 4 + [0.025] * 5 + [0.0125] * 4 + [0.01] * 2),
    ]


def test_all_starts_anew_after_cuts_at_the_lowest_rate() -> None:
    schedule = Greedy(lr=0.1, rate=0.5, patience=0, min=0.02, reset=3, metrics=(0.5,) * 20)
    assert rates(schedule) == ([0.1, 0.2, 0.1, 0.05, 0.025, 0.02, 0.02] * 3)[:21]


def test_a_smoothed_metric_with_a_relative_threshold() -> None:
    metrics = [i / 10 for i in range(30)] + [2.0] * 20
    schedule = Greedy(
        lr=0.0003,
        rate=0.8,
        patience=2,
        threshold=0.1,
        min=1e-5,
        peak=0.01,
        window=5,
        max=True,
        smooth=True,
        relative=True,
        metrics=tuple(metrics),
    )
    found = rates(schedule)
    assert [i for i in range(1, 51) if found[i] != found[i - 1]] == [
        *(3, 6, 9, 12, 32, 35, 38, 41, 44, 47, 50)
    ]
    assert found[12] == 0.0007324218749999998
    assert found[50] == 0.00015360000000000002


def test_the_defaults() -> None:
    assert rates(Greedy(lr=0.1, metrics=tuple(SINKING))) == [0.1] * 28 + [0.095] * 3


def test_without_smooth_a_metric_is_taken_as_it_is() -> None:
    """A mean of one metric is not always that metric: (1 + 1e-17) - 1 is 0."""
    schedule = parse("greedy:lr=1,rate=0.5,patience=0,threshold=0,peak=99,metrics=1,1e-17,0.9e-17")
    assert schedule(range(4)).tolist() == pytest.approx([1, 2, 4, 8])
