"""The bound on the last iterate of SGD on a convex problem, with the peak tuned for each shape.

For subgradients with E|g|^2 <= G^2, a start at the distance D from a minimiser, and rates eta_k of
the steps 1 to T, E f(x_T) - f* is at most D^2 / (2 P) + G^2 R / 2, with the sums P of the rates and

    R = eta_T + sum over k < T of eta_k^2 / (eta_k+1 + ... + eta_T)

(Defazio et al. 2023, theorem 10; Schaipp et al. 2025, theorem 1; two of their three terms joined).
Rates after the last one above 0 do not move anything, so that T is its step in these sums.
"""

import math
from typing import NamedTuple

import numpy as np

from ..schedules.numeric import Array
from .sums import Cells

_PART = 1 << 20
"""How many cells are summed at once."""
_TERMS = 16
"""How many terms of a sum of inverses are added up before the others are developed."""


class Bound(NamedTuple):
    """The bound for a run of so many steps: the sums P and R, and the highest rate."""

    steps: int
    area: float
    rest: float
    peak: float

    @property
    def kappa(self) -> float:
        """The bound with the peak tuned, in units of D G / sqrt(steps)."""
        return math.sqrt(self.steps * (self.rest / self.area))

    @property
    def gamma_star(self) -> float:
        """What the rates are to be multiplied by for the least bound, in units of D / G."""
        return 1 / (math.sqrt(self.area) * math.sqrt(self.rest))

    @property
    def best_peak(self) -> float:
        """The peak with the least bound, in units of D / G."""
        return self.gamma_star * self.peak

    def value(self, distance: float = 1.0, gradient: float = 1.0) -> float:
        """Return the bound itself, for a D and a G."""
        return distance**2 / (2 * self.area) + gradient**2 * self.rest / 2


def off_peak(ratio: float) -> float:
    """Return by which factor the bound grows where the peak is so many times the tuned one."""
    return (ratio + 1 / ratio) / 2


def bound(cells: Cells, steps: int) -> Bound | None:
    """Return the bound for a run of so many steps, None if no rate is above 0."""
    peak, area, rest = cells.peak, 0.0, 0.0
    if not peak > 0:
        return None
    cells = cells._replace(rates=cells.rates / peak, nodes=cells.nodes / peak)  # no square is 0
    for part in reversed([*cells.parts(_PART)]):
        totals, after, inner = part.summed(part.rates[:, None], part.nodes[:, :, None])
        rates = part.rates
        moved = rates > 0
        later = (after[:, 0] + area)[moved] / rates[moved]
        rest += float(
            (rates[moved] * _inverses(later, part.counts[moved].astype(np.float64))).sum()
        )
        nodes = part.nodes
        # From one step to the next a rate that is followed hardly changes, so the sum is above it.
        left = np.maximum(inner[:, :, 0] + area, nodes)
        shares = np.divide(nodes**2, left, out=np.zeros_like(nodes), where=left > 0)
        rest += float(part.total(shares[:, :, None])[0])
        area += float(totals.sum())
    return Bound(steps, area * peak, rest * peak, peak)


def _inverses(x: Array, count: Array) -> Array:
    """Return the sum of 1 / (x + i) for i from 0 up to `count`; 1 / 0 counts as 1.

    That one is the last step, of which R has the rate itself. The others are a difference of two
    values of the digamma function, in its asymptotic series.
    """
    with np.errstate(divide="ignore", over="ignore"):
        total = np.where(x > 0, 1 / x, 1.0)
        for i in range(1, _TERMS):
            total += np.where(i < count, 1 / (x + i), 0.0)
        low, more = x + _TERMS, np.maximum(count - _TERMS, 0)
    high = low + more
    total += np.log1p(more / low)
    for power, factor in ((1, -1 / 2), (2, -1 / 12), (4, 1 / 120), (6, -1 / 252), (8, 1 / 240)):
        total += factor * (high**-power - low**-power)
    return total
