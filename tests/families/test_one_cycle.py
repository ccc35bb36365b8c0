"""OneCycleLR of PyTorch, with its corners."""

import pytest

from lrviz import LrvizError, parse


def test_a_peak_between_two_steps_is_never_reached() -> None:
    """Recorded from OneCycleLR(0.0003, 97, pct_start=0.25, anneal_strategy='linear')."""
    schedule = parse("one_cycle:lr=0.0003,steps=97,pct=0.25,linear")
    recorded = [0.0002969032258064516, 0.00029690722886597935, 1.1999999999755262e-09]
    assert schedule([23, 24, 96]) == pytest.approx(recorded, rel=1e-12)


def test_a_rise_over_all_steps() -> None:
    """Recorded from OneCycleLR(0.1, 20, pct_start=1.0), which fails at step 20."""
    schedule = parse("one_cycle:lr=0.1,steps=20,pct=1")
    assert schedule([0, 1, 19]) == pytest.approx([0.004, 0.004654657436669332, 0.1], rel=1e-12)
    assert schedule([20, 1000]).tolist() == [0.1, 0.1]


@pytest.mark.parametrize(
    ("spec", "last"),
    [
        ("one_cycle:lr=0.1,steps=20,unclamped", 20),
        ("one_cycle:lr=0.1,steps=20,pct=1,unclamped", 19),
        ("one_cycle:lr=0.1,steps=20,pct=0.9,three,unclamped", 20),
        ("one_cycle:lr=0.1,steps=3,pct=0.5,three,unclamped", 3),
        ("one_cycle:lr=0.1,steps=1,unclamped", 1),
    ],
)
def test_unclamped_it_has_rates_as_long_as_pytorch_has(spec: str, last: int) -> None:
    schedule = parse(spec)
    assert (schedule(range(last + 1)) >= 0).all()
    with pytest.raises(LrvizError, match=f"has no rate from step {last + 1} on"):
        schedule(range(last + 2))
    with pytest.raises(LrvizError, match=f"has no rate from step {last + 1} on"):
        schedule(10**12)
