"""The noisy quadratic: what is exact is exact, and its story is the one that is told of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz import LrvizError, parse
from lrviz.schedules.numeric import Array
from lrviz.theory.quadratic import Quadratic


def moments(quadratic: Quadratic, rates: Array) -> tuple[float, float]:
    """Return the mean and the standard deviation of the loss by the recursion as it is written."""
    h, noise = quadratic.curvatures, quadratic.variances
    a = np.ones(quadratic.dims)
    for eta in rates:
        a = (1 - eta * h) ** 2 * a + eta**2 * noise
    return float((h * a).sum() / 2), float(np.sqrt(((h * a) ** 2).sum() / 2))


@given(
    st.integers(1, 40),
    st.floats(0.01, 100),
    st.floats(0, 3),
    st.floats(-1, 3),
    st.floats(0.01, 1.99),
    st.sampled_from(["const:lr=1", "cosine:lr=1,steps=700", "exp:lr=1,rate=0.5,steps=9,staircase"]),
)
def test_the_moments_are_those_of_the_recursion(
    dims: int, batch: float, spectrum: float, noise: float, stability: float, spec: str
) -> None:
    quadratic = Quadratic(dims, batch, spectrum, noise, stability=stability)
    found = quadratic.course(parse(spec), [700], stability)
    mean, sd = moments(quadratic, stability * np.asarray(parse(spec)(range(700))))
    assert found.mean[0] == pytest.approx(mean, rel=1e-9)
    assert found.sd[0] == pytest.approx(sd, rel=1e-9)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_the_floor_is_where_a_constant_rate_leads(momentum: float) -> None:
    quadratic = Quadratic(8, 4, momentum=momentum)
    found = quadratic.course(parse("const:lr=1"), [19_000], 0.3)
    assert quadratic.floor(0.3) == pytest.approx(found.mean[0], rel=1e-9)
    assert quadratic.floor(quadratic.limit) == np.inf


def test_the_band_of_the_tutorial() -> None:
    """At the constant rate the loss lies between 0.01 and 0.03; a decay frees it from there."""
    quadratic = Quadratic()
    at = [100, 1000, 4000]
    constant, decayed, low = (
        quadratic.course(parse(spec), at, 0.5)
        for spec in ("const:lr=1", "exp:lr=1,rate=0.5,steps=500,staircase", "const:lr=0.1")
    )
    assert constant.mean[1] - constant.sd[1] > 0.01
    assert constant.mean[2] + constant.sd[2] < 0.03
    assert decayed.mean[2] < constant.mean[2] / 40
    assert low.mean[0] > 10 * constant.mean[0]  # a tiny rate from the start takes too long


def test_sampled_runs_have_the_moments_that_are_told() -> None:
    """Over the steps of one long run, the losses are those of the stationary distribution."""
    for momentum, factor in ((0.0, 0.5), (0.9, 0.05)):
        found = Quadratic(10, momentum=momentum).course(
            parse("const:lr=1"), range(2000, 20_000, 4), factor
        )
        assert found.sample.mean() == pytest.approx(found.mean[-1], rel=0.05)
        assert found.sample.std() == pytest.approx(found.sd[-1], rel=0.1)


def test_a_sample_is_the_same_every_time() -> None:
    one, other = (Quadratic().course(parse("const:lr=1"), [10, 90], 0.5) for _ in range(2))
    assert one.sample.tolist() == other.sample.tolist()


def test_momentum_of_a_long_run_is_a_part_of_the_rate() -> None:
    with_momentum, plain = Quadratic(momentum=0.9), Quadratic()
    assert with_momentum.too_long(20_001)
    assert not with_momentum.too_long(20_000)
    found = with_momentum.course(parse("const:lr=1"), [20_001], 0.05)
    assert found.mean == pytest.approx(plain.course(parse("const:lr=1"), [20_001], 0.5).mean)
    with pytest.raises(LrvizError) as error:
        with_momentum.course(parse("const:lr=1"), [20_001], 0.5)
    assert error.value.message == (
        "with momentum, a run of more than 20000 steps is followed at the rate over 1 - momentum, "
        "which times the highest curvature is 5 here, and that is for less than 1; lower "
        "stability, or make the run shorter"
    )


def test_a_rate_past_the_limit_lets_the_loss_grow_beyond_all_numbers() -> None:
    found = Quadratic().course(parse("const:lr=1"), [10, 10_000], 2.5)
    assert np.isfinite(found.mean[0])
    assert not np.isfinite(found.mean[1])
