"""Where two curves part and how far, gathered block by block."""

from typing import NamedTuple

import numpy as np

from ..schedules.numeric import Array
from .grids import Block

RTOL = 1e-9
"""Gaps of this share of the larger rate are not above rounding."""
ATOL = 1e-12
"""Nor are gaps of this share of the larger peak."""


class Difference(NamedTuple):
    """How a curve differs from another, where the gap passes atol + rtol * the larger rate.

    Where one of them was recorded, the rounding of its digits is allowed for too; `within` says
    which digits those are if the curves are equal because of that, and is empty otherwise.

    `first` is the first step that differs, None if none does, and `share` how large a part of the
    steps do. `gap` is the largest absolute gap, and `gap_share` that in parts of the larger rate
    there; `relative` the largest one in parts of the larger
    rate, among gaps above atol, because rates of 0 differ from rounding by 100 %. Their steps are
    the first with such a gap, None for a gap of 0. `compared` counts the steps that were looked
    at; unless `exact`, they are not all.
    """

    first: int | None
    gap: float
    gap_step: int | None
    gap_share: float
    relative: float
    relative_step: int | None
    share: float
    equal: bool
    compared: int
    exact: bool
    within: str = ""


class Gaps:
    """What adds up to a difference."""

    def __init__(self, rtol: float, atol: float, digits: str = "") -> None:
        self.rtol, self.atol, self.digits = rtol, atol, digits
        self.first: int | None = None
        self.gap = self.gap_share = self.relative = 0.0
        self.gap_step: int | None = None
        self.relative_step: int | None = None
        self.steps = self.different = 0.0
        self.compared = 0
        self.is_rounded = False

    def add(self, block: Block, a: Array, b: Array, rounding: Array | float = 0.0) -> None:
        """Take in the next block of steps with the rates of both curves at them.

        `rounding` is how far those may be apart because of the digits that were recorded.
        """
        self.compared += len(a)
        self.steps += block.number(np.ones(a.shape, np.bool))
        gap = abs(a - b)
        at = int(gap.argmax())
        if gap[at] > self.gap:
            self.gap, self.gap_step = float(gap[at]), int(block.steps[at])
            self.gap_share = self.gap / float(max(abs(a[at]), abs(b[at])))
        if not gap[at] > self.atol:
            return
        larger = np.maximum(abs(a), abs(b))
        allowed = self.atol + self.rtol * larger
        different = gap > allowed + rounding
        self.is_rounded |= bool((gap > allowed).any())
        above = np.where(gap > self.atol + rounding, gap, 0)
        relative = np.divide(above, larger, out=np.zeros(len(a)), where=above > 0)
        at = int(relative.argmax())
        if relative[at] > self.relative:
            self.relative, self.relative_step = float(relative[at]), int(block.steps[at])
        self.different += block.number(different)
        if self.first is None and different.any():
            self.first = int(block.steps[int(different.argmax())])

    def difference(self, exact: bool) -> Difference:
        return Difference(
            first=self.first,
            gap=self.gap,
            gap_step=self.gap_step,
            gap_share=self.gap_share,
            relative=self.relative,
            relative_step=self.relative_step,
            share=self.different / self.steps,
            equal=self.first is None,
            compared=self.compared,
            exact=exact,
            within=self.digits if self.is_rounded and self.first is None else "",
        )
