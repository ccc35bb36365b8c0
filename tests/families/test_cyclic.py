"""Triangular cycles."""

import numpy as np
import pytest

from lrviz import parse
from lrviz.families.cyclic import CyclicRate


def test_height_and_cycle_are_those_of_the_triangle() -> None:
    cyclic = CyclicRate(lr=0.1, peak=0.5, up=4, down=2)
    steps = np.arange(10.0)
    assert cyclic.height(steps) == pytest.approx([0, 0.25, 0.5, 0.75, 1, 0.5, 0, 0.25, 0.5, 0.75])
    assert cyclic.cycle(steps).tolist() == [1, 1, 1, 1, 1, 1, 2, 2, 2, 2]


def test_a_base_above_the_peak_goes_down_first() -> None:
    assert parse("cyclic:lr=1,peak=0,up=2")(range(5)).tolist() == [1, 0.5, 0, 0.5, 1]


def test_heights_that_shrink_to_nothing() -> None:
    once = parse("cyclic:lr=0.1,peak=1,up=2,shrink=0")
    assert once(range(7)) == pytest.approx([0.1, 0.55, 1, 0.55, 0.1, 0.1, 0.1])
    assert parse("cyclic:lr=0.1,peak=1,up=2,rate=0")(range(3)).tolist() == [0.1, 0.1, 0.1]
