"""Products, and how they are spelled."""

import numpy as np
import pytest
from hypothesis import given

from lrviz import parse
from lrviz.errors import LrvizError
from lrviz.families.chain import Chain
from lrviz.families.product import Product
from lrviz.schedules.base import Schedule
from tests.strategies import schedules, steps


@given(schedules, schedules, steps)
def test_it_multiplies_the_rates(one: Schedule, other: Schedule, asked: list[int]) -> None:
    product = Product(factors=(one, other))
    assert product(asked).tolist() == (one(asked) * other(asked)).tolist()


@pytest.mark.parametrize(
    "spec",
    [
        "product/const:lr=1/const:lr=2",
        "product/const:lr=1/chain/const:lr=2,for=5/const:lr=3",
        "product/chain/const:lr=2,for=5/const:lr=3/end/const:lr=1",
        "product/product/const:lr=1/const:lr=2/end/const:lr=3",
        "product/warmup:steps=5/const:lr=1,for=5/const:lr=2/end/const:lr=3",
        "product/const:lr=1/warmup:steps=5/const:lr=1,for=5/const:lr=2",
        "for:steps=9/product/const:lr=1/const:lr=2/end/end/const:lr=3",
        "product/floor:value=0.5/const:lr=1,for=2/const:lr=2/end/const:lr=3",
        "stepped:every=3/product/const:lr=1/const:lr=2",
    ],
)
def test_it_is_spelled_as_it_is_read(spec: str) -> None:
    schedule = parse(spec)
    assert str(schedule) == spec
    assert parse(str(schedule)) == schedule


def test_a_chain_is_one_factor() -> None:
    schedule = parse("product/chain/const:lr=2,for=5/const:lr=3/end/const:lr=5")
    assert isinstance(schedule, Product)
    assert isinstance(schedule.factors[0], Chain)
    assert schedule([0, 4, 5, 99]).tolist() == [10, 10, 15, 15]


def test_its_knots_are_those_of_its_factors() -> None:
    schedule = parse("product/step:lr=1,rate=0.5,steps=3/linear:lr=1,steps=7/const:lr=1")
    assert [(knots.jump, knots.listed(9).tolist()) for knots in schedule.knots] == [
        (True, [3, 6]),
        (False, [7]),
    ]


def test_a_product_that_is_too_large_is_refused() -> None:
    schedule = parse("product/const:lr=1e200/const:lr=1e200")
    with pytest.raises(LrvizError) as error:
        schedule([0, 1])
    assert error.value.message == (
        "product/const:lr=1e200/const:lr=1e200 gives the rate inf at its step 0, and a learning "
        "rate is finite and at least 0; change its parameters or end it before that step"
    )
    assert np.isfinite(parse("product/const:lr=1e200/const:lr=1e100")(0))
