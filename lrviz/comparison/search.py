"""Which length of a plan comes nearest to what was recorded."""

from collections.abc import Callable, Iterator

import numpy as np

from ..logs.digits import Rounded
from ..schedules.base import Schedule
from .case import Case
from .fits import Scale, misfit

_LOOKED_AT = 64
"""At how many points a length is tried."""
_GRID = 96
"""How many lengths are tried between 1 and the longest."""
_TIMES = 20
"""So many times as long as what was recorded is the longest that is tried."""
_BASINS = 5
"""Of how many of them those around are tried."""


def nearest(case: Case, becomes: Callable[[int], Schedule | None], scale: Scale) -> Iterator[int]:
    """Yield lengths with which a plan comes nearest to a case, the nearest first."""
    chosen = np.linspace(0, len(case.some.steps) - 1, _LOOKED_AT).astype(np.int64)
    points = case.some.at(np.unique(chosen))
    known: dict[int, float] = {}
    grid = np.unique(np.geomspace(1, _TIMES * (case.last + 1), _GRID).astype(np.int64)).tolist()
    tried = {n: _off(points, becomes, n, known, scale) for n in grid}
    best = sorted(grid, key=tried.__getitem__)[:_BASINS]
    ends: list[int] = []
    for one in best:
        at = grid.index(one)
        low, high = grid[max(at - 1, 0)], grid[min(at + 1, len(grid) - 1)]
        while high - low > _GRID // 4:
            inner = np.unique(np.linspace(low, high, _GRID // 4).astype(np.int64)).tolist()
            offs = [_off(points, becomes, n, known, scale) for n in inner]
            at = int(np.argmin(offs))
            low, high = inner[max(at - 1, 0)], inner[min(at + 1, len(inner) - 1)]
        ends += range(low, high + 1)
    order = {n: _off(points, becomes, n, known, scale) for n in ends}
    yield from sorted(order, key=order.__getitem__)[:_BASINS]


def _off(
    points: Rounded,
    becomes: Callable[[int], Schedule | None],
    steps: int,
    known: dict[int, float],
    scale: Scale,
) -> float:
    """Return how far a plan with another length is from some points."""
    if steps not in known:
        plan = becomes(steps)
        known[steps] = np.inf if plan is None else misfit(plan, points, scale)
    return known[steps]
