"""Steps in a row are evaluated together, and have the values that each has alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.schedules.cycles import Cycles
from lrviz.schedules.noise import standard_normal
from lrviz.schedules.numeric import by_runs

STEPS = [0, 1, 2, 3, 1000, 8191, 8192, 10**6, 2**44 - 1, 2**44, 2**53]


@pytest.mark.parametrize(
    ("seed", "recorded"),
    [
        (
            0,
            [
                0.1981360368657,
                0.5572320370891,
                -0.3102532094341,
                -2.292070983608,
                -1.033197843584,
                0.6884021347511,
                0.1897834596117,
                -1.90675540576,
                -0.2676736949516,
                0.4899248328387,
                -2.386466260941,
            ],
        ),
        (
            7,
            [
                -0.03743819562401,
                -0.1573857339516,
                0.5182142343084,
                0.04946204155162,
                0.4626437452824,
                0.0499172470645,
                -2.096402093519,
                -1.343360765987,
                0.9017214504164,
                -0.9112346913967,
                -0.3920358014635,
            ],
        ),
    ],
)
def test_noise_is_what_it_always_was(seed: int, recorded: list[float]) -> None:
    assert standard_normal(seed, np.array(STEPS)).tolist() == pytest.approx(recorded, rel=1e-12)


@pytest.mark.parametrize("first", [0, 5, 2**17 - 700, 2**30 - 700, 2**44 - 700, 2**53 - 1400])
def test_noise_in_a_row_is_that_of_each_step(first: int) -> None:
    row = np.arange(first, first + 1400)
    together = standard_normal(3, row)
    assert standard_normal(3, row[::-1]).tolist() == together[::-1].tolist()
    assert standard_normal(3, row[::7]).tolist() == together[::7].tolist()
    far = np.append(row[::50], [2**52, 2**53])  # too far apart for any block to be kept
    assert standard_normal(3, far)[:-2].tolist() == together[::50].tolist()
    for place in (0, 1, 699, 700, 1399):
        assert standard_normal(3, row[[place]]).tolist() == [together[place]]


def test_noise_of_no_step() -> None:
    assert standard_normal(0, np.array([], np.int64)).shape == (0,)


@pytest.mark.parametrize("t_mul", [1.001, 1.1, 1.5, 2, 3, 10])
@pytest.mark.parametrize("steps", [1, 5, 7.3, 1000])
def test_a_row_of_steps_is_in_the_cycles_in_which_each_is(steps: float, t_mul: float) -> None:
    cycles = Cycles(steps, t_mul)
    for number in (0, 1, 2, 5, 11, 40):
        start = cycles.start(np.array([number + 1.0]))
        if start[0] > 2**53 - 100:
            continue
        row = np.arange(max(np.floor(start[0]) - 40, 0), np.floor(start[0]) + 40)
        alone = [cycles.number(row[[place]])[0] for place in range(row.size)]
        assert cycles.number(row).tolist() == alone
        assert number in alone
        assert number + 1 in alone


@given(st.lists(st.integers(0, 3), max_size=60))
def test_runs_of_equal_numbers_give_what_each_gives(numbers: list[int]) -> None:
    x = np.sort(np.array(numbers, np.float64)) if len(numbers) > 30 else np.array(numbers, float)
    assert by_runs(np.exp, x).tolist() == np.exp(x).tolist()


def test_arrays_of_any_shape_are_taken() -> None:
    x = np.repeat([[1.0, 2.0], [2.0, 3.0]], 30, axis=1)
    assert by_runs(np.exp, x).tolist() == np.exp(x).tolist()
    assert by_runs(np.exp, np.array(2.0)) == np.exp(2.0)
    cycles = Cycles(5, 1.5)
    assert cycles.number(x * 9).tolist() == [cycles.number(row * 9).tolist() for row in x]
