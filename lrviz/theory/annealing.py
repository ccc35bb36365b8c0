"""The annealing law: a fit of logged losses to two sums over their rates.

    L(t) = L0 + A S1(t)^-alpha - C S2(t)

with S1 the sum of the rates of the steps 1 to t, and S2 the sum of m_1 to m_t, where m_1 is 0 and
m_i = memory m_i-1 + (eta_i-1 - eta_i). By parts, S2 is the sum of memory^(t-k) (eta_1 - eta_k) over
k: how far an exponential average of the rates lies below the first. A warmup counts as if its rates
were those that it leads to (Tissue et al. 2024).
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..schedules.numeric import Array, Steps
from ..schedules.signal import Signal
from .sums import Cells, cells_of

MEMORY = 0.999
"""What of a change of the rate is left after a step."""
LEAST_AFTER_WARMUP = 1000
"""For how many steps after its warmup a log must go on to tell anything."""
SURE, UNSURE = 0.03, 0.1
"""How far predicted losses are off, fitted to logs with a plateau and a fall, and to others.

Measured on 27 runs of language models, to one or two of which the law was fitted.
"""

_FORGOTTEN = 40.0
"""After how many times 1 / (1 - memory) steps a rate makes no difference."""
_HUBER = 1e-3
"""From which residual of the logarithm on a point counts less."""
_ALPHAS = np.geomspace(0.02, 4.0, 40)
_ROUNDS, _NARROWINGS = 40, 30
_LEVEL = 1e-6
"""How close rates of a plateau are."""
_SCAN = 1 << 20
_NO_ROWS = 5


def sums(
    schedule: Signal, at: Sequence[int], memory: float = MEMORY
) -> tuple[list[float], list[float]]:
    """Return S1 and S2 after each of some numbers of steps.

    LrvizError if the rates turn too often for the run to be summed.
    """
    last = max(*at, 1)
    cells = cells_of(schedule, last, at)
    warm = warm_at(schedule, cells)
    if warm not in cells.starts:
        cells = cells_of(schedule, last, [warm, *at])
    rate = float(schedule(warm))
    areas, total = {0: 0.0}, 0.0
    for part in cells.parts(len(cells.starts), [warm, *at]):
        totals, _, _ = part.summed(part.rates[:, None], part.nodes[:, :, None])
        total += float(totals.sum())
        areas[int(part.starts[-1] + part.counts[-1])] = total
    reach = math.ceil(_FORGOTTEN / (1 - memory))
    falls = []
    for step in at:
        rates = np.asarray(schedule(range(max(step - reach, warm, 0), step)))
        past = memory ** np.arange(len(rates) - 1, -1, -1.0)
        falls.append(float(past @ (rate - rates)))
    return [rate * min(step, warm) + areas[max(step, warm)] - areas[warm] for step in at], falls


def warm_at(schedule: Signal, cells: Cells) -> int:
    """Return the step of a run at which a leading rise has come to its end; 0 if there is none."""
    first, last = cells.rates.copy(), cells.rates.copy()
    first[cells.blocks], last[cells.blocks] = cells.nodes[:, 0], cells.nodes[:, -1]
    rises = cells.counts == 1
    rises[cells.blocks] = (np.diff(cells.nodes, axis=1) > 0).all(axis=1)
    rises[:-1] &= last[:-1] < first[1:]
    stop = int(cells.starts[-1] + cells.counts[-1])
    begin = int(cells.starts[np.argmin(rises)]) if not rises.all() else stop
    while begin < stop - 1:
        rests = np.diff(schedule(range(begin, min(begin + _SCAN, stop)))) <= 0
        if rests.any():
            return begin + int(np.argmax(rests))
        begin += _SCAN - 1
    return stop - 1


class Log(NamedTuple):
    """What of a logged run the law is fitted to, and what it shows of the rate.

    `losses`, `s1` and `s2`, shape (n,), are those of points after the warmup; `steps` is how many
    the run has, `after` how many of them follow the warmup, `peak` its highest rate, `plateau` for
    how many steps the rate rests there, and `falls` whether it comes down little by little.
    """

    losses: Array
    s1: Array
    s2: Array
    steps: int
    after: int
    peak: float
    plateau: int
    falls: bool

    @property
    def constant(self) -> bool:
        """Whether the rate never changes after the warmup."""
        return self.plateau >= self.after

    @property
    def rests(self) -> bool:
        """Whether its plateau is long enough to tell what time alone does."""
        return self.plateau >= max(LEAST_AFTER_WARMUP, 0.1 * self.after)


def log_of(at: Steps, losses: Array, rates: Array, memory: float = MEMORY) -> Log:
    """Return a logged run; the losses are those after the updates `at`, the rates of every step.

    `at` and `losses` have the shape (n,); there are rates for all steps up to the last of those.
    """
    rests = np.flatnonzero(np.diff(rates) <= 0)
    warm = int(rests[0]) if rests.size else len(rates) - 1
    rates = np.concatenate([np.full(warm, rates[warm]), rates[warm:]])
    shown = at >= warm
    peak = float(rates.max())
    seen = rates[max(warm, int(at[0])) :]
    level = np.abs(seen - peak) <= _LEVEL * peak
    logged = rates[at[shown]]
    drops = -np.diff(logged)
    drops = drops[drops > 0]
    return Log(
        losses[shown],
        np.cumsum(rates)[at[shown]],
        _averaged(rates[0] - rates, memory)[at[shown]],
        len(rates),
        len(seen),
        peak,
        int(level.sum()),
        drops.size >= _NO_ROWS and float(drops.max()) <= float(drops.sum()) / 2,
    )


def _averaged(values: Array, memory: float) -> Array:
    """Return e_t = memory e_t-1 + values_t, by blocks in which the powers stay small."""
    block = max(int(1 / (1 - memory)), 1)
    grown = memory ** -np.arange(block, dtype=np.float64)
    found = np.empty_like(values)
    before = 0.0
    for start in range(0, len(values), block):
        part = values[start : start + block]
        powers = grown[: len(part)]
        found[start : start + block] = (np.cumsum(part * powers) + memory * before) / powers
        before = float(found[start + len(part) - 1])
    return found


class Law(NamedTuple):
    """The law with its numbers, and how far it is off the points it was fitted to, on average."""

    floor: float
    scale: float
    alpha: float
    fall: float
    error: float = 0.0

    def loss(self, s1: Array | float, s2: Array | float) -> Array:
        """Return the losses for sums over rates; infinite where nothing was added up yet."""
        with np.errstate(divide="ignore"):
            found: Array = self.floor + self.scale * np.power(s1, -self.alpha) - self.fall * s2
        return found


def fit(logs: Sequence[Log]) -> Law:
    """Return the law that fits the points of some logs best, by Huber's measure of their logarithm.

    For an alpha all else is linear; the best alpha is looked for on a grid, and then closer and
    closer by the golden section.
    """
    losses, s1, s2 = (
        np.concatenate(parts) for parts in zip(*(log[:3] for log in logs), strict=True)
    )

    def cost(alpha: float) -> float:
        return _fitted(alpha, losses, s1, s2)[1]

    costs = [cost(alpha) for alpha in _ALPHAS]
    best = int(np.argmin(costs))
    low, high = np.log(_ALPHAS[[max(best - 1, 0), min(best + 1, len(_ALPHAS) - 1)]])
    golden = (math.sqrt(5) - 1) / 2
    inner = [high - golden * (high - low), low + golden * (high - low)]
    found = [cost(math.exp(one)) for one in inner]
    for _ in range(_NARROWINGS):
        if found[0] < found[1]:
            high, inner[1], found[1] = inner[1], inner[0], found[0]
            inner[0] = high - golden * (high - low)
            found[0] = cost(math.exp(inner[0]))
        else:
            low, inner[0], found[0] = inner[0], inner[1], found[1]
            inner[1] = low + golden * (high - low)
            found[1] = cost(math.exp(inner[1]))
    alpha = math.exp((low + high) / 2)
    floor, scale, fall = _fitted(alpha, losses, s1, s2)[0]
    law = Law(floor, scale, alpha, fall)
    return law._replace(error=float(np.abs(law.loss(s1, s2) - losses).mean()))


def _fitted(
    alpha: float, losses: Array, s1: Array, s2: Array
) -> tuple[tuple[float, float, float], float]:
    """Return the other numbers for an alpha, and their cost, by least squares with new weights."""
    unit = s1[0] if s1[0] > 0 else 1.0
    terms = np.stack([np.ones_like(s1), (s1 / unit) ** -alpha, -s2], axis=1)
    scale = np.array([1.0, unit**alpha, 1.0])
    for columns in ([0, 1, 2], [0, 1]):  # a fall that makes the loss higher is none
        values = np.zeros(3)
        weights = 1 / losses
        before = math.inf
        for _ in range(_ROUNDS):
            chosen = terms[:, columns] * weights[:, None]
            values[columns] = np.linalg.lstsq(chosen, losses * weights, rcond=None)[0]
            predicted = np.maximum(terms @ values, 1e-9 * losses)
            gaps = np.abs(np.log(predicted / losses))
            bent = gaps > _HUBER
            cost = float(np.where(bent, _HUBER * (gaps - _HUBER / 2), gaps**2 / 2).sum())
            if abs(before - cost) <= 1e-10 * cost:
                break
            before = cost
            weights = np.where(bent, np.sqrt(_HUBER / np.maximum(gaps, _HUBER)), 1.0) / losses
        if values[2] >= 0:
            break
    values *= scale
    return (float(values[0]), float(values[1]), float(values[2])), cost
