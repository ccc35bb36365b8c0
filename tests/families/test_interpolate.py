"""Lines and waves through points."""

import pytest

from lrviz import parse


def test_a_step_between_two_levels_is_a_jump_and_a_slope_is_none() -> None:
    level = parse("interpolate:0=1,5=1,6=0.5,9=0.5,10=0.2")
    bends, jumps = (knots.listed(100).tolist() for knots in level.knots)
    assert bends == [5, 6, 9, 10]
    assert jumps == [6, 10]
    slope = parse("interpolate:0=1,1=0.9,2=0.8,3=0.7")
    assert slope.knots[1].total(100) == 0


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("flag", ["", ",cosine"])
def test_points_are_met_exactly(dtype: str, flag: str) -> None:
    schedule = parse(f"interpolate:0=0.5,10=0,45=1,46=0.25{flag}")
    assert schedule([0, 10, 45, 46, 10**12], dtype=dtype).tolist() == [0.5, 0, 1, 0.25, 0.25]


def test_one_point_holds() -> None:
    assert parse("interpolate:0=0.1,cosine")([0, 5]).tolist() == [0.1, 0.1]
