"""The summary numbers of a curve, gathered block by block."""

from typing import NamedTuple

import numpy as np

from ..schedules.numeric import Array
from .grids import Block

SAME = 1e-12
"""Rates that differ by less, as a share of the peak, are one up to rounding."""
AT_PEAK = 1e-9
"""How far below the peak, as a share of it, a rate still counts as at the peak."""
LOW = 0.01
"""Below this share of the peak a rate counts as low."""


class Summary(NamedTuple):
    """What a curve comes to.

    `peak_step` is the first step with the peak, `half_life` the first after it at which half of
    the peak or less is left, None if there is none. `area` is the sum of the rates of all steps;
    `at_peak` and `below` are shares of the run, at the peak and below 1 % of it. A recorded curve
    is taken for the line through its points, from the first to the last. Unless `exact`, only some
    of the steps were looked at.
    """

    label: str
    first: float
    peak: float
    peak_step: int
    final: float
    mean: float
    area: float
    half_life: int | None
    at_peak: float
    below: float
    exact: bool


class Totals:
    """What adds up to a summary; `peak` must be the highest rate, which is known beforehand."""

    def __init__(self, label: str, peak: float) -> None:
        self.label, self.peak = label, peak
        self.first = self.final = self.highest = float("nan")
        self.peak_step: int | None = None
        self.half_life: int | None = None
        self.area = self.steps = self.at_peak = self.below = 0.0

    def add(self, block: Block, values: Array) -> None:
        """Take in the next block of steps with the rates at them."""
        highest, lowest = float(values.max()), float(values.min())
        if self.steps == 0:
            self.first, self.highest = float(values[0]), highest
        self.final = float(values[-1])
        self.highest = max(self.highest, highest)
        self.area += block.total(values)
        self.steps += block.number(np.ones(values.shape, np.bool))
        if highest >= self.peak * (1 - AT_PEAK):
            self.at_peak += block.number(values >= self.peak * (1 - AT_PEAK))
        if lowest < self.peak * LOW:
            self.below += block.number(values < self.peak * LOW)
        self._mark(block, values)

    def _mark(self, block: Block, values: Array) -> None:
        """Note the first step at the peak, and the first after it with half of the peak."""
        after = 0
        if self.peak_step is None:
            top = values >= self.peak * (1 - SAME)
            if not top.any():
                return
            after = int(top.argmax())
            self.peak_step = int(block.steps[after])
        if self.half_life is None and self.peak > 0:
            halved = values[after:] <= self.peak / 2
            if halved.any():
                self.half_life = int(block.steps[after + int(halved.argmax())])

    @property
    def is_settled(self) -> bool:
        """Whether no rate was higher than the peak that was known beforehand."""
        return self.highest <= self.peak * (1 + SAME)

    def summary(self, exact: bool) -> Summary:
        assert self.peak_step is not None  # the peak is one of the rates
        return Summary(
            label=self.label,
            first=self.first,
            peak=self.highest,
            peak_step=self.peak_step,
            final=self.final,
            mean=self.area / self.steps,
            area=self.area,
            half_life=self.half_life,
            at_peak=self.at_peak / self.steps,
            below=self.below / self.steps,
            exact=exact,
        )
