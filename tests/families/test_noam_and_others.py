"""The schedules of the first Transformers, and some of DeepSpeed, in odd places."""

import warnings

import pytest

from lrviz import parse


def test_noam_of_paddle() -> None:
    schedule = parse("noam:lr=10,d_model=7,warmup=33")
    assert schedule(range(4)).tolist() == [
        *(0.0, 0.019937930150296032, 0.039875860300592064, 0.0598137904508881)
    ]


def test_noam_is_a_warmup_and_an_inverse_square_root() -> None:
    peak = 512**-0.5 * 4000**-0.5
    apart = parse(f"warmup:steps=4000/inverse_sqrt:lr={peak!r},steps=4000")
    asked = [0, 1, 2, 3999, 4000, 4001, 10**6, 10**12]
    assert parse("noam")(asked).tolist() == pytest.approx(apart(asked).tolist(), rel=1e-12)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_noam_begins_at_0_without_a_warning(dtype: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parse("noam:warmup=1").at(parse("const:lr=0")([0], dtype=dtype)).tolist() == [0]


def test_an_inverse_power_of_timm() -> None:
    schedule = parse("inverse_sqrt:lr=10,steps=5,power=0.3")
    assert schedule(range(5)).tolist() == pytest.approx(
        [10.0, 9.46772480999074, 9.039857599458092, 8.684883661098434, 8.383362554714646],
        rel=1e-14,
    )


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("lr", "end"), [(0, 0.3), (0.3, 0), (0.7, 0.1)])
@pytest.mark.parametrize("steps", [2, 20, 2**24 + 3])
def test_a_logarithm_begins_and_ends_where_it_should(
    lr: float, end: float, steps: int, dtype: str
) -> None:
    schedule = parse(f"log:lr={lr},steps={steps},end={end}")
    corners = parse(f"piecewise:0={lr},1={end}")([0, 1, 1, 1], dtype=dtype).tolist()
    assert schedule([0, steps - 1, steps, 10**12], dtype=dtype).tolist() == corners


def test_a_range_test_rises_in_stairs() -> None:
    schedule = parse("range_test:lr=0.001,rate=0.5,steps=3,staircase")
    assert schedule(range(7)).tolist() == [0.001] * 3 + [0.0015] * 3 + [0.002]


def test_a_modifier_holds_a_rate_and_another_bounds_it() -> None:
    schedule = parse("range_test:lr=1,rate=1,steps=1,hold=5,ceiling=4")
    assert schedule(range(8)).tolist() == [1, 2, 3, 4, 4, 4, 4, 4]
    assert parse("range_test:lr=1,rate=1,steps=1,hold=5")(range(8)).tolist() == [
        *(1, 2, 3, 4, 5, 6, 6, 6)
    ]
    assert parse("step:lr=1,rate=0.5,steps=5,hold=5")([4, 5, 99]).tolist() == [1, 0.5, 0.5]


def test_what_is_held_has_no_knots_but_the_step_from_which_it_is() -> None:
    jumps, begin = parse("step:lr=1,rate=0.5,steps=5,hold=10").knots
    assert jumps.listed(99).tolist() == [5, 10]
    assert begin.listed(99).tolist() == [10]
