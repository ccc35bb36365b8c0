"""The last stage of a spec lasts to the end of the run, and parts of rates are in percent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz import parse
from lrviz.errors import LrvizError
from lrviz.series import read_inputs
from lrviz.specs.quantities import Run


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("cosine:lr=3e-4", "cosine:lr=3e-4,steps=100k"),
        (
            "warmup:steps=2%/cosine:lr=3e-4,end=10%",
            "warmup:steps=2k/cosine:lr=3e-4,steps=98k,end=3e-5",
        ),
        ("wsd:lr=3e-4,warmup=2%,decay=20%", "wsd:lr=3e-4,steps=100k,warmup=2k,decay=20k"),
        ("one_cycle:lr=1,pct=20%", "one_cycle:lr=1,steps=100k,pct=0.2"),
        ("const:lr=1,for=60k/poly:lr=1,power=2", "const:lr=1,for=60k/poly:lr=1,steps=40k,power=2"),
        ("stepped:every=100/linear:lr=1", "stepped:every=100/linear:lr=1,steps=1000"),
        ("exp_to:lr=1,end=5%,floor=10%", "exp_to:lr=1,steps=100k,end=0.05,floor=0.1"),
        ("tanh:lr=0.1", "tanh:lr=0.1,steps=100k"),
    ],
)
def test_a_last_stage_lasts_to_the_end_of_the_run(typed: str, whole: str) -> None:
    assert parse(typed, horizon=100_000) == parse(whole)


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_with_what_is_left_the_whole_is_as_long_as_the_run(before: int, left: int) -> None:
    found = parse(f"warmup:steps={before}/cosine:lr=1", horizon=before + left)
    assert found.length == before + left


def test_it_is_said_once() -> None:
    _, notes = read_inputs(["cosine:lr={0.1,0.2,0.3}"], Run(1000))
    assert notes == ["cosine: steps=1000, what is left of the run"]


@pytest.mark.parametrize(
    "typed",
    [
        *("exp:lr=1,rate=0.9", "step:lr=1,rate=0.1", "inverse_sqrt:lr=1", "cosine_restarts:lr=1"),
        *("poly:lr=1,cycle", "warmup/cosine:lr=1,steps=9", "cosine:lr=1/const:lr=1"),
    ],
)
def test_what_has_no_length_of_its_own_still_lacks_its_steps(typed: str) -> None:
    with pytest.raises(LrvizError, match="lacks steps"):
        parse(typed, horizon=1000)


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("cosine:lr=3e-4,steps=9,end=10%", "cosine:lr=3e-4,steps=9,end=3e-5"),
        ("cosine:end=10%,lr=0.3,steps=9", "cosine:lr=0.3,steps=9,end=0.03"),
        ("cosine:lr=1,steps=9,alpha=12.5%", "cosine:lr=1,steps=9,alpha=0.125"),
        (
            "wsd:lr=0.1,steps=9,warmup=3,decay=3,start=1%",
            "wsd:lr=0.1,steps=9,warmup=3,decay=3,start=0.001",
        ),
        ("linear:lr=1,steps=2G", "linear:lr=1,steps=2e9"),
        ("linear:lr=1,steps=1.5B", "linear:lr=1,steps=1.5e9"),
        ("linear:lr=1,steps=10K", "linear:lr=1,steps=10k"),
    ],
)
def test_parts_of_the_rate_and_large_units(typed: str, whole: str) -> None:
    assert parse(typed) == parse(whole)
