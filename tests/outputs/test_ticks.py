"""Ticks and their labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.outputs import ticks

rates = st.floats(1e-12, 1e6)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0, 0.01, ["0", "0.002", "0.004", "0.006", "0.008", "0.010"]),
        (0, 0.1, ["0", "0.02", "0.04", "0.06", "0.08", "0.10"]),
        (0, 1e-5, ["0", "0.2e-5", "0.4e-5", "0.6e-5", "0.8e-5", "1.0e-5"]),
        (0, 3e-4, ["0", "1e-4", "2e-4", "3e-4"]),
        (0, 6e-4, ["0", "1e-4", "2e-4", "3e-4", "4e-4", "5e-4", "6e-4"]),
        (0.9, 1, ["0.90", "0.92", "0.94", "0.96", "0.98", "1.00"]),
        (-0.1, 0.2, ["-0.10", "-0.05", "0", "0.05", "0.10", "0.15", "0.20"]),
    ],
)
def test_labels_of_rates(low: float, high: float, labels: list[str]) -> None:
    most = 7 if len(labels) == 7 else 6
    assert ticks.rate_labels(ticks.linear(low, high, most)) == labels


@pytest.mark.parametrize(
    ("last", "labels"),
    [
        (9, ["0", "3", "6", "9"]),
        (89, ["0", "30", "60", "90"]),
        (999, ["0", "200", "400", "600", "800", "1000"]),
        (9999, ["0", "2k", "4k", "6k", "8k", "10k"]),
        (99_999, ["0", "20k", "40k", "60k", "80k", "100k"]),
        (10**6 - 1, ["0", "0.2M", "0.4M", "0.6M", "0.8M", "1M"]),
        (25 * 10**5, ["0", "0.5M", "1M", "1.5M", "2M", "2.5M"]),
        (10**10, ["0", "2e9", "4e9", "6e9", "8e9", "10e9"]),
        (10**12, ["0", "2e11", "4e11", "6e11", "8e11", "1e12"]),
        (1, ["0", "1"]),
    ],
)
def test_labels_of_steps(last: int, labels: list[str]) -> None:
    assert ticks.step_labels(ticks.whole(0, last, 7)) == labels


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (1e-5, 1e-2, ["1e-5", "3e-5", "1e-4", "3e-4", "0.001", "0.003", "0.01"]),
        (1e-6, 1e-2, ["1e-6", "1e-5", "1e-4", "0.001", "0.01"]),
        (0.0039, 0.01, ["0.004", "0.005", "0.006", "0.007", "0.008", "0.009", "0.01"]),
        (1e-9, 1, ["1e-9", "1e-7", "1e-5", "0.001", "0.1"]),
        (0.05, 0.06, ["0.05", "0.052", "0.054", "0.056", "0.058", "0.06"]),
    ],
)
def test_labels_of_a_logarithmic_axis(low: float, high: float, labels: list[str]) -> None:
    assert ticks.rate_labels(ticks.logarithmic(low, high, 7), together=False) == labels


@given(rates, rates, st.integers(1, 12), st.booleans())
def test_ticks_lie_on_the_axis_and_their_labels_tell_them_apart(
    one: float, other: float, most: int, logarithmic: bool
) -> None:
    low, high = min(one, other), max(one, other) * 1.01
    found = (ticks.logarithmic if logarithmic else ticks.linear)(low, high, most)
    assert 0 < len(found) <= max(most, 1)
    assert found == sorted(set(found))
    span = high - low
    assert all(low - span * 1e-6 <= tick <= high + span * 1e-6 for tick in found)
    labels = ticks.rate_labels(found, together=not logarithmic)
    assert len(set(labels)) == len(labels)
    assert [float(label) for label in labels] == pytest.approx(found, rel=1e-6)


@pytest.mark.parametrize(("low", "high"), [(355001.0, 358551.01), (5.9e-301, 6.6e-301)])
def test_an_axis_without_a_round_number_has_a_tick_at_its_end(low: float, high: float) -> None:
    assert ticks.linear(low, high, 1) == [low]
    assert len(ticks.rate_labels([low])) == 1


@given(st.integers(1, 2**53), st.integers(2, 12))
def test_ticks_of_steps_begin_at_0(last: int, most: int) -> None:
    assert ticks.whole(0, last, most)[0] == 0


@given(st.integers(0, 2**52), st.integers(1, 2**52), st.integers(2, 12))
def test_ticks_of_steps_are_whole_and_told_apart(first: int, span: int, most: int) -> None:
    last = first + span
    found = ticks.whole(first, last, most)
    assert 0 < len(found) <= most
    assert first <= found[0] <= found[-1] <= last + 0.0141 * span
    assert all(tick == int(tick) for tick in found)
    assert len(set(ticks.step_labels(found))) == len(found)
