"""Warmup, stable and decay against values recorded from the frameworks."""

import pytest

from lrviz import parse


@pytest.mark.parametrize(
    ("shape", "rates"),
    [
        ("linear", {71: 0.00029, 78: 0.00022, 87: 0.00013, 99: 9.999999999999997e-06}),
        ("cosine", {71: 0.00029917828430524096, 87: 0.00011881324637733611}),
        ("sqrt", {71: 0.0002452277442494834, 99: 5.042375924947495e-06}),
    ],
)
def test_shapes_of_transformers(shape: str, rates: dict[int, float]) -> None:
    schedule = parse(f"wsd:lr=0.0003,steps=100,warmup=10,decay=30,shape={shape}")
    assert schedule(list(rates)).tolist() == pytest.approx(list(rates.values()), rel=1e-14)
    assert schedule([0, 1, 70]).tolist() == [0, 2.9999999999999997e-05, 0.0003]
    assert schedule([100, 101]).tolist() == [0, 0]


@pytest.mark.parametrize("shape", ["linear", "cosine", "sqrt", "exp"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_three_rates_are_met_exactly(shape: str, dtype: str) -> None:
    schedule = parse(f"wsd:lr=0.3,steps=100,warmup=10,decay=30,start=0.1,end=0.7,shape={shape}")
    expected = [0.1, 0.3, 0.3, 0.3, 0.7, 0.7]
    if dtype == "float32":
        expected = parse("piecewise:0=0.1,1=0.3,2=0.7")([0, 1, 1, 1, 2, 2], dtype=dtype).tolist()
    assert schedule([0, 10, 50, 70, 100, 10**9], dtype=dtype).tolist() == expected


def test_megatron_falls_by_a_power_of_two() -> None:
    schedule = parse("wsd:lr=0.0003,steps=80,warmup=10,decay=25,end=0.00003,shape=exp")
    assert schedule([55, 80, 99]).tolist() == [0.0003, 3e-05, 3e-05]
    assert schedule([56, 71]).tolist() == pytest.approx(
        [0.00028523367160263415, 0.00010652499234198414], rel=1e-14
    )


def test_a_decay_of_one_step_is_a_jump() -> None:
    assert [knots.jump for knots in parse("wsd:lr=1,steps=9,warmup=0,decay=1").knots] == [
        *(False, True)
    ]
